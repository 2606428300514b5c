/*
 * decide.h -- what a command becomes: one entry, or nothing. The heart of the
 * ledger's meaning, and pure: everything it knows is handed to it, and the same
 * knowledge gives the same decision. Called at the store's serial point.
 */
#ifndef DOMAIN_DECIDE_H
#define DOMAIN_DECIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "domain/entry.h"
#include "domain/event.h"
#include "domain/payment.h"
#include "domain/pledge.h"

enum command_kind {
	COMMAND_OPEN,   /* the first line of a ledger */
	COMMAND_PLEDGE, /* a session was opened for a donor's choice */
	COMMAND_EVENT,  /* an authentic event, or what the provider answered when it was asked (an event without id) */
	COMMAND_UNPARK, /* a parked event, once more: what it waited for may have come */
	COMMAND_DROP,   /* an operator says that a parked event will never be booked */
	COMMAND_RECORD, /* an offline gift */
	COMMAND_ADJUST, /* an operator's correction between two accounts */
	COMMAND_REFUND, /* an operator wants a refund: the provider will be asked */
	COMMAND_RESTORE, /* acknowledged entries are gone, and the operator accepts it */
};

struct open_command {
	char ledger[33];
	char organisation[ID_SIZE];
	bool live;
};

struct pledge_command {
	char pledge[TOKEN_SIZE];
	char account[ID_SIZE];
	char campaign[ID_SIZE];
	char tier[ID_SIZE];
	enum interval interval;
	struct money amount;
	uint32_t stock; /* of the tier; 0: any number */
	char session[OBJECT_ID_SIZE];
	char key[65]; /* lower hex, or "" */
	int64_t recalled_s; /* its line was lost, and the provider says that the session was opened then; 0: it was opened now */
};

struct event_command {
	char account[ID_SIZE];
	struct event event;
	uint64_t parked; /* COMMAND_UNPARK: the seq of the entry that was parked */
};

struct restore_command {
	uint64_t was;   /* the seq up to which entries had been durable */
	char chain[65]; /* of that one in lower hex, or "" where it is not known */
};

/*
 * What an operator enters. Each carries a reference that is unique for life: the same one with the same content is
 * already done, with other content it is a conflict. What a kind of command does not use is zero.
 */
struct operator_command {
	char reference[REFERENCE_SIZE];
	enum reason reason;
	struct money amount;             /* record, adjust, refund: above zero; a refund's currency "": all that may be refunded */
	int64_t at_s;                    /* record: when it was given; 0: not said */
	uint64_t parked;                 /* drop: the seq of the entry that was parked */
	char pledge[TOKEN_SIZE];         /* record: minted for the gift */
	char campaign[ID_SIZE];          /* record */
	char tier[ID_SIZE];              /* record */
	char account[ID_SIZE];           /* refund: the provider account of the payment */
	char payment[OBJECT_ID_SIZE];    /* refund */
	struct ledger_account debit;     /* record: assets:bank or assets:cash; adjust */
	struct ledger_account credit;    /* adjust */
};

struct command {
	enum command_kind kind;
	union {
		struct open_command open;
		struct restore_command restore;
		struct pledge_command pledge;
		struct event_command event; /* of COMMAND_UNPARK: the one that was parked */
		struct operator_command operator;
	} u;
};

/* What the store knows of the ids that a command names, this batch included. */
struct knowledge {
	bool opened;
	bool live;                     /* the ledger's mode */

	bool event_seen;               /* (account, event id) was booked */
	bool event_same;               /* … with the same content */
	bool event_unreadable;         /* … that could not be read then, or cannot be read now: neither contradicts the other */
	uint64_t unreadable;           /* the seq of the entry of what could not be read, while that is parked; else 0 */
	bool alarm_seen;               /* this very content was already raised as an alarm */
	bool pledge_known;
	struct pledge pledge;          /* the one that the event carries or its objects lead to */
	bool payment_known;
	struct payment payment;        /* the one that the event names or its objects lead to */
	struct provider_object object; /* the refund, dispute, payout or line that the event is about */
	struct provider_object payout; /* of EVENT_PAID_OUT: the payout that holds the line */
	bool source_known;             /* of EVENT_PAID_OUT: the line gives back a payout */
	struct provider_object source; /* … this one */
	bool refund_owed;              /* the refund that an operator asked for under the event's reference is still owed */

	uint64_t taken;                /* pledges that take one of the tier's stock */
	bool key_known;                /* the idempotency key was used */
	struct pledge key_pledge;      /* … for this pledge */

	bool reference_known;          /* an operator used this reference */
	bool reference_same;           /* … for the same */
	uint64_t reference_seq;        /* … in this entry */
	int64_t refunds_asked;         /* of COMMAND_REFUND: what was asked for of the payment and is still owed */
	bool parked_known;             /* the entry that is to be unparked or dropped still waits */
	char parked_account[ID_SIZE];  /* whose event it was */
};

enum verdict {
	VERDICT_BOOK,     /* append the entry */
	VERDICT_ALREADY,  /* it is there; nothing changes */
	VERDICT_NOT_OURS, /* other business of the account; nothing is written */
	VERDICT_REFUSE,   /* a conflict with what is there (`err` of the decision) */
};

struct decision {
	enum verdict verdict;
	enum err err;       /* of VERDICT_REFUSE */
	bool waits;         /* of VERDICT_ALREADY: what is parked cannot be booked yet, and stays */
	struct entry entry; /* of VERDICT_BOOK: everything but seq, time, synced and chain */
};

/* Decide. `decision` is always written. */
void decide(const struct knowledge *known, const struct command *command, struct decision *decision);

/*
 * What an entry makes of a pledge: the same function serves the running index
 * and its rebuilding. `pledge` is the state before (all zero when unknown);
 * `before` and `after` are the entry's payment, alike when it has none.
 */
void pledge_apply(struct pledge *pledge, const struct entry *entry, const struct payment *before, const struct payment *after);

/*
 * SHA-256 over all that an operator enters but the reference and a minted pledge, for telling a repeated reference
 * from a conflict. A refund without amount has a digest of its own. ERR_MEMORY.
 */
MUST_CHECK enum err operator_digest(enum command_kind kind, const struct operator_command *command, uint8_t digest[static 32]);

/* The command that an entry came from, as far as operator_digest asks; false for an entry that no operator entered. */
bool operator_command_of(const struct entry *entry, enum command_kind *kind, struct operator_command *command);

#endif
