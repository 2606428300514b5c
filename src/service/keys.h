/*
 * keys.h -- idempotency keys in flight: a second request with the same key waits
 * for the first one's answer. Once a pledge is in the ledger, its key is found
 * there; this table only saves work, the ledger decides.
 */
#ifndef SERVICE_KEYS_H
#define SERVICE_KEYS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/limits.h"

struct keys;

/* One request that holds or waits for a key; part of the caller's own struct. */
struct key_wait {
	char key[65];            /* SHA-256 in lower hex */
	char tier[ID_SIZE];      /* what it is for */
	char account[ID_SIZE];
	struct key_wait *next;   /* the table's own */
	struct key_wait *behind; /* those that wait for it */
};

struct keys *keys_new(void);

/*
 * Take the key: OK with *first true when nobody has it, false when `wait` was
 * put behind the one that has; ERR_CONFLICT when that one is for another tier or
 * account.
 */
MUST_CHECK enum err keys_take(struct keys *keys, struct key_wait *wait, bool *first);

/* Give the key back; returns those that waited behind it, linked by `next`, for the caller to answer. */
struct key_wait *keys_give(struct keys *keys, struct key_wait *holder);

void keys_free(struct keys **keys);

#endif
