#include "books/profile.h"

static const char *const columns[] = {
	"seq", "posting", "date", "booked_at", "occurred_at", "kind", "provider_account", "event", "pledge", "payment",
	"account", "currency", "amount", "debit", "credit",
};

static void put_header(struct sheet *sheet)
{
	sheet_put_header(&sheet->csv, columns, sizeof columns / sizeof columns[0]);
}

static void put_posting(struct sheet *sheet, const struct entry *entry, size_t index)
{
	const struct posting *posting = &entry->postings[index];
	struct csv *csv = &sheet->csv;
	char account[LEDGER_ACCOUNT_TEXT_SIZE];

	ledger_account_format(&posting->account, account);
	csv_unsigned(csv, entry->seq);
	csv_unsigned(csv, index + 1);
	sheet_put_booked(sheet, entry->time_us);
	sheet_put_time_s(csv, entry->at_s);
	csv_text(csv, sheet_kind(entry));
	csv_text(csv, entry->account);
	csv_text(csv, entry->event);
	csv_text(csv, entry->pledge);
	csv_text(csv, entry->payment);
	csv_text(csv, account);
	sheet_put_money(csv, &posting->amount);
	sheet_put_sides(csv, &posting->amount);
	sheet_row_end(sheet);
}

static enum err put_rows(struct sheet *sheet, const struct entry *entry, struct why *why)
{
	(void)why;
	for (size_t i = 0; i < entry->posting_count; i++)
		put_posting(sheet, entry, i);
	return OK;
}

const struct profile profile_journal = {
	.name = "journal/1",
	.extension = "csv",
	.media_type = "text/csv; charset=utf-8; header=present",
	.header = put_header,
	.rows = put_rows,
};
