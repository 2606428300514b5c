#include "base/html.h"

#include "base/utf8.h"

/* What a character is spelled as, NULL when it stays as it is. */
static const char *reference(unsigned char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	case '\t':
	case '\n':
	case '\r':
		return NULL;
	default:
		return c < 0x20 || c == 0x7f ? "\xef\xbf\xbd" : NULL;
	}
}

void html_escape(struct buffer *buffer, struct bytes text)
{
	while (text.length > 0) {
		size_t length = utf8_sequence(text);
		const char *instead = length == 0 ? "\xef\xbf\xbd" : reference((unsigned char)text.data[0]);

		if (length == 0)
			length = 1;
		if (instead != NULL)
			buffer_text(buffer, instead);
		else
			buffer_append(buffer, text.data, length);
		text.data += length;
		text.length -= length;
	}
}
