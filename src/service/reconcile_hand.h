/*
 * reconcile_hand.h -- private to the reconciler: what operators moved at the providers' accounts by hand, beside the lines of
 * the provider's balance that they named. What was moved and moved back is neither here nor there: of the same account and
 * currency, as much to as from, each with the oldest one that it makes good.
 */
#ifndef SERVICE_RECONCILE_HAND_H
#define SERVICE_RECONCILE_HAND_H

#include "service/reconcile_counterpart.h"
#include "service/reconcile_report.h"

struct hand {
	struct by_hand moved;
	enum counterpart_answer answer;
	enum difference_reason reason; /* where it does not match */
	struct money line;             /* what the provider's line has, in the currency that was entered; zero where it is another */
	bool matches;                  /* it is what the provider's line has, which the books have not by themselves */
	bool moved_back;               /* by another one, or it is what moves another one back */
};

struct hands {
	struct hand *list; /* the oldest first */
	size_t count;
	size_t capacity;
};

/* All of them, as the ledger has them now; on any answer hands_free is called for it. ERR_MEMORY; what the ledger's index answers. */
MUST_CHECK enum err hands_read(struct hands *hands, const struct report_wish *wish);

void hands_free(struct hands *hands);

/* Whether that line of an account's balance is in the books by hand, or may be: the provider was not asked yet. */
bool hands_hold(const struct hands *hands, const char *account, const char *transaction);

#endif
