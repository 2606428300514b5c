#include "service/books_rows.h"

#include <string.h>

static const char *const columns[] = {
	"seq", "posting", "date", "booked_at", "occurred_at", "kind", "provider_account", "event", "pledge", "payment",
	"account", "currency", "amount", "debit", "credit",
};

void books_journal_header(struct csv *csv)
{
	books_put_header(csv, columns, sizeof columns / sizeof columns[0]);
}

static bool has_campaign(const struct ledger_account *account, const char *campaign)
{
	switch (account->kind) {
	case ACCOUNT_DONATIONS:
	case ACCOUNT_REFUNDS:
	case ACCOUNT_CHARGEBACKS:
		return strcmp(account->first, campaign) == 0;
	case ACCOUNT_FEES:
		return strcmp(account->second, campaign) == 0;
	case ACCOUNT_PROVIDER:
	case ACCOUNT_TRANSIT:
	case ACCOUNT_DISPUTED:
	case ACCOUNT_BANK:
	case ACCOUNT_CASH:
	case ACCOUNT_UNIDENTIFIED:
	case ACCOUNT_CONVERSION:
	case ACCOUNT_OTHER_BUSINESS:
		break;
	}
	return false;
}

/* An entry belongs to a campaign when any of its postings does; it is then shown whole, so that it balances. */
static bool is_wanted(const struct books_row *row)
{
	if (row->campaign[0] == '\0')
		return true;
	for (size_t i = 0; i < row->entry->posting_count; i++)
		if (has_campaign(&row->entry->postings[i].account, row->campaign))
			return true;
	return false;
}

/* Debit and credit in a column each, without a sign: what many programs of accountants read. */
static void put_sides(struct csv *csv, const struct money *amount)
{
	char text[AMOUNT_TEXT_SIZE];

	money_format(amount, text);
	if (amount->minor < 0) {
		csv_empty(csv);
		csv_decimal(csv, text + 1);
	} else {
		csv_decimal(csv, text);
		csv_empty(csv);
	}
}

static void put_posting(struct csv *csv, const struct entry *entry, size_t index)
{
	const struct posting *posting = &entry->postings[index];
	char account[LEDGER_ACCOUNT_TEXT_SIZE];

	ledger_account_format(&posting->account, account);
	csv_unsigned(csv, entry->seq);
	csv_unsigned(csv, index + 1);
	books_put_date(csv, entry->time_us);
	books_put_time(csv, entry->time_us);
	books_put_time_s(csv, entry->at_s);
	csv_text(csv, entry->kind == ENTRY_OTHER ? entry->other_kind : entry_kind_name(entry->kind));
	csv_text(csv, entry->account);
	csv_text(csv, entry->event);
	csv_text(csv, entry->pledge);
	csv_text(csv, entry->payment);
	csv_text(csv, account);
	books_put_money(csv, &posting->amount);
	put_sides(csv, &posting->amount);
	csv_row_end(csv);
}

enum err books_journal_rows(struct csv *csv, const struct books_row *row, struct why *why)
{
	(void)why;
	if (!is_wanted(row))
		return OK;
	for (size_t i = 0; i < row->entry->posting_count; i++)
		put_posting(csv, row->entry, i);
	return OK;
}
