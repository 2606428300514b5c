#include "commands/export.h"

#include <stdio.h>
#include <string.h>

#include "books/totals.h"
#include "books/wishes.h"
#include "commands/command.h"
#include "commands/data_dir.h"
#include "commands/export_undo.h"
#include "sys/output.h"

struct request {
	const char *config;
	const char *data;
	const char *undo;
	struct wishes wishes;
};

/* ---- control totals, on standard error ---- */

static enum err print_totals(const struct export_options *options, struct export *export)
{
	struct buffer text = BUFFER(TOTALS_BYTES_MAX);
	struct export_totals totals;
	enum err err = export_totals(export, &totals);

	if (err == OK) {
		totals_write(options, &totals, &text);
		err = buffer_err(&text);
	}
	if (err == OK)
		fwrite(text.data, 1, text.length, stderr);
	buffer_free(&text);
	return err;
}

/* ---- the export ---- */

static enum err write_all(const struct export_options *options, struct why *why)
{
	struct buffer piece = BUFFER(EXPORT_PIECE_BYTES_MAX);
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
		err = print_totals(options, export);
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
	enum err err = wishes_read(&request->wishes, &options, &why);

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

	for (int i = 0; i < WISHES; i++)
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
		{ "--currency", "CODE", "xero: the statement's currency; payouts, quickbooks: only what is in it", false, &texts[WISH_CURRENCY], NULL },
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
