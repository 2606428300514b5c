#include "commands/export.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "commands/command.h"
#include "commands/data_dir.h"
#include "commands/export_undo.h"
#include "service/books.h"
#include "service/books_wishes.h"
#include "sys/output.h"

struct request {
	const char *config;
	const char *data;
	const char *undo;
	struct export_wishes wishes;
};

/* ---- control totals, on standard error ---- */

static const struct money *find_sum(const struct trial_balance *trial, const struct balance *wanted)
{
	char name[LEDGER_ACCOUNT_TEXT_SIZE];
	char other[LEDGER_ACCOUNT_TEXT_SIZE];

	ledger_account_format(&wanted->account, name);
	for (size_t i = 0; i < trial->count; i++) {
		ledger_account_format(&trial->balances[i].account, other);
		if (strcmp(name, other) == 0 && currency_equal(&trial->balances[i].sum.currency, &wanted->sum.currency))
			return &trial->balances[i].sum;
	}
	return NULL;
}

static void print_balances(const struct export_totals *totals)
{
	char name[LEDGER_ACCOUNT_TEXT_SIZE];
	char opening[AMOUNT_TEXT_SIZE];
	char closing[AMOUNT_TEXT_SIZE];

	for (size_t i = 0; i < totals->closing->count; i++) {
		const struct balance *balance = &totals->closing->balances[i];
		const struct money *before = find_sum(totals->opening, balance);
		const struct money nothing = { 0, balance->sum.currency };

		ledger_account_format(&balance->account, name);
		money_format(before != NULL ? before : &nothing, opening);
		money_format(&balance->sum, closing);
		fprintf(stderr, "balance: %s %s opening=%s closing=%s\n", name, balance->sum.currency.code, opening, closing);
	}
}

/* What was asked for, as moments: dates depend on the zone, and names of periods on what is meant by a year. */
static void print_period(const struct export_options *options)
{
	char from[TIME_TEXT_SIZE] = "";
	char to[TIME_TEXT_SIZE] = "";

	if (options->from_us != 0)
		text_time(options->from_us, from);
	if (options->to_us != 0)
		text_time(options->to_us, to);
	fprintf(stderr, "period: from=%s to=%s zone=%s\n", from, to, options->zone_name[0] != '\0' ? options->zone_name : "UTC");
}

static void print_totals(const struct export_options *options, const struct export_totals *totals)
{
	char digest[2 * sizeof totals->sha256 + 1];

	text_hex(totals->sha256, sizeof totals->sha256, digest);
	fprintf(stderr, "totals: profile=%s as-of=%llu rows=%llu bytes=%llu sha256=%s%s\n",
	        export_profile_name(options->profile), (unsigned long long)totals->as_of, (unsigned long long)totals->rows,
	        (unsigned long long)totals->bytes, digest, totals->provisional ? " provisional" : "");
	print_period(options);
	print_balances(totals);
}

/* ---- the export ---- */

static enum err write_all(const struct export_options *options, struct why *why)
{
	struct buffer piece = BUFFER(EXPORT_PIECE_BYTES_MAX);
	struct export_totals totals;
	struct export *export = NULL;
	bool more = true;
	enum err err = export_open(&export, options, why);

	while (err == OK && more) {
		buffer_clear(&piece);
		err = export_next(export, &piece, &more, why);
		if (err == OK)
			err = output_write(buffer_view(&piece), why);
	}
	if (err == OK)
		err = output_end(why);
	if (err == OK)
		err = export_totals(export, &totals);
	if (err == OK)
		print_totals(options, &totals);
	export_close(&export);
	buffer_free(&piece);
	return err;
}

