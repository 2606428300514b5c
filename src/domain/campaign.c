#include "domain/campaign.h"

#include <stddef.h>

static const char *const names[] = {
	[INTERVAL_ONCE] = "once",
	[INTERVAL_MONTH] = "month",
	[INTERVAL_YEAR] = "year",
};

const char *interval_name(enum interval interval)
{
	return (size_t)interval < INTERVALS ? names[interval] : "?";
}

bool interval_parse(struct bytes text, enum interval *interval)
{
	for (unsigned i = 0; i < INTERVALS; i++)
		if (bytes_is(text, names[i])) {
			*interval = (enum interval)i;
			return true;
		}
	return false;
}

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

bool id_is_valid(struct bytes text)
{
	if (text.length == 0 || text.length >= ID_SIZE || !is_letter(text.data[0]))
		return false;
	for (size_t i = 1; i < text.length; i++) {
		char c = text.data[i];

		if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '-')
			return false;
	}
	return true;
}
