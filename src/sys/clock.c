#include "sys/clock.h"

#include <assert.h>
#include <time.h>

static int64_t read_us(clockid_t clock)
{
	struct timespec now;
	int result = clock_gettime(clock, &now);

	assert(result == 0); /* these clocks exist on every Linux that we run on */
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_wall_us(void)
{
	return read_us(CLOCK_REALTIME);
}

int64_t clock_mono_us(void)
{
	return read_us(CLOCK_MONOTONIC);
}

int64_t clock_boot_us(void)
{
	return read_us(CLOCK_BOOTTIME);
}
