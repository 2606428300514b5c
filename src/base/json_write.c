#include "base/json_write.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"

_Static_assert(JSON_DEPTH_MAX < 64, "a bit for every level and the top");

static uint64_t level_bit(const struct json_write *w)
{
	return UINT64_C(1) << w->depth;
}

static void new_line(struct json_write *w)
{
	if (!w->pretty)
		return;
	buffer_char(w->out, '\n');
	for (unsigned i = 0; i < w->depth; i++)
		buffer_text(w->out, "  ");
}

static void escape(struct buffer *out, unsigned char c)
{
	switch (c) {
	case '"':
		buffer_text(out, "\\\"");
		return;
	case '\\':
		buffer_text(out, "\\\\");
		return;
	case '\n':
		buffer_text(out, "\\n");
		return;
	case '\r':
		buffer_text(out, "\\r");
		return;
	case '\t':
		buffer_text(out, "\\t");
		return;
	default:
		buffer_format(out, "\\u%04x", (unsigned)c);
	}
}

static bool needs_escape(unsigned char c)
{
	return c < 0x20 || c == '"' || c == '\\';
}

void json_write_escaped(struct buffer *out, struct bytes text)
{
	size_t plain = 0;

	if (!text_is_utf8(text)) {
		out->err = out->err != OK ? out->err : ERR_INPUT;
		return;
	}
	for (size_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)text.data[i];

		if (!needs_escape(c))
			continue;
		buffer_append(out, text.data + plain, i - plain);
		escape(out, c);
		plain = i + 1;
	}
	if (plain < text.length)
		buffer_append(out, text.data + plain, text.length - plain);
}

static void quoted(struct buffer *out, struct bytes text)
{
	buffer_char(out, '"');
	json_write_escaped(out, text);
	buffer_char(out, '"');
}

/* What stands before a value: the comma, the line, the key. */
static void lead_in(struct json_write *w, const struct bytes *key)
{
	bool in_object = w->depth > 0 && (w->in_object & level_bit(w)) != 0;
	bool has_values = (w->has_values & level_bit(w)) != 0;

	assert(in_object == (key != NULL));
	assert(w->depth > 0 || !has_values);
	if (has_values)
		buffer_char(w->out, ',');
	w->has_values |= level_bit(w);
	if (w->depth > 0)
		new_line(w);
	if (key == NULL)
		return;
	quoted(w->out, *key);
	buffer_text(w->out, w->pretty ? ": " : ":");
}

static void lead_in_text(struct json_write *w, const char *key)
{
	struct bytes name = key == NULL ? (struct bytes){ 0 } : bytes_of(key);

	lead_in(w, key == NULL ? NULL : &name);
}

static void open_level(struct json_write *w, const char *key, bool object)
{
	lead_in_text(w, key);
	assert(w->depth < JSON_DEPTH_MAX);
	buffer_char(w->out, object ? '{' : '[');
	w->depth++;
	w->has_values &= ~level_bit(w);
	w->in_object = object ? w->in_object | level_bit(w) : w->in_object & ~level_bit(w);
}

static void close_level(struct json_write *w, bool object)
{
	bool had_values = (w->has_values & level_bit(w)) != 0;

	assert(w->depth > 0);
	assert(((w->in_object & level_bit(w)) != 0) == object);
	w->depth--;
	if (had_values)
		new_line(w);
	buffer_char(w->out, object ? '}' : ']');
}

void json_write_object_open(struct json_write *w, const char *key)
{
	open_level(w, key, true);
}

void json_write_object_close(struct json_write *w)
{
	close_level(w, true);
}

void json_write_array_open(struct json_write *w, const char *key)
{
	open_level(w, key, false);
}

void json_write_array_close(struct json_write *w)
{
	close_level(w, false);
}

void json_write_text(struct json_write *w, const char *key, const char *text)
{
	if (text == NULL)
		json_write_null(w, key);
	else
		json_write_bytes(w, key, bytes_of(text));
}

void json_write_bytes(struct json_write *w, const char *key, struct bytes text)
{
	lead_in_text(w, key);
	quoted(w->out, text);
}

void json_write_bytes_under(struct json_write *w, struct bytes key, struct bytes text)
{
	lead_in(w, &key);
	quoted(w->out, text);
}

void json_write_integer(struct json_write *w, const char *key, int64_t number)
{
	lead_in_text(w, key);
	if (number < 0)
		buffer_char(w->out, '-');
	buffer_unsigned(w->out, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

void json_write_bool(struct json_write *w, const char *key, bool value)
{
	lead_in_text(w, key);
	buffer_text(w->out, value ? "true" : "false");
}

void json_write_null(struct json_write *w, const char *key)
{
	lead_in_text(w, key);
	buffer_text(w->out, "null");
}

/* In JSON a line end stands between values only, so each one starts a line of the pretty form. */
void json_write_raw(struct json_write *w, const char *key, struct bytes json)
{
	lead_in_text(w, key);
	while (w->pretty && json.length > 0) {
		const char *end = memchr(json.data, '\n', json.length);

		if (end == NULL)
			break;
		size_t line = (size_t)(end - json.data);

		buffer_append(w->out, json.data, line);
		new_line(w);
		json = (struct bytes){ end + 1, json.length - line - 1 };
	}
	buffer_bytes(w->out, json);
}

bool json_write_is_whole(const struct json_write *w)
{
	return w->depth == 0 && (w->has_values & 1) != 0;
}
