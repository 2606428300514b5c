/*
 * books_terms.h -- what a later row needs of a pledge, for millions of them: when
 * it was pledged and how often it pays, in 24 bytes and the room that a hash
 * table leaves free (32 to 64 bytes a pledge).
 */
#ifndef SERVICE_BOOKS_TERMS_H
#define SERVICE_BOOKS_TERMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "domain/campaign.h"

struct terms_slot;

/* All zero is an empty one. */
struct terms {
	struct terms_slot *slots;
	size_t capacity; /* a power of two, or 0 */
	size_t count;
};

/* Remember a pledge; its id must be of our form. ERR_MEMORY, ERR_TOO_BIG beyond 2^25 pledges. */
MUST_CHECK enum err terms_add(struct terms *terms, const char *pledge, int64_t pledged_us, enum interval interval);

/* False when the pledge is not known. */
bool terms_find(const struct terms *terms, const char *pledge, int64_t *pledged_us, enum interval *interval);

void terms_free(struct terms *terms);

#endif
