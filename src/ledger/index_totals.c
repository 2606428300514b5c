/*
 * What an entry changes in the totals of campaigns. What was given, refunded, lost and kept as fees is what
 * the entry posts; what is on its way or disputed is what becomes of its payment.
 *
 * Each month has a record of what it changed, and a sum is read as that of the months: an entry still puts one
 * record a campaign, and a meter that begins anew each month needs nothing that the others have to keep.
 */
#include <string.h>

#include "base/text.h"

#include "ledger/index_store.h"

enum { CHANGES_MAX = POSTINGS_MAX + 1, MONTH_CHARACTERS = 7, MONTH_KEY_SIZE = CURRENCY_SIZE + TIME_TEXT_SIZE };

struct change {
	char campaign[ID_SIZE];
	struct currency currency;
	struct campaign_totals sums; /* in minor units; the currencies stay empty */
};

struct changes {
	struct change list[CHANGES_MAX];
	size_t count;
};

static struct campaign_totals *change_of(struct changes *changes, const char *campaign, const struct currency *currency)
{
	size_t i = 0;

	while (i < changes->count
	       && (strcmp(changes->list[i].campaign, campaign) != 0 || !currency_equal(&changes->list[i].currency, currency)))
		i++;
	if (i == changes->count) {
		struct change *change = &changes->list[changes->count++];

		memset(change, 0, sizeof *change);
		err_ignore(bytes_copy_text(bytes_of(campaign), change->campaign, sizeof change->campaign)); /* an id fits */
		change->currency = *currency;
	}
	return &changes->list[i].sums;
}

static void count_posting(struct changes *changes, const struct posting *posting)
{
	const struct ledger_account *account = &posting->account;
	const struct currency *currency = &posting->amount.currency;
	int64_t minor = posting->amount.minor;

	if (account->kind == ACCOUNT_DONATIONS)
		change_of(changes, account->first, currency)->settled.minor -= minor;
	else if (account->kind == ACCOUNT_REFUNDS)
		change_of(changes, account->first, currency)->refunded.minor += minor;
	else if (account->kind == ACCOUNT_CHARGEBACKS)
		change_of(changes, account->first, currency)->lost.minor += minor;
	else if (account->kind == ACCOUNT_FEES)
		change_of(changes, account->second, currency)->fees.minor += minor;
}

static int64_t pending(const struct payment *payment)
{
	return payment->status == PAYMENT_PENDING ? payment->given.minor : 0;
}

static int64_t disputed(const struct payment *payment)
{
	return payment_is_gift(payment) ? payment->disputed : 0;
}

static void count_payment(struct changes *changes, const struct pledge *pledge, const struct payment *before,
                          const struct payment *after)
{
	struct campaign_totals *sums = change_of(changes, pledge->campaign, &after->given.currency);

	sums->pending.minor += pending(after) - pending(before);
	sums->disputed.minor += disputed(after) - disputed(before);
	sums->gifts += (uint64_t)payment_is_gift(after) - (uint64_t)payment_is_gift(before);
}

static enum err add(struct money *sum, const struct currency *currency, int64_t minor)
{
	sum->currency = *currency;
	return money_add(sum, &(struct money){ minor, *currency }, sum);
}

static enum err add_sums(struct campaign_totals *totals, const struct currency *currency, const struct campaign_totals *sums)
{
	enum err err = add(&totals->settled, currency, sums->settled.minor);

	if (err == OK)
		err = add(&totals->pending, currency, sums->pending.minor);
	if (err == OK)
		err = add(&totals->refunded, currency, sums->refunded.minor);
	if (err == OK)
		err = add(&totals->disputed, currency, sums->disputed.minor);
	if (err == OK)
		err = add(&totals->lost, currency, sums->lost.minor);
	totals->gifts += sums->gifts;
	return err == OK ? add(&totals->fees, currency, sums->fees.minor) : err;
}

/* What stands in a key behind the campaign: "EUR 2026-11". A blank ends the currency, so that no other one begins alike. */
static enum err key_of(const char *campaign, const struct currency *currency, const char *month, struct record_key *key)
{
	char second[MONTH_KEY_SIZE];
	struct buffer text = BUFFER_ON(second);

