/*
 * index_store.h -- private to the index: its LMDB tables, and the one way to
 * get and put in them.
 */
#ifndef LEDGER_INDEX_STORE_H
#define LEDGER_INDEX_STORE_H

#include <lmdb.h>
#include <pthread.h>
#include <stdbool.h>

#include "base/bytes.h"
#include "domain/token.h"
#include "ledger/gather.h"
#include "ledger/index.h"
#include "ledger/memo.h"
#include "ledger/record.h"

enum table {
	TABLE_EVENTS,   /* (account, event id) → event_record; ("!" content, event id) for alarms; ("#", reference), ("#?", reference) */
	TABLE_OBJECTS,  /* (account, object id) → known_object; (payout, line of the balance) likewise */
	TABLE_PLEDGES,  /* the bytes of the token → pledge */
	TABLE_RECEIPTS, /* the bytes of the receipt token → the bytes of the pledge's, of a payment's with its id behind them */
	TABLE_KEYS,     /* the head of the idempotency key's digest → the bytes of the pledge's token */
	TABLE_TOTALS,   /* (campaign, currency and month) → what that month changed of campaign_totals */
	TABLE_PARKED,   /* seq, big-endian → the parked event */
	TABLE_WAITING,  /* seq, big-endian, of those that wait for another entry */
	TABLE_OWED,     /* (verb and account, object) → owed */
	TABLE_BALANCES, /* (ledger account, currency) → the sum in minor units */
	TABLE_TOLD,     /* the same for assets:provider: accounts, by what the provider told of its balance alone */
	TABLE_BY_HAND,  /* seq, big-endian, and the posting's number → by_hand */
	TABLE_STOCK,    /* tier → how many pledges take one of its stock */
	TABLE_GIFTS,    /* (the bytes of the pledge's token, when it was given, those of its receipt's) → the payment's id; not for what is given once */
	TABLE_META,     /* "format", "secret" */
	TABLES,
};

/* The sums that a batch has not put yet. */
enum { SUMS_MAX = 32 };

struct sum {
	enum table table;
	struct record_key key;
	size_t size;
	char value[sizeof(struct campaign_totals)];
};

struct index {
	MDB_env *environment;
	MDB_dbi tables[TABLES];
	_Atomic(MDB_txn *) batch;  /* the writing thread's, between begin and commit; readers see that it is not theirs */
	struct memo memo;          /* … and what it remembers */
	struct gather *gather;     /* … or gathers, where it does: index_gather_begin */
	struct sum sums[SUMS_MAX];
	size_t sum_count;
	pthread_rwlock_t growing;  /* read transactions hold it for reading; growing the map for writing */
	uint8_t secret[RECEIPT_SECRET_BYTES];
	int64_t newest_at_s;       /* the latest time of an event, by its provider */
	_Atomic(bool) damaged;     /* something in it is not what was put there */
	bool opened;               /* the ledger's first line was taken in */
	bool live;
};

/* How far an index has read. */
struct head_record {
	uint64_t seq;
	int64_t newest_at_s;
	uint8_t chain[CHAIN_BYTES];
};

/* What LMDB's result is to us: ERR_MEMORY, ERR_CORRUPT or ERR_STORAGE, with `why` saying what could not be done. */
enum err store_err(struct why *why, int result, const char *what);

/* `err`, which is what came of reading the index: with ERR_CORRUPT it is damaged from now on. */
enum err store_noted(struct index *index, enum err err);

/* Begin a write transaction in a map that has room for it. ERR_STORAGE with `why`. */
MUST_CHECK enum err store_begin(struct index *index, struct why *why);

/* LMDB takes no const; it does not write to keys or values that are put. */
MDB_val store_value_of(struct bytes bytes);

/*
 * index_open.c: close the index's file and open it again, written through the map or, where much is loaded, by
 * LMDB's own writes: a page that is new costs a fault then neither here nor later. Between batches, while nobody
 * reads. ERR_STORAGE with `why`; then the index is good for nothing but index_close.
 */
MUST_CHECK enum err store_reopen(struct index *index, bool through_map, struct why *why);

/* index_gather.c: what was gathered, into the tables. ERR_STORAGE, ERR_MEMORY with `why`; then some of it may be there. */
MUST_CHECK enum err gather_flush(struct index *index, struct why *why);

/* index_open.c: so much room in the file that a batch surely fits. ERR_STORAGE when the disk has none. */
MUST_CHECK enum err store_make_room(struct index *index, struct why *why);

/* ERR_UNKNOWN when there is no such key, ERR_CORRUPT; the bytes are lent until the next get or put, or the transaction's end. */
MUST_CHECK enum err store_get(struct index *index, MDB_txn *txn, enum table table, struct bytes key,
                              struct bytes *value);

