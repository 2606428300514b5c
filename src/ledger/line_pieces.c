#include "ledger/line_pieces.h"

#include "base/plain.h"
#include "base/text.h"

/* The largest number that a line has: what a JSON reader elsewhere still reads exactly. */
static const uint64_t number_max = (UINT64_C(1) << 53) - 1;

/* Where the plain bytes end: at a quotation mark for nearly every string. */
static const char *plain_end(const struct reader *reader)
{
	return reader->at + plain_length(reader->at, (size_t)(reader->end - reader->at));
}

/* The byte behind a backslash, or -1: '"', '\', and \u00xx for controls alone, in lower case. */
static int take_escape(struct reader *reader)
{
	uint8_t value;

	if (take(reader, BYTES_LITERAL("\"")))
		return '"';
	if (take(reader, BYTES_LITERAL("\\")))
		return '\\';
	if (!take(reader, BYTES_LITERAL("u00")) || reader->end - reader->at < 2
	    || text_unhex((struct bytes){ reader->at, 2 }, &value, 1) != OK || value == 0 || value >= 0x20)
		return -1;
	reader->at += 2;
	return value;
}

/* The rest of a string whose first `length` bytes are in `out` already. */
static bool take_marked(struct reader *reader, char *out, size_t size, size_t length)
{
	while (reader->at < reader->end && *reader->at != '"') {
		int c = (unsigned char)*reader->at++;

		if (c == '\\')
			c = take_escape(reader);
		else if (c < 0x20)
			return false;
		if (c < 0 || length + 1 >= size)
			return false;
		out[length++] = (char)c;
	}
	out[length] = '\0';
	return take(reader, BYTES_LITERAL("\"")) && text_is_utf8((struct bytes){ out, length });
}

bool take_string(struct reader *reader, char *out, size_t size)
{
	if (!take(reader, BYTES_LITERAL("\"")))
		return false;
	const char *end = plain_end(reader);
	size_t length = (size_t)(end - reader->at);

	if (length >= size)
		return false;
	memcpy(out, reader->at, length);
	out[length] = '\0';
	reader->at = end;
	if (take(reader, BYTES_LITERAL("\"")))
		return length > 0;
	return take_marked(reader, out, size, length);
}

bool take_plain(struct reader *reader, struct bytes *text)
{
	if (!take(reader, BYTES_LITERAL("\"")))
		return false;
	text->data = reader->at;
	reader->at = plain_end(reader);
	text->length = (size_t)(reader->at - text->data);
	return take(reader, BYTES_LITERAL("\""));
}

bool take_number(struct reader *reader, uint64_t *number)
{
	const char *start = reader->at;
	uint64_t sum = 0;

	while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9' && sum <= number_max)
		sum = sum * 10 + (uint64_t)(*reader->at++ - '0');
	*number = sum;
	return reader->at > start && (*start != '0' || reader->at == start + 1) && sum <= number_max;
}
