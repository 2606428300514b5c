/*
 * calendar.h -- when a subscription's next period begins.
 */
#ifndef SANDBOX_CALENDAR_H
#define SANDBOX_CALENDAR_H

#include <stdint.h>

/*
 * `count` times `interval` ("day", "week", "month", "year") after `anchor_s`, in
 * UTC. A day that the month does not have becomes its last; counted from the
 * anchor, so that the 31st comes back.
 */
int64_t calendar_add(int64_t anchor_s, const char *interval, int64_t count);

#endif
