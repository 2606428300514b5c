#include <string.h>

#include "ledger/index_store.h"

static enum err flush_one(struct index *index, const struct dirty_balance *dirty, struct why *why)
{
	struct money sum = dirty->sum;
	struct record_key key;
	int64_t before = 0;
	enum err err = record_key_of(dirty->account, dirty->sum.currency.code, &key);

	if (err == OK)
		err = store_get_fixed(index, index->batch, TABLE_BALANCES, record_key_view(&key), &before, sizeof before);
	if (err != OK && err != ERR_UNKNOWN)
		return why_set(why, err, "the balances cannot be read");
	err = money_add(&dirty->sum, &(struct money){ before, dirty->sum.currency }, &sum);
	if (err != OK)
		return why_set(why, err, "the balance of %s is beyond 64 bits", dirty->account);
	return store_put(index, TABLE_BALANCES, record_key_view(&key), (struct bytes){ (const char *)&sum.minor, sizeof sum.minor }, why);
}

enum err balances_flush(struct index *index, struct why *why)
{
	enum err err = OK;

	for (size_t i = 0; err == OK && i < index->dirty_count; i++)
		err = flush_one(index, &index->dirty[i], why);
	index->dirty_count = 0;
	return err;
}

static enum err add(struct index *index, const struct posting *posting, struct why *why)
{
	char account[LEDGER_ACCOUNT_TEXT_SIZE];
	enum err err = OK;

	ledger_account_format(&posting->account, account);
	for (size_t i = 0; i < index->dirty_count; i++) {
		struct dirty_balance *dirty = &index->dirty[i];

		if (strcmp(dirty->account, account) == 0 && currency_equal(&dirty->sum.currency, &posting->amount.currency)) {
			err = money_add(&dirty->sum, &posting->amount, &dirty->sum);
			return err == OK ? OK : why_set(why, err, "the balance of %s is beyond 64 bits", account);
		}
	}
	if (index->dirty_count == DIRTY_MAX)
		err = balances_flush(index, why);
	if (err != OK)
		return err;
	struct dirty_balance *dirty = &index->dirty[index->dirty_count++];

	memcpy(dirty->account, account, sizeof account);
	dirty->sum = posting->amount;
	return OK;
}

enum err balances_add(struct index *index, const struct entry *entry, struct why *why)
{
	enum err err = OK;

	for (size_t i = 0; err == OK && i < entry->posting_count; i++)
		err = add(index, &entry->postings[i], why);
	return err;
}
