/*
 * payout.h -- payouts: what is available goes to the bank, and now and then
 * comes back.
 *
 * An automatic payout takes all available transactions of a currency and knows
 * them; a manual one takes a sum, and nobody can say whose.
 */
#ifndef SANDBOX_PAYOUT_H
#define SANDBOX_PAYOUT_H

#include "sandbox/state.h"

/*
 * Pay out what of the currency is available. *payout is NULL when the sum is not
 * above zero: the transactions then wait for the next one.
 */
MUST_CHECK enum err payout_automatic(struct state *state, const char *currency, struct payout **payout);

/* Pay out a sum. ERR_CONFLICT when less is available. */
MUST_CHECK enum err payout_manual(struct state *state, const struct price *price, struct payout **payout);

/*
 * It arrives, fails or is canceled; one that has arrived may still fail.
 * ERR_CONFLICT for a step that does not exist.
 */
MUST_CHECK enum err payout_end(struct state *state, struct payout *payout, enum payout_state end);

/* The clock: a payout that is still under way arrives. */
MUST_CHECK enum err payout_come_due(struct state *state, struct payout *payout);

/* From now on the clock makes automatic payouts in every currency, at midnight (UTC). */
MUST_CHECK enum err payouts_schedule(struct state *state, enum payout_interval interval);

/* The clock: it may be time for automatic payouts. */
MUST_CHECK enum err payouts_come_due(struct state *state);

/* "pending", … */
const char *payout_state_name(enum payout_state state);

#endif
