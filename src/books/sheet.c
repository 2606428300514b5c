#include "books/sheet.h"

#include <string.h>

#include "base/text.h"

/* ---- which entries ---- */

bool sheet_is_of(const struct ledger_account *account, const char *campaign)
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

bool sheet_is_wanted(const struct sheet *sheet, const struct entry *entry)
{
	const char *campaign = sheet->options->campaign;

	if (campaign[0] == '\0')
		return true;
	for (size_t i = 0; i < entry->posting_count; i++)
		if (sheet_is_of(&entry->postings[i].account, campaign))
			return true;
	return false;
}

bool sheet_is_chosen(const struct sheet *sheet, const struct posting *posting)
{
	const char *account = sheet->options->account;
	const char *currency = sheet->options->currency;

	return (account[0] == '\0' || strcmp(account, posting->account.first) == 0)
	       && (currency[0] == '\0' || strcmp(currency, posting->amount.currency.code) == 0);
}

const char *sheet_kind(const struct entry *entry)
{
	return entry->kind == ENTRY_OTHER ? entry->other_kind : entry_kind_name(entry->kind);
}

/* ---- cells ---- */

void sheet_row_end(struct sheet *sheet)
{
	csv_row_end(&sheet->csv);
	sheet->rows++;
}

void sheet_put_header(struct csv *csv, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		csv_text(csv, names[i]);
	csv_row_end(csv);
}

enum { DATE_CHARACTERS = sizeof "2026-11-22" - 1 };

void sheet_local(const struct sheet *sheet, int64_t time_us, char text[static TIME_TEXT_SIZE])
{
	int64_t until_s;
	int64_t local_us = time_us + zone_offset(&sheet->options->zone, time_us / 1000000, &until_s) * 1000000;

	text_time(local_us < 0 ? 0 : local_us, text);
}

void sheet_put_date(struct sheet *sheet, int64_t time_us)
{
	char text[TIME_TEXT_SIZE];

	sheet_local(sheet, time_us, text);
	text[DATE_CHARACTERS] = '\0';
	csv_word(&sheet->csv, text);
}

void sheet_put_time(struct csv *csv, int64_t time_us)
{
	char text[TIME_TEXT_SIZE];

	text_time(time_us, text);
	csv_word(csv, text);
}

void sheet_put_booked(struct sheet *sheet, int64_t time_us)
{
	sheet_put_date(sheet, time_us);
	sheet_put_time(&sheet->csv, time_us);
}

void sheet_put_time_s(struct csv *csv, int64_t time_s)
{
	char text[TIME_TEXT_SIZE] = "";

	if (time_s != 0)
		text_time_s(time_s, text);
	csv_word(csv, text);
}

void sheet_put_money(struct csv *csv, const struct money *money)
{
	csv_word(csv, money->currency.code);
	sheet_put_amount(csv, money->minor, &money->currency);
}

void sheet_put_amount(struct csv *csv, int64_t minor, const struct currency *currency)
{
	char text[AMOUNT_TEXT_SIZE];

	money_format(&(struct money){ minor, *currency }, text);
	csv_decimal(csv, text);
}

void sheet_put_sides(struct csv *csv, const struct money *amount)
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
