/*
 * gather.h -- records kept in memory until they are put in the order of their
 * keys: what a long run of entries changes, each record once. A run ends when
 * the memory is full, which is how large it was made and no larger.
 */
#ifndef LEDGER_GATHER_H
#define LEDGER_GATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

struct gather;

/* What is known of a key: it is set; it may have been, and been cleared; it was never set. */
enum gather_known { GATHER_HAS, GATHER_HAD, GATHER_NEVER };

/* A record. Lent until the next set. */
struct gathered {
	unsigned table;
	bool deleted;
	struct bytes key;
	struct bytes value;
};

/* ERR_MEMORY. The caller owns `*gather`. Memory is used as far as it is filled. */
MUST_CHECK enum err gather_new(struct gather **gather, size_t bytes);
void gather_free(struct gather **gather);
size_t gather_size(const struct gather *gather);

/* What is known of the key; `record` when it is set. */
enum gather_known gather_get(const struct gather *gather, unsigned table, struct bytes key, struct gathered *record);

/* `value` NULL: there is no such key any more. What is set is none of what was lent. Keys are at most 255 bytes, values 64 KiB less one. ERR_MEMORY when there is no room. */
MUST_CHECK enum err gather_set(struct gather *gather, unsigned table, struct bytes key, const struct bytes *value);

/* Whether so much is there that records of `bytes` bytes, heads of 16 included, may not fit. */
bool gather_is_full(const struct gather *gather, size_t bytes);

/* Put all in order, by table and then by key; gather_at gives one after the other. Nothing is set before gather_clear. ERR_MEMORY. */
MUST_CHECK enum err gather_sort(struct gather *gather, size_t *count);
struct gathered gather_at(const struct gather *gather, size_t i);
void gather_clear(struct gather *gather);

#endif
