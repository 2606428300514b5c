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

/* One of another key would lead the walk elsewhere. */
static enum err take_pledge(struct bytes key, struct bytes value, struct pledge *pledge)
{
	uint8_t token[TOKEN_BYTES];
	struct pledge found;
	enum err err = record_get_pledge(value, &found);

	if (err != OK || !token_is_pledge(bytes_of(found.id)))
		return ERR_CORRUPT;
	token_bytes(found.id, token);
	if (!bytes_equal(key, (struct bytes){ (const char *)token, sizeof token }))
		return ERR_CORRUPT;
	*pledge = found;
	return OK;
}

enum err index_pledge_next(struct index *index, struct pledge *pledge)
{
	uint8_t behind[TOKEN_BYTES + 1] = { 0 };
	struct bytes key;
	struct bytes value;
	MDB_txn *txn;
	enum err err = store_read_begin(index, &txn);

	if (err != OK)
		return err;
	/* The first key behind another one is that one with a NUL. */
	if (pledge->id[0] != '\0')
		token_bytes(pledge->id, behind);
	err = store_seek(index, txn, TABLE_PLEDGES, (struct bytes){ (const char *)behind, sizeof behind }, &key, &value);
	if (err == OK)
		err = store_noted(index, take_pledge(key, value, pledge));
	store_read_end(index, txn);
	return err;
}

bool index_knows_event(struct index *index, const char *account, const struct event *event)
{
	struct event_record record;
	struct record_key key;
	MDB_txn *txn;

	if (record_key_of(account, event->id, &key) != OK || store_read_begin(index, &txn) != OK)
		return false;
	bool known = store_get_fixed(index, txn, TABLE_EVENTS, record_key_view(&key), &record, sizeof record) == OK;

	store_read_end(index, txn);
	bool was_unreadable = false;

	if (known && event->kind != EVENT_UNREADABLE)
		err_ignore(event_was_unreadable(event, record.digest, sizeof record.digest, &was_unreadable)); /* then it counts as known */
	return known && !was_unreadable;
}

int64_t index_newest_event_s(struct index *index)
{
	struct head_record head;
	MDB_txn *txn;

	if (store_read_begin(index, &txn) != OK)
		return 0;
	enum err err = store_get_fixed(index, txn, TABLE_META, BYTES_LITERAL("head"), &head, sizeof head);

	store_read_end(index, txn);
	return err == OK ? head.newest_at_s : 0;
}

enum err index_key(struct index *index, const char *key, struct pledge *pledge)
{
	uint8_t digest[32];

	if (text_unhex(bytes_of(key), digest, sizeof digest) != OK)
		return ERR_UNKNOWN;
	return pledge_through(index, TABLE_KEYS, (struct bytes){ (const char *)digest, DIGEST_KEY_BYTES }, pledge);
}

/* The pledge behind an object: its own, or that of the payment that it leads to. */
static enum err pledge_behind(struct index *index, MDB_txn *txn, const char *account, const char *object, struct pledge *pledge)
{
	struct known_object known;
	struct payment payment;
	enum err err = store_get_known(index, txn, account, object, &known);

	if (err == OK && known.sort == KNOWN_LINK)
		return store_find_pledge(index, txn, known.u.link.pledge, pledge);
	if (err == OK)
		err = store_get_payment(index, txn, account, object, &payment);
	return err == OK ? store_find_pledge(index, txn, payment.pledge, pledge) : err;
}

enum err index_object(struct index *index, const char *account, const char *object, struct pledge *pledge)
{
	MDB_txn *txn;
	enum err err = store_read_begin(index, &txn);

	if (err != OK)
		return err;
	err = pledge_behind(index, txn, account, object, pledge);
	store_read_end(index, txn);
	return err;
}

enum err index_payment(struct index *index, const char *account, const char *object, struct payment *payment)
{
	MDB_txn *txn;
	enum err err = store_read_begin(index, &txn);

	if (err != OK)
		return err;
	err = store_get_payment(index, txn, account, object, payment);
	store_read_end(index, txn);
	return err;
}

enum err index_provider_object(struct index *index, const char *account, const char *object, struct provider_object *known)
{
	struct known_object record;
	MDB_txn *txn;
	enum err err = store_read_begin(index, &txn);

