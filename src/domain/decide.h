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
#include "domain/pledge.h"

enum command_kind {
	COMMAND_OPEN,   /* the first line of a ledger */
	COMMAND_PLEDGE, /* a session was opened for a donor's choice */
	COMMAND_EVENT,  /* an authentic event */
	COMMAND_UNPARK, /* parked money whose pledge is known by now */
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
	char session[OBJECT_ID_SIZE];
	char key[65]; /* lower hex, or "" */
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

struct command {
	enum command_kind kind;
	union {
		struct open_command open;
		struct restore_command restore;
		struct pledge_command pledge;
		struct event_command event; /* of COMMAND_UNPARK: the one that was parked */
	} u;
};

/* What the store knows of the ids that a command names, this batch included. */
struct knowledge {
	bool opened;
	bool live;                     /* the ledger's mode */

	bool event_seen;               /* (account, event id) was booked */
	bool event_same;               /* … with the same content */
	bool alarm_seen;               /* this very content was already raised as an alarm */
	bool pledge_known;
	struct pledge pledge;          /* the one that the event carries or its objects lead to */

	enum payment_status payment;   /* of the payment that the event names */
	bool payment_parked;           /* that payment's money is parked */
	bool payment_other_pledge;     /* that payment belongs to another pledge */

	bool key_known;                /* the idempotency key was used */
	struct pledge key_pledge;      /* … for this pledge */
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
	struct entry entry; /* of VERDICT_BOOK: everything but seq, time, synced and chain */
};

/* Decide. `decision` is always written. */
void decide(const struct knowledge *known, const struct command *command, struct decision *decision);

/*
 * What an entry makes of a pledge: the same function serves the running index
 * and its rebuilding. `pledge` is the state before (all zero when unknown).
 */
void pledge_apply(struct pledge *pledge, const struct entry *entry);

#endif