/* Into the batch. ERR_STORAGE with `why`. */
MUST_CHECK enum err store_put(struct index *index, enum table table, struct bytes key, struct bytes value,
                              struct why *why);
MUST_CHECK enum err store_delete(struct index *index, enum table table, struct bytes key, struct why *why);

/* A read transaction; store_read_end must follow each OK. */
MUST_CHECK enum err store_read_begin(struct index *index, MDB_txn **txn);
void store_read_end(struct index *index, MDB_txn *txn);

/* Fetch a fixed-size record. */
MUST_CHECK enum err store_get_fixed(struct index *index, MDB_txn *txn, enum table table, struct bytes key,
                                    void *out, size_t size);

/* Big-endian, so that LMDB's order is the ledger's. */
void store_seq_key(uint64_t seq, uint8_t key[static 8]);
uint64_t store_key_seq(const uint8_t key[static 8]);

/*
 * The first key at or behind `from` in a table, of KEY_BYTES_MAX at most. ERR_UNKNOWN when there is none, ERR_CORRUPT when
 * the table answers with one that is before: who asks from behind the last one comes to an end. The bytes are lent.
 */
MUST_CHECK enum err store_seek(struct index *index, MDB_txn *txn, enum table table, struct bytes from, struct bytes *key,
                               struct bytes *value);

/* What is known of an object of the provider. */
MUST_CHECK enum err store_get_known(struct index *index, MDB_txn *txn, const char *account, const char *object,
                                    struct known_object *known);

/* The payment that an object stands for or leads to. */
MUST_CHECK enum err store_get_payment(struct index *index, MDB_txn *txn, const char *account, const char *object,
                                      struct payment *payment);

/* A pledge by its id. */
MUST_CHECK enum err store_find_pledge(struct index *index, MDB_txn *txn, const char *id, struct pledge *pledge);

/*
 * The key of the object that news of `kind` is about: the refund, dispute or payout, an adjusted line, or a line
 * within its payout. ERR_UNKNOWN when it is about none of these.
 */
MUST_CHECK enum err store_object_key(const char *account, enum event_kind kind, const struct ref *refs, size_t ref_count,
                                     struct record_key *key);

/*
 * index_sums.c: a sum of the batch, into `out` of `size` bytes; ERR_UNKNOWN when there is none. What is put reaches its
 * table with the batch's end, or when there are too many.
 */
MUST_CHECK enum err sums_get(struct index *index, enum table table, const struct record_key *key, void *out, size_t size);
MUST_CHECK enum err sums_put(struct index *index, enum table table, const struct record_key *key, const void *value, size_t size,
                             struct why *why);
MUST_CHECK enum err sums_flush(struct index *index, struct why *why);

/* index_balances.c: add an entry's postings. */
MUST_CHECK enum err balances_add(struct index *index, const struct entry *entry, struct why *why);

/* index_told.c: what an entry tells of the provider's balance, and what of it an operator moved. */
MUST_CHECK enum err told_apply(struct index *index, const struct entry *entry, const struct payment *before, const struct payment *after,
                               struct why *why);

/* index_stock.c: how many of a tier are taken, in any transaction; one more or one less. */
MUST_CHECK enum err stock_taken(struct index *index, MDB_txn *txn, const char *tier, uint64_t *taken);
MUST_CHECK enum err stock_apply(struct index *index, const char *tier, bool before, bool after, struct why *why);

/* index_gifts.c: a payment of the pledge that has become a gift gets a receipt token of its own. */
MUST_CHECK enum err gifts_apply(struct index *index, const struct pledge *pledge, const struct payment *payment, struct why *why);

/* index_work.c: what an entry parks, unparks, owes and has done. `lines` of the balance were read for its object. */
MUST_CHECK enum err work_apply(struct index *index, const struct entry *entry, uint32_t lines, struct why *why);

/* The key of what is owed. */
MUST_CHECK enum err work_owed_key(enum owed_verb verb, const char *account, const char *object, struct record_key *key);

/* The sum of the refunds of a payment that an operator asked for and that are still owed, this batch included. */
MUST_CHECK enum err work_refunds_owed(struct index *index, const char *account, const char *payment, int64_t *sum);

/* index_totals.c: what an entry changes in the totals of campaigns. */
MUST_CHECK enum err totals_apply(struct index *index, const struct entry *entry, const struct pledge *pledge,
                                 const struct payment *before, const struct payment *after, struct why *why);

/* A pledge by the 16 bytes of its token. */
MUST_CHECK enum err store_get_pledge(struct index *index, MDB_txn *txn, const uint8_t token[static TOKEN_BYTES],
                                     struct pledge *pledge);

#endif