	buffer_text(&text, currency->code);
	buffer_char(&text, ' ');
	buffer_append(&text, month, strnlen(month, MONTH_CHARACTERS));
	return record_key_of(campaign, second, key);
}

static enum err put_change(struct index *index, const struct change *change, const char *month, struct why *why)
{
	struct campaign_totals totals = { .gifts = 0 };
	struct record_key key;
	enum err err = key_of(change->campaign, &change->currency, month, &key);

	if (err == OK)
		err = sums_get(index, TABLE_TOTALS, &key, &totals, sizeof totals);
	if (err == OK || err == ERR_UNKNOWN)
		err = add_sums(&totals, &change->currency, &change->sums);
	if (err != OK)
		return why_set(why, err, "the totals of a campaign cannot be kept");
	return sums_put(index, TABLE_TOTALS, &key, &totals, sizeof totals, why);
}

enum err totals_apply(struct index *index, const struct entry *entry, const struct pledge *pledge, const struct payment *before,
                      const struct payment *after, struct why *why)
{
	struct changes changes; /* those that count are set */
	char month[TIME_TEXT_SIZE];
	enum err err = OK;

	changes.count = 0;
	text_time_s(entry->at_s != 0 ? entry->at_s : entry->time_us / 1000000, month);
	for (size_t i = 0; i < entry->posting_count; i++)
		count_posting(&changes, &entry->postings[i]);
	if (pledge->campaign[0] != '\0' && after->given.currency.code[0] != '\0')
		count_payment(&changes, pledge, before, after);
	if (entry->kind == ENTRY_RECORDED)
		change_of(&changes, entry->campaign, &entry->amount.currency)->gifts++;
	for (size_t i = 0; err == OK && i < changes.count; i++)
		err = put_change(index, &changes.list[i], month, why);
	return err;
}

/* ---- reading ---- */

/* Of an earlier month only what is still so: what is on its way, and what is disputed. */
static enum err add_month(struct campaign_totals *totals, const struct currency *currency, bool counts, struct bytes value)
{
	struct campaign_totals month;

	if (value.length != sizeof month)
		return ERR_CORRUPT;
	memcpy(&month, value.data, sizeof month);
	if (!counts)
		month = (struct campaign_totals){ .pending = month.pending, .disputed = month.disputed };
	return add_sums(totals, currency, &month);
}

/* Month after month behind `from`, which is the key without a month. */
static enum err add_months(struct index *index, MDB_txn *txn, const struct record_key *from, const struct currency *currency,
                           const char *since, struct campaign_totals *totals)
{
	struct record_key at = *from;
	struct bytes key;
	struct bytes value;
	enum err err;

	while ((err = store_seek(index, txn, TABLE_TOTALS, record_key_view(&at), &key, &value)) == OK) {
		if (key.length != from->length + MONTH_CHARACTERS || memcmp(key.data, from->bytes, from->length) != 0)
			return OK;
		err = store_noted(index, add_month(totals, currency, memcmp(key.data + from->length, since, strlen(since)) >= 0, value));
		if (err != OK)
			return err;
		/* The first key behind another one is that one with a NUL. */
		memcpy(at.bytes, key.data, key.length);
		at.bytes[key.length] = '\0';
		at.length = key.length + 1;
	}
	return err == ERR_UNKNOWN ? OK : err;
}

enum err index_totals(struct index *index, const char *campaign, const struct currency *currency, const char *since,
                      struct campaign_totals *totals)
{
	struct campaign_totals sums = { .gifts = 0 };
	struct record_key from;
	MDB_txn *txn;
	enum err err = add_sums(&sums, currency, &(struct campaign_totals){ .gifts = 0 });

	if (err == OK)
		err = key_of(campaign, currency, "", &from);
	if (err == OK)
		err = store_read_begin(index, &txn);
	if (err != OK)
		return err;
	err = add_months(index, txn, &from, currency, since, &sums);
	store_read_end(index, txn);
	/* More gifts of earlier months were dropped in these than came. */
	if (sums.gifts > INT64_MAX)
		sums.gifts = 0;
	if (err == OK)
		*totals = sums;
	return err;
}
