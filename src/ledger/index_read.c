/* What other threads ask the index, each answer from a read transaction of its own. */
#include <string.h>

#include "base/text.h"
#include "ledger/index_store.h"

/* A pledge through a table whose values are the bytes of pledge tokens. */
static enum err pledge_through(struct index *index, enum table table, struct bytes key, struct pledge *pledge)
{
	uint8_t token[TOKEN_BYTES];
	MDB_txn *txn;
	enum err err = store_read_begin(index, &txn);

	if (err != OK)
		return err;
	err = store_get_fixed(index, txn, table, key, token, sizeof token);
	if (err == OK)
		err = store_get_pledge(index, txn, token, pledge);
	store_read_end(index, txn);
	return err;
}

enum err index_pledge(struct index *index, const char *id, struct pledge *pledge)
{
	uint8_t token[TOKEN_BYTES];
	MDB_txn *txn;

	if (!token_is_pledge(bytes_of(id)))
		return ERR_UNKNOWN;
	token_bytes(id, token);
	enum err err = store_read_begin(index, &txn);

	if (err != OK)
		return err;
	err = store_get_pledge(index, txn, token, pledge);
	store_read_end(index, txn);
	return err;
}

enum err index_receipt(struct index *index, const char *token, struct pledge *pledge)
{
	uint8_t key[TOKEN_BYTES];

	if (!token_is_receipt(bytes_of(token)))
		return ERR_UNKNOWN;
	token_bytes(token, key);
	return pledge_through(index, TABLE_RECEIPTS, (struct bytes){ (const char *)key, sizeof key }, pledge);
}

enum err index_key(struct index *index, const char *key, struct pledge *pledge)
{
	uint8_t digest[32];

	if (text_unhex(bytes_of(key), digest, sizeof digest) != OK)
		return ERR_UNKNOWN;
	return pledge_through(index, TABLE_KEYS, (struct bytes){ (const char *)digest, DIGEST_KEY_BYTES }, pledge);
}

enum err index_object(struct index *index, const char *account, const char *object, struct pledge *pledge)
{
	struct object_record record;
	struct record_key key;
	MDB_txn *txn;
	enum err err = record_key_of(account, object, &key);

	if (err == OK)
		err = store_read_begin(index, &txn);
	if (err != OK)
		return err;
	err = store_get_fixed(index, txn, TABLE_OBJECTS, record_key_view(&key), &record, sizeof record);
	if (err == OK)
		err = store_get_pledge(index, txn, record.pledge, pledge);
	store_read_end(index, txn);
	return err;
}

enum err index_totals(struct index *index, const char *campaign, const struct currency *currency,
                      struct campaign_totals *totals)
{
	struct record_key key;
	MDB_txn *txn;
	enum err err = record_key_of(campaign, currency->code, &key);

	if (err == OK)
		err = store_read_begin(index, &txn);
	if (err != OK)
		return err;
	err = store_get_fixed(index, txn, TABLE_TOTALS, record_key_view(&key), totals, sizeof *totals);
	store_read_end(index, txn);
	if (err != ERR_UNKNOWN)
		return err;
	memset(totals, 0, sizeof *totals);
	totals->settled.currency = *currency;
	totals->pending.currency = *currency;
	return OK;
}

enum err index_parked(struct index *index, uint64_t *count)
{
	MDB_stat stat;
	MDB_txn *txn;
	enum err err = store_read_begin(index, &txn);

	if (err != OK)
		return err;
	int result = mdb_stat(txn, index->tables[TABLE_PARKED], &stat);

	store_read_end(index, txn);
	*count = result == 0 ? stat.ms_entries : 0;
	return result == 0 ? OK : ERR_STORAGE;
}
