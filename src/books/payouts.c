/*
 * A payout's row is as of the period's end. One that was sent before the period has a row of what changed in it, with
 * the latest entry about it, so that the columns of consecutive periods sum up.
 */
#include "books/profile.h"

#include <string.h>

static const char *const columns[] = {
	"seq", "kind", "date", "booked_at", "provider_account", "payout", "status", "sent_at", "paid_at", "failed_at", "currency",
	"amount", "deposited", "gross", "refunded", "disputed", "adjusted", "returned", "fee", "ours", "other_business", "explained",
	"lines",
};

static void put_header(struct sheet *sheet)
{
	sheet_put_header(&sheet->csv, columns, sizeof columns / sizeof columns[0]);
}

static const char *status_of(const struct deposit *deposit)
{
	if (deposit->status == EVENT_PAYOUT_FAILED)
		return "failed";
	return deposit->status == EVENT_PAYOUT_PAID ? "paid" : "sent";
}

/* What else the payout holds is known only once everything of ours in it was told. */
static int64_t other_business(const struct deposit *deposit, const struct deposit_sums *sums)
{
	return sums->explained ? deposit->amount.minor - deposit_ours(sums) : 0;
}

static void put_sums(struct csv *csv, const struct deposit *deposit)
{
	const struct currency *currency = &deposit->amount.currency;
	const struct deposit_sums *after = &deposit->after;
	const struct deposit_sums *before = &deposit->before;

	csv_text(csv, currency->code);
	sheet_put_amount(csv, deposit->is_change ? 0 : deposit->amount.minor, currency);
	sheet_put_amount(csv, after->deposited - before->deposited, currency);
	sheet_put_amount(csv, after->gross - before->gross, currency);
	sheet_put_amount(csv, after->refunded - before->refunded, currency);
	sheet_put_amount(csv, after->disputed - before->disputed, currency);
	sheet_put_amount(csv, after->adjusted - before->adjusted, currency);
	sheet_put_amount(csv, after->returned - before->returned, currency);
	sheet_put_amount(csv, after->fee - before->fee, currency);
	sheet_put_amount(csv, deposit_ours(after) - deposit_ours(before), currency);
	if (after->explained)
		sheet_put_amount(csv, other_business(deposit, after) - other_business(deposit, before), currency);
	else
		csv_empty(csv);
	csv_text(csv, after->explained ? "yes" : "no");
	csv_unsigned(csv, (uint64_t)(after->lines - before->lines));
}

static enum err put_rows(struct sheet *sheet, const struct entry *entry, struct why *why)
{
	const struct deposit *deposit = deposits_row(sheet->deposits, entry);
	const struct export_options *options = sheet->options;
	struct csv *csv = &sheet->csv;

	(void)why;
	if (deposit == NULL || (options->account[0] != '\0' && strcmp(options->account, deposit->account) != 0)
	    || (options->currency[0] != '\0' && strcmp(options->currency, deposit->amount.currency.code) != 0))
		return OK;
	csv_unsigned(csv, entry->seq);
	csv_text(csv, deposit->is_change ? "change" : "payout");
	sheet_put_booked(sheet, entry->time_us);
	csv_text(csv, deposit->account);
	csv_text(csv, deposit->id);
	csv_text(csv, status_of(deposit));
	sheet_put_time_s(csv, deposit->sent_at_s);
	sheet_put_time_s(csv, deposit->paid_at_s);
	sheet_put_time_s(csv, deposit->failed_at_s);
	put_sums(csv, deposit);
	sheet_row_end(sheet);
	return OK;
}

static enum err foresee(struct sheet *sheet, const struct entry *entry, enum sheet_when when, struct why *why)
{
	static const enum deposit_when whens[] = {
		[SHEET_BEFORE] = DEPOSIT_BEFORE, [SHEET_WITHIN] = DEPOSIT_WITHIN, [SHEET_BEHIND] = DEPOSIT_BEHIND,
	};
	enum err err = sheet->deposits == NULL ? deposits_new(&sheet->deposits) : OK;

	if (err != OK || (when == SHEET_BEHIND && sheet->options->by_at))
		return err;
	err = deposits_foresee(sheet->deposits, entry, whens[when]);
	return err == ERR_TOO_BIG ? why_set(why, err, "seq %llu: a payout's sum is too large", (unsigned long long)entry->seq) : err;
}

const struct profile profile_payouts = {
	.name = "payouts/1",
	.extension = "csv",
	.media_type = "text/csv; charset=utf-8; header=present",
	.header = put_header,
	.foresee = foresee,
	.rows = put_rows,
	.by_account = true,
	.by_currency = true,
	.chooses = true,
};
