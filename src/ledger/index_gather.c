/*
 * Batches that are gathered: what they put waits in memory and reaches the tables in the order of its keys, so that
 * each page is touched once and what is new stands at the tables' ends, where pages become full.
 *
 * It goes in pieces, each a transaction of its own that changes no more pages than there are bytes to gather in. Nobody reads meanwhile, and an index of
 * which only some pieces are there is one that was never stamped.
 */
#include <assert.h>
#include <string.h>

#include "ledger/index_store.h"

enum {
	ENTRY_BYTES = 512 * 1024,         /* more than one entry can put */
	RECORD_BYTES = 8 * 1024,          /* what a record may cost besides itself: a leaf, and half of the page above */
};

enum err index_gather_begin(struct index *index, size_t bytes, struct why *why)
{
	assert(index->batch == NULL);
	enum err err = store_reopen(index, false, why);

	return err == OK ? gather_new(&index->gather, ENTRY_BYTES + bytes) : err;
}

enum err index_gather_end(struct index *index, struct why *why)
{
	assert(index->batch == NULL);
	gather_free(&index->gather);
	return store_reopen(index, true, why);
}

bool index_gather_is_full(const struct index *index)
{
	return gather_is_full(index->gather, ENTRY_BYTES);
}

/* ---- a table, from its first record to its last ---- */

struct loading {
	MDB_cursor *cursor;
	enum table table;
	size_t piece;                 /* bytes, of the transaction */
	size_t last_length;           /* of the table's last key; 0: it is empty */
	char last[KEY_BYTES_MAX];
};

static bool is_behind(const struct loading *loading, struct bytes key)
{
	size_t shorter = key.length < loading->last_length ? key.length : loading->last_length;
	int order = memcmp(key.data, loading->last, shorter);

	return order > 0 || (order == 0 && key.length > loading->last_length);
}

static enum err open_table(struct index *index, struct loading *loading, enum table table, struct why *why)
{
	MDB_val key = { 0, NULL };
	MDB_val value;
	int result = mdb_cursor_open(index->batch, index->tables[table], &loading->cursor);

	if (result != 0)
		return store_err(why, result, "open a cursor");
	loading->table = table;
	result = mdb_cursor_get(loading->cursor, &key, &value, MDB_LAST);
	loading->last_length = 0;
	if (result == MDB_NOTFOUND)
		return OK;
	if (result != 0 || key.mv_size > sizeof loading->last)
		return store_err(why, result, "read");
	memcpy(loading->last, key.mv_data, key.mv_size);
	loading->last_length = key.mv_size;
	return OK;
}

static void close_table(struct loading *loading)
{
	if (loading->cursor != NULL)
		mdb_cursor_close(loading->cursor);
	loading->cursor = NULL;
}

/* Commit what was put so far and begin again. */
static enum err next_piece(struct index *index, struct loading *loading, struct why *why)
{
	close_table(loading);
	loading->piece = 0;
	int result = mdb_txn_commit(index->batch);

	index->batch = NULL;
	if (result != 0)
		return store_err(why, result, "commit");
	return store_begin(index, why);
}

static enum err take_out(struct index *index, const struct gathered *record, struct why *why)
{
	MDB_val key = store_value_of(record->key);
	int result = mdb_del(index->batch, index->tables[record->table], &key, NULL);

	return result == 0 || result == MDB_NOTFOUND ? OK : store_err(why, result, "delete");
}

static enum err put(struct loading *loading, const struct gathered *record, struct why *why)
{
	MDB_val key = store_value_of(record->key);
	MDB_val value = store_value_of(record->value);
	int result = mdb_cursor_put(loading->cursor, &key, &value, is_behind(loading, record->key) ? MDB_APPEND : 0);

	return result == 0 ? OK : store_err(why, result, "write");
}

static enum err load(struct index *index, struct loading *loading, const struct gathered *record, struct why *why)
{
	enum err err = OK;

	loading->piece += RECORD_BYTES + record->value.length;
	if (loading->piece > gather_size(index->gather))
		err = next_piece(index, loading, why);
	if (err == OK && record->deleted)
		return take_out(index, record, why);
	if (err == OK && (loading->cursor == NULL || loading->table != record->table)) {
		close_table(loading);
		err = open_table(index, loading, record->table, why);
	}
	return err == OK ? put(loading, record, why) : err;
}

enum err gather_flush(struct index *index, struct why *why)
{
	struct loading loading = { .cursor = NULL };
	size_t count = 0;
	enum err err = gather_sort(index->gather, &count);

	for (size_t i = 0; err == OK && i < count; i++) {
		struct gathered record = gather_at(index->gather, i);

		err = load(index, &loading, &record, why);
	}
	close_table(&loading);
	gather_clear(index->gather);
	return err;
}
