/*
 * zone.h -- private to the export: whose clock dates are by, and the periods that people name.
 */
#ifndef BOOKS_PERIOD_H
#define BOOKS_PERIOD_H

#include "books/export.h"

/*
 * A zone as somebody typed it: "Europe/Berlin", a file of the tz database of this machine; "+01:00"; or a rule,
 * "CET-1CEST,M3.5.0,M10.5.0/3". ERR_INPUT when there is none of that name, or the file is not one; ERR_STORAGE, ERR_MEMORY.
 */
MUST_CHECK enum err period_zone_read(const char *text, struct zone *zone, struct why *why);

/*
 * A period by its name: "2026" the fiscal year that begins in that year, "2026-Q2" the second quarter of it,
 * "2026-11" a month. Years begin with the month and day, 1 and 1 for those of the calendar; a day of a date is one of
 * the zone's. ERR_INPUT.
 */
MUST_CHECK enum err period_read(const char *text, int month, int day, const struct zone *zone, int64_t *from_us,
                                       int64_t *to_us, struct why *why);

/* The day on which fiscal years begin: "04-01"; at the latest the 28th, which every month has. ERR_INPUT. */
MUST_CHECK enum err period_year_start_read(const char *text, int *month, int *day, struct why *why);

#endif
