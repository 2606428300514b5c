#include "books/period.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "sys/whole_file.h"

/* ---- zones ---- */

static const char folder[] = "/usr/share/zoneinfo"; /* on Debian and everywhere else that has the database */

/* Just so many digits, and what stands behind them. */
static bool take_digits(const char **text, int count, int *number)
{
	for (*number = 0; count > 0; count--, ++*text) {
		if (**text < '0' || **text > '9')
			return false;
		*number = *number * 10 + **text - '0';
	}
	return true;
}

static bool take(const char **text, char c)
{
	if (**text != c)
		return false;
	++*text;
	return true;
}

/* "+01:00", with the sign of ISO 8601; POSIX's is the other way round. */
static bool read_offset(const char *text, struct zone *zone)
{
	int sign = text[0] == '-' ? -1 : 1;
	int hours = 0;
	int minutes = 0;

	if (text[0] != '+' && text[0] != '-')
		return false;
	text++;
	if (!take_digits(&text, 2, &hours) || !take(&text, ':') || !take_digits(&text, 2, &minutes) || *text != '\0' || hours > 23
	    || minutes > 59)
		return false;
	*zone = (struct zone){ .first_offset = sign * 60 * (60 * hours + minutes) };
	return true;
}

/* Names of the database, and nothing that leads out of its folder. */
static bool is_name(const char *text)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";

	return text[0] != '\0' && text[0] != '/' && strlen(text) < ZONE_NAME_SIZE && text[strspn(text, allowed)] == '\0';
}

static enum err read_file(const char *text, struct zone *zone, struct why *why)
{
	struct buffer bytes = BUFFER(ZONE_BYTES_MAX);
	struct whole_file file;
	char path[sizeof folder + 1 + ZONE_NAME_SIZE];

	snprintf(path, sizeof path, "%s/%s", folder, text);
	enum err err = whole_file_read(path, &bytes, &file, why);

	if (err == ERR_UNKNOWN || err == ERR_INPUT || err == ERR_TOO_BIG)
		err = why_set(why, ERR_INPUT, "there is no time zone '%s' in %s (the package tzdata)", text, folder);
	else if (err == OK && zone_parse(buffer_view(&bytes), zone) != OK)
		err = why_set(why, ERR_INPUT, "%s is no time zone that can be used here", path);
	buffer_free(&bytes);
	return err;
}

enum err period_zone_read(const char *text, struct zone *zone, struct why *why)
{
	if (strcmp(text, "UTC") == 0) {
		*zone = (struct zone){ .count = 0 };
		return OK;
	}
	if (read_offset(text, zone))
		return OK;
	/* Rules hold a comma or an angle, names neither. */
	if (strpbrk(text, ",<") != NULL) {
		if (strlen(text) < ZONE_NAME_SIZE && zone_rule_parse(bytes_of(text), zone) == OK)
			return OK;
	} else if (is_name(text)) {
		return read_file(text, zone, why);
	}
	return why_set(why, ERR_INPUT, "'%.40s' is no time zone like Europe/Berlin, +01:00 or CET-1CEST,M3.5.0,M10.5.0/3", text);
}

/* ---- periods ---- */

enum { YEAR_FIRST = 1970, YEAR_LAST = 9997 };

/* The first moment of a day; months behind December are the next year's. */
static int64_t day_us(int year, int month, int day, const struct zone *zone)
{
	char date[sizeof "2026-04-01" + 16];
	int64_t local_s = 0;

	year += (month - 1) / 12;
	month = (month - 1) % 12 + 1;
	snprintf(date, sizeof date, "%04d-%02d-%02d", year, month, day);
	err_ignore(text_parse_date(bytes_of(date), &local_s)); /* the parts are those of a date */
	return zone_moment(zone, local_s) * 1000000;
}

/* The year, and behind it "-Q" and a quarter, or "-" and a month. */
static bool read_parts(const char *text, char *form, int *year, int *part)
{
	*form = '\0';
	*part = 1;
	if (!take_digits(&text, 4, year) || (*text != '\0' && !take(&text, '-')))
		return false;
	if (*text == '\0')
		return text[-1] != '-';
	*form = *text == 'Q' ? 'Q' : 'M';
	text += *text == 'Q';
	return take_digits(&text, *form == 'Q' ? 1 : 2, part) && *text == '\0' && *part >= 1 && *part <= (*form == 'Q' ? 4 : 12);
}

enum err period_read(const char *text, int month, int day, const struct zone *zone, int64_t *from_us, int64_t *to_us,
                            struct why *why)
{
	char form;
	int year = 0;
	int part = 1;
	int months = 12;

	if (!read_parts(text, &form, &year, &part) || year < YEAR_FIRST || year > YEAR_LAST)
		return why_set(why, ERR_INPUT, "'%.40s' is no period like 2026, 2026-Q2 or 2026-11", text);
	if (form == 'M') {
		month = part;
		day = 1;
		months = 1;
	} else if (form == 'Q') {
		month += 3 * (part - 1);
		months = 3;
	}
	*from_us = day_us(year, month, day, zone);
	*to_us = day_us(year, month + months, day, zone);
	/* West of Greenwich the first day of 1970 begins behind the epoch, east of it before: nothing was booked then. */
	*from_us = *from_us < 0 ? 0 : *from_us;
	return OK;
}

enum err period_year_start_read(const char *text, int *month, int *day, struct why *why)
{
	const char *at = text;

	if (take_digits(&at, 2, month) && take(&at, '-') && take_digits(&at, 2, day) && *at == '\0' && *month >= 1 && *month <= 12
	    && *day >= 1 && *day <= 28)
		return OK;
	return why_set(why, ERR_INPUT, "'%.40s' is no month and day like 04-01, at the latest the 28th", text);
}
