/*
 * hand_clock.h -- the clock, in a test's hands: with `begin` each entry of a ledger takes one second.
 */
#ifndef TESTS_HAND_CLOCK_H
#define TESTS_HAND_CLOCK_H

#include "sys/clock.h"
#include "tests/unit/small_ledger.h"

#define FIRST_TIME INT64_C(1795334400000000) /* 2026-11-22T08:00:00Z */

static _Atomic int64_t now_us;

int64_t clock_wall_us(void)
{
	return now_us;
}

int64_t clock_mono_us(void)
{
	return now_us;
}

int64_t clock_boot_us(void)
{
	return now_us;
}

static void tick(void *context, uint64_t head)
{
	(void)context;
	(void)head;
	now_us += 1000000;
}

static int begin(void **state)
{
	on_moved = tick;
	now_us = FIRST_TIME;
	return make_folder(state);
}

#endif
