/*
 * pledge.h -- what the index knows of a pledge and of a payment, and the
 * tables of legal moves.
 */
#ifndef DOMAIN_PLEDGE_H
#define DOMAIN_PLEDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"
#include "domain/campaign.h"
#include "domain/money.h"

enum pledge_status {
	PLEDGE_OPEN,    /* the session is open */
	PLEDGE_PENDING, /* finished by the donor, the first payment is on its way */
	PLEDGE_ACTIVE,  /* a subscription with at least one settled payment */
	PLEDGE_ENDED,   /* nothing more will come */
	PLEDGE_EXPIRED, /* the session ended unpaid */
};

const char *pledge_status_name(enum pledge_status status);

enum payment_status {
	PAYMENT_NONE,    /* not heard of */
	PAYMENT_PENDING,
	PAYMENT_FAILED,
	PAYMENT_SETTLED,
};

const char *payment_status_name(enum payment_status status);

/* A pledge as the ledger has it. */
struct pledge {
	char id[TOKEN_SIZE];
	enum pledge_status status;
	char account[ID_SIZE];
	char campaign[ID_SIZE];
	char tier[ID_SIZE];
	enum interval interval;
	struct money amount;
	char session[OBJECT_ID_SIZE];
	char payment[OBJECT_ID_SIZE];   /* the furthest one, "" when none */
	enum payment_status payment_status; /* of that one */
	uint32_t settled_count;         /* payments settled so far */
	uint32_t pending_count;         /* payments on their way */
	bool failed;                    /* a payment failed */
	bool expired;                   /* its session ended unpaid */
	bool ended;                     /* the provider says that nothing more will be paid */
	int64_t pledged_us;
	int64_t changed_us;             /* the latest entry about it */
};

/*
 * What a donor is told. Money that has arrived once has arrived, whatever later payments do; only the ledger says so,
 * never the way on which the donor reached us.
 */
enum receipt_state {
	RECEIPT_RECEIVED,      /* the money is there */
	RECEIPT_ON_ITS_WAY,    /* the donor has finished, the bank has not */
	RECEIPT_WAITING,       /* the provider has told us nothing yet */
	RECEIPT_NOT_COMPLETED, /* failed or expired */
};

/* "received", "on-its-way", "waiting", "not-completed". */
const char *receipt_state_name(enum receipt_state state);
enum receipt_state receipt_state(const struct pledge *pledge);

/* Whether another state is to be expected: it is worth looking again. */
bool receipt_state_changes(enum receipt_state state);

/*
 * Legal moves of a payment: none → pending → settled or failed; failed →
 * settled (a provider may try again); settled never goes back, its refunds and
 * disputes are objects of their own. A move to the same status is no move.
 */
bool payment_may_become(enum payment_status from, enum payment_status to);

/*
 * Legal moves of a pledge: open → pending, active, ended, expired; pending →
 * active, ended; active → ended; ended → pending, active (another payment after a failed
 * one); expired → pending, active, ended (a provider may tell of the payment
 * after the expiry).
 *
 * The status itself follows from what has happened, whenever it was told: ended by the provider, else settled (ended
 * when given once), else on its way, else failed (ended), else expired, else open.
 */
enum pledge_status pledge_status_of(const struct pledge *pledge);

/*
 * Whether it takes one of its tier's stock: from the moment it is open, until it has expired or failed without any
 * money. What was given back later stays taken: whoever gave may have had her part.
 */
bool pledge_takes(const struct pledge *pledge);

bool pledge_may_become(enum pledge_status from, enum pledge_status to);

#endif
