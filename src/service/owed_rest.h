/*
 * owed_rest.h -- private to owed.c: an account that does not answer rests as a whole. While it does, one thing at a
 * time asks whether it is back, after growing waits; all others stand where they are.
 */
#ifndef SERVICE_OWED_REST_H
#define SERVICE_OWED_REST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"

struct rest {
	char account[ID_SIZE];
	bool configured;   /* as of the walk */
	bool resting;
	bool probing;      /* one thing is under way, to ask whether it is back */
	bool met;          /* the walk has met something that is owed to it */
	unsigned failures; /* in a row */
	int64_t since_us;
	int64_t due_us;    /* when to ask again */
	int64_t first_us;  /* when the first of its things that wait for themselves is due */
};

/* Accounts stay once they were met: there are as many as a configuration ever had. */
struct rests {
	struct rest *accounts;
	size_t count;
};

/* A walk begins: no account is configured and none was met, until rests_take and the walk say so. */
void rests_walk(struct rests *rests);

/* The account is configured. False when there is no memory. */
bool rests_take(struct rests *rests, const char *account);

/* Where a configured account stands, for ever. False for any other. */
bool rests_find(const struct rests *rests, const char *account, unsigned *place);

/*
 * It has failed (once more). The wait doubles from half a second to five minutes, and a quarter more or less by
 * `chance`, any number, so that many who were refused together do not come back together; what the provider asks for,
 * `retry_after_s`, is the least, up to an hour.
 */
void rest_failed(struct rest *rest, int64_t retry_after_s, uint32_t chance, int64_t now_us);

/* It has answered, or nothing is owed to it any more. */
void rest_over(struct rest *rest);

void rests_free(struct rests *rests);

#endif
