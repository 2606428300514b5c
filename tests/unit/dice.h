/*
 * dice.h -- the same numbers for the same seed, for the tests that say something
 * of all of a kind.
 */
#ifndef TESTS_DICE_H
#define TESTS_DICE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct dice {
	uint64_t state;
};

/* From the environment, so that a run can be repeated; printed either way. */
static inline struct dice dice_from_environment(void)
{
	const char *given = getenv("SEED");
	struct dice dice = { given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL) };

	printf("seed=%llu\n", (unsigned long long)dice.state);
	return dice;
}

/* 0 to count - 1. */
static inline unsigned dice_roll(struct dice *dice, unsigned count)
{
	dice->state = dice->state * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(dice->state >> 33) % count;
}

#endif
