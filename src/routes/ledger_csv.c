#include <stdlib.h>
#include <string.h>

#include "books/totals.h"
#include "books/wishes.h"
#include "routes/doors.h"
#include "sys/log.h"

enum { VALUE_SIZE = 64 };

/* An export on its way out, a piece at a time. */
struct download {
	struct export *export;
	struct buffer piece;
	size_t given;    /* of the piece */
	bool more;
	bool totals; /* only what the bytes come to is given out */
	struct export_options options;
};

/* The last piece: what the others came to. */
static enum err write_totals(struct download *download)
{
	struct export_totals totals;
	enum err err = export_totals(download->export, &totals);

	buffer_clear(&download->piece);
	if (err == OK)
		totals_write(&download->options, &totals, &download->piece);
	return err == OK ? buffer_err(&download->piece) : err;
}

static enum err read_piece(struct download *download, struct why *why)
{
	buffer_clear(&download->piece);
	download->given = 0;
	enum err err = export_next(download->export, &download->piece, &download->more, why);

	if (err != OK || !download->totals)
		return err;
	buffer_clear(&download->piece);
	return download->more ? OK : write_totals(download);
}

static enum err next(void *context, char *data, size_t size, size_t *length)
{
	struct download *download = context;
	struct why why = { "" };
	enum err err = OK;

	while (err == OK && download->given == download->piece.length && download->more)
		err = read_piece(download, &why);
	if (err != OK) {
		struct log_line line;

		log_begin(&line, LOG_ERROR, "export-failed");
		log_word(&line, "error", err_name(err));
		log_text(&line, "why", bytes_of(why.text));
		log_end(&line);
		return err;
	}
	size_t left = download->piece.length - download->given;

	*length = left < size ? left : size;
	if (*length > 0)
		memcpy(data, download->piece.data + download->given, *length);
	download->given += *length;
	return OK;
}

static void end(void *context)
{
	struct download *download = context;

	export_close(&download->export);
	buffer_free(&download->piece);
	free(download);
}

/* The parameters, each at most once and none but the known ones. */
struct parameters {
	char values[WISHES][VALUE_SIZE];
	struct wishes wishes;
	char totals[VALUE_SIZE]; /* "yes": only the control totals */
	bool asks_totals;
};

/* Where a parameter's value goes; NULL: there is none of that name. */
static char *value_of(struct parameters *parameters, const char *name, bool *given)
{
	int i = 0;

	if (strcmp(name, "totals") == 0) {
		*given = parameters->asks_totals;
		parameters->asks_totals = true;
		return parameters->totals;
	}
	while (i < WISHES && strcmp(name, wish_name((enum wish)i)) != 0)
		i++;
	if (i == WISHES)
		return NULL;
	*given = parameters->wishes.texts[i] != NULL;
	parameters->wishes.texts[i] = parameters->values[i];
	return parameters->values[i];
}

static enum err read_parameters(struct bytes query, struct parameters *parameters, struct why *why)
{
	char name[VALUE_SIZE];
	char value[VALUE_SIZE];
	bool more = true;

	for (;;) {
		bool given = false;

		if (http_form_next(&query, &more, name, sizeof name, value, sizeof value) != OK)
			return why_set(why, ERR_INPUT, "The parameters cannot be read.");
		if (!more)
			return OK;
		char *place = value_of(parameters, name, &given);

		if (place == NULL)
			return why_set(why, ERR_INPUT, "There is no parameter \"%s\".", name);
		if (given)
			return why_set(why, ERR_INPUT, "\"%s\" is given twice.", name);
		memcpy(place, value, sizeof value);
	}
}

/* A form sends its empty fields too: nothing was wished there. */
static void drop_empty(struct wishes *wishes)
{
	for (int i = 0; i < WISHES; i++)
		if (wishes->texts[i] != NULL && wishes->texts[i][0] == '\0')
			wishes->texts[i] = NULL;
}

static enum err read_options(const struct visit *visit, struct export_options *options, bool *totals, struct why *why)
{
	struct parameters parameters = { .wishes = { { NULL } } };
	enum err err = read_parameters(visit->request->query, &parameters, why);

	drop_empty(&parameters.wishes);
	*totals = strcmp(parameters.totals, "yes") == 0;
	if (err == OK && !*totals && parameters.totals[0] != '\0' && strcmp(parameters.totals, "no") != 0)
		return why_set(why, ERR_INPUT, "'totals' is either no or yes, not '%.40s'", parameters.totals);
	options->data_dir = visit->snapshot->config->data_dir;
	return err == OK ? wishes_read(&parameters.wishes, options, why) : err;
}

/* Opened, and its first piece read: what is wrong from the start is an answer, not a broken download. */
static enum err begin(const struct export_options *options, bool totals, struct download **download, struct why *why)
{
	struct download *made = calloc(1, sizeof *made);

	if (made == NULL)
		return ERR_MEMORY;
	made->piece = BUFFER(totals ? TOTALS_BYTES_MAX : EXPORT_PIECE_BYTES_MAX);
	made->totals = totals;
	made->options = *options;
	made->more = true;
	enum err err = export_open(&made->export, options, why);

	if (err == OK)
		err = read_piece(made, why);
	if (err != OK) {
		end(made);
		return err;
	}
	*download = made;
	return OK;
}

/* "gifts-box-2026-11.csv": files of several periods lie side by side. */
static void name_file(struct http_reply *reply, const struct export_options *options, bool totals)
{
	const char *name = export_profile_name(options->profile);
	char text[128] = "";
	struct buffer disposition = BUFFER_ON(text);

	buffer_format(&disposition, "attachment; filename=\"%.*s", (int)strcspn(name, "/"), name);
	if (options->campaign[0] != '\0')
		buffer_format(&disposition, "-%s", options->campaign);
	if (options->period_name[0] != '\0')
		buffer_format(&disposition, "-%s", options->period_name);
	buffer_format(&disposition, ".%s\"", totals ? "totals.txt" : export_profile_extension(options->profile));
	http_reply_field_copy(reply, "Content-Disposition", bytes_of(text));
}

void door_ledger_csv(struct visit *visit)
{
	struct export_options options = { .profile = EXPORT_GIFTS };
	bool totals = false;
	struct download *download = NULL;
	struct why why = { "" };
	struct http_reply reply;
	enum err err = read_options(visit, &options, &totals, &why);

	if (err == OK)
		err = begin(&options, totals, &download, &why);
	if (err != OK) {
		visit_problem(visit, status_of(err, false), why.text[0] != '\0' ? why.text : "The ledger cannot be read.", NULL);
		return;
	}
	http_reply_init(&reply, 200);
	http_reply_field(&reply, "Content-Type", totals ? "text/plain; charset=utf-8" : export_profile_media_type(options.profile));
	http_reply_field(&reply, "Cache-Control", "no-store");
	name_file(&reply, &options, totals);
	reply.stream = (struct http_stream){ next, end, download };
	visit_reply(visit, &reply);
}
