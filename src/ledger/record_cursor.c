#include "ledger/record_cursor.h"

#include <string.h>

void put_number(struct buffer *out, int64_t number)
{
	buffer_append(out, &number, sizeof number);
}

void put_small(struct buffer *out, int64_t number)
{
	uint64_t rest = ((uint64_t)number << 1) ^ (uint64_t)(number < 0 ? -1 : 0);

	for (; rest >= 0x80; rest >>= 7)
		buffer_char(out, (char)(uint8_t)(rest | 0x80));
	buffer_char(out, (char)(uint8_t)rest);
}

void put_text(struct buffer *out, const char *text)
{
	buffer_append(out, text, strlen(text) + 1);
}

void put_text_room(struct buffer *out, const char *text, size_t room)
{
	size_t length = strlen(text) + 1;

	put_text(out, text);
	for (; length < room; length++)
		buffer_char(out, '\0');
}

/* What stands for a known text, and before the bytes of a pledge's id; no text of ours begins with it. */
enum { MARK = 1 };

void put_text_but(struct buffer *out, const char *text, const char *known)
{
	if (strcmp(text, known) == 0)
		buffer_char(out, MARK);
	else
		put_text(out, text);
}

void put_pledge_id(struct buffer *out, const char *id)
{
	uint8_t bytes[TOKEN_BYTES];

	if (id[0] == '\0') {
		buffer_char(out, '\0');
		return;
	}
	token_bytes(id, bytes);
	buffer_char(out, MARK);
	buffer_append(out, bytes, sizeof bytes);
}

void put_money(struct buffer *out, const struct money *money)
{
	put_text(out, money->currency.code);
	put_number(out, money->minor);
}

int64_t get_number(struct cursor *cursor)
{
	int64_t number = 0;

	if (cursor->failed || cursor->rest.length < sizeof number) {
		cursor->failed = true;
		return 0;
	}
	memcpy(&number, cursor->rest.data, sizeof number);
	cursor->rest.data += sizeof number;
	cursor->rest.length -= sizeof number;
	return number;
}

int64_t get_small(struct cursor *cursor)
{
	uint64_t number = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		if (cursor->failed || cursor->rest.length == 0)
			break;
		uint8_t byte = (uint8_t)*cursor->rest.data;

		cursor->rest.data++;
		cursor->rest.length--;
		number |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return (int64_t)(number >> 1 ^ (uint64_t)((number & 1) != 0 ? -1 : 0));
	}
	cursor->failed = true;
	return 0;
}

void get_text(struct cursor *cursor, char *out, size_t size)
{
	const char *end = cursor->rest.length > 0 ? memchr(cursor->rest.data, '\0', cursor->rest.length) : NULL;

	out[0] = '\0';
	if (cursor->failed || end == NULL || (size_t)(end - cursor->rest.data) >= size) {
		cursor->failed = true;
		return;
	}
	size_t length = (size_t)(end - cursor->rest.data) + 1;

	memcpy(out, cursor->rest.data, length);
	cursor->rest.data += length;
	cursor->rest.length -= length;
}

void get_text_room(struct cursor *cursor, char *out, size_t size, size_t room)
{
	size_t before = cursor->rest.length;

	get_text(cursor, out, size);
	size_t used = before - cursor->rest.length;

	if (cursor->failed || used >= room)
		return;
	if (cursor->rest.length < room - used) {
		cursor->failed = true;
		return;
	}
	cursor->rest.data += room - used;
	cursor->rest.length -= room - used;
}

/* One byte, when it is the mark. */
static bool get_mark(struct cursor *cursor)
{
	if (cursor->failed || cursor->rest.length == 0 || cursor->rest.data[0] != MARK)
		return false;
	cursor->rest.data++;
	cursor->rest.length--;
	return true;
}

void get_text_but(struct cursor *cursor, char *out, size_t size, const char *known)
{
	size_t length = strlen(known) + 1;

	if (!get_mark(cursor))
		get_text(cursor, out, size);
	else if (length <= size)
		memcpy(out, known, length);
	else
		cursor->failed = true;
}

void get_pledge_id(struct cursor *cursor, char out[static TOKEN_SIZE])
{
	if (!get_mark(cursor)) {
		get_text(cursor, out, 1); /* "" */
		return;
	}
	if (cursor->rest.length < TOKEN_BYTES) {
		cursor->failed = true;
		out[0] = '\0';
		return;
	}
	token_pledge_of((const uint8_t *)cursor->rest.data, out);
	cursor->rest.data += TOKEN_BYTES;
	cursor->rest.length -= TOKEN_BYTES;
}

void get_money(struct cursor *cursor, struct money *money)
{
	get_text(cursor, money->currency.code, sizeof money->currency.code);
	money->minor = get_number(cursor);
}

enum err cursor_finish(const struct cursor *cursor)
{
	return cursor->failed || cursor->rest.length != 0 ? ERR_CORRUPT : OK;
}
