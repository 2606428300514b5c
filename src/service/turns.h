/*
 * turns.h -- how many checkouts speak with their provider at a time: what a
 * conversation needs is had for those alone, the others wait as small values,
 * in the order in which they came.
 */
#ifndef SERVICE_TURNS_H
#define SERVICE_TURNS_H

#include <stdbool.h>
#include <stdint.h>

struct turns;

/* Inside whoever waits; lives until `come` has been called. */
struct turn {
	/* Called exactly once, on the thread of whoever took or gave a turn. Late ones have no turn to give back. */
	void (*come)(void *context, bool in_time);
	void *context;
	int64_t until_us; /* it is late afterwards; noticed when the next turn comes free */
	struct turn *next;
};

/* NULL when there is no memory. */
struct turns *turns_new(unsigned at_once);

/* Nobody may wait any more. */
void turns_free(struct turns **turns);

/* Wait for a turn; it may come before this returns. `now_us` is of a clock that never goes back. */
void turns_take(struct turns *turns, struct turn *turn, int64_t now_us);

/* One that came in time is over. May be called from inside `come`. */
void turns_give(struct turns *turns, int64_t now_us);

#endif
