/*
 * page.h -- the hosted payment page: /pay/{session}. Plain HTML, one form, no
 * script.
 */
#ifndef SANDBOX_PAGE_H
#define SANDBOX_PAGE_H

#include "base/http_message.h"
#include "sandbox/checkout.h"

/* Answer a GET or POST below /pay/; `reply` comes initialised with status 200. */
void page_answer(struct state *state, const struct http_request *request, struct http_reply *reply);

/* "card", "declined", "slow_debit", "slow_debit_fails". */
bool outcome_parse(const char *name, enum outcome *outcome);

#endif
