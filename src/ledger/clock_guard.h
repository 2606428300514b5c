/*
 * clock_guard.h -- whether the wall clock may be believed. Pure: whoever asks
 * says what the clocks show.
 *
 * A clock that somebody set while we ran, or that at start does not fit the
 * last entry, would put wrong times into lines that can never be changed. Appends
 * then wait until a provider's answer shows the same time, or the operator says
 * that the clock is right.
 */
#ifndef LEDGER_CLOCK_GUARD_H
#define LEDGER_CLOCK_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum { CLOCK_STEP_S_MAX = 60, CLOCK_SILENCE_DAYS_MAX = 7 };

/* What the two clocks show at one moment, in microseconds: the wall's time, and time that passes without ever being set. */
struct clock_reading {
	int64_t wall_us;
	int64_t boot_us;
};

struct clock_guard {
	bool waits;
	struct clock_reading last; /* the last reading that was believed */
};

/*
 * At start: `last_us` is the time of the last entry, 0 when there is none. With
 * `accept` the operator vouches for the clock. `why` says what is odd when it
 * then waits.
 */
void clock_guard_start(struct clock_guard *guard, struct clock_reading now, int64_t last_us, bool accept, struct why *why);

/* Before each append, and now and then between them: whether the clock is believed. False, with `why` the first time, when it was set by more than a minute. */
bool clock_guard_check(struct clock_guard *guard, struct clock_reading now, struct why *why);

/* A provider says that it is `date_us`, to the second: whether that ends the waiting. */
bool clock_guard_hear(struct clock_guard *guard, struct clock_reading now, int64_t date_us);

#endif
