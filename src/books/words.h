/*
 * words.h -- private to the export: texts that come again and again
 * (currencies, tiers, payouts), each kept once under a number that stays.
 */
#ifndef BOOKS_WORDS_H
#define BOOKS_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { WORDS_MAX = 1 << 24 };

struct word {
	char *text;
	int64_t value; /* whatever its owner remembers of it; 0 at first */
};

/* All zero is an empty one. */
struct words {
	struct word *list;
	size_t count;
	size_t capacity;
	uint32_t *slots; /* a hash table of numbers, 0 where it is free */
	size_t slot_count;
};

/* FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), its halves folded: texts of ours and the provider's, never an attacker's. */
uint64_t words_hash(const char *text);

/* The number of a text, from 1; a new one is copied. ERR_MEMORY, ERR_TOO_BIG beyond WORDS_MAX. */
MUST_CHECK enum err words_number(struct words *words, const char *text, uint32_t *number);

/* Its number, 0 when it is not there. */
uint32_t words_find(const struct words *words, const char *text);

/* The word of a number that words_number gave. Lent; the struct until the next words_number, its text until words_free. */
struct word *words_at(const struct words *words, uint32_t number);

void words_free(struct words *words);

#endif
