/*
 * invoice.h -- invoices: made with the intent that is to pay them, tried, tried
 * again by the clock, paid or given up.
 */
#ifndef SANDBOX_INVOICE_H
#define SANDBOX_INVOICE_H

#include "sandbox/state.h"

/* An invoice and its intent. `subscription` may be NULL; `reason` is static. */
MUST_CHECK enum err invoice_create(struct state *state, struct subscription *subscription, const char *reason,
                                   const struct price *price, struct invoice **invoice);

/*
 * The invoice's intent has succeeded, or failed. A failed one is tried again 3,
 * then 5, then 7 days later; after that its subscription ends.
 */
MUST_CHECK enum err invoice_paid(struct state *state, struct invoice *invoice);
MUST_CHECK enum err invoice_failed(struct state *state, struct invoice *invoice);

/* Take the money of a subscription's invoice: at once, or begin a slow debit where it is paid by debits. */
MUST_CHECK enum err invoice_attempt(struct state *state, struct invoice *invoice, bool succeeds);

/* Whether invoice_attempt may be called: open, of a subscription that goes on, no debit under way. */
bool invoice_can_be_tried(const struct invoice *invoice);

/* The clock: the next attempt is due; the slow debit arrives. Nothing happens when it is not so any more. */
MUST_CHECK enum err invoice_come_due(struct state *state, struct invoice *invoice);
MUST_CHECK enum err invoice_debit_arrives(struct state *state, struct invoice *invoice);

/* An invoice that belongs to no subscription, paid: the account's other business. */
MUST_CHECK enum err invoice_alone(struct state *state, const struct price *price, const struct payer *payer);

#endif
