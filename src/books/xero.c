/*
 * Xero, "Import a CSV bank statement" (central.xero.com, 2026-11): columns Date, Amount, Payee, Description, Reference,
 * Check Number; money out has a minus sign; one account in one currency a file. The provider's account is that bank
 * account.
 */
#include "books/profile.h"

#include <stdio.h>
#include <string.h>

static void put_header(struct sheet *sheet)
{
	static const char *const columns[] = { "*Date", "*Amount", "Payee", "Description", "Reference", "Check Number" };

	sheet_put_header(&sheet->csv, columns, sizeof columns / sizeof columns[0]);
}

/* What the other side of the posting is, for the person who matches the line: "settled Income:Donations:Box:Box-100". */
static void describe(const struct entry *entry, char text[static LEDGER_ACCOUNT_TEXT_SIZE + 64])
{
	char name[LEDGER_ACCOUNT_TEXT_SIZE] = "";

	for (size_t i = 0; i < entry->posting_count && name[0] == '\0'; i++)
		if (entry->postings[i].account.kind != ACCOUNT_PROVIDER)
			sheet_account_name(&entry->postings[i].account, name);
	snprintf(text, LEDGER_ACCOUNT_TEXT_SIZE + 64, "%.60s %s", sheet_kind(entry), name);
}

/* A statement is of one account in one currency: a second one would be added to the first by whoever imports it. */
static enum err is_of_statement(struct sheet *sheet, const struct posting *posting, struct why *why)
{
	char name[ID_SIZE + CURRENCY_SIZE];
	uint32_t number;

	snprintf(name, sizeof name, "%s %s", posting->account.first, posting->amount.currency.code);
	enum err err = words_number(&sheet->words, name, &number);

	if (err == OK && number > 1)
		return why_set(why, ERR_INPUT, "a Xero statement is of one account in one currency, and there are lines of %s and of %s:"
		               " choose one with 'account' and 'currency'", sheet->words.list[0].text, sheet->words.list[1].text);
	return err;
}

static enum err put_rows(struct sheet *sheet, const struct entry *entry, struct why *why)
{
	struct csv *csv = &sheet->csv;
	char description[LEDGER_ACCOUNT_TEXT_SIZE + 64];
	char amount[AMOUNT_TEXT_SIZE];

	for (size_t i = 0; i < entry->posting_count; i++) {
		const struct posting *posting = &entry->postings[i];

		if (posting->account.kind != ACCOUNT_PROVIDER || !sheet_is_chosen(sheet, posting))
			continue;
		enum err err = is_of_statement(sheet, posting, why);

		if (err != OK)
			return err;
		describe(entry, description);
		money_format(&posting->amount, amount);
		sheet_put_date(sheet, entry->time_us);
		csv_decimal(csv, amount);
		csv_text(csv, posting->account.first);
		csv_text(csv, description);
		csv_text(csv, entry->payment[0] != '\0' ? entry->payment : entry->pledge);
		csv_empty(csv);
		sheet_row_end(sheet);
	}
	return OK;
}

const struct profile profile_xero = {
	.name = "xero/1",
	.extension = "csv",
	.media_type = "text/csv; charset=utf-8; header=present",
	.header = put_header,
	.rows = put_rows,
	.by_account = true,
	.by_currency = true,
};
