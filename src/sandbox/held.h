/*
 * held.h -- replies that are ready and wait: for a delay that was asked for, or
 * (as Stripe does with the donor's way back) for an event to be delivered.
 */
#ifndef SANDBOX_HELD_H
#define SANDBOX_HELD_H

#include <stdint.h>

#include "net/http_server.h"
#include "sandbox/ids.h"

struct held_reply {
	struct exchange *exchange;
	struct http_reply reply;
	int64_t due_ms;
	char event[SANDBOX_ID_SIZE];  /* "": the time alone counts */
};

struct held {
	struct held_reply *replies;
	size_t count, capacity;
};

/*
 * Keep a reply until `due_ms` or, with `event` not NULL, until held_release. On
 * OK the reply is taken over and left empty. ERR_MEMORY.
 */
MUST_CHECK enum err held_add(struct held *held, struct exchange *exchange, struct http_reply *reply,
                             int64_t due_ms, const char *event);

/* The event is delivered: what waits for it is due. */
void held_release(struct held *held, const char *event);

/* Take out one that is due; the caller replies, outside of any lock. False when there is none. */
bool held_take(struct held *held, int64_t now_ms, struct held_reply *reply);

/* When the next one is due; INT64_MAX when there is none. */
int64_t held_next_ms(const struct held *held);

/* All must have been taken. */
void held_free(struct held *held);

#endif
