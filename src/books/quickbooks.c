/*
 * QuickBooks Online, "Import journal entries" (quickbooks.intuit.com, 2026-11): Journal No., Journal Date, Account Name,
 * Debits, Credits, Description, Currency; an account below another is "Parent:Child"; rows of one number are one journal
 * entry and balance. Dates are MM/DD/YYYY there. A number has at most 21 characters, and an entry has one currency: what
 * version 1 writes of a payment that settles in another currency is refused.
 */
#include "books/profile.h"

#include <inttypes.h>
#include <stdio.h>

static void put_header(struct sheet *sheet)
{
	static const char *const columns[] = {
		"JournalNo", "JournalDate", "AccountName", "Debits", "Credits", "Description", "Currency",
	};

	sheet_put_header(&sheet->csv, columns, sizeof columns / sizeof columns[0]);
}

/* 2026-11-22 is 11/22/2026 there. */
static void put_american_date(struct sheet *sheet, int64_t time_us)
{
	char text[TIME_TEXT_SIZE];
	char date[sizeof "11/22/2026"];

	sheet_local(sheet, time_us, text);
	snprintf(date, sizeof date, "%.2s/%.2s/%.4s", text + 5, text + 8, text);
	csv_text(&sheet->csv, date);
}

/* The row behind its number. */
static void put_posting(struct sheet *sheet, const struct entry *entry, const struct posting *posting)
{
	struct csv *csv = &sheet->csv;
	char account[LEDGER_ACCOUNT_TEXT_SIZE];
	char description[160];

	snprintf(description, sizeof description, "%.60s %.80s", sheet_kind(entry),
	         entry->pledge[0] != '\0' ? entry->pledge : entry->payment);
	sheet_account_name(&posting->account, account);
	put_american_date(sheet, entry->time_us);
	csv_text(csv, account);
	sheet_put_sides(csv, &posting->amount);
	csv_text(csv, description);
	csv_text(csv, posting->amount.currency.code);
	sheet_row_end(sheet);
}

/* ---- version 2: a number for each entry and currency ---- */

static bool same_currency(const struct posting *a, const struct posting *b)
{
	return currency_equal(&a->amount.currency, &b->amount.currency);
}

/* The rows of the currency of posting `first`: "17-EUR". */
static void put_currency(struct sheet *sheet, const struct entry *entry, size_t first)
{
	const struct posting *postings = entry->postings;
	char number[24 + CURRENCY_SIZE];

	snprintf(number, sizeof number, "%" PRIu64 "-%s", entry->seq, postings[first].amount.currency.code);
	for (size_t i = first; i < entry->posting_count; i++) {
		if (!same_currency(&postings[i], &postings[first]))
			continue;
		csv_text(&sheet->csv, number);
		put_posting(sheet, entry, &postings[i]);
	}
}

/* What one journal entry is made of stands together. */
static enum err put_rows(struct sheet *sheet, const struct entry *entry, struct why *why)
{
	(void)why;
	for (size_t i = 0; i < entry->posting_count; i++) {
		size_t first = 0;

		while (!same_currency(&entry->postings[first], &entry->postings[i]))
			first++;
		if (first == i && sheet_is_chosen(sheet, &entry->postings[i]))
			put_currency(sheet, entry, i);
	}
	return OK;
}

const struct profile profile_quickbooks = {
	.name = "quickbooks/2",
	.extension = "csv",
	.media_type = "text/csv; charset=utf-8; header=present",
	.header = put_header,
	.rows = put_rows,
	.by_currency = true,
};

/* ---- version 1: a number for each entry ---- */

static enum err put_rows_1(struct sheet *sheet, const struct entry *entry, struct why *why)
{
	(void)why;
	for (size_t i = 0; i < entry->posting_count; i++) {
		csv_unsigned(&sheet->csv, entry->seq);
		put_posting(sheet, entry, &entry->postings[i]);
	}
	return OK;
}

const struct profile profile_quickbooks_1 = {
	.name = "quickbooks/1",
	.extension = "csv",
	.media_type = "text/csv; charset=utf-8; header=present",
	.header = put_header,
	.rows = put_rows_1,
};
