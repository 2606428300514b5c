#include "base/moment.h"

#include <string.h>

#include "base/text.h"

enum { SECONDS_CHARACTERS = 19, FRACTION_DIGITS_MAX = 6, OFFSET_CHARACTERS = 6 };

/* The seconds up to the fraction: 2026-11-22T10:59:09. */
static enum err parse_seconds(struct bytes *rest, int64_t *time_s)
{
	char text[SECONDS_CHARACTERS + 2];

	if (rest->length < SECONDS_CHARACTERS)
		return ERR_INPUT;
	memcpy(text, rest->data, SECONDS_CHARACTERS);
	memcpy(text + SECONDS_CHARACTERS, "Z", 2);
	*rest = (struct bytes){ rest->data + SECONDS_CHARACTERS, rest->length - SECONDS_CHARACTERS };
	return text_parse_time_s(bytes_of(text), time_s);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* ".123456" or shorter, or nothing. */
static enum err parse_fraction(struct bytes *rest, int64_t *micros)
{
	size_t count = 0;
	int64_t unit = 100000;

	*micros = 0;
	if (rest->length == 0 || rest->data[0] != '.')
		return OK;
	while (count + 1 < rest->length && is_digit(rest->data[count + 1])) {
		*micros += (rest->data[++count] - '0') * unit;
		unit /= 10;
		if (count > FRACTION_DIGITS_MAX)
			return ERR_INPUT;
	}
	*rest = (struct bytes){ rest->data + 1 + count, rest->length - 1 - count };
	return count > 0 ? OK : ERR_INPUT;
}

/* "Z", or "+02:00" to the end. */
static enum err parse_offset(struct bytes rest, int64_t *offset_s)
{
	const char *at = rest.data;

	*offset_s = 0;
	if (bytes_is(rest, "Z"))
		return OK;
	if (rest.length != OFFSET_CHARACTERS || (at[0] != '+' && at[0] != '-') || !is_digit(at[1]) || !is_digit(at[2])
	    || at[3] != ':' || !is_digit(at[4]) || !is_digit(at[5]))
		return ERR_INPUT;
	int hours = (at[1] - '0') * 10 + at[2] - '0';
	int minutes = (at[4] - '0') * 10 + at[5] - '0';

	if (hours > 23 || minutes > 59)
		return ERR_INPUT;
	*offset_s = (at[0] == '-' ? -60 : 60) * (hours * 60 + minutes);
	return OK;
}

static enum err parse_time(struct bytes text, const struct zone *zone, int64_t *time_us)
{
	int64_t time_s;
	int64_t micros;
	int64_t offset_s;

	if (text_parse_date(text, &time_s) == OK) {
		time_s = zone_moment(zone, time_s);
		*time_us = (time_s < 0 ? 0 : time_s) * 1000000; /* nothing was booked before 1970 */
		return OK;
	}
	if (parse_seconds(&text, &time_s) != OK || parse_fraction(&text, &micros) != OK || parse_offset(text, &offset_s) != OK
	    || time_s < offset_s)
		return ERR_INPUT;
	*time_us = (time_s - offset_s) * 1000000 + micros;
	return OK;
}

enum err moment_parse(struct bytes text, const struct zone *zone, int64_t *time_us, struct why *why)
{
	if (parse_time(text, zone, time_us) != OK)
		return why_set(why, ERR_INPUT,
		               "'%.*s' is neither a date like 2026-11-22 nor a time like 2026-11-22T10:59:09Z or 2026-11-22T10:59:09+01:00",
		               text.length < 64 ? (int)text.length : 64, text.data);
	return OK;
}
