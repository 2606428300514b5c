/*
 * moment.h -- a moment as people type it: a date, or a time of RFC 3339.
 */
#ifndef BASE_MOMENT_H
#define BASE_MOMENT_H

#include "base/bytes.h"
#include "base/err.h"
#include "base/zone.h"

/*
 * Read one: a date, which is its first moment in the zone, or a time with at most microseconds and any offset.
 * Microseconds since 1970, never below 0. ERR_INPUT with `why`.
 */
MUST_CHECK enum err moment_parse(struct bytes text, const struct zone *zone, int64_t *time_us, struct why *why);

#endif
