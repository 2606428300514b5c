#include "books/terms.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "domain/token.h"

enum { PLEDGES_MAX = 1 << 25, INTERVAL_BITS = 2, NUMBER_BITS = 26 };

/* `value` is time and interval in one. */
struct terms_kept {
	uint8_t pledge[TOKEN_BYTES];
	uint64_t value;
};

/*
 * A place of an index holds a kept pledge's number, from 1, and above it as many bits of its hash as there is room
 * for: nearly every other pledge is passed over without a look at the list.
 *
 * Payments mostly settle soon after their pledges. So the latest pledges have an index of their own, which the
 * processor's caches hold; when it is full they all go into the large one, where each place is far from the last one
 * and many are fetched at a time.
 */
enum { TAG_MASK = (1 << (32 - NUMBER_BITS)) - 1, NUMBER_MASK = (1 << NUMBER_BITS) - 1 };
enum { YOUNG_MAX = 4096, YOUNG_PLACES = 2 * YOUNG_MAX, FETCHED_AHEAD = 16 };

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

static size_t first_place(const struct terms_index *index, uint64_t hash)
{
	return (size_t)(hash >> 32) & (index->size - 1);
}

/* The pledge's place, or the free one where it belongs. */
static uint32_t *find_place(const struct terms *terms, const struct terms_index *index, const uint8_t pledge[static TOKEN_BYTES])
{
	uint64_t hash = hash_of(pledge);

	for (size_t at = first_place(index, hash);; at = (at + 1) & (index->size - 1)) {
		uint32_t place = index->places[at];

		if (place == 0 || (place >> NUMBER_BITS == tag_of(hash)
		                   && memcmp(terms->list[(place & NUMBER_MASK) - 1].pledge, pledge, TOKEN_BYTES) == 0))
			return &index->places[at];
	}
}

static struct terms_kept *kept_at(const struct terms *terms, uint32_t place)
{
	return &terms->list[(place & NUMBER_MASK) - 1];
}

/* Number `i` of the list, from 0; what was pledged twice keeps its first place and has the latest terms. */
static void put_in_old(struct terms *terms, size_t i)
{
	const struct terms_kept *kept = &terms->list[i];
	uint32_t *place = find_place(terms, &terms->old, kept->pledge);

	if (*place == 0)
		*place = tag_of(hash_of(kept->pledge)) << NUMBER_BITS | (uint32_t)(i + 1);
	else
		kept_at(terms, *place)->value = kept->value;
}

static void put_all_in_old(struct terms *terms, size_t from)
{
	for (size_t i = from; i < terms->count; i++) {
		if (i + FETCHED_AHEAD < terms->count)
			__builtin_prefetch(&terms->old.places[first_place(&terms->old, hash_of(terms->list[i + FETCHED_AHEAD].pledge))], 1);
		put_in_old(terms, i);
	}
	terms->old_count = terms->count;
}

/* The young ones become old; at most three quarters full, so that a search stays short. */
static enum err let_grow_old(struct terms *terms)
{
	struct terms_index grown = { .size = terms->old.size == 0 ? YOUNG_PLACES : terms->old.size };
	size_t from = terms->old_count;

	while (4 * (terms->count + 1) > 3 * grown.size)
		grown.size *= 2;
	if (grown.size != terms->old.size) {
		grown.places = calloc(grown.size, sizeof *grown.places);
		if (grown.places == NULL)
			return ERR_MEMORY;
		free(terms->old.places);
		terms->old = grown;
		from = 0;
	}
	put_all_in_old(terms, from);
	memset(terms->young.places, 0, YOUNG_PLACES * sizeof *terms->young.places);
	return OK;
}

static enum err make_young(struct terms *terms)
{
	terms->young.places = calloc(YOUNG_PLACES, sizeof *terms->young.places);
	terms->young.size = terms->young.places == NULL ? 0 : YOUNG_PLACES;
	return terms->young.places == NULL ? ERR_MEMORY : OK;
}

static enum err grow_list(struct terms *terms)
{
	struct terms_kept *grown = grow(terms->list, terms->count, &terms->capacity, sizeof *grown);

	terms->list = grown != NULL ? grown : terms->list;
	return grown != NULL ? OK : ERR_MEMORY;
}

enum err terms_add(struct terms *terms, const char *pledge, int64_t pledged_us, enum interval interval)
{
	uint8_t key[TOKEN_BYTES];
	uint64_t value = (uint64_t)pledged_us << INTERVAL_BITS | (uint64_t)interval;
	enum err err = terms->young.size == 0 ? make_young(terms) : OK;

	if (err == OK && terms->count - terms->old_count == YOUNG_MAX)
		err = let_grow_old(terms);
	if (err == OK)
		err = grow_list(terms);
	if (err != OK)
		return err;
	token_bytes(pledge, key);
	uint32_t *place = find_place(terms, &terms->young, key);

	if (*place != 0) {
		kept_at(terms, *place)->value = value;
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

	if (terms->count == 0)
		return false;
	token_bytes(pledge, key);
	uint32_t place = *find_place(terms, &terms->young, key);

	if (place == 0 && terms->old_count > 0)
		place = *find_place(terms, &terms->old, key);
	if (place == 0)
		return false;
	uint64_t value = kept_at(terms, place)->value;

	*pledged_us = (int64_t)(value >> INTERVAL_BITS);
	*interval = (enum interval)(value & ((1u << INTERVAL_BITS) - 1));
	return true;
}

void terms_free(struct terms *terms)
{
	free(terms->list);
	free(terms->old.places);
	free(terms->young.places);
	*terms = (struct terms){ 0 };
}
