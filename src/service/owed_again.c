#include "service/owed_again.h"

#include <stdlib.h>
#include <string.h>

enum {
	REMEMBERED_MAX = 65536,
	FIRST_WAIT_MS = 250,
	LONGEST_WAIT_MS = 15 * 60 * 1000,
};

/* Where a seq stands or belongs. */
static size_t place_of(const struct again_table *table, uint64_t seq)
{
	size_t low = 0;
	size_t high = table->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table->things[middle].seq < seq)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct again *again_find(const struct again_table *table, uint64_t seq)
{
	size_t place = place_of(table, seq);

	return place < table->count && table->things[place].seq == seq ? &table->things[place] : NULL;
}

static bool make_room(struct again_table *table)
{
	if (table->count < table->size)
		return true;
	size_t size = table->size == 0 ? 64 : table->size * 2;
	struct again *grown = size > REMEMBERED_MAX ? NULL : realloc(table->things, size * sizeof *grown);

	if (grown == NULL)
		return false;
	table->things = grown;
	table->size = size;
	return true;
}

struct again *again_add(struct again_table *table, uint64_t seq)
{
	size_t place = place_of(table, seq);

	if (!make_room(table))
		return NULL;
	struct again *made = &table->things[place];

	memmove(made + 1, made, (table->count - place) * sizeof *made);
	table->count++;
	*made = (struct again){ .seq = seq };
	return made;
}

void again_later(struct again *again, int64_t now_us)
{
	int64_t ms = FIRST_WAIT_MS;

	again->attempts++;
	for (unsigned i = 1; i < again->attempts && ms < LONGEST_WAIT_MS; i++)
		ms *= 2;
	again->due_us = now_us + (ms < LONGEST_WAIT_MS ? ms : LONGEST_WAIT_MS) * 1000;
}

void again_free(struct again_table *table)
{
	free(table->things);
	*table = (struct again_table){ 0 };
}
