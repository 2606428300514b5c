/*
 * ticks.h -- the monotonic clock, for the deadlines of this folder.
 */
#ifndef NET_TICKS_H
#define NET_TICKS_H

#include <stdint.h>
#include <time.h>

/* Microseconds from an unknown start; never go back. */
static inline int64_t ticks_us(void)
{
	struct timespec now = { 0, 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Let some milliseconds pass. */
static inline void ticks_sleep_ms(int ms)
{
	struct timespec pause = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&pause, NULL);
}

#endif
