/*
 * reconcile_balance.h -- private to the reconciler: from the books to the provider. What each account holds in the
 * books beside what the provider has told of its balance, and why they differ.
 */
#ifndef SERVICE_RECONCILE_BALANCE_H
#define SERVICE_RECONCILE_BALANCE_H

#include "service/owed.h"
#include "service/reconcile_hand.h"
#include "service/reconcile_report.h"

/*
 * Put the accounts' balances into the report's sums, which hold so far the lines that were read: `provider` becomes all
 * that is ours there, `books` what the account holds. What they differ by beyond those lines becomes differences:
 * what an operator moved without a line of the provider's balance behind it, what the provider has said that it does not know, and the rest; or, while something is owed
 * that may yet explain it, `waits`, and so when the ledger is not any more where it was before `hands` were read. ERR_TOO_BIG for a sum beyond 64 bits or too many currencies.
 */
MUST_CHECK enum err balance_compare(const struct report_wish *wish, const struct hands *hands, uint64_t head, struct report *report);

/* Where the ledger is now. */
uint64_t balance_head(struct ledger *ledger);

#endif
