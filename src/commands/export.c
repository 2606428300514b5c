#include "commands/export.h"

#include <stdio.h>

#include "base/text.h"
#include "commands/command.h"
#include "commands/data_dir.h"
#include "service/books.h"
#include "sys/output.h"

/* What was given, still as text; NULL where it was not. */
struct wishes {
	const char *config;
	const char *data;
	const char *from;
	const char *to;
	const char *as_of;
	const char *campaign;
	const char *profile;
};

static enum err read_period(const struct wishes *wishes, struct export_options *options, struct why *why)
{
	enum err err = OK;

	if (wishes->from != NULL)
		err = export_time_parse(bytes_of(wishes->from), &options->from_us, why);
	if (err == OK && wishes->to != NULL)
		err = export_time_parse(bytes_of(wishes->to), &options->to_us, why);
	if (err == OK && wishes->to != NULL && options->to_us == 0)
		err = why_set(why, ERR_INPUT, "nothing happened before 1970");
	return err;
}

static enum err read_wishes(const struct wishes *wishes, struct export_options *options, struct why *why)
{
	enum err err = read_period(wishes, options, why);

	if (err == OK && wishes->as_of != NULL
	    && (text_unsigned(bytes_of(wishes->as_of), INT64_MAX, &options->as_of) != OK || options->as_of == 0))
		err = why_set(why, ERR_INPUT, "'%s' is not the seq of an entry", wishes->as_of);
	if (err == OK && wishes->campaign != NULL
	    && (wishes->campaign[0] == '\0' || bytes_copy_text(bytes_of(wishes->campaign), options->campaign, ID_SIZE) != OK))
		err = why_set(why, ERR_INPUT, "'%s' cannot be a campaign's id", wishes->campaign);
	if (err == OK && wishes->profile != NULL && !export_profile_parse(bytes_of(wishes->profile), &options->profile))
		err = why_set(why, ERR_INPUT, "there is no profile '%s'; there are %s and %s", wishes->profile,
		              export_profile_name(EXPORT_GIFTS), export_profile_name(EXPORT_JOURNAL));
	return err;
}

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
	export_close(&export);
	buffer_free(&piece);
	return err == OK ? output_end(why) : err;
}

static int export(const struct wishes *wishes)
{
	struct export_options options = { .profile = EXPORT_GIFTS };
	struct why why = { "" };
	char path[PATH_SIZE];
	int code;
	enum err err = read_wishes(wishes, &options, &why);

	if (err == OK) {
		if (!data_dir_find("export", wishes->config, wishes->data, path, &code))
			return code;
		options.data_dir = path;
		output_begin();
		err = write_all(&options, &why);
	}
	if (err != OK)
		fprintf(stderr, "pledger export: %s\n", why.text[0] != '\0' ? why.text : err_name(err));
	return (int)command_exit(err);
}

int command_export(int argc, char **argv)
{
	struct wishes wishes = { .config = NULL };
	const struct argument arguments[] = {
		{ "--config", "FILE", "the configuration, which names the data directory", false, &wishes.config, NULL },
		{ "--data", "DIR", "the data directory, instead of the configuration's", false, &wishes.data, NULL },
		{ "--from", "TIME", "first moment of the period: 2026-11-01, 2026-11-01T00:00:00+01:00", false, &wishes.from, NULL },
		{ "--to", "TIME", "first moment behind the period", false, &wishes.to, NULL },
		{ "--as-of", "SEQ", "look at nothing behind this entry", false, &wishes.as_of, NULL },
		{ "--campaign", "ID", "only what belongs to this campaign", false, &wishes.campaign, NULL },
		{ "--profile", "NAME", "gifts (the default): a row a gift; journal: a row a posting", false, &wishes.profile, NULL },
		{ .name = NULL },
	};
	const struct command_line line = {
		"export",
		"Write the ledger to standard output as CSV. Works while the service runs. The columns are in\n"
		"docs/export.md. With any exit status but 0 what was written is not the whole.",
		arguments,
	};
	int code;

	return command_read(&line, argc, argv, &code) ? export(&wishes) : code;
}
