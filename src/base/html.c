#include "base/html.h"

#include "base/text.h"

#define REPLACEMENT "\xef\xbf\xbd"

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
		return c < 0x20 || c == 0x7f ? REPLACEMENT : NULL;
	}
}

void html_escape(struct buffer *buffer, struct bytes text)
{
	bool is_text = text_is_utf8(text);
	size_t plain = 0;

	for (size_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)text.data[i];
		const char *instead = c >= 0x80 && !is_text ? REPLACEMENT : reference(c);

		if (instead == NULL)
			continue;
		buffer_append(buffer, text.data + plain, i - plain);
		buffer_text(buffer, instead);
		plain = i + 1;
	}
	if (plain < text.length)
		buffer_append(buffer, text.data + plain, text.length - plain);
}
