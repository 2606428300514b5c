/*
 * owed_again.h -- private to owed.c: the things that were tried, by the seq of the entry because of which they are
 * owed, and when each may be tried again.
 */
#ifndef SERVICE_OWED_AGAIN_H
#define SERVICE_OWED_AGAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* When nothing is due. */
#define OWED_NEVER INT64_MAX

/* Something that was tried and is to be tried again, unless it is off the list by then. */
struct again {
	uint64_t seq;
	int64_t due_us;
	unsigned attempts;
	unsigned unknown; /* how often in a row the provider has said that it does not know it */
	unsigned walk;   /* the last one that met it */
	unsigned account; /* its place among the accounts of owed_rest.h */
	bool under_way;
};

struct again_table {
	struct again *things; /* by seq */
	size_t count;
	size_t size;
};

/* NULL when it was not tried yet. What comes back is good until the next call of any of these. */
struct again *again_find(const struct again_table *table, uint64_t seq);

/* Make a place for one that is not there. NULL when there is no room: it must wait until others are done. */
struct again *again_add(struct again_table *table, uint64_t seq);

/* Not now; after twice the time of the last attempt. */
void again_later(struct again *again, int64_t now_us);

void again_free(struct again_table *table);

#endif
