#include "books/totals.h"

#include <string.h>

#include "base/text.h"

static bool is_same(const struct balance *a, const struct balance *b)
{
	char name[LEDGER_ACCOUNT_TEXT_SIZE];
	char other[LEDGER_ACCOUNT_TEXT_SIZE];

	ledger_account_format(&a->account, name);
	ledger_account_format(&b->account, other);
	return strcmp(name, other) == 0 && currency_equal(&a->sum.currency, &b->sum.currency);
}

/* Both lists have one order, and what was there before the period is there behind it. */
static void write_balances(const struct export_totals *totals, struct buffer *out)
{
	const struct trial_balance *before = totals->opening;
	char name[LEDGER_ACCOUNT_TEXT_SIZE];
	char opening[AMOUNT_TEXT_SIZE];
	char closing[AMOUNT_TEXT_SIZE];
	size_t next = 0;

	for (size_t i = 0; i < totals->closing->count; i++) {
		const struct balance *balance = &totals->closing->balances[i];
		struct money sum = { 0, balance->sum.currency };

		if (next < before->count && is_same(&before->balances[next], balance))
			sum = before->balances[next++].sum;
		ledger_account_format(&balance->account, name);
		money_format(&sum, opening);
		money_format(&balance->sum, closing);
		buffer_format(out, "balance: %s %s opening=%s closing=%s\n", name, balance->sum.currency.code, opening, closing);
	}
}

/* What was asked for, as moments: dates depend on the zone, and names of periods on what is meant by a year. */
static void write_period(const struct export_options *options, struct buffer *out)
{
	char from[TIME_TEXT_SIZE] = "";
	char to[TIME_TEXT_SIZE] = "";

	if (options->from_us != 0)
		text_time(options->from_us, from);
	if (options->to_us != 0)
		text_time(options->to_us, to);
	buffer_format(out, "period: from=%s to=%s zone=%s\n", from, to, options->zone_name[0] != '\0' ? options->zone_name : "UTC");
}

/* Whether money has moved that is of the account at its provider and in the currency; "" is any. */
static bool has_moved(const struct trial_balance *closing, const char *account, const char *currency)
{
	for (size_t i = 0; i < closing->count; i++) {
		const struct balance *balance = &closing->balances[i];
		bool of_account = balance->account.kind == ACCOUNT_PROVIDER && strcmp(balance->account.first, account) == 0;

		if ((account[0] == '\0' || of_account) && (currency[0] == '\0' || strcmp(balance->sum.currency.code, currency) == 0))
			return true;
	}
	return false;
}

/* A name that is misspelled looks like a quiet month otherwise. The balances of a campaign are its own accounts' alone. */
static void write_nothing(const struct export_options *options, const struct trial_balance *closing, struct buffer *out)
{
	static const char behind[] = "has moved up to the end of the period";
	const char *account = options->campaign[0] == '\0' ? options->account : "";
	const char *currency = options->currency;

	if (options->campaign[0] != '\0' && closing->count == 0)
		buffer_format(out, "nothing: no money of a campaign %s %s\n", options->campaign, behind);
	else if (!has_moved(closing, account, "") && account[0] != '\0')
		buffer_format(out, "nothing: no money of a provider account %s %s\n", account, behind);
	else if (!has_moved(closing, account, currency) && currency[0] != '\0')
		buffer_format(out, "nothing: no money in %s%s%s %s\n", currency, account[0] != '\0' ? " of the provider account " : "", account, behind);
}

void totals_write(const struct export_options *options, const struct export_totals *totals, struct buffer *out)
{
	char digest[2 * sizeof totals->sha256 + 1];

	text_hex(totals->sha256, sizeof totals->sha256, digest);
	buffer_format(out, "totals: profile=%s as-of=%llu rows=%llu bytes=%llu sha256=%s%s\n", export_profile_name(options->profile),
	              (unsigned long long)totals->as_of, (unsigned long long)totals->rows, (unsigned long long)totals->bytes, digest,
	              totals->provisional ? " provisional" : "");
	write_period(options, out);
	write_balances(totals, out);
	write_nothing(options, totals->closing, out);
}
