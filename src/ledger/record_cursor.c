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

void get_money(struct cursor *cursor, struct money *money)
{
	get_text(cursor, money->currency.code, sizeof money->currency.code);
	money->minor = get_number(cursor);
}

enum err cursor_finish(const struct cursor *cursor)
{
	return cursor->failed || cursor->rest.length != 0 ? ERR_CORRUPT : OK;
}
