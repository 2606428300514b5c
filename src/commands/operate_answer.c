#include "commands/operate_answer.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "commands/command.h"
#include "sys/output.h"

enum { PRINT_BYTES_MAX = 4 * 1024 * 1024 };

/* ---- reading ---- */

static json_t *read_object(const char *command, struct bytes body)
{
	json_t *root = json_loadb(body.length > 0 ? body.data : "", body.length, 0, NULL);

	if (!json_is_object(root)) {
		fprintf(stderr, "pledger %s: the service's answer cannot be read\n", command);
		json_decref(root);
		return NULL;
	}
	return root;
}

/* "" where there is none. */
static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}

static int64_t number_of(const json_t *object, const char *name)
{
	return (int64_t)json_integer_value(json_object_get(object, name));
}

static int print(const char *command, struct buffer *out)
{
	struct why why = { "" };

	output_begin();
	enum err err = buffer_err(out);

	if (err == OK)
		err = output_write(buffer_view(out), &why);
	if (err != OK)
		fprintf(stderr, "pledger %s: %s\n", command, why.text[0] != '\0' ? why.text : err_name(err));
	buffer_free(out);
	return command_exit(err);
}

/* ---- what was entered ---- */

static void put_part(struct buffer *out, const char *before, const char *text)
{
	if (text[0] != '\0')
		buffer_format(out, "%s%s", before, text);
}

static void put_entered(struct buffer *out, const json_t *answer)
{
	bool already = json_is_true(json_object_get(answer, "already"));

	buffer_format(out, "%s%s: seq %" PRId64, already ? "already " : "", text_of(answer, "kind"), number_of(answer, "seq"));
	put_part(out, ", ", text_of(answer, "amount"));
	put_part(out, " ", text_of(answer, "currency"));
	put_part(out, ", ", text_of(answer, "campaign"));
	put_part(out, "/", text_of(answer, "tier"));
	put_part(out, ", pledge ", text_of(answer, "pledge"));
	put_part(out, ", payment ", text_of(answer, "payment"));
	buffer_format(out, ", ref %s\n", text_of(answer, "ref"));
}

int answer_print(const char *command, struct bytes body)
{
	struct buffer out = BUFFER(PRINT_BYTES_MAX);
	json_t *answer = read_object(command, body);

	if (answer == NULL)
		return EXIT_CODE_BROKEN;
	if (json_object_get(answer, "booked") != NULL)
		buffer_format(&out, "booked %" PRId64 ", waiting %" PRId64 "\n", number_of(answer, "booked"), number_of(answer, "waiting"));
	else
		put_entered(&out, answer);
	json_decref(answer);
	return print(command, &out);
}

/* ---- what is parked ---- */

static const char *const columns[] = { "at", "account", "reason", "status", "amount", "currency", "pledge", "payment", "event", "type" };

enum { COLUMNS = sizeof columns / sizeof columns[0] };

static void put_header(struct csv *csv)
{
	csv_text(csv, "seq");
	for (size_t i = 0; i < COLUMNS; i++)
		csv_text(csv, columns[i]);
	csv_row_end(csv);
}

static void put_parked(struct csv *csv, const json_t *parked, struct parked_list *list)
{
	char seq[24];

	list->last = (uint64_t)number_of(parked, "seq");
	snprintf(seq, sizeof seq, "%" PRIu64, list->last);
	csv_text(csv, seq);
	for (size_t i = 0; i < COLUMNS; i++)
		csv_text(csv, text_of(parked, columns[i]));
	csv_row_end(csv);
}

int answer_print_parked(const char *command, struct bytes body, struct parked_list *list)
{
	struct buffer out = BUFFER(PRINT_BYTES_MAX);
	struct csv csv = CSV(&out);
	json_t *answer = read_object(command, body);
	json_t *parked;
	size_t i;

	if (answer == NULL)
		return EXIT_CODE_BROKEN;
	if (list->first)
		put_header(&csv);
	list->first = false;
	json_array_foreach(json_object_get(answer, "parked"), i, parked)
		put_parked(&csv, parked, list);
	list->more = i > 0 && json_is_true(json_object_get(answer, "more"));
	json_decref(answer);
	return print(command, &out);
}
