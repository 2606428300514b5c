#include "sandbox/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/http_message.h"

enum { FORM_TEXT_MAX = 512 * 1024, LIST_INDEX_MAX = 999 };

const char *form_name(const struct form *form, size_t i)
{
	return form->text.data + form->pairs[i].name;
}

const char *form_value(const struct form *form, size_t i)
{
	return form->text.data + form->pairs[i].value;
}

/* Where `name` stands or would stand: the first pair that is not before it. */
static size_t place_of(const struct form *form, const char *name)
{
	size_t low = 0;
	size_t high = form->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(form_name(form, middle), name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const char *form_get(const struct form *form, const char *name)
{
	size_t i = place_of(form, name);

	return i < form->count && strcmp(form_name(form, i), name) == 0 ? form_value(form, i) : NULL;
}

const char *form_get_at(const struct form *form, const char *list, size_t index, const char *rest)
{
	char name[FORM_NAME_SIZE];
	int length = snprintf(name, sizeof name, "%s[%zu]%s", list, index, rest);

	return length > 0 && (size_t)length < sizeof name ? form_get(form, name) : NULL;
}

/* What follows `name` in a pair's name: "" or "[…", NULL when the pair lies elsewhere. */
static const char *behind(const struct form *form, size_t i, const char *name)
{
	size_t length = strlen(name);
	const char *pair = form_name(form, i);

	if (strncmp(pair, name, length) != 0 || (pair[length] != '\0' && pair[length] != '['))
		return NULL;
	return pair + length;
}

bool form_has(const struct form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++)
		if (behind(form, i, name) != NULL)
			return true;
	return false;
}

size_t form_list_count(const struct form *form, const char *name)
{
	size_t count = 0;

	for (size_t i = 0; i < form->count; i++) {
		const char *rest = behind(form, i, name);
		char *end = NULL;

		if (rest == NULL || rest[0] != '[')
			continue;
		unsigned long index = strtoul(rest + 1, &end, 10);

		if (end > rest + 1 && *end == ']' && index <= LIST_INDEX_MAX && index + 1 > count)
			count = index + 1;
	}
	return count;
}

bool form_next_member(const struct form *form, const char *name, size_t *i,
                      struct bytes *key, const char **value)
{
	while (*i < form->count) {
		size_t at = (*i)++;
		const char *rest = behind(form, at, name);
		size_t length = rest == NULL ? 0 : strlen(rest);

		if (length < 2 || rest[length - 1] != ']' || memchr(rest, ']', length - 1) != NULL)
			continue;
		*key = (struct bytes){ rest + 1, length - 2 };
		*value = form_value(form, at);
		return true;
	}
	return false;
}

/* ---- reading ---- */

/* Put the lowest index that is free instead of the first empty one. ERR_TOO_BIG when it does not fit. */
static enum err fill_index(const struct form *form, char *name)
{
	char *empty = strstr(name, "[]");
	char full[FORM_NAME_SIZE];

	for (unsigned index = 0; index <= LIST_INDEX_MAX; index++) {
		int length = snprintf(full, sizeof full, "%.*s[%u]%s", (int)(empty - name), name, index, empty + 2);

		if (length < 0 || (size_t)length >= sizeof full)
			return ERR_TOO_BIG;
		if (strstr(full, "[]") == NULL && form_get(form, full) != NULL)
			continue;
		memcpy(name, full, (size_t)length + 1);
		return OK;
	}
	return ERR_TOO_BIG;
}

static enum err put(struct form *form, const char *name, const char *value)
{
	size_t at = place_of(form, name);
	bool again = at < form->count && strcmp(form_name(form, at), name) == 0;
	struct form_pair pair = { .name = (uint32_t)form->text.length };

	if (!again && form->count == FORM_PAIRS_MAX)
		return ERR_TOO_BIG;
	buffer_append(&form->text, name, strlen(name) + 1);
	pair.value = (uint32_t)form->text.length;
	buffer_append(&form->text, value, strlen(value) + 1);
	if (!again) {
		memmove(form->pairs + at + 1, form->pairs + at, (form->count - at) * sizeof pair);
		form->count++;
	}
	form->pairs[at] = pair;
	return buffer_err(&form->text);
}

static enum err read_pairs(struct bytes text, struct form *form)
{
	char name[FORM_NAME_SIZE];
	char value[FORM_VALUE_SIZE];
	bool more = true;
	enum err err = OK;

	while (err == OK) {
		err = http_form_next(&text, &more, name, sizeof name, value, sizeof value);
		if (err != OK || !more)
			break;
		while (err == OK && strstr(name, "[]") != NULL)
			err = fill_index(form, name);
		if (err == OK)
			err = put(form, name, value);
	}
	return err;
}

enum err form_read(struct bytes text, struct form *form, struct why *why)
{
	struct form read = { .text = BUFFER(FORM_TEXT_MAX) };
	enum err err = ERR_MEMORY;

	/* All the room at once: a form lives long with its object, so it is cut to size afterwards. */
	read.pairs = malloc(FORM_PAIRS_MAX * sizeof *read.pairs);
	if (read.pairs != NULL)
		err = read_pairs(text, &read);
	if (err != OK) {
		form_free(&read);
		return why_set(why, err, err == ERR_TOO_BIG ? "The request has too many parameters, or too long ones."
		                                            : "The request's parameters are not a well-formed form.");
	}
	struct form_pair *fitting = realloc(read.pairs, (read.count + 1) * sizeof *read.pairs);

	read.pairs = fitting != NULL ? fitting : read.pairs;
	*form = read;
	return OK;
}

void form_free(struct form *form)
{
	free(form->pairs);
	buffer_free(&form->text);
	*form = (struct form){ 0 };
}

enum err form_digest(const struct form *form, struct bytes method, struct bytes path,
                     uint8_t digest[static DIGEST_BYTES])
{
	struct buffer all = BUFFER(FORM_TEXT_MAX + 4096);

	buffer_bytes(&all, method);
	buffer_char(&all, ' ');
	buffer_bytes(&all, path);
	buffer_char(&all, '\0');
	for (size_t i = 0; i < form->count; i++) {
		buffer_append(&all, form_name(form, i), strlen(form_name(form, i)) + 1);
		buffer_append(&all, form_value(form, i), strlen(form_value(form, i)) + 1);
	}
	struct bytes piece = buffer_view(&all);
	enum err err = buffer_err(&all);

	if (err == OK)
		err = digest_sha256(&piece, 1, digest);
	buffer_free(&all);
	return err;
}
