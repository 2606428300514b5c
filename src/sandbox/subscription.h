/*
 * subscription.h -- subscriptions, their invoices and renewals.
 */
#ifndef SANDBOX_SUBSCRIPTION_H
#define SANDBOX_SUBSCRIPTION_H

#include "sandbox/state.h"

/* A subscription and its first invoice, with the intent to pay it, for a session; both are then the session's. */
MUST_CHECK enum err subscription_begin(struct state *state, struct session *session, bool debit);

/* The invoice's intent has succeeded, or failed. */
MUST_CHECK enum err invoice_paid(struct state *state, struct invoice *invoice);
MUST_CHECK enum err invoice_failed(struct state *state, struct invoice *invoice);

/* The next period begins now, and is paid or not. Writes the invoice. */
MUST_CHECK enum err subscription_renew(struct state *state, struct subscription *subscription, bool succeeds,
                                       struct invoice **invoice);

/* The clock says that a period may be over: renew if it is. */
MUST_CHECK enum err subscription_come_due(struct state *state, struct subscription *subscription);

/* An invoice that belongs to no subscription, paid: the account's other business. */
MUST_CHECK enum err invoice_alone(struct state *state, const struct price *price, const struct payer *payer);

#endif
