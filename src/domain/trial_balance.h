/*
 * trial_balance.h -- the sum of every ledger account in each of its currencies.
 * Over a whole ledger all sums of a currency together are zero.
 */
#ifndef DOMAIN_TRIAL_BALANCE_H
#define DOMAIN_TRIAL_BALANCE_H

#include <stddef.h>

#include "base/err.h"
#include "domain/entry.h"

/* What an account holds in one currency; debit is positive. */
struct balance {
	struct ledger_account account;
	struct money sum;
};

/* All zero is an empty one. */
struct trial_balance {
	struct balance *balances; /* sorted by account, then currency */
	size_t count;
	size_t capacity;
};

/* Add one posting. ERR_TOO_BIG, ERR_MEMORY. */
MUST_CHECK enum err trial_balance_post(struct trial_balance *trial, const struct posting *posting);

/* Add an entry's postings. ERR_TOO_BIG for a sum beyond 64 bits or too many accounts, ERR_MEMORY. */
MUST_CHECK enum err trial_balance_add(struct trial_balance *trial, const struct entry *entry, struct why *why);

/* Whether each currency sums to zero. ERR_CORRUPT with `why` when not, ERR_TOO_BIG. */
MUST_CHECK enum err trial_balance_check(const struct trial_balance *trial, struct why *why);

void trial_balance_free(struct trial_balance *trial);

#endif
