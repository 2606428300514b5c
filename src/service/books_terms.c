#include "service/books_terms.h"

#include <stdlib.h>
#include <string.h>

#include "domain/token.h"

enum { CAPACITY_FIRST = 1024, PLEDGES_MAX = 1 << 25, INTERVAL_BITS = 2 };

/* `value` is time and interval in one, plus one: 0 is a free slot. */
struct terms_slot {
	uint8_t pledge[TOKEN_BYTES];
	uint64_t value;
};

/*
 * The last bytes of a pledge's id are random; the factor spreads them where they are not. The upper bits count, so
 * that a table and the one twice its size have the same order: growing walks through both from front to back.
 */
static size_t first_slot(const struct terms *terms, const uint8_t pledge[static TOKEN_BYTES])
{
	uint64_t tail;

	memcpy(&tail, pledge + TOKEN_BYTES - sizeof tail, sizeof tail);
	return (size_t)(tail * UINT64_C(0x9e3779b97f4a7c15) >> (__builtin_clzll(terms->capacity) + 1));
}

/* The pledge's slot, or the free one where it belongs. */
static struct terms_slot *find_slot(const struct terms *terms, const uint8_t pledge[static TOKEN_BYTES])
{
	size_t at = first_slot(terms, pledge);

	while (terms->slots[at].value != 0 && memcmp(terms->slots[at].pledge, pledge, TOKEN_BYTES) != 0)
		at = (at + 1) & (terms->capacity - 1);
	return &terms->slots[at];
}

static enum err grow(struct terms *terms)
{
	struct terms grown = { .capacity = terms->capacity == 0 ? CAPACITY_FIRST : 2 * terms->capacity };

	grown.slots = calloc(grown.capacity, sizeof grown.slots[0]);
	if (grown.slots == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < terms->capacity; i++)
		if (terms->slots[i].value != 0)
			*find_slot(&grown, terms->slots[i].pledge) = terms->slots[i];
	grown.count = terms->count;
	terms_free(terms);
	*terms = grown;
	return OK;
}

enum err terms_add(struct terms *terms, const char *pledge, int64_t pledged_us, enum interval interval)
{
	uint8_t key[TOKEN_BYTES];

	if (terms->count == PLEDGES_MAX)
		return ERR_TOO_BIG;
	/* At most three quarters full, so that a search stays short. */
	enum err err = 4 * (terms->count + 1) > 3 * terms->capacity ? grow(terms) : OK;

	if (err != OK)
		return err;
	token_bytes(pledge, key);
	struct terms_slot *slot = find_slot(terms, key);

	terms->count += slot->value == 0;
	memcpy(slot->pledge, key, TOKEN_BYTES);
	slot->value = ((uint64_t)pledged_us << INTERVAL_BITS | (uint64_t)interval) + 1;
	return OK;
}

bool terms_find(const struct terms *terms, const char *pledge, int64_t *pledged_us, enum interval *interval)
{
	uint8_t key[TOKEN_BYTES];

	if (terms->capacity == 0)
		return false;
	token_bytes(pledge, key);
	const struct terms_slot *slot = find_slot(terms, key);

	if (slot->value == 0)
		return false;
	uint64_t value = slot->value - 1;

	*pledged_us = (int64_t)(value >> INTERVAL_BITS);
	*interval = (enum interval)(value & ((1u << INTERVAL_BITS) - 1));
	return true;
}

void terms_free(struct terms *terms)
{
	free(terms->slots);
	*terms = (struct terms){ 0 };
}
