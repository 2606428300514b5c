#include "domain/trial_balance.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"

enum { BALANCES_MAX = 64 * 1024 };

static int compare(const struct balance *balance, const struct posting *posting)
{
	const struct ledger_account *a = &balance->account;
	const struct ledger_account *b = &posting->account;
	int order = a->kind < b->kind ? -1 : a->kind > b->kind;

	if (order == 0)
		order = strcmp(a->first, b->first);
	if (order == 0)
		order = strcmp(a->second, b->second);
	return order != 0 ? order : strcmp(balance->sum.currency.code, posting->amount.currency.code);
}

/* Where the posting's balance is or belongs. */
static size_t find(const struct trial_balance *trial, const struct posting *posting, bool *found)
{
	size_t low = 0;
	size_t high = trial->count;

	*found = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare(&trial->balances[middle], posting);

		if (order == 0) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static enum err insert(struct trial_balance *trial, size_t at, const struct posting *posting)
{
	if (trial->count == BALANCES_MAX)
		return ERR_TOO_BIG;
	struct balance *grown = grow(trial->balances, trial->count, &trial->capacity, sizeof *grown);

	if (grown == NULL)
		return ERR_MEMORY;
	trial->balances = grown;
	memmove(&trial->balances[at + 1], &trial->balances[at], (trial->count - at) * sizeof trial->balances[0]);
	trial->balances[at] = (struct balance){ posting->account, { 0, posting->amount.currency } };
	trial->count++;
	return OK;
}

enum err trial_balance_post(struct trial_balance *trial, const struct posting *posting)
{
	bool found;
	size_t at = find(trial, posting, &found);
	enum err err = found ? OK : insert(trial, at, posting);

	return err == OK ? money_add(&trial->balances[at].sum, &posting->amount, &trial->balances[at].sum) : err;
}

enum err trial_balance_add(struct trial_balance *trial, const struct entry *entry, struct why *why)
{
	for (size_t i = 0; i < entry->posting_count; i++) {
		enum err err = trial_balance_post(trial, &entry->postings[i]);

		if (err != OK)
			return why_set(why, err, "seq %llu: %s", (unsigned long long)entry->seq,
			               err == ERR_MEMORY ? "out of memory" : "the sum of an account is too large");
	}
	return OK;
}

static enum err check_currency(const struct trial_balance *trial, const struct currency *currency, struct why *why)
{
	struct money sum = { 0, *currency };
	char text[AMOUNT_TEXT_SIZE];

	for (size_t i = 0; i < trial->count; i++)
		if (currency_equal(&trial->balances[i].sum.currency, currency)
		    && money_add(&sum, &trial->balances[i].sum, &sum) != OK)
			return why_set(why, ERR_TOO_BIG, "the sum of all accounts in %s is too large", currency->code);
	if (sum.minor == 0)
		return OK;
	money_format(&sum, text);
	return why_set(why, ERR_CORRUPT, "the accounts in %s sum to %s, not to zero", currency->code, text);
}

enum err trial_balance_check(const struct trial_balance *trial, struct why *why)
{
	enum err err = OK;

	/* A currency is checked again for each of its accounts: there are few of either. */
	for (size_t i = 0; err == OK && i < trial->count; i++)
		if (i == 0 || !currency_equal(&trial->balances[i].sum.currency, &trial->balances[i - 1].sum.currency))
			err = check_currency(trial, &trial->balances[i].sum.currency, why);
	return err;
}

void trial_balance_free(struct trial_balance *trial)
{
	free(trial->balances);
	*trial = (struct trial_balance){ 0 };
}
