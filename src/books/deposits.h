/*
 * deposits.h -- private to the export: what became of payouts, and the
 * sums over what is ours in each. About 500 bytes a payout.
 */
#ifndef BOOKS_DEPOSITS_H
#define BOOKS_DEPOSITS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "domain/entry.h"

struct deposits; /* opaque */

/* Sums over the lines of the provider's balance that a payout holds and that are ours, in its currency. */
struct deposit_sums {
	int64_t deposited; /* at the bank: the payout's amount once it is paid */
	int64_t gross;     /* of gifts */
	int64_t refunded;  /* taken for refunds, less those that came back */
	int64_t disputed;  /* taken for disputes, less those that were won */
	int64_t adjusted;  /* what the provider gave (or took: negative) besides */
	int64_t returned;  /* of earlier payouts that failed */
	int64_t fee;
	int64_t lines;
	bool explained;    /* everything of ours in it was told */
};

struct deposit {
	uint64_t row_seq;  /* the entry that its row belongs to; 0: the period has none of it */
	bool is_change;    /* it was sent before the period: the row tells what changed */
	char account[ID_SIZE];
	char id[OBJECT_ID_SIZE];
	struct money amount;
	enum event_kind status;
	int64_t sent_at_s; /* 0: not told, as the next two */
	int64_t paid_at_s;
	int64_t failed_at_s;
	struct deposit_sums before; /* the period */
	struct deposit_sums after;
};

/* What of a payout is ours: gross - refunded - disputed + adjusted + returned - fee. */
int64_t deposit_ours(const struct deposit_sums *sums);

/* Begin. ERR_MEMORY. */
MUST_CHECK enum err deposits_new(struct deposits **deposits);

enum deposit_when {
	DEPOSIT_BEFORE, /* the period */
	DEPOSIT_WITHIN,
	DEPOSIT_BEHIND, /* it: known of the period's own payouts only */
};

/* The first reading. ERR_MEMORY; ERR_TOO_BIG for a sum beyond 64 bits. */
MUST_CHECK enum err deposits_foresee(struct deposits *deposits, const struct entry *entry, enum deposit_when when);

/* The payout whose row belongs to the entry, NULL when there is none. Lent. */
const struct deposit *deposits_row(const struct deposits *deposits, const struct entry *entry);

/* Free and null. Does nothing with NULL. */
void deposits_free(struct deposits **deposits);

#endif
