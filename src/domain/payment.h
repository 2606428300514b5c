/*
 * payment.h -- what is known of a payment and of the provider's objects beneath
 * it (refunds, disputes) and beside it (payouts), what an entry makes of them,
 * and what the books say of them.
 *
 * The books are a function of this state: an entry posts the difference between
 * what they say after it and before it. So the order in which a provider tells
 * of things cannot change where they end.
 */
#ifndef DOMAIN_PAYMENT_H
#define DOMAIN_PAYMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "domain/entry.h"
#include "domain/pledge.h"

/* Whether settled money counts for its pledge. */
enum standing {
	STANDING_COUNTED,
	STANDING_PARKED,  /* it waits as unidentified */
	STANDING_DROPPED, /* an operator said that it will not be booked, though it is ours */
	STANDING_FOREIGN, /* … that it is other business of the account */
};

/* What the provider's balance has said of one object: sums over so many of its lines. */
struct cleared {
	uint32_t lines;
	int64_t settlement; /* in the settlement currency */
	int64_t fee;
	int64_t converted;  /* the same in the payment's currency */
};

struct payment {
	char id[OBJECT_ID_SIZE];
	char pledge[TOKEN_SIZE];
	enum payment_status status;
	enum standing standing;
	struct money given;          /* minor units below are of its currency */
	int64_t given_s;             /* when it was settled, by the provider; where that is not said when it was booked; 0: not yet */
	int64_t refunds;             /* all refunds that left the balance, also those that came back */
	int64_t refunds_total;       /* the largest sum of refunds that the provider told of */
	int64_t refunds_failed;      /* of those that came back */
	int64_t disputed;            /* taken back until it is decided */
	int64_t lost;                /* taken back for good */
	struct currency settlement;  /* what the provider keeps; code "" until it is known */
	struct cleared own;          /* the payment's own lines of the balance */
	struct cleared all;          /* … with those of its refunds and disputes */
	int64_t adjusted;            /* what else was taken (positive) or given for it, in the settlement currency */
	int64_t paid_out;            /* net that payouts have held, in the settlement currency */
	char payout[OBJECT_ID_SIZE]; /* the latest payout that held something of it */
};

/* A refund, dispute, payout, or line of the balance. */
struct provider_object {
	enum event_kind status;       /* the furthest that was told; EVENT_KINDS: nothing yet */
	int64_t at_s;                 /* when that happened, by the provider */
	struct money amount;
	char payment[OBJECT_ID_SIZE]; /* whose refund, dispute or line it is */
	struct cleared cleared;       /* of a refund or dispute */
	int64_t share;                /* of a payout: what of ours it holds */
	bool explained;               /* of a payout: all of ours in it was told */
	int64_t returned;             /* of a failed payout: what of its share later ones have been told to hold */
};

/* Whether it is a gift: settled, and counted for its pledge. */
bool payment_is_gift(const struct payment *payment);

/* Whether the books hold it: it has settled, and no operator has dropped it. */
bool payment_is_held(const struct payment *payment);

/* What was refunded, less what came back: in the currency of `given`. */
int64_t payment_refunded(const struct payment *payment);

/* How much of a gift is still there, as a donor is told. */
enum payment_rest {
	REST_WHOLE,
	REST_PART,    /* some went back for good */
	REST_HELD,    /* some is disputed, and may go or come back */
	REST_NOTHING, /* all went back for good */
};

enum payment_rest payment_rest(const struct payment *payment);

/* What the provider kept for it, in the settlement currency. */
int64_t payment_fee(const struct payment *payment);

/* What of it may still be refunded: given less refunded, disputed and lost; never below zero. */
int64_t payment_refundable(const struct payment *payment);

/*
 * The table of legal moves of a provider's object: whether news of `kind`, told
 * for the time `at_s`, changes an object that stands at `before`. A higher rank
 * does; of equal ranks the later time does, and of equal times the later kind of
 * the enum. When it was told never matters.
 */
bool object_may_become(const struct provider_object *before, enum event_kind kind, int64_t at_s);

/* The rank of a kind of event among those about the same kind of object; 0 for kinds that are about none. */
int object_rank(enum event_kind kind);

/* Set both to "nothing known". */
void payment_none(struct payment *payment);
void object_none(struct provider_object *object);

/*
 * What an entry makes of its payment and of the object that it is about; the
 * same function serves deciding, the running index and its rebuilding. Either
 * may be untouched. ERR_TOO_BIG for a sum beyond 64 bits.
 */
MUST_CHECK enum err payment_apply(struct payment *payment, struct provider_object *object, const struct entry *entry);

/*
 * What an entry paid_out makes of the payout that holds the line, and of the failed payout that the line gives back.
 * ERR_TOO_BIG.
 */
MUST_CHECK enum err paid_out_apply(struct provider_object *payout, struct provider_object *source, bool has_source,
                                   const struct entry *entry);

/* The lines of the balance that must be read before the books of the object are whole: 0 when none is owed. */
uint32_t entry_lines_owed(const struct entry *entry);

#endif
