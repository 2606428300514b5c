/*
 * flight.h -- the calls that are at providers, on one libcurl multi handle. Only
 * for https_client.c. All but flight_wake belongs to one thread.
 */
#ifndef NET_FLIGHT_H
#define NET_FLIGHT_H

#include <stdbool.h>

#include "net/task_queue.h"
#include "net/transfer.h"

struct flight;

struct flight_options {
	unsigned calls_max; /* at the same time */
	struct transfer_options trust;
	void *context;

	/* The call has ended; the task is the callee's from now on, the answer is lent. */
	void (*landed)(void *context, struct task *task, const struct http_answer *answer);
};

/* False when memory is short; on true the caller owns `*flight`. */
MUST_CHECK bool flight_open(struct flight **flight, const struct flight_options *options);

/* Free and null; no call may be in flight. Does nothing with NULL. */
void flight_close(struct flight **flight);

enum launch {
	LAUNCHED,        /* the task is the flight's until it lands */
	LAUNCH_LATER,    /* as many as may be are in flight */
	LAUNCH_FAILED,   /* memory is short */
};

enum launch flight_launch(struct flight *flight, struct task *task, int64_t now_us);

/*
 * Let libcurl work: what has ended lands. False when libcurl fails, which then
 * looks at no deadline: those whose time is up land all the same.
 */
MUST_CHECK bool flight_move(struct flight *flight);

/* Until something moves or somebody wakes, at most `wait_ms`. False when libcurl fails. */
MUST_CHECK bool flight_wait(struct flight *flight, int wait_ms);

/* From any thread. Without it the wait ends by itself: nothing is lost where this fails. */
void flight_wake(struct flight *flight);

/* All land with this failure. */
void flight_abandon(struct flight *flight, const char *failure);

#endif
