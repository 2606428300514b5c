#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

const char *err_name(enum err err)
{
	switch (err) {
	case OK:
		return "ok";
	case ERR_INPUT:
		return "input";
	case ERR_FORGED:
		return "forged";
	case ERR_UNKNOWN:
		return "unknown";
	case ERR_CONFLICT:
		return "conflict";
	case ERR_GONE:
		return "gone";
	case ERR_TOO_BIG:
		return "too-big";
	case ERR_LIMITED:
		return "limited";
	case ERR_BUSY:
		return "busy";
	case ERR_PROVIDER:
		return "provider";
	case ERR_STORAGE:
		return "storage";
	case ERR_CORRUPT:
		return "corrupt";
	case ERR_MEMORY:
		return "memory";
	case ERR_SYSTEM:
		return "system";
	}
	return "?";
}

/* The length of the UTF-8 sequence that stands at `text`, 0 for what is none. */
static size_t sequence_at(const char *text)
{
	for (size_t length = 1; length <= 4 && text[length - 1] != '\0'; length++)
		if (text_is_utf8((struct bytes){ text, length }))
			return length;
	return 0;
}

/* A bound of ours may have cut a sequence in two; foreign bytes may be none at all. */
static void make_shown(char *text)
{
	while (*text != '\0') {
		size_t length = sequence_at(text);

		if (length == 0 || (unsigned char)*text < 0x20 || *text == 0x7f)
			*text = '?';
		text += length > 1 ? length : 1;
	}
}

enum err why_set(struct why *why, enum err err, const char *format, ...)
{
	va_list arguments;

	if (why == NULL)
		return err;
	va_start(arguments, format);
	int length = vsnprintf(why->text, sizeof why->text, format, arguments);
	va_end(arguments);
	if (length < 0)
		why->text[0] = '\0';
	make_shown(why->text);
	return err;
}
