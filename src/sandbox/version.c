#include "sandbox/version.h"

#include <string.h>

#include "base/text.h"

enum { DATE_LENGTH = 10 };

enum err version_read(struct bytes text, char version[static API_VERSION_SIZE])
{
	int64_t time_s;

	if (text.length < DATE_LENGTH || text_parse_date((struct bytes){ text.data, DATE_LENGTH }, &time_s) != OK)
		return ERR_INPUT;
	if (text.length == DATE_LENGTH + 1 || (text.length > DATE_LENGTH && text.data[DATE_LENGTH] != '.'))
		return ERR_INPUT;
	for (size_t i = DATE_LENGTH + 1; i < text.length; i++)
		if (text.data[i] < 'a' || text.data[i] > 'z')
			return ERR_INPUT;
	return bytes_copy_text(text, version, API_VERSION_SIZE) == OK ? OK : ERR_INPUT;
}

bool version_is_old(const char *version)
{
	return strncmp(version, "2025-03-31", DATE_LENGTH) < 0;
}
