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
#include "ledger/index.h"
#include "ledger/memo.h"
#include "ledger/record.h"

enum table {
	TABLE_EVENTS,   /* (account, event id) → event_record; ("!" content, event id) for alarms */
	TABLE_OBJECTS,  /* (account, object id) → object_record */
	TABLE_PLEDGES,  /* the bytes of the token → pledge */
	TABLE_RECEIPTS, /* the bytes of the receipt token → the bytes of the pledge's */
	TABLE_KEYS,     /* the head of the idempotency key's digest → the bytes of the pledge's token */
	TABLE_TOTALS,   /* (campaign, currency) → campaign_totals */
	TABLE_PARKED,   /* seq, big-endian → the parked event */
	TABLE_META,     /* "format", "secret" */
	TABLES,
};

struct index {
	MDB_env *environment;
	MDB_dbi tables[TABLES];
	MDB_txn *batch;            /* the writing thread's, between begin and commit */
	struct memo memo;          /* … and what it remembers */
	pthread_rwlock_t growing;  /* read transactions hold it for reading; growing the map for writing */
	uint8_t secret[RECEIPT_SECRET_BYTES];
	bool opened;               /* the ledger's first line was taken in */
	bool live;
};

/* ERR_UNKNOWN when there is no such key; the bytes are lent until the next get or put, or the transaction's end. */
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

/* A pledge by the 16 bytes of its token. */
MUST_CHECK enum err store_get_pledge(struct index *index, MDB_txn *txn, const uint8_t token[static TOKEN_BYTES],
                                     struct pledge *pledge);

#endif
