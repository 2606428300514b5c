#include "config/reader.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "config/nearest.h"
#include "config/problems.h"
#include "config/secret.h"

/* ---- places and mistakes ---- */

static struct config_place place_of(const struct reader *reader, size_t byte)
{
	struct config_place place = { 1, 1 };

	for (size_t i = 0; i < byte && i < reader->text.length; i++) {
		place.column++;
		if (reader->text.data[i] == '\n')
			place = (struct config_place){ place.line + 1, 1 };
	}
	return place;
}

/* A string's node begins behind its quote. */
static size_t first_byte(const struct json_node *node)
{
	return node->kind == JSON_KIND_STRING ? node->start - 1 : node->start;
}

struct config_place reader_place(const struct reader *reader, const struct json_node *node)
{
	return place_of(reader, first_byte(node));
}

void reader_problem(struct reader *reader, const struct json_node *node, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	problems_add_list(reader->problems, reader_place(reader, node), format, arguments);
	va_end(arguments);
}

void reader_problem_at(struct reader *reader, size_t byte, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	problems_add_list(reader->problems, place_of(reader, byte), format, arguments);
	va_end(arguments);
}

/* ---- objects and lists ---- */

static const char *kind_name(enum json_kind kind)
{
	switch (kind) {
	case JSON_KIND_NULL:
		return "null";
	case JSON_KIND_FALSE:
	case JSON_KIND_TRUE:
		return "a truth value";
	case JSON_KIND_INTEGER:
	case JSON_KIND_REAL:
		return "a number";
	case JSON_KIND_STRING:
		return "a string";
	case JSON_KIND_ARRAY:
		return "a list";
	case JSON_KIND_OBJECT:
		return "an object";
	}
	return "?";
}

static bool expect(struct reader *reader, const struct json_node *node, enum json_kind kind)
{
	if (node->kind == kind)
		return true;
	reader_problem(reader, node, "expected %s, found %s", kind_name(kind), kind_name(node->kind));
	return false;
}

static bool is_member(const struct reader *reader, const struct json_node *node,
                      const struct member *members, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!node->key_escaped && bytes_is(json_text_key(&reader->json, node), members[i].name))
			return true;
	return false;
}

static void refuse_unknown(struct reader *reader, const struct json_node *node,
                           const struct member *members, size_t count)
{
	struct bytes key = json_text_key(&reader->json, node);
	int shown = key.length > ID_SIZE ? ID_SIZE : (int)key.length;
	const char *names[MEMBERS_MAX];

	assert(count <= MEMBERS_MAX);
	for (size_t i = 0; i < count; i++)
		names[i] = members[i].name;
	const char *nearest = nearest_name(key, names, count);

	reader_problem_at(reader, node->key_start - 1, "unknown member \"%.*s\"%s%s%s", shown, key.data,
	                  nearest == NULL ? "" : "; did you mean \"", nearest == NULL ? "" : nearest,
	                  nearest == NULL ? "" : "\"?");
}

void reader_members(struct reader *reader, const struct json_node *node,
                    const struct member *members, size_t count, void *target)
{
	if (!expect(reader, node, JSON_KIND_OBJECT))
		return;
	for (const struct json_node *child = json_text_first(&reader->json, node); child != NULL;
	     child = json_text_next(&reader->json, child))
		if (!is_member(reader, child, members, count))
			refuse_unknown(reader, child, members, count);
	for (size_t i = 0; i < count; i++) {
		const struct json_node *child = json_text_member(&reader->json, node, members[i].name);

		if (child != NULL)
			members[i].read(reader, child, target);
		else if (members[i].required)
			reader_problem(reader, node, "\"%s\" is missing", members[i].name);
	}
}

void reader_elements(struct reader *reader, const struct json_node *node, size_t least, size_t most,
                     reader_read *take, void *target)
{
	const struct json_node *child;
	size_t index = 0;

	if (!expect(reader, node, JSON_KIND_ARRAY))
		return;
	if (node->count < least)
		reader_problem(reader, node, "the list needs at least %zu element%s", least, least == 1 ? "" : "s");
	for (child = json_text_first(&reader->json, node); child != NULL && index < most;
	     child = json_text_next(&reader->json, child), index++)
		take(reader, child, target);
	if (child != NULL)
		reader_problem(reader, child, "the list has more than %zu elements", most);
}

/* ---- single values ---- */

/* Control characters of ASCII and of Latin-1 (C1, two bytes in UTF-8). */
static bool has_control(const char *text)
{
	for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++)
		if (*c < 0x20 || *c == 0x7f || (*c == 0xc2 && c[1] < 0xa0))
			return true;
	return false;
}

bool reader_text(struct reader *reader, const struct json_node *node, char *out, size_t size)
{
	out[0] = '\0';
	if (!expect(reader, node, JSON_KIND_STRING))
		return false;
	if (json_text_string(&reader->json, node, out, size) != OK)
		reader_problem(reader, node, "the text is longer than %zu bytes", size - 1);
	else if (out[0] == '\0')
		reader_problem(reader, node, "the text is empty");
	else if (has_control(out))
		reader_problem(reader, node, "the text holds a control character");
	else
		return true;
	out[0] = '\0';
	return false;
}

bool reader_id(struct reader *reader, const struct json_node *node, char out[static ID_SIZE])
{
	char text[LABEL_SIZE];

	out[0] = '\0';
	if (!reader_text(reader, node, text, sizeof text))
		return false;
	if (id_is_valid(bytes_of(text)) && bytes_copy_text(bytes_of(text), out, ID_SIZE) == OK)
		return true;
	reader_problem(reader, node, "an id is a lower-case letter and up to 31 letters, digits or '-'");
	return false;
}

void reader_integer(struct reader *reader, const struct json_node *node, int64_t least, int64_t most,
                    int64_t *out)
{
	int64_t number;

	if (json_text_integer(&reader->json, node, &number) != OK)
		reader_problem(reader, node, "expected a whole number, found %s",
		               node->kind == JSON_KIND_REAL ? "one with decimals or too many digits" : kind_name(node->kind));
	else if (number < least || number > most)
		reader_problem(reader, node, "the number is not between %lld and %lld", (long long)least,
		               (long long)most);
	else
		*out = number;
}

void reader_truth(struct reader *reader, const struct json_node *node, bool *out)
{
	if (node->kind != JSON_KIND_TRUE && node->kind != JSON_KIND_FALSE)
		reader_problem(reader, node, "expected true or false, found %s", kind_name(node->kind));
	else
		*out = node->kind == JSON_KIND_TRUE;
}

bool reader_path(struct reader *reader, const struct json_node *node, char out[static PATH_SIZE])
{
	char given[PATH_SIZE];

	if (!reader_text(reader, node, given, sizeof given))
		return false;
	bool relative = given[0] != '/' && strcmp(reader->folder, ".") != 0 && reader->folder[0] != '\0';
	int length = snprintf(out, PATH_SIZE, "%s%s%s", relative ? reader->folder : "", relative ? "/" : "", given);

	if (length >= 0 && length < PATH_SIZE)
		return true;
	out[0] = '\0';
	reader_problem(reader, node, "with the configuration's folder in front the path is longer than %d bytes",
	               PATH_SIZE - 1);
	return false;
}

bool reader_secret(struct reader *reader, const struct json_node *node, char path[static PATH_SIZE], struct secret *secret)
{
	struct why why = { "" };

	if (!reader_path(reader, node, path) || !reader->read_secrets)
		return false;
	if (secret_read(path, secret, &why) == OK)
		return true;
	reader_problem(reader, node, "%s", why.text);
	return false;
}
