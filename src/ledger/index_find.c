/* Finding what an id of the provider leads to, in either kind of transaction. */
#include <assert.h>
#include <string.h>

#include "ledger/index_store.h"

void store_seq_key(uint64_t seq, uint8_t key[static 8])
{
	for (int i = 7; i >= 0; i--) {
		key[i] = (uint8_t)seq;
		seq >>= 8;
	}
}

uint64_t store_key_seq(const uint8_t key[static 8])
{
	uint64_t seq = 0;

	for (int i = 0; i < 8; i++)
		seq = seq << 8 | key[i];
	return seq;
}

/* In LMDB's order. */
static bool is_before(struct bytes key, struct bytes from)
{
	int order = memcmp(key.data, from.data, key.length < from.length ? key.length : from.length);

	return order != 0 ? order < 0 : key.length < from.length;
}

enum err store_seek(struct index *index, MDB_txn *txn, enum table table, struct bytes from, struct bytes *key, struct bytes *value)
{
	char space[KEY_BYTES_MAX + 1];
	MDB_cursor *cursor;
	MDB_val found;

	assert(txn != index->batch || index->gather == NULL); /* it does not see what is gathered */
	memcpy(space, from.data, from.length);
	MDB_val name = { from.length, space };
	int result = mdb_cursor_open(txn, index->tables[table], &cursor);

	if (result != 0)
		return store_err(NULL, result, "read");
	result = mdb_cursor_get(cursor, &name, &found, MDB_SET_RANGE);
	mdb_cursor_close(cursor);
	if (result != 0)
		return result == MDB_NOTFOUND ? ERR_UNKNOWN : store_noted(index, store_err(NULL, result, "read"));
	*key = (struct bytes){ name.mv_data, name.mv_size };
	if (key->length > KEY_BYTES_MAX || is_before(*key, from))
		return store_noted(index, ERR_CORRUPT);
	*value = (struct bytes){ found.mv_data, found.mv_size };
	return OK;
}

enum err store_get_known(struct index *index, MDB_txn *txn, const char *account, const char *object, struct known_object *known)
{
	struct record_key key;
	struct bytes value = { 0 };
	enum err err = record_key_of(account, object, &key);

	if (err == OK)
		err = store_get(index, txn, TABLE_OBJECTS, record_key_view(&key), &value);
	return err == OK ? store_noted(index, record_get_known(value, known)) : err;
}

enum err store_get_payment(struct index *index, MDB_txn *txn, const char *account, const char *object, struct payment *payment)
{
	struct known_object known;
	enum err err = store_get_known(index, txn, account, object, &known);
	char next[OBJECT_ID_SIZE];

	if (err != OK)
		return err;
	if (known.sort != KNOWN_PAYMENT) {
		memcpy(next, known.sort == KNOWN_LINK ? known.u.link.payment : known.u.object.payment, sizeof next);
		err = next[0] == '\0' ? ERR_UNKNOWN : store_get_known(index, txn, account, next, &known);
	}
	if (err != OK || known.sort != KNOWN_PAYMENT)
		return err == OK ? ERR_UNKNOWN : err;
	*payment = known.u.payment;
	return OK;
}

enum err store_find_pledge(struct index *index, MDB_txn *txn, const char *id, struct pledge *pledge)
{
	uint8_t token[TOKEN_BYTES];

	if (id[0] == '\0')
		return ERR_UNKNOWN;
	token_bytes(id, token);
	return store_get_pledge(index, txn, token, pledge);
}

static const char *find_ref(const struct ref *refs, size_t count, enum ref_kind kind)
{
	for (size_t i = 0; i < count; i++)
		if (refs[i].kind == kind)
			return refs[i].id;
	return "";
}

enum err store_object_key(const char *account, enum event_kind kind, const struct ref *refs, size_t ref_count,
                          struct record_key *key)
{
	const char *object = event_object_of(kind, "", refs, ref_count);

	if (kind == EVENT_PAID_OUT)
		account = find_ref(refs, ref_count, REF_PAYOUT);
	else if (kind == EVENT_REFUNDED || kind == EVENT_REFUND_FAILED)
		object = find_ref(refs, ref_count, REF_REFUND); /* not the charge, which stands for all of its refunds */
	else if (object_rank(kind) == 0 && kind != EVENT_CLEARED && kind != EVENT_PAYOUT_EXPLAINED)
		object = "";
	return object[0] == '\0' ? ERR_UNKNOWN : record_key_of(account, object, key);
}
