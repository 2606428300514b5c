#include <string.h>

#include "ledger/index_store.h"

static enum err add(struct index *index, const struct posting *posting, struct why *why)
{
	char account[LEDGER_ACCOUNT_TEXT_SIZE];
	struct money sum = { 0, posting->amount.currency };
	struct record_key key;

	ledger_account_format(&posting->account, account);
	enum err err = record_key_of(account, sum.currency.code, &key);

	if (err == OK)
		err = sums_get(index, TABLE_BALANCES, &key, &sum.minor, sizeof sum.minor);
	if (err != OK && err != ERR_UNKNOWN)
		return why_set(why, err, "the balances cannot be read");
	err = money_add(&sum, &posting->amount, &sum);
	if (err != OK)
		return why_set(why, err, "the balance of %s is beyond 64 bits", account);
	return sums_put(index, TABLE_BALANCES, &key, &sum.minor, sizeof sum.minor, why);
}

enum err balances_add(struct index *index, const struct entry *entry, struct why *why)
{
	enum err err = OK;

	for (size_t i = 0; err == OK && i < entry->posting_count; i++)
		err = add(index, &entry->postings[i], why);
	return err;
}
