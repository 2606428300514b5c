#include "ledger/clock_guard.h"

#include "base/text.h"

static const int64_t second_us = 1000000;

static bool within(int64_t difference_us, int64_t limit_s)
{
	return difference_us <= limit_s * second_us && difference_us >= -limit_s * second_us;
}

void clock_guard_start(struct clock_guard *guard, struct clock_reading now, int64_t last_us, bool accept, struct why *why)
{
	char last[TIME_TEXT_SIZE];
	char wall[TIME_TEXT_SIZE];
	bool behind = last_us != 0 && now.wall_us < last_us;
	bool ahead = last_us != 0 && now.wall_us - last_us > (int64_t)CLOCK_SILENCE_DAYS_MAX * 86400 * second_us;

	*guard = (struct clock_guard){ .waits = !accept && (behind || ahead), .last = now };
	if (!guard->waits)
		return;
	text_time_s(last_us / second_us, last);
	text_time_s(now.wall_us > 0 ? now.wall_us / second_us : 0, wall);
	if (behind)
		err_ignore(why_set(why, OK, "the clock shows %s, the last entry was written at %s", wall, last));
	else
		err_ignore(why_set(why, OK, "the clock shows %s, more than %d days after the last entry (%s)", wall,
		                   CLOCK_SILENCE_DAYS_MAX, last));
}

bool clock_guard_check(struct clock_guard *guard, struct clock_reading now, struct why *why)
{
	int64_t step_us = (now.wall_us - guard->last.wall_us) - (now.boot_us - guard->last.boot_us);

	if (guard->waits)
		return false;
	if (within(step_us, CLOCK_STEP_S_MAX)) {
		guard->last = now;
		return true;
	}
	guard->waits = true;
	err_ignore(why_set(why, OK, "the clock was set %s by %lld seconds", step_us < 0 ? "back" : "forward",
	                   (long long)((step_us < 0 ? -step_us : step_us) / second_us)));
	return false;
}

bool clock_guard_hear(struct clock_guard *guard, struct clock_reading now, int64_t date_us)
{
	if (!guard->waits || !within(now.wall_us - date_us, CLOCK_STEP_S_MAX))
		return false;
	*guard = (struct clock_guard){ .waits = false, .last = now };
	return true;
}