	if (err != OK)
		return err;
	err = store_get_known(index, txn, account, object, &record);
	store_read_end(index, txn);
	if (err == OK && record.sort != KNOWN_OBJECT)
		err = ERR_UNKNOWN;
	if (err == OK)
		*known = record.u.object;
	return err;
}

static enum err balance_key(const struct account_balance *balance, struct record_key *key)
{
	char account[LEDGER_ACCOUNT_TEXT_SIZE];

	ledger_account_format(&balance->account, account);
	return record_key_of(account, balance->sum.currency.code, key);
}

/* The key of a balance is its account and currency with a NUL between them; none is too long for that. */
static enum err read_balance(struct bytes key, struct bytes value, struct account_balance *balance)
{
	size_t length = strnlen(key.data, key.length);
	struct bytes account = { key.data, length };
	struct account_balance found;
	struct record_key same;

	if (length + 1 >= key.length || value.length != sizeof found.sum.minor || ledger_account_parse(account, &found.account) != OK
	    || currency_parse((struct bytes){ key.data + length + 1, key.length - length - 1 }, &found.sum.currency) != OK
	    || balance_key(&found, &same) != OK || !bytes_equal(key, record_key_view(&same)))
		return ERR_CORRUPT;
	memcpy(&found.sum.minor, value.data, value.length);
	*balance = found;
	return OK;
}

/* The next balance behind one, in a transaction. */
static enum err seek_balance(struct index *index, MDB_txn *txn, struct account_balance *balance)
{
	char behind[KEY_BYTES_MAX + 1] = { 0 };
	struct record_key from = { .length = 0 };
	struct bytes key;
	struct bytes value;
	enum err err = balance->sum.currency.code[0] != '\0' ? balance_key(balance, &from) : OK;

	if (err != OK)
		return err;
	/* The first key behind another one is that one with a NUL. */
	memcpy(behind, from.bytes, from.length);
	err = store_seek(index, txn, TABLE_BALANCES, (struct bytes){ behind, from.length + 1 }, &key, &value);
	return err == OK ? store_noted(index, read_balance(key, value, balance)) : err;
}

enum err index_balance_next(struct index *index, struct account_balance *balance)
{
	MDB_txn *txn;
	enum err err = store_read_begin(index, &txn);

	if (err != OK)
		return err;
	err = seek_balance(index, txn, balance);
	store_read_end(index, txn);
	return err;
}

/* What a balance's provider told, from the same moment. */
static enum err read_told(struct index *index, MDB_txn *txn, const struct account_balance *at, struct provider_balance *balance)
{
	struct record_key key;

	*balance = (struct provider_balance){ .books = at->sum };
	memcpy(balance->account, at->account.first, sizeof balance->account);
	enum err err = balance_key(at, &key);

	if (err == OK)
		err = store_get_fixed(index, txn, TABLE_TOLD, record_key_view(&key), &balance->told, sizeof balance->told);
	return err == ERR_UNKNOWN ? OK : err;
}

enum err index_provider_next(struct index *index, struct provider_balance *balance)
{
	struct account_balance at = { .account = ledger_account_make(ACCOUNT_PROVIDER, balance->account, ""), .sum = balance->books };
	MDB_txn *txn;
	enum err err = store_read_begin(index, &txn);

	if (err != OK)
		return err;
	do {
		err = seek_balance(index, txn, &at);
	} while (err == OK && at.account.kind != ACCOUNT_PROVIDER);
	if (err == OK)
		err = read_told(index, txn, &at, balance);
	store_read_end(index, txn);
	return err;
}

enum err index_counts(struct index *index, uint64_t *parked, uint64_t *owed)
{
	MDB_stat parked_stat;
	MDB_stat owed_stat;
	MDB_txn *txn;
	enum err err = store_read_begin(index, &txn);

	if (err != OK)
		return err;
	int result = mdb_stat(txn, index->tables[TABLE_PARKED], &parked_stat);

	if (result == 0)
		result = mdb_stat(txn, index->tables[TABLE_OWED], &owed_stat);
	store_read_end(index, txn);
	if (result != 0)
		return ERR_STORAGE;
	*parked = parked_stat.ms_entries;
	*owed = owed_stat.ms_entries;
	return OK;
}
