#include "ledger/index_store.h"

#include <errno.h>
#include <string.h>

enum err store_err(struct why *why, int result, const char *what)
{
	bool torn = result == MDB_CORRUPTED || result == MDB_PAGE_NOTFOUND || result == MDB_CURSOR_FULL;
	enum err err = result == ENOMEM ? ERR_MEMORY : torn ? ERR_CORRUPT : ERR_STORAGE;

	return why_set(why, err, "index: cannot %s: %s", what, mdb_strerror(result));
}

enum err store_noted(struct index *index, enum err err)
{
	if (err == ERR_CORRUPT)
		index->damaged = true;
	return err;
}

bool index_is_damaged(const struct index *index)
{
	return index->damaged;
}

MDB_val store_value_of(struct bytes bytes)
{
	union {
		const char *in;
		void *out;
	} pointer = { bytes.data };

	return (MDB_val){ bytes.length, pointer.out };
}

/* ---- a batch ---- */

enum err store_begin(struct index *index, struct why *why)
{
	enum err err = store_make_room(index, why);

	if (err != OK)
		return err;
	MDB_txn *batch = NULL;
	int result = mdb_txn_begin(index->environment, NULL, 0, &batch);

	index->batch = batch;
	return result == 0 ? OK : store_err(why, result, "begin");
}

enum err index_begin(struct index *index, struct why *why)
{
	memo_clear(&index->memo);
	index->sum_count = 0;
	return store_begin(index, why);
}

static enum err finish_batch(struct index *index, const struct position *end, struct why *why)
{
	struct head_record head = { .seq = end->seq, .newest_at_s = index->newest_at_s };

	memcpy(head.chain, end->chain, CHAIN_BYTES);
	enum err err = sums_flush(index, why);

	if (err == OK)
		err = store_put(index, TABLE_META, BYTES_LITERAL("head"), (struct bytes){ (const char *)&head, sizeof head }, why);
	return err == OK && index->gather != NULL ? gather_flush(index, why) : err;
}

enum err index_commit(struct index *index, const struct position *end, struct why *why)
{
	enum err err = finish_batch(index, end, why);

	if (err != OK) {
		index_abort(index);
		return err;
	}
	int result = mdb_txn_commit(index->batch);

	index->batch = NULL;
	return result == 0 ? OK : store_err(why, result, "commit");
}

void index_abort(struct index *index)
{
	if (index->batch != NULL)
		mdb_txn_abort(index->batch);
	index->batch = NULL;
}

/* ---- get and put ---- */

static enum err fetch(struct index *index, MDB_txn *txn, enum table table, struct bytes key, struct bytes *value)
{
	MDB_val name = store_value_of(key);
	MDB_val found;
	int result = mdb_get(txn, index->tables[table], &name, &found);

	if (result == MDB_NOTFOUND)
		return ERR_UNKNOWN;
	if (result != 0)
		return store_noted(index, store_err(NULL, result, "read"));
	*value = (struct bytes){ found.mv_data, found.mv_size };
	return OK;
}

static enum err get_gathered(struct index *index, enum table table, struct bytes key, struct bytes *value)
{
	struct gathered record;

	switch (gather_get(index->gather, table, key, &record)) {
	case GATHER_HAS:
		*value = record.value;
		return record.deleted ? ERR_UNKNOWN : OK;
	case GATHER_HAD:
		return fetch(index, index->batch, table, key, value);
	case GATHER_NEVER:
		break;
	}
	return ERR_UNKNOWN;
}

enum err store_get(struct index *index, MDB_txn *txn, enum table table, struct bytes key, struct bytes *value)
{
	if (txn != index->batch)
		return fetch(index, txn, table, key, value);
	if (index->gather != NULL)
		return get_gathered(index, table, key, value);
	bool known;

	if (memo_get(&index->memo, table, key, &known, value))
		return known ? OK : ERR_UNKNOWN;
	enum err err = fetch(index, txn, table, key, value);

	if (err == OK || err == ERR_UNKNOWN)
		memo_set(&index->memo, table, key, err == OK ? value : NULL);
	return err;
}

enum err store_put(struct index *index, enum table table, struct bytes key, struct bytes value, struct why *why)
{
	if (index->gather != NULL)
		return gather_set(index->gather, table, key, &value);
	MDB_val name = store_value_of(key);
	MDB_val content = store_value_of(value);
	int result = mdb_put(index->batch, index->tables[table], &name, &content, 0);

	if (result != 0)
		return store_noted(index, store_err(why, result, "write"));
	memo_set(&index->memo, table, key, &value);
	return OK;
}

enum err store_delete(struct index *index, enum table table, struct bytes key, struct why *why)
{
	if (index->gather != NULL)
		return gather_set(index->gather, table, key, NULL);
	MDB_val name = store_value_of(key);
	int result = mdb_del(index->batch, index->tables[table], &name, NULL);

	memo_set(&index->memo, table, key, NULL);
	return result == 0 || result == MDB_NOTFOUND ? OK : store_noted(index, store_err(why, result, "delete"));
}

enum err store_read_begin(struct index *index, MDB_txn **txn)
{
	pthread_rwlock_rdlock(&index->growing);
	int result = mdb_txn_begin(index->environment, NULL, MDB_RDONLY, txn);

	if (result == 0)
		return OK;
	pthread_rwlock_unlock(&index->growing);
	return result == MDB_READERS_FULL ? ERR_BUSY : store_err(NULL, result, "read");
}

void store_read_end(struct index *index, MDB_txn *txn)
{
	mdb_txn_abort(txn);
	pthread_rwlock_unlock(&index->growing);
}

enum err store_get_fixed(struct index *index, MDB_txn *txn, enum table table, struct bytes key, void *out,
                         size_t size)
{
	struct bytes value = { 0 };
	enum err err = store_get(index, txn, table, key, &value);

	if (err != OK)
		return err;
	if (value.length != size)
		return store_noted(index, ERR_CORRUPT);
	memcpy(out, value.data, size);
	return OK;
}

enum err store_get_pledge(struct index *index, MDB_txn *txn, const uint8_t token[static TOKEN_BYTES],
                          struct pledge *pledge)
{
	struct bytes value = { 0 };
	enum err err = store_get(index, txn, TABLE_PLEDGES, (struct bytes){ (const char *)token, TOKEN_BYTES }, &value);

	return err == OK ? store_noted(index, record_get_pledge(value, pledge)) : err;
}
