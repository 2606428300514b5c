/*
 * What the providers have told of their balances, apart from what the books hold there: once nothing is owed and nobody
 * moved it by hand, assets:provider:<account> is the same sum, come to by another way.
 *
 * What a payment's lines add up to counts whatever the books make of the payment: dropped money is at the provider all
 * the same. But what an operator has dropped as not ours is other business, of which nothing is told.
 */
#include <string.h>

#include "ledger/index_store.h"

enum { BY_HAND_KEY_BYTES = 9 };

static void by_hand_key(const struct by_hand *moved, uint8_t key[static BY_HAND_KEY_BYTES])
{
	store_seq_key(moved->seq, key);
	key[BY_HAND_KEY_BYTES - 1] = moved->posting;
}

static bool is_at_provider(const struct posting *posting)
{
	return posting->account.kind == ACCOUNT_PROVIDER;
}

static enum err add(struct index *index, const char *account, const struct currency *currency, int64_t minor, struct why *why)
{
	struct ledger_account provider = ledger_account_make(ACCOUNT_PROVIDER, account, "");
	char name[LEDGER_ACCOUNT_TEXT_SIZE];
	struct record_key key;
	int64_t sum = 0;

	if (minor == 0)
		return OK;
	ledger_account_format(&provider, name);
	enum err err = record_key_of(name, currency->code, &key);

	if (err == OK)
		err = sums_get(index, TABLE_TOLD, &key, &sum, sizeof sum);
	if (err != OK && err != ERR_UNKNOWN)
		return why_set(why, err, "what the providers told cannot be read");
	if (__builtin_add_overflow(sum, minor, &sum))
		return why_set(why, ERR_TOO_BIG, "what %s told is beyond 64 bits", account);
	return sums_put(index, TABLE_TOLD, &key, &sum, sizeof sum, why);
}

/* Net of fees, in the settlement currency. */
static int64_t told_of(const struct payment *payment)
{
	if (payment->standing == STANDING_FOREIGN)
		return 0;
	return payment->all.settlement - payment_fee(payment) - payment->paid_out;
}

static enum err add_payment(struct index *index, const struct entry *entry, const struct payment *before, const struct payment *after,
                            struct why *why)
{
	return add(index, entry->account, &after->settlement, told_of(after) - told_of(before), why);
}

/* What a payout posts to the provider's account is its own lines: that it came back, and that a later one holds it. */
static enum err add_postings(struct index *index, const struct entry *entry, struct why *why)
{
	enum err err = OK;

	for (size_t i = 0; err == OK && i < entry->posting_count; i++)
		if (is_at_provider(&entry->postings[i]))
			err = add(index, entry->account, &entry->postings[i].amount.currency, entry->postings[i].amount.minor, why);
	return err;
}

static enum err add_told(struct index *index, const struct entry *entry, const struct payment *before, const struct payment *after,
                         struct why *why)
{
	bool of_payment = after->id[0] != '\0';

	if (entry->kind == ENTRY_PAYOUT || entry->kind == ENTRY_PAYOUT_FAILED)
		return add_postings(index, entry, why);
	if (entry->kind != ENTRY_PAID_OUT)
		return of_payment ? add_payment(index, entry, before, after, why) : OK;
	enum err err = add_postings(index, entry, why);

	/* Of dropped money the books have no postings, but the payout has taken it along. */
	return err == OK && of_payment && after->standing == STANDING_DROPPED ? add_payment(index, entry, before, after, why) : err;
}

/* ---- what an operator moved ---- */

static enum err put_by_hand(struct index *index, const struct entry *entry, size_t at, struct why *why)
{
	const struct posting *posting = &entry->postings[at];
	struct by_hand moved;
	uint8_t key[BY_HAND_KEY_BYTES];

	/* All of it is written, so each text goes in up to its end, and no structure as a whole: gaps stay zero. */
	memset(&moved, 0, sizeof moved);
	moved.seq = entry->seq;
	moved.posting = (uint8_t)at;
	moved.amount.minor = posting->amount.minor;
	memcpy(moved.amount.currency.code, posting->amount.currency.code, strlen(posting->amount.currency.code));
	memcpy(moved.account, posting->account.first, strlen(posting->account.first));
	memcpy(moved.reference, entry->reference, strlen(entry->reference));
	by_hand_key(&moved, key);
	return store_put(index, TABLE_BY_HAND, (struct bytes){ (const char *)key, sizeof key },
	                 (struct bytes){ (const char *)&moved, sizeof moved }, why);
}

static enum err add_by_hand(struct index *index, const struct entry *entry, struct why *why)
{
	bool by_operator = entry->kind == ENTRY_ADJUSTED || (entry->kind == ENTRY_DROPPED && entry->reason != REASON_NOT_OURS);
	enum err err = OK;

	for (size_t i = 0; by_operator && entry->reference[0] != '\0' && err == OK && i < entry->posting_count; i++)
		if (is_at_provider(&entry->postings[i]))
			err = put_by_hand(index, entry, i, why);
	return err;
}

enum err told_apply(struct index *index, const struct entry *entry, const struct payment *before, const struct payment *after,
                    struct why *why)
{
	enum err err = add_told(index, entry, before, after, why);

	return err == OK ? add_by_hand(index, entry, why) : err;
}

/* ---- any thread ---- */

/* One of another key would lead the walk elsewhere. */
static enum err take_by_hand(struct bytes key, struct bytes value, struct by_hand *moved)
{
	uint8_t same[BY_HAND_KEY_BYTES];
	struct by_hand found;

	if (value.length != sizeof found)
		return ERR_CORRUPT;
	memcpy(&found, value.data, sizeof found);
	by_hand_key(&found, same);
	if (!bytes_equal(key, (struct bytes){ (const char *)same, sizeof same }))
		return ERR_CORRUPT;
	*moved = found;
	return OK;
}

enum err index_by_hand_next(struct index *index, struct by_hand *moved)
{
	uint8_t behind[BY_HAND_KEY_BYTES + 1] = { 0 };
	struct bytes key;
	struct bytes value = { 0 };
	MDB_txn *txn;
	enum err err = store_read_begin(index, &txn);

	if (err != OK)
		return err;
	/* The first key behind another one is that one with a NUL. */
	by_hand_key(moved, behind);
	err = store_seek(index, txn, TABLE_BY_HAND, (struct bytes){ (const char *)behind, sizeof behind }, &key, &value);
	if (err == OK)
		err = store_noted(index, take_by_hand(key, value, moved));
	store_read_end(index, txn);
	return err;
}
