#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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

/* Take back the bytes of a UTF-8 sequence that the bound cut in two. */
static void cut_whole(char *text)
{
	size_t end = strlen(text);
	size_t start = end;

	while (start > 0 && end - start < 3 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
		start--;
	if (start == 0 || (unsigned char)text[start - 1] < 0xc0)
		return;
	unsigned char lead = (unsigned char)text[start - 1];
	size_t want = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;

	if (end - start < want)
		text[start - 1] = '\0';
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
	if ((size_t)length >= sizeof why->text)
		cut_whole(why->text);
	for (char *c = why->text; *c != '\0'; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	return err;
}
