/*
 * payment.h -- payment intents, their charges, and what those move on the balance.
 */
#ifndef SANDBOX_PAYMENT_H
#define SANDBOX_PAYMENT_H

#include "sandbox/state.h"

/*
 * A new intent. `form` (may be NULL) is lent for good: its payment_intent_data
 * is the intent's; `description` is static or NULL; `customer` "" for none.
 */
MUST_CHECK enum err intent_create(struct state *state, const struct price *price, const struct form *form,
                                  const char *description, const char *customer, struct intent **intent);

/* A card pays at once; a card is declined. */
MUST_CHECK enum err intent_succeed(struct state *state, struct intent *intent, const struct payer *payer);
MUST_CHECK enum err intent_decline(struct state *state, struct intent *intent, const struct payer *payer);

/* A slow debit begins; its money arrives; it bounces. */
MUST_CHECK enum err intent_process(struct state *state, struct intent *intent, const struct payer *payer);
MUST_CHECK enum err intent_arrive(struct state *state, struct intent *intent);
MUST_CHECK enum err intent_bounce(struct state *state, struct intent *intent);

/* The balance transaction of a charge that succeeded a while ago comes now. */
MUST_CHECK enum err charge_book(struct state *state, struct charge *charge);

#endif
