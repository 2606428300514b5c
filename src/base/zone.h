/*
 * zone.h -- what the clocks of a place show: a time zone as the tz database has
 * it (TZif, RFC 8536), or as a rule in text (POSIX.1-2017, 8.3 "TZ").
 *
 * Not here: where the files of the database are.
 */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

enum { ZONE_MOMENTS_MAX = 512, ZONE_BYTES_MAX = 64 * 1024 };

/* A day of each year: the week-th weekday of a month (5: the last), or counted from 1 January. */
struct zone_day {
	enum { ZONE_DAY_OF_MONTH, ZONE_DAY_WITHOUT_LEAP, ZONE_DAY_WITH_LEAP } form;
	int month;    /* 1 to 12 */
	int week;     /* 1 to 5 */
	int day;      /* of the week, 0 is Sunday; else of the year: from 1 without 29 February, from 0 with it */
	int time_s;   /* behind that day's local midnight; may be before it, or days behind */
};

struct zone_rule {
	int standard_s;      /* east of UTC */
	bool has_summer;
	int summer_s;
	struct zone_day start;
	struct zone_day end;
};

/* All zero is UTC. */
struct zone {
	int64_t moments[ZONE_MOMENTS_MAX]; /* when the clocks changed: seconds since 1970, ascending */
	int32_t offsets[ZONE_MOMENTS_MAX]; /* to that many seconds east of UTC */
	size_t count;
	int32_t first_offset;              /* before the first moment */
	bool has_rule;                     /* behind the last one */
	struct zone_rule rule;
};

/*
 * Read a file of the tz database, version 2 or later. ERR_INPUT for anything that is not whole and sound, and for one
 * that counts leap seconds; ERR_TOO_BIG for more changes than ZONE_MOMENTS_MAX.
 */
MUST_CHECK enum err zone_parse(struct bytes tzif, struct zone *zone);

/* Read a rule: "CET-1CEST,M3.5.0,M10.5.0/3", "<+0545>-5:45". A summer time must say when it is. ERR_INPUT. */
MUST_CHECK enum err zone_rule_parse(struct bytes text, struct zone *zone);

/* How far east of UTC its clocks are at a moment, in seconds, and the next moment at which that may change (INT64_MAX: never). */
int64_t zone_offset(const struct zone *zone, int64_t time_s, int64_t *until_s);

/*
 * The first moment at which its clocks show `local_s` or later: a local time, spelled as seconds since 1970 as if it were
 * UTC. Where they skip it, the moment at which they do.
 */
int64_t zone_moment(const struct zone *zone, int64_t local_s);

#endif
