/*
 * other_business.h -- the rest of the account's trade, which is nobody's pledge:
 * bare payments, sessions of a shop, subscriptions of another program, invoices
 * by hand; and what of it is refunded and disputed.
 */
#ifndef SANDBOX_OTHER_BUSINESS_H
#define SANDBOX_OTHER_BUSINESS_H

#include "sandbox/state.h"

struct other_business {
	int64_t payments, sessions, subscriptions, invoices;
	int64_t refunds, disputes;  /* each of a further payment: a part of it refunded, all of it disputed */
};

enum { OTHER_BUSINESS_MAX = 1000 };

/* Make that many of each, with their events. ERR_TOO_BIG when the stand-in is full, ERR_MEMORY. */
MUST_CHECK enum err other_business_make(struct state *state, const struct other_business *wanted);

#endif
