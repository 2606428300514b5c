/* Payments that settled, as the first version showed them: before there were fees, refunds, disputes and payouts. */
#include "books/profile.h"

#include <string.h>

static const char *const columns[] = {
	"seq", "date", "booked_at", "occurred_at", "pledged_at", "pledge", "payment", "campaign", "tier", "interval",
	"currency", "amount", "status", "provider_account", "session", "payment_intent", "charge", "invoice",
	"subscription", "event",
};

static void put_header(struct sheet *sheet)
{
	sheet_put_header(&sheet->csv, columns, sizeof columns / sizeof columns[0]);
}

/* What later rows will ask of this entry. */
static enum err learn(struct sheet *sheet, const struct entry *entry, enum sheet_when when, struct why *why)
{
	const char *campaign = sheet->options->campaign;

	(void)when;
	if (entry->kind != ENTRY_PLEDGED || (campaign[0] != '\0' && strcmp(entry->campaign, campaign) != 0))
		return OK;
	enum err err = terms_add(&sheet->terms, entry->pledge, entry_pledged_us(entry), entry->interval);

	return err == ERR_TOO_BIG ? why_set(why, err, "the ledger has too many pledges for one export") : err;
}

static void put_times(struct sheet *sheet, const struct entry *entry, bool known, int64_t pledged_us)
{
	struct csv *csv = &sheet->csv;

	sheet_put_booked(sheet, entry->time_us);
	sheet_put_time_s(csv, entry->at_s);
	if (known)
		sheet_put_time(csv, pledged_us);
	else
		csv_empty(csv);
}

static void put_gift(struct sheet *sheet, const struct entry *entry, const struct ledger_account *account,
                     const struct money *given)
{
	struct csv *csv = &sheet->csv;
	enum interval interval = INTERVAL_ONCE;
	int64_t pledged_us = 0;
	bool known = terms_find(&sheet->terms, entry->pledge, &pledged_us, &interval);

	csv_unsigned(csv, entry->seq);
	put_times(sheet, entry, known, pledged_us);
	csv_word(csv, entry->pledge);
	csv_text(csv, entry->payment);
	csv_word(csv, account->first);
	csv_word(csv, account->second);
	csv_word(csv, known ? interval_name(interval) : NULL);
	sheet_put_money(csv, given);
	csv_word(csv, "settled");
	csv_word(csv, entry->account);
	csv_text(csv, entry_ref(entry, REF_SESSION));
	csv_text(csv, entry_ref(entry, REF_PAYMENT_INTENT));
	csv_text(csv, entry_ref(entry, REF_CHARGE));
	csv_text(csv, entry_ref(entry, REF_INVOICE));
	csv_text(csv, entry_ref(entry, REF_SUBSCRIPTION));
	csv_text(csv, entry->event);
	sheet_row_end(sheet);
}

static bool is_gift_money(const struct posting *posting)
{
	enum ledger_account_kind kind = posting->account.kind;

	return kind == ACCOUNT_DONATIONS || kind == ACCOUNT_REFUNDS || kind == ACCOUNT_CHARGEBACKS;
}

/* A row without what a later version knows of it would be a wrong sum: better none at all. */
static enum err refuse(const struct entry *entry, struct why *why)
{
	return why_set(why, ERR_UNKNOWN, "seq %llu is of a kind (%s) that gifts/1 cannot show as a gift: gifts/2 can",
	               (unsigned long long)entry->seq, sheet_kind(entry));
}

static enum err put_rows(struct sheet *sheet, const struct entry *entry, struct why *why)
{
	for (size_t i = 0; i < entry->posting_count; i++) {
		const struct posting *posting = &entry->postings[i];
		struct money given;

		if (!is_gift_money(posting)
		    || (sheet->options->campaign[0] != '\0' && !sheet_is_of(&posting->account, sheet->options->campaign)))
			continue;
		if ((entry->kind != ENTRY_SETTLED && entry->kind != ENTRY_UNPARKED)
		    || posting->account.kind != ACCOUNT_DONATIONS)
			return refuse(entry, why);
		enum err err = money_negate(&posting->amount, &given);

		if (err != OK)
			return why_set(why, err, "seq %llu: the amount is too large", (unsigned long long)entry->seq);
		put_gift(sheet, entry, &posting->account, &given);
	}
	return OK;
}

const struct profile profile_gifts_1 = {
	.name = "gifts/1",
	.extension = "csv",
	.media_type = "text/csv; charset=utf-8; header=present",
	.header = put_header,
	.learn = learn,
	.rows = put_rows,
};
