/*
 * Sums that nearly every entry changes: a batch keeps them here and puts each once, at its end. Few are touched many
 * times; when there are too many all are put, and it begins anew.
 */
#include <string.h>

#include "ledger/index_store.h"

static struct sum *find(struct index *index, enum table table, const struct record_key *key)
{
	for (size_t i = 0; i < index->sum_count; i++) {
		struct sum *sum = &index->sums[i];

		if (sum->table == table && bytes_equal(record_key_view(&sum->key), record_key_view(key)))
			return sum;
	}
	return NULL;
}

enum err sums_get(struct index *index, enum table table, const struct record_key *key, void *out, size_t size)
{
	const struct sum *sum = find(index, table, key);

	if (sum == NULL)
		return store_get_fixed(index, index->batch, table, record_key_view(key), out, size);
	memcpy(out, sum->value, size);
	return OK;
}

enum err sums_put(struct index *index, enum table table, const struct record_key *key, const void *value, size_t size,
                  struct why *why)
{
	struct sum *sum = find(index, table, key);
	enum err err = sum == NULL && index->sum_count == SUMS_MAX ? sums_flush(index, why) : OK;

	if (err != OK)
		return err;
	if (sum == NULL) {
		sum = &index->sums[index->sum_count++];
		sum->table = table;
		sum->key = *key;
	}
	sum->size = size;
	memcpy(sum->value, value, size);
	return OK;
}

enum err sums_flush(struct index *index, struct why *why)
{
	enum err err = OK;

	for (size_t i = 0; err == OK && i < index->sum_count; i++) {
		const struct sum *sum = &index->sums[i];

		err = store_put(index, sum->table, record_key_view(&sum->key), (struct bytes){ sum->value, sum->size }, why);
	}
	index->sum_count = 0;
	return err;
}
