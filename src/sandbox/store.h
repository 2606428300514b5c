/*
 * store.h -- the objects by kind in the order they were made, and by id.
 */
#ifndef SANDBOX_STORE_H
#define SANDBOX_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "sandbox/objects.h"

/* OBJECTS_MAX of a kind, then ERR_TOO_BIG; of the events the oldest make room. */
enum { OBJECTS_MAX = 200 * 1000, EVENTS_KEPT_MAX = 20 * 1000 };

struct table {
	struct object **items;   /* [first, end) are there */
	size_t first, end, capacity;
};

struct store {
	struct table tables[KINDS];
	struct object **slots;   /* open addressing by the hash of the id */
	size_t slot_count, slots_used;
};

/*
 * A new object of the kind, all zero but for its head, stored already. On OK
 * the store owns it. ERR_TOO_BIG, ERR_MEMORY.
 */
MUST_CHECK enum err store_add(struct store *store, enum kind kind, const char *id,
                              int64_t created_s, struct object **object);

/* NULL when there is none of that id, or of another kind. */
struct object *store_find(const struct store *store, enum kind kind, const char *id);

/* The same of whatever kind. */
struct object *store_find_any(const struct store *store, const char *id);

/* How many there are; the i-th one, the oldest first. */
size_t store_count(const struct store *store, enum kind kind);
struct object *store_at(const struct store *store, enum kind kind, size_t i);

void store_free(struct store *store);

#endif
