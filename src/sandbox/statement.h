/*
 * statement.h -- the whole balance, transaction by transaction, and whose each
 * one is: what a test compares its own books with.
 */
#ifndef SANDBOX_STATEMENT_H
#define SANDBOX_STATEMENT_H

#include "base/json_write.h"
#include "sandbox/state.h"

/* {"balance": [{currency, available, pending}], "transactions": [{…}]}, the oldest first. */
void statement_write(const struct state *state, struct json_write *w);

#endif
