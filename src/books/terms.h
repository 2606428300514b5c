/*
 * terms.h -- what a later row needs of a pledge, for millions of them: when
 * it was pledged and how often it pays, in 24 bytes, the same again that a
 * growing list may reserve, and 5 to 11 of an index; 32 KiB besides.
 */
#ifndef BOOKS_TERMS_H
#define BOOKS_TERMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "domain/campaign.h"

struct terms_kept;

/* A hash table over a part of the list. */
struct terms_index {
	uint32_t *places; /* 0 where it is free */
	size_t size;      /* a power of two, or 0 */
};

/* All zero is an empty one. */
struct terms {
	struct terms_kept *list;  /* in the order of pledging */
	size_t count;
	size_t capacity;
	struct terms_index old;   /* of the first ones */
	size_t old_count;
	struct terms_index young; /* of the few thousand behind them */
};

/* Remember a pledge; its id must be of our form. ERR_MEMORY, ERR_TOO_BIG beyond 2^25 pledges. */
MUST_CHECK enum err terms_add(struct terms *terms, const char *pledge, int64_t pledged_us, enum interval interval);

/* False when the pledge is not known. */
bool terms_find(const struct terms *terms, const char *pledge, int64_t *pledged_us, enum interval *interval);

void terms_free(struct terms *terms);

#endif
