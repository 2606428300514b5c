#include "base/zone.h"

#include <string.h>

enum { DAY_S = 86400, OFFSET_MAX_S = 26 * 3600, YEAR_S_MEAN = 31556952 };

/* ---- the calendar ---- */

static bool is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days from 1970-01-01 to the year's first day. */
static int64_t days_to_year(int64_t year)
{
	int64_t before = year - 1;

	return 365 * (year - 1970) + (before / 4 - 492) - (before / 100 - 19) + (before / 400 - 4);
}

static int64_t days_to_month(int64_t year, int month)
{
	static const int before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365 };

	return days_to_year(year) + before[month - 1] + (month > 2 && is_leap(year));
}

/* ---- a rule's days ---- */

static int64_t day_of_month(const struct zone_day *day, int64_t year)
{
	int64_t first = days_to_month(year, day->month);
	int64_t behind = day->month == 12 ? days_to_year(year + 1) : days_to_month(year, day->month + 1);
	int64_t weekday = ((first + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
	int64_t found = first + (day->day - weekday + 7) % 7 + 7 * (day->week - 1);

	while (found >= behind)
		found -= 7;
	return found;
}

/* Its moment as local seconds since 1970. */
static int64_t local_moment(const struct zone_day *day, int64_t year)
{
	int64_t days = days_to_year(year);

	switch (day->form) {
	case ZONE_DAY_OF_MONTH:
		days = day_of_month(day, year);
		break;
	case ZONE_DAY_WITHOUT_LEAP:
		days += day->day - 1 + (day->day > 59 && is_leap(year));
		break;
	case ZONE_DAY_WITH_LEAP:
		days += day->day;
		break;
	}
	return days * DAY_S + day->time_s;
}

/* The last change at or before the moment says what holds, the first one behind it how long. */
static int64_t rule_offset(const struct zone_rule *rule, int64_t time_s, int64_t *until_s)
{
	int64_t year = 1970 + (time_s - (time_s < 0 ? YEAR_S_MEAN : 0)) / YEAR_S_MEAN;
	int64_t latest_s = INT64_MIN;
	int64_t offset = rule->standard_s;

	*until_s = INT64_MAX;
	if (!rule->has_summer)
		return offset;
	for (int64_t each = year - 2; each <= year + 2; each++) {
		const int64_t changes[2] = { local_moment(&rule->start, each) - rule->standard_s, local_moment(&rule->end, each) - rule->summer_s };

		for (int i = 0; i < 2; i++) {
			/* Where one year's end is the next one's start, summer goes on. */
			if (changes[i] <= time_s && (changes[i] > latest_s || (changes[i] == latest_s && i == 0))) {
				latest_s = changes[i];
				offset = i == 0 ? rule->summer_s : rule->standard_s;
			}
			if (changes[i] > time_s && changes[i] < *until_s)
				*until_s = changes[i];
		}
	}
	return offset;
}

/* ---- looking up ---- */

int64_t zone_offset(const struct zone *zone, int64_t time_s, int64_t *until_s)
{
	size_t low = 0;
	size_t high = zone->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (zone->moments[middle] <= time_s)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == zone->count && zone->has_rule)
		return rule_offset(&zone->rule, time_s, until_s);
	*until_s = low < zone->count ? zone->moments[low] : INT64_MAX;
	return low == 0 ? zone->first_offset : zone->offsets[low - 1];
}

int64_t zone_moment(const struct zone *zone, int64_t local_s)
{
	int64_t time_s = local_s - 2 * OFFSET_MAX_S;

	for (;;) {
		int64_t until_s;
		int64_t offset = zone_offset(zone, time_s, &until_s);

		if (time_s + offset >= local_s)
			return time_s;
		if (local_s - offset < until_s)
			return local_s - offset;
		time_s = until_s;
	}
}

/* ---- a rule as text ---- */

static bool take(struct bytes *rest, char c)
{
	if (rest->length == 0 || rest->data[0] != c)
		return false;
	*rest = (struct bytes){ rest->data + 1, rest->length - 1 };
	return true;
}

static enum err take_number(struct bytes *rest, int max, int *number)
{
	size_t digits = 0;

	for (*number = 0; digits < rest->length && digits < 4 && rest->data[digits] >= '0' && rest->data[digits] <= '9'; digits++)
		*number = *number * 10 + rest->data[digits] - '0';
	*rest = (struct bytes){ rest->data + digits, rest->length - digits };
	return digits > 0 && *number <= max ? OK : ERR_INPUT;
}

/* [+-]hours[:minutes[:seconds]] */
static enum err take_time(struct bytes *rest, int hours_max, int *time_s)
{
	bool minus = take(rest, '-');
	int part = 0;

	if (!minus)
		take(rest, '+');
	enum err err = take_number(rest, hours_max, &part);

	*time_s = part * 3600;
	for (int unit = 60; err == OK && unit >= 1 && take(rest, ':'); unit /= 60) {
		err = take_number(rest, 59, &part);
		*time_s += part * unit;
	}
	*time_s = minus ? -*time_s : *time_s;
	return err;
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* "CET", or "<+0545>" which may hold digits and signs. */
static enum err take_name(struct bytes *rest)
{
	bool quoted = take(rest, '<');
	size_t length = 0;

	while (length < rest->length && (is_letter(rest->data[length]) || (quoted && strchr("+-0123456789", rest->data[length]) != NULL && rest->data[length] != '\0')))
		length++;
	*rest = (struct bytes){ rest->data + length, rest->length - length };
	return length >= 3 && (!quoted || take(rest, '>')) ? OK : ERR_INPUT;
}

static enum err take_month_day(struct bytes *rest, struct zone_day *day)
{
	enum err err = take_number(rest, 12, &day->month);

	if (err == OK)
		err = take(rest, '.') ? take_number(rest, 5, &day->week) : ERR_INPUT;
	if (err == OK)
		err = take(rest, '.') ? take_number(rest, 6, &day->day) : ERR_INPUT;
	return err == OK && day->month > 0 && day->week > 0 ? OK : ERR_INPUT;
}

static enum err take_day(struct bytes *rest, struct zone_day *day)
{
	enum err err;

	*day = (struct zone_day){ .form = ZONE_DAY_WITH_LEAP, .time_s = 2 * 3600 };
	if (!take(rest, ','))
		return ERR_INPUT;
	if (take(rest, 'M')) {
		day->form = ZONE_DAY_OF_MONTH;
		err = take_month_day(rest, day);
	} else {
		day->form = take(rest, 'J') ? ZONE_DAY_WITHOUT_LEAP : ZONE_DAY_WITH_LEAP;
		err = take_number(rest, 365, &day->day);
		if (day->form == ZONE_DAY_WITHOUT_LEAP && day->day == 0)
			err = ERR_INPUT;
	}
	/* RFC 8536, 3.3.1: a week's hours, either way. */
	return err == OK && take(rest, '/') ? take_time(rest, 167, &day->time_s) : err;
}

static enum err take_rule(struct bytes *rest, struct zone_rule *rule)
{
	int west_s = 0;
	enum err err = take_name(rest);

	if (err == OK)
		err = take_time(rest, 24, &west_s);
	*rule = (struct zone_rule){ .standard_s = -west_s };
	if (err != OK || rest->length == 0)
		return err;
	rule->has_summer = true;
	rule->summer_s = rule->standard_s + 3600;
	err = take_name(rest);
	if (err == OK && rest->length > 0 && rest->data[0] != ',') {
		err = take_time(rest, 24, &west_s);
		rule->summer_s = -west_s;
	}
	if (err == OK)
		err = take_day(rest, &rule->start);
	return err == OK ? take_day(rest, &rule->end) : err;
}

enum err zone_rule_parse(struct bytes text, struct zone *zone)
{
	struct zone_rule rule;
	enum err err = take_rule(&text, &rule);

	if (err != OK || text.length > 0)
		return ERR_INPUT;
	*zone = (struct zone){ .has_rule = true, .rule = rule };
	return OK;
}

/* ---- TZif ---- */

enum { HEADER_BYTES = 44, TYPE_BYTES = 6, TYPES_MAX = 256 };

struct counts {
	uint32_t utc;
	uint32_t standard;
	uint32_t leaps;
	uint32_t moments;
	uint32_t types;
	uint32_t characters;
};

static uint64_t big_endian(const char *at, int bytes)
{
	uint64_t number = 0;

	for (int i = 0; i < bytes; i++)
		number = number << 8 | (uint8_t)at[i];
	return number;
}

static enum err take_header(struct bytes *rest, struct counts *counts)
{
	uint32_t *const parts[] = {
		&counts->utc, &counts->standard, &counts->leaps, &counts->moments, &counts->types, &counts->characters,
	};

	if (rest->length < HEADER_BYTES || memcmp(rest->data, "TZif", 4) != 0 || rest->data[4] < '2')
		return ERR_INPUT;
	for (int i = 0; i < 6; i++)
		*parts[i] = (uint32_t)big_endian(rest->data + 20 + 4 * i, 4);
	*rest = (struct bytes){ rest->data + HEADER_BYTES, rest->length - HEADER_BYTES };
	return OK;
}

/* The bytes of a block whose times have `width` bytes. */
static uint64_t block_bytes(const struct counts *counts, uint64_t width)
{
	return (uint64_t)counts->moments * (width + 1) + (uint64_t)counts->types * TYPE_BYTES + counts->characters
	       + (uint64_t)counts->leaps * (width + 4) + counts->standard + counts->utc;
}

static enum err read_moments(const char *block, const struct counts *counts, struct zone *zone)
{
	const char *indices = block + 8 * (size_t)counts->moments;
	const char *types = indices + counts->moments;

	for (uint32_t i = 0; i < counts->types; i++) {
		int32_t offset = (int32_t)big_endian(types + TYPE_BYTES * (size_t)i, 4);

		if (offset < -OFFSET_MAX_S || offset > OFFSET_MAX_S)
			return ERR_INPUT;
	}
	zone->first_offset = (int32_t)big_endian(types, 4);
	zone->count = counts->moments;
	for (uint32_t i = 0; i < counts->moments; i++) {
		uint8_t type = (uint8_t)indices[i];

		if (type >= counts->types)
			return ERR_INPUT;
		zone->moments[i] = (int64_t)big_endian(block + 8 * (size_t)i, 8);
		zone->offsets[i] = (int32_t)big_endian(types + TYPE_BYTES * (size_t)type, 4);
		if (i > 0 && zone->moments[i] <= zone->moments[i - 1])
			return ERR_INPUT;
	}
	return OK;
}

/* A line between two LF: a rule, or nothing. */
static enum err read_footer(struct bytes rest, struct zone *zone)
{
	if (rest.length < 2 || rest.data[0] != '\n' || rest.data[rest.length - 1] != '\n')
		return ERR_INPUT;
	struct bytes text = { rest.data + 1, rest.length - 2 };

	zone->has_rule = text.length > 0;
	if (!zone->has_rule)
		return OK;
	enum err err = take_rule(&text, &zone->rule);

	return err == OK && text.length > 0 ? ERR_INPUT : err;
}

enum err zone_parse(struct bytes tzif, struct zone *zone)
{
	struct counts counts;
	struct zone made = { .count = 0 };
	enum err err = take_header(&tzif, &counts);

	/* The first block is for readers of 32-bit times. */
	if (err != OK || block_bytes(&counts, 4) > tzif.length)
		return ERR_INPUT;
	tzif = (struct bytes){ tzif.data + block_bytes(&counts, 4), tzif.length - (size_t)block_bytes(&counts, 4) };
	err = take_header(&tzif, &counts);
	if (err != OK || counts.leaps > 0 || counts.types == 0 || counts.types > TYPES_MAX || block_bytes(&counts, 8) > tzif.length)
		return ERR_INPUT;
	if (counts.moments > ZONE_MOMENTS_MAX)
		return ERR_TOO_BIG;
	err = read_moments(tzif.data, &counts, &made);
	if (err == OK)
		err = read_footer((struct bytes){ tzif.data + block_bytes(&counts, 8), tzif.length - (size_t)block_bytes(&counts, 8) }, &made);
	if (err == OK)
		*zone = made;
	return err;
}
