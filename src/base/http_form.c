#include <string.h>

#include "base/http_message.h"
#include "base/text.h"

static bool is_clean_text(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return false;
	return text_is_utf8((struct bytes){ text, length });
}

/* Decode into `out`, which then has no terminating NUL yet. */
static enum err form_unescape(struct bytes coded, char *out, size_t size, size_t *length)
{
	size_t used = 0;

	for (size_t i = 0; i < coded.length; i++) {
		char c = coded.data[i] == '+' ? ' ' : coded.data[i];

		if (c == '%') {
			int high = i + 2 < coded.length ? text_hex_digit(coded.data[i + 1]) : -1;
			int low = i + 2 < coded.length ? text_hex_digit(coded.data[i + 2]) : -1;

			if (high < 0 || low < 0)
				return ERR_INPUT;
			c = (char)(high * 16 + low);
			i += 2;
		}
		if (used + 1 >= size)
			return ERR_TOO_BIG;
		out[used++] = c;
	}
	*length = used;
	return OK;
}

/* Decode one name or value. `out` is "" when this fails. */
static enum err form_decode(struct bytes coded, char *out, size_t size)
{
	size_t length = 0;
	enum err err = form_unescape(coded, out, size, &length);

	if (err == OK && !is_clean_text(out, length))
		err = ERR_INPUT;
	out[err == OK ? length : 0] = '\0';
	return err;
}

/* Take what stands before the next `mark`, and step over the mark. */
static struct bytes cut_before(struct bytes *rest, char mark)
{
	const char *at = rest->length > 0 ? memchr(rest->data, mark, rest->length) : NULL;
	struct bytes part = { rest->data, at != NULL ? (size_t)(at - rest->data) : rest->length };
	size_t used = part.length + (at != NULL ? 1 : 0);

	if (used > 0)
		*rest = (struct bytes){ rest->data + used, rest->length - used };
	return part;
}

enum err http_form_next(struct bytes *rest, bool *more, char *name, size_t name_size,
                        char *value, size_t value_size)
{
	struct bytes pair = { NULL, 0 };

	while (pair.length == 0 && rest->length > 0)
		pair = cut_before(rest, '&');
	name[0] = '\0';
	value[0] = '\0';
	if (pair.length == 0) {
		*more = false;
		return OK;
	}
	struct bytes coded_name = cut_before(&pair, '=');
	enum err err = form_decode(coded_name, name, name_size);

	if (err == OK)
		err = form_decode(pair, value, value_size);
	if (err == OK)
		*more = true;
	return err;
}

void http_percent_encode(struct buffer *buffer, struct bytes text)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)text.data[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		             c == '-' || c == '.' || c == '_' || c == '~';
		char escape[3] = { '%', digits[c >> 4], digits[c & 15] };

		if (plain)
			buffer_append(buffer, &c, 1);
		else
			buffer_append(buffer, escape, sizeof escape);
	}
}
