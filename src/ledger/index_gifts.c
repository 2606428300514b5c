/*
 * The gifts of pledges that come again, each by a receipt token of its own. What is given once is one gift: its pledge's
 * token opens that.
 */
#include <string.h>

#include "ledger/index_store.h"

enum { GIFT_KEY_BYTES = TOKEN_BYTES + 8 + TOKEN_BYTES };

/* In the order in which they were given. */
static void gift_key(const char *pledge, int64_t given_s, const char *receipt, uint8_t key[static GIFT_KEY_BYTES])
{
	memset(key, 0, GIFT_KEY_BYTES);
	token_bytes(pledge, key);
	store_seq_key((uint64_t)given_s, key + TOKEN_BYTES);
	if (receipt[0] != '\0')
		token_bytes(receipt, key + TOKEN_BYTES + 8);
}

static struct bytes view(const uint8_t *bytes, size_t length)
{
	return (struct bytes){ (const char *)bytes, length };
}

enum err gifts_apply(struct index *index, const struct pledge *pledge, const struct payment *payment, struct why *why)
{
	char value[TOKEN_BYTES + OBJECT_ID_SIZE];
	struct buffer opens = BUFFER_ON(value);
	uint8_t key[GIFT_KEY_BYTES];
	char receipt[TOKEN_SIZE];

	if (pledge->interval == INTERVAL_ONCE || !payment_is_gift(payment))
		return OK;
	enum err err = token_receipt(index->secret, pledge->id, payment->id, receipt);

	if (err != OK)
		return err;
	gift_key(pledge->id, payment->given_s, receipt, key);
	buffer_bytes(&opens, view(key, TOKEN_BYTES));
	buffer_bytes(&opens, bytes_of(payment->id));
	err = buffer_err(&opens);
	if (err == OK)
		err = store_put(index, TABLE_RECEIPTS, view(key + TOKEN_BYTES + 8, TOKEN_BYTES), buffer_view(&opens), why);
	return err == OK ? store_put(index, TABLE_GIFTS, view(key, sizeof key), bytes_of(payment->id), why) : err;
}

/* What a token opens: a pledge (then `payment` is ""), or that payment of one. */
static enum err open_receipt(struct index *index, MDB_txn *txn, const char *token, struct pledge *pledge,
                             char payment[static OBJECT_ID_SIZE])
{
	uint8_t key[TOKEN_BYTES];
	struct bytes value = { 0 };

	token_bytes(token, key);
	enum err err = store_get(index, txn, TABLE_RECEIPTS, view(key, sizeof key), &value);

	if (err != OK)
		return err;
	if (value.length < TOKEN_BYTES || value.length >= TOKEN_BYTES + OBJECT_ID_SIZE)
		return store_noted(index, ERR_CORRUPT);
	memcpy(key, value.data, TOKEN_BYTES);
	memset(payment, 0, OBJECT_ID_SIZE);
	memcpy(payment, value.data + TOKEN_BYTES, value.length - TOKEN_BYTES);
	return store_get_pledge(index, txn, key, pledge);
}

enum err index_receipt(struct index *index, const char *token, struct pledge *pledge)
{
	char payment[OBJECT_ID_SIZE];
	MDB_txn *txn;

	if (!token_is_receipt(bytes_of(token)))
		return ERR_UNKNOWN;
	enum err err = store_read_begin(index, &txn);

	if (err != OK)
		return err;
	err = open_receipt(index, txn, token, pledge, payment);
	store_read_end(index, txn);
	return err == OK && payment[0] != '\0' ? ERR_UNKNOWN : err;
}

enum err index_gift(struct index *index, const char *token, struct pledge *pledge, struct payment *payment)
{
	char id[OBJECT_ID_SIZE];
	MDB_txn *txn;

	if (!token_is_receipt(bytes_of(token)))
		return ERR_UNKNOWN;
	enum err err = store_read_begin(index, &txn);

	if (err != OK)
		return err;
	err = open_receipt(index, txn, token, pledge, id);
	if (err == OK && id[0] == '\0' && pledge->interval == INTERVAL_ONCE)
		memcpy(id, pledge->payment, sizeof id);
	if (err == OK)
		err = id[0] == '\0' ? ERR_UNKNOWN : store_get_payment(index, txn, pledge->account, id, payment);
	store_read_end(index, txn);
	return err == OK && !payment_is_gift(payment) ? ERR_UNKNOWN : err;
}

/* The next gift of the pledge behind the key `at`, which becomes its key; whether or not it is one still. */
static enum err seek_gift(struct index *index, MDB_txn *txn, const struct pledge *pledge, uint8_t at[static GIFT_KEY_BYTES],
                          struct payment *payment)
{
	uint8_t behind[GIFT_KEY_BYTES + 1] = { 0 };
	char id[OBJECT_ID_SIZE] = "";
	struct bytes key;
	struct bytes value;

	/* The first key behind another one is that one with a NUL. */
	memcpy(behind, at, GIFT_KEY_BYTES);
	enum err err = store_seek(index, txn, TABLE_GIFTS, view(behind, sizeof behind), &key, &value);

	if (err != OK)
		return err;
	if (key.length != GIFT_KEY_BYTES || value.length >= sizeof id)
		return store_noted(index, ERR_CORRUPT);
	if (memcmp(key.data, at, TOKEN_BYTES) != 0)
		return ERR_UNKNOWN;
	memcpy(at, key.data, GIFT_KEY_BYTES);
	memcpy(id, value.data, value.length);
	return store_get_payment(index, txn, pledge->account, id, payment);
}

/* Whether that key is the payment's: whoever goes on behind it next time has only the payment and its receipt. */
static enum err is_its_key(struct index *index, const struct pledge *pledge, const struct payment *payment,
                           const uint8_t at[static GIFT_KEY_BYTES], char receipt[static TOKEN_SIZE], bool *is)
{
	uint8_t key[GIFT_KEY_BYTES];
	enum err err = token_receipt(index->secret, pledge->id, payment->id, receipt);

	if (err != OK)
		return err;
	gift_key(pledge->id, payment->given_s, receipt, key);
	*is = memcmp(key, at, sizeof key) == 0;
	return OK;
}

enum err index_gift_next(struct index *index, const struct pledge *pledge, struct payment *payment,
                         char receipt[static TOKEN_SIZE])
{
	uint8_t at[GIFT_KEY_BYTES];
	bool is = false;
	MDB_txn *txn;
	enum err err = store_read_begin(index, &txn);

	if (err != OK)
		return err;
	gift_key(pledge->id, receipt[0] == '\0' ? 0 : payment->given_s, receipt, at);
	do {
		err = seek_gift(index, txn, pledge, at, payment);
		if (err == OK)
			err = is_its_key(index, pledge, payment, at, receipt, &is);
	} while (err == OK && (!is || !payment_is_gift(payment)));
	store_read_end(index, txn);
	return err;
}
