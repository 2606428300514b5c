/*
 * subscription.h -- subscriptions: begun by a session, renewed by the clock,
 * overdue, ended.
 */
#ifndef SANDBOX_SUBSCRIPTION_H
#define SANDBOX_SUBSCRIPTION_H

#include "sandbox/state.h"

/* A subscription and its first invoice, with the intent to pay it, for a session; both are then the session's. */
MUST_CHECK enum err subscription_begin(struct state *state, struct session *session, bool debit);

/* The next period begins now, and its first attempt is paid or not. Writes the invoice. */
MUST_CHECK enum err subscription_renew(struct state *state, struct subscription *subscription, bool succeeds,
                                       struct invoice **invoice);

/* The clock says that a period may be over: renew or end if it is. */
MUST_CHECK enum err subscription_come_due(struct state *state, struct subscription *subscription);

/* One of its invoices was paid, or was not. */
MUST_CHECK enum err subscription_is_paid(struct state *state, struct subscription *subscription);
MUST_CHECK enum err subscription_is_overdue(struct state *state, struct subscription *subscription);

/* It ends now; `reason` is static: "cancellation_requested", "payment_failed". Must not have ended. */
MUST_CHECK enum err subscription_end(struct state *state, struct subscription *subscription, const char *reason);

/* It is to end with its period, or is not to any more. Must not have ended. */
MUST_CHECK enum err subscription_end_later(struct state *state, struct subscription *subscription, bool ends);

#endif
