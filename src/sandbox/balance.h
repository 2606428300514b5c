/*
 * balance.h -- GET /v1/balance: what has become available and what has not yet.
 */
#ifndef SANDBOX_BALANCE_H
#define SANDBOX_BALANCE_H

#include "base/bytes.h"
#include "sandbox/state.h"

void balance_write(const struct state *state, struct buffer *out);

#endif
