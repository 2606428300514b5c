#include "books/terms.h"

#include <stdlib.h>
#include <string.h>

#include "domain/token.h"

enum { INDEX_FIRST = 1024, KEPT_FIRST = 1024, PLEDGES_MAX = 1 << 25, INTERVAL_BITS = 2, NUMBER_BITS = 26 };

/* `value` is time and interval in one. */
struct terms_kept {
	uint8_t pledge[TOKEN_BYTES];
	uint64_t value;
};

/*
 * A place of the index holds a kept pledge's number, from 1, and above it as many bits of its hash as there is room
 * for: nearly every other pledge is passed over without a look at the list. Payments mostly settle soon after their
 * pledges, whose list is in that order; only the index is looked at here and there, and it is small.
 */
enum { TAG_MASK = (1 << (32 - NUMBER_BITS)) - 1, NUMBER_MASK = (1 << NUMBER_BITS) - 1 };

/* The last bytes of a pledge's id are random; the factor spreads them where they are not. */
static uint64_t hash_of(const uint8_t pledge[static TOKEN_BYTES])
{
	uint64_t tail;

	memcpy(&tail, pledge + TOKEN_BYTES - sizeof tail, sizeof tail);
	return tail * UINT64_C(0x9e3779b97f4a7c15);
}

static uint32_t tag_of(uint64_t hash)
{
	return (uint32_t)(hash >> 24) & TAG_MASK;
}

/* The pledge's place, or the free one where it belongs. */
static uint32_t *find_place(const struct terms *terms, const uint8_t pledge[static TOKEN_BYTES])
{
	uint64_t hash = hash_of(pledge);
	size_t at = (size_t)(hash >> 32) & (terms->index_size - 1);

	for (;; at = (at + 1) & (terms->index_size - 1)) {
		uint32_t place = terms->index[at];

		if (place == 0 || (place >> NUMBER_BITS == tag_of(hash)
		                   && memcmp(terms->list[(place & NUMBER_MASK) - 1].pledge, pledge, TOKEN_BYTES) == 0))
			return &terms->index[at];
	}
}

static void put_in_index(struct terms *terms, uint32_t number)
{
	uint64_t hash = hash_of(terms->list[number - 1].pledge);
	size_t at = (size_t)(hash >> 32) & (terms->index_size - 1);

	while (terms->index[at] != 0)
		at = (at + 1) & (terms->index_size - 1);
	terms->index[at] = tag_of(hash) << NUMBER_BITS | number;
}

static enum err grow_index(struct terms *terms)
{
	size_t size = terms->index_size == 0 ? INDEX_FIRST : 2 * terms->index_size;
	uint32_t *index = calloc(size, sizeof *index);

	if (index == NULL)
		return ERR_MEMORY;
	free(terms->index);
	terms->index = index;
	terms->index_size = size;
	for (uint32_t number = 1; number <= terms->count; number++)
		put_in_index(terms, number);
	return OK;
}

static enum err grow_list(struct terms *terms)
{
	size_t capacity = terms->capacity == 0 ? KEPT_FIRST : 2 * terms->capacity;
	struct terms_kept *grown = realloc(terms->list, capacity * sizeof *grown);

	if (grown == NULL)
		return ERR_MEMORY;
	terms->list = grown;
	terms->capacity = capacity;
	return OK;
}

enum err terms_add(struct terms *terms, const char *pledge, int64_t pledged_us, enum interval interval)
{
	uint8_t key[TOKEN_BYTES];
	uint64_t value = (uint64_t)pledged_us << INTERVAL_BITS | (uint64_t)interval;
	/* At most three quarters full, so that a search stays short. */
	enum err err = 4 * (terms->count + 1) > 3 * terms->index_size ? grow_index(terms) : OK;

	if (err == OK && terms->count == terms->capacity)
		err = grow_list(terms);
	if (err != OK)
		return err;
	token_bytes(pledge, key);
	uint32_t *place = find_place(terms, key);

	if (*place != 0) {
		terms->list[(*place & NUMBER_MASK) - 1].value = value;
		return OK;
	}
	if (terms->count == PLEDGES_MAX)
		return ERR_TOO_BIG;
	struct terms_kept *kept = &terms->list[terms->count++];

	memcpy(kept->pledge, key, TOKEN_BYTES);
	kept->value = value;
	*place = tag_of(hash_of(key)) << NUMBER_BITS | (uint32_t)terms->count;
	return OK;
}

bool terms_find(const struct terms *terms, const char *pledge, int64_t *pledged_us, enum interval *interval)
{
	uint8_t key[TOKEN_BYTES];

	if (terms->index_size == 0)
		return false;
	token_bytes(pledge, key);
	uint32_t place = *find_place(terms, key);

	if (place == 0)
		return false;
	uint64_t value = terms->list[(place & NUMBER_MASK) - 1].value;

	*pledged_us = (int64_t)(value >> INTERVAL_BITS);
	*interval = (enum interval)(value & ((1u << INTERVAL_BITS) - 1));
	return true;
}

void terms_free(struct terms *terms)
{
	free(terms->list);
	free(terms->index);
	*terms = (struct terms){ 0 };
}