static int export(const struct request *request)
{
	struct export_options options = { .profile = EXPORT_GIFTS };
	struct why why = { "" };
	char path[PATH_SIZE];
	int code;
	enum err err = export_wishes_read(&request->wishes, &options, &why);

	if (err == OK && request->undo != NULL) {
		err = export_undo(request->undo, options.delimiter, &why);
	} else if (err == OK) {
		if (!data_dir_find("export", request->config, request->data, path, &code))
			return code;
		options.data_dir = path;
		output_begin();
		err = write_all(&options, &why);
	}
	if (err != OK)
		fprintf(stderr, "pledger export: %s\n", why.text[0] != '\0' ? why.text : err_name(err));
	return command_exit(err);
}

/* A file that was exported has no other option than what its cells are separated by. */
static bool undo_is_alone(const struct request *request)
{
	bool others = request->config != NULL || request->data != NULL;

	for (int i = 0; i < EXPORT_WISHES; i++)
		others |= i != WISH_DELIMITER && request->wishes.texts[i] != NULL;
	return request->undo == NULL || !others;
}

int command_export(int argc, char **argv)
{
	struct request request = { .config = NULL };
	const char **texts = request.wishes.texts;
	const struct argument arguments[] = {
		{ "--config", "FILE", "the configuration, which names the data directory", false, &request.config, NULL },
		{ "--data", "DIR", "the data directory, instead of the configuration's", false, &request.data, NULL },
		{ "--profile", "NAME", "gifts (the default), payouts, journal, hledger, ledger, beancount, xero or quickbooks", false, &texts[WISH_PROFILE], NULL },
		{ "--period", "NAME", "instead of --from and --to: 2026 (a year), 2026-Q2 (a quarter), 2026-11 (a month)", false, &texts[WISH_PERIOD], NULL },
		{ "--fiscal-year-start", "MM-DD", "the day on which --period's years begin, else 01-01; 2026 is the one that begins in 2026", false, &texts[WISH_FISCAL_YEAR_START], NULL },
		{ "--zone", "ZONE", "whose days dates are: UTC (the default), Europe/Berlin, +01:00", false, &texts[WISH_ZONE], NULL },
		{ "--from", "TIME", "first moment of the period: 2026-11-01, 2026-11-01T00:00:00+01:00", false, &texts[WISH_FROM], NULL },
		{ "--to", "TIME", "first moment behind the period", false, &texts[WISH_TO], NULL },
		{ "--as-of", "SEQ", "look at nothing behind this entry", false, &texts[WISH_AS_OF], NULL },
		{ "--by", "WHICH", "time (the default): when it was booked; at: when it happened at the provider", false, &texts[WISH_BY], NULL },
		{ "--campaign", "ID", "only what belongs to this campaign", false, &texts[WISH_CAMPAIGN], NULL },
		{ "--account", "ID", "xero: the statement's provider account; payouts: only this one's", false, &texts[WISH_ACCOUNT], NULL },
		{ "--currency", "CODE", "xero: the statement's currency; payouts: only those in it", false, &texts[WISH_CURRENCY], NULL },
		{ "--delimiter", "WORD", "comma (the default), semicolon or tab", false, &texts[WISH_DELIMITER], NULL },
		{ "--decimal", "WORD", "point (the default) or comma", false, &texts[WISH_DECIMAL], NULL },
		{ "--bom", "WORD", "yes: begin with a byte order mark, for programs that guess the encoding", false, &texts[WISH_BOM], NULL },
		{ "--undo", "FILE", "write this exported CSV without the apostrophes that defuse formulas; only with --delimiter", false, &request.undo, NULL },
		{ .name = NULL },
	};
	const struct command_line line = {
		"export",
		"Write the ledger to standard output, as CSV or for an accounting tool. Works while the service runs. The\n"
		"columns are in docs/export.md; totals to check them by go to standard error. With any exit status but 0\n"
		"what was written is not the whole.",
		arguments,
	};
	int code;

	if (!command_read(&line, argc, argv, &code))
		return code;
	if (!undo_is_alone(&request)) {
		fprintf(stderr, "pledger export: --undo goes with --delimiter only\n");
		return EXIT_CODE_USAGE;
	}
	return export(&request);
}
