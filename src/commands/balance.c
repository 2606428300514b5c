#include "commands/balance.h"

#include <stdio.h>

#include "base/csv.h"
#include "books/export.h"
#include "books/wishes.h"
#include "commands/command.h"
#include "commands/data_dir.h"
#include "sys/output.h"

enum { BALANCES_BYTES_MAX = 16 * 1024 * 1024 };

static void put_balances(const struct trial_balance *trial, struct buffer *out)
{
	struct csv csv = CSV(out);
	char account[LEDGER_ACCOUNT_TEXT_SIZE];
	char amount[AMOUNT_TEXT_SIZE];

	csv_text(&csv, "account");
	csv_text(&csv, "currency");
	csv_text(&csv, "balance");
	csv_row_end(&csv);
	for (size_t i = 0; i < trial->count; i++) {
		ledger_account_format(&trial->balances[i].account, account);
		money_format(&trial->balances[i].sum, amount);
		csv_text(&csv, account);
		csv_text(&csv, trial->balances[i].sum.currency.code);
		csv_decimal(&csv, amount);
		csv_row_end(&csv);
	}
}

/* The closing balances of a journal that nobody reads. */
static enum err sum_up(struct export *export, struct buffer *out, struct why *why)
{
	struct buffer piece = BUFFER(EXPORT_PIECE_BYTES_MAX);
	struct export_totals totals;
	bool more = true;
	enum err err = OK;

	while (err == OK && more) {
		buffer_clear(&piece);
		err = export_next(export, &piece, &more, why);
	}
	buffer_free(&piece);
	if (err == OK)
		err = export_totals(export, &totals);
	if (err != OK)
		return err;
	put_balances(totals.closing, out);
	return buffer_err(out);
}

static int balance(const struct wishes *wishes, const char *config, const char *data)
{
	struct export_options options = { .profile = EXPORT_JOURNAL };
	struct buffer out = BUFFER(BALANCES_BYTES_MAX);
	struct export *export = NULL;
	struct why why = { "" };
	char path[PATH_SIZE];
	int code;
	enum err err = wishes_read(wishes, &options, &why);

	if (err == OK) {
		if (!data_dir_find("balance", config, data, path, &code))
			return code;
		options.data_dir = path;
		output_begin();
		err = export_open(&export, &options, &why);
	}
	if (err == OK)
		err = sum_up(export, &out, &why);
	if (err == OK)
		err = output_write(buffer_view(&out), &why);
	if (err == OK)
		err = output_end(&why);
	export_close(&export);
	buffer_free(&out);
	if (err != OK)
		fprintf(stderr, "pledger balance: %s\n", why.text[0] != '\0' ? why.text : err_name(err));
	return command_exit(err);
}

int command_balance(int argc, char **argv)
{
	struct wishes wishes = { { NULL } };
	const char *config = NULL;
	const char *data = NULL;
	const struct argument arguments[] = {
		{ "--config", "FILE", "the configuration, which names the data directory", false, &config, NULL },
		{ "--data", "DIR", "the data directory, instead of the configuration's", false, &data, NULL },
		{ "--zone", "ZONE", "whose day a date is: UTC (the default), Europe/Berlin, +01:00", false, &wishes.texts[WISH_ZONE], NULL },
		{ "--to", "TIME", "as it was just before this moment", false, &wishes.texts[WISH_TO], NULL },
		{ "--as-of", "SEQ", "as it was with this entry", false, &wishes.texts[WISH_AS_OF], NULL },
		{ "--campaign", "ID", "only this campaign's own accounts", false, &wishes.texts[WISH_CAMPAIGN], NULL },
		{ .name = NULL },
	};
	const struct command_line line = {
		"balance",
		"Write what each account of the books holds, in each currency, as CSV; debit is positive. Works while the\n"
		"service runs.",
		arguments,
	};
	int code;

	return command_read(&line, argc, argv, &code) ? balance(&wishes, config, data) : code;
}
