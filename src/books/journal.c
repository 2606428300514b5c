#include "books/profile.h"

/* Up to the posting itself; version 1 has nothing of what an operator enters. */
static void put_entry(struct sheet *sheet, const struct entry *entry, size_t index)
{
	struct csv *csv = &sheet->csv;

	csv_unsigned(csv, entry->seq);
	csv_unsigned(csv, index + 1);
	sheet_put_booked(sheet, entry->time_us);
	sheet_put_time_s(csv, entry->at_s);
	csv_text(csv, sheet_kind(entry));
	csv_word(csv, entry->account);
	csv_text(csv, entry->event);
	csv_word(csv, entry->pledge);
	csv_text(csv, entry->payment);
}

static void put_posting(struct sheet *sheet, const struct posting *posting)
{
	struct csv *csv = &sheet->csv;
	char account[LEDGER_ACCOUNT_TEXT_SIZE];

	ledger_account_format(&posting->account, account);
	csv_word(csv, account);
	sheet_put_money(csv, &posting->amount);
	sheet_put_sides(csv, &posting->amount);
	sheet_row_end(sheet);
}

/* ---- version 2 ---- */

static void put_header(struct sheet *sheet)
{
	static const char *const columns[] = {
		"seq", "posting", "date", "booked_at", "occurred_at", "kind", "provider_account", "event", "pledge", "payment",
		"reference", "reason", "account", "currency", "amount", "debit", "credit",
	};

	sheet_put_header(&sheet->csv, columns, sizeof columns / sizeof columns[0]);
}

static enum err put_rows(struct sheet *sheet, const struct entry *entry, struct why *why)
{
	(void)why;
	for (size_t i = 0; i < entry->posting_count; i++) {
		put_entry(sheet, entry, i);
		csv_text(&sheet->csv, entry->reference);
		csv_text(&sheet->csv, reason_name(entry->reason));
		put_posting(sheet, &entry->postings[i]);
	}
	return OK;
}

const struct profile profile_journal = {
	.name = "journal/2",
	.extension = "csv",
	.media_type = "text/csv; charset=utf-8; header=present",
	.header = put_header,
	.rows = put_rows,
};

/* ---- version 1 ---- */

static void put_header_1(struct sheet *sheet)
{
	static const char *const columns[] = {
		"seq", "posting", "date", "booked_at", "occurred_at", "kind", "provider_account", "event", "pledge", "payment",
		"account", "currency", "amount", "debit", "credit",
	};

	sheet_put_header(&sheet->csv, columns, sizeof columns / sizeof columns[0]);
}

static enum err put_rows_1(struct sheet *sheet, const struct entry *entry, struct why *why)
{
	(void)why;
	for (size_t i = 0; i < entry->posting_count; i++) {
		put_entry(sheet, entry, i);
		put_posting(sheet, &entry->postings[i]);
	}
	return OK;
}

const struct profile profile_journal_1 = {
	.name = "journal/1",
	.extension = "csv",
	.media_type = "text/csv; charset=utf-8; header=present",
	.header = put_header_1,
	.rows = put_rows_1,
};
