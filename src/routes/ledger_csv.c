#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "routes/doors.h"
#include "service/books.h"
#include "service/books_wishes.h"
#include "sys/log.h"

enum { VALUE_SIZE = 64 };

/* An export on its way out, a piece at a time. */
struct download {
	struct export *export;
	struct buffer piece;
	size_t given;    /* of the piece */
	bool more;
};

static enum err next(void *context, char *data, size_t size, size_t *length)
{
	struct download *download = context;
	struct why why = { "" };
	enum err err = OK;

	while (err == OK && download->given == download->piece.length && download->more) {
		buffer_clear(&download->piece);
		download->given = 0;
		err = export_next(download->export, &download->piece, &download->more, &why);
	}
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
	char values[EXPORT_WISHES][VALUE_SIZE];
	struct export_wishes wishes;
};

static enum err read_parameters(struct bytes query, struct parameters *parameters, struct why *why)
{
	char name[VALUE_SIZE];
	char value[VALUE_SIZE];
	bool more = true;

	for (;;) {
		int i = 0;

		if (http_form_next(&query, &more, name, sizeof name, value, sizeof value) != OK)
			return why_set(why, ERR_INPUT, "The parameters cannot be read.");
		if (!more)
			return OK;
		while (i < EXPORT_WISHES && strcmp(name, export_wish_name((enum export_wish)i)) != 0)
			i++;
		if (i == EXPORT_WISHES)
			return why_set(why, ERR_INPUT, "There is no parameter \"%s\".", name);
		if (parameters->wishes.texts[i] != NULL)
			return why_set(why, ERR_INPUT, "\"%s\" is given twice.", name);
		memcpy(parameters->values[i], value, sizeof value);
		parameters->wishes.texts[i] = parameters->values[i];
	}
}

/* A form sends its empty fields too: nothing was wished there. */
static void drop_empty(struct export_wishes *wishes)
{
	for (int i = 0; i < EXPORT_WISHES; i++)
		if (wishes->texts[i] != NULL && wishes->texts[i][0] == '\0')
			wishes->texts[i] = NULL;
}

static enum err read_options(const struct visit *visit, struct export_options *options, struct why *why)
{
	struct parameters parameters = { .wishes = { { NULL } } };
	enum err err = read_parameters(visit->request->query, &parameters, why);

	drop_empty(&parameters.wishes);
	options->data_dir = visit->snapshot->config->data_dir;
	return err == OK ? export_wishes_read(&parameters.wishes, options, why) : err;
}

/* Opened, and its first piece read: what is wrong from the start is an answer, not a broken download. */
static enum err begin(const struct export_options *options, struct download **download, struct why *why)
{
	struct download *made = calloc(1, sizeof *made);

	if (made == NULL)
		return ERR_MEMORY;
	made->piece = BUFFER(EXPORT_PIECE_BYTES_MAX);
	made->more = true;
	enum err err = export_open(&made->export, options, why);

	if (err == OK)
		err = export_next(made->export, &made->piece, &made->more, why);
	if (err != OK) {
		end(made);
		return err;
	}
	*download = made;
	return OK;
}

void door_ledger_csv(struct visit *visit)
{
	struct export_options options = { .profile = EXPORT_GIFTS };
	struct download *download = NULL;
	struct why why = { "" };
	struct http_reply reply;
	char disposition[96];
	enum err err = read_options(visit, &options, &why);

	if (err == OK)
		err = begin(&options, &download, &why);
	if (err != OK) {
		visit_problem(visit, status_of(err, false), why.text[0] != '\0' ? why.text : "The ledger cannot be read.", NULL);
		return;
	}
	http_reply_init(&reply, 200);
	http_reply_field(&reply, "Content-Type", export_profile_media_type(options.profile));
	http_reply_field(&reply, "Cache-Control", "no-store");
	const char *name = export_profile_name(options.profile);

	snprintf(disposition, sizeof disposition, "attachment; filename=\"%.*s.%s\"", (int)strcspn(name, "/"), name,
	         export_profile_extension(options.profile));
	http_reply_field_copy(&reply, "Content-Disposition", bytes_of(disposition));
	reply.stream = (struct http_stream){ next, end, download };
	visit_reply(visit, &reply);
}
