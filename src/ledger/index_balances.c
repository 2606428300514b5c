#include <string.h>

#include "ledger/index_store.h"

/* What the posting's account holds. */
static enum err read_sum(struct index *index, const struct posting *posting, struct record_key *key, struct money *sum, struct why *why)
{
	char account[LEDGER_ACCOUNT_TEXT_SIZE];

	*sum = (struct money){ 0, posting->amount.currency };
	ledger_account_format(&posting->account, account);
	enum err err = record_key_of(account, sum->currency.code, key);

	if (err == OK)
		err = sums_get(index, TABLE_BALANCES, key, &sum->minor, sizeof sum->minor);
	return err == OK || err == ERR_UNKNOWN ? OK : why_set(why, err, "the balances cannot be read");
}

static enum err add(struct index *index, const struct posting *posting, struct why *why)
{
	struct record_key key;
	struct money sum;
	enum err err = read_sum(index, posting, &key, &sum, why);

	if (err != OK)
		return err;
	err = money_add(&sum, &posting->amount, &sum);
	if (err != OK)
		return why_set(why, err, "a balance is beyond 64 bits");
	return sums_put(index, TABLE_BALANCES, &key, &sum.minor, sizeof sum.minor, why);
}

/* Towards zero every sum may go, however large it is. */
static bool fits(const struct money *before, const struct money *after)
{
	if (after->minor >= -BALANCE_MINOR_MAX && after->minor <= BALANCE_MINOR_MAX)
		return true;
	return after->minor < 0 ? after->minor >= before->minor : after->minor <= before->minor;
}

enum err index_has_room(struct index *index, const struct entry *entry, struct why *why)
{
	for (size_t i = 0; i < entry->posting_count; i++) {
		struct record_key key;
		struct money before;
		struct money after;
		enum err err = read_sum(index, &entry->postings[i], &key, &before, why);

		if (err != OK)
			return err;
		if (money_add(&before, &entry->postings[i].amount, &after) != OK || !fits(&before, &after))
			return ERR_TOO_BIG;
	}
	return OK;
}

enum err balances_add(struct index *index, const struct entry *entry, struct why *why)
{
	enum err err = OK;

	for (size_t i = 0; err == OK && i < entry->posting_count; i++)
		err = add(index, &entry->postings[i], why);
	return err;
}
