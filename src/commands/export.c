#include "commands/export.h"

#include <stdio.h>

#include "commands/command.h"
#include "commands/data_dir.h"
#include "service/books.h"
#include "service/books_wishes.h"
#include "sys/output.h"

struct request {
	const char *config;
	const char *data;
	struct export_wishes wishes;
};

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

static int export(const struct request *request)
{
	struct export_options options = { .profile = EXPORT_GIFTS };
	struct why why = { "" };
	char path[PATH_SIZE];
	int code;
	enum err err = export_wishes_read(&request->wishes, &options, &why);

	if (err == OK) {
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

int command_export(int argc, char **argv)
{
	struct request request = { NULL, NULL, { NULL, NULL, NULL, NULL, NULL } };
	const struct argument arguments[] = {
		{ "--config", "FILE", "the configuration, which names the data directory", false, &request.config, NULL },
		{ "--data", "DIR", "the data directory, instead of the configuration's", false, &request.data, NULL },
		{ "--from", "TIME", "first moment of the period: 2026-11-01, 2026-11-01T00:00:00+01:00", false, &request.wishes.from, NULL },
		{ "--to", "TIME", "first moment behind the period", false, &request.wishes.to, NULL },
		{ "--as-of", "SEQ", "look at nothing behind this entry", false, &request.wishes.as_of, NULL },
		{ "--campaign", "ID", "only what belongs to this campaign", false, &request.wishes.campaign, NULL },
		{ "--profile", "NAME", "gifts (the default): a row a gift; journal: a row a posting", false, &request.wishes.profile, NULL },
		{ .name = NULL },
	};
	const struct command_line line = {
		"export",
		"Write the ledger to standard output as CSV. Works while the service runs. The columns are in\n"
		"docs/export.md. With any exit status but 0 what was written is not the whole.",
		arguments,
	};
	int code;

	return command_read(&line, argc, argv, &code) ? export(&request) : code;
}
