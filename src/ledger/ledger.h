/*
 * ledger.h -- the append-only record of everything that happened to money.
 *
 * Submit a command and be called back once it is durable (or refused); read
 * what the index knows; be told that the head moved. One process owns the
 * directory. Reading the lines themselves is scan.h and needs no lock.
 * Not here: what a command becomes (domain/decide.h), how a line is spelled
 * (line.h).
 */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "domain/decide.h"
#include "domain/money.h"
#include "domain/seal.h"
#include "domain/token.h"

struct ledger; /* opaque; safe to share between threads */

struct ledger_options {
	const char *data_dir;           /* holds ledger/, index/ and the receipt secret; must exist */
	const char *organisation;       /* its id, for the first line */
	bool live;                      /* its mode, for life */
	uint64_t segment_bytes;         /* 0: 64 MiB */
	uint64_t reserve_bytes;         /* free space below which pledges are refused; 0: 64 MiB */
	bool impatient;                 /* ERR_BUSY at once where another process has the lock, be it for a moment */
	bool accept_clock;              /* the operator says that the wall clock is right as it is at the start */
	void (*moved)(void *context, uint64_t head); /* the head moved or the status turned bad; on the writer's thread; may be NULL */
	void *moved_context;
};

/* What became of a command. */
struct outcome {
	enum err err;          /* OK; ERR_CONFLICT, ERR_UNKNOWN, ERR_INPUT; ERR_BUSY; ERR_STORAGE (unknown) */
	enum verdict verdict;  /* when err is OK: booked, already or not ours */
	uint64_t seq;          /* of the booked entry, or of the one that has an operator's reference already; else 0 */
	enum entry_kind kind;  /* of the booked entry */
	enum reason reason;    /* of a booked parked, failed or alarm entry */
	struct money amount;   /* of the booked entry; currency "" where it has none */
};

typedef void ledger_done(void *context, const struct outcome *outcome);

/*
 * Open the ledger, recovering from an unclean stop and rebuilding the index
 * where its stamp does not hold; a new directory gets its `opened` line. On OK
 * the caller owns `*ledger`. ERR_BUSY when another process has it, ERR_CORRUPT
 * when acknowledged data is damaged or gone (`why` names segment, line and byte),
 * ERR_CONFLICT when organisation or mode are not the ledger's, ERR_STORAGE;
 * ERR_INPUT, and nothing is made, for root in a directory that is another user's.
 */
MUST_CHECK enum err ledger_open(struct ledger **ledger, const struct ledger_options *options,
                                struct why *why);

struct rebuild_report {
	uint64_t head;      /* the newest entry */
	uint64_t cut_bytes; /* behind the last good line: moved to cut/ */
	uint64_t lost_seq;  /* up to here entries had been durable and are gone; 0: none are */
};

/*
 * Make the index of whatever ledger is in the directory anew, where no process
 * serves it. With `accept_loss` it goes on where ledger_open refuses because
 * lines are gone from the end or damaged in the last segment, and a `restored`
 * entry says so. ERR_UNKNOWN when there is no ledger; ERR_BUSY when a process has
 * it or, with a loss, when the clock is not believed; else as ledger_open.
 */
MUST_CHECK enum err ledger_rebuild(const char *data_dir, bool accept_loss, bool accept_clock,
                                   struct rebuild_report *report, struct why *why);

/*
 * Hand a command to the writer, from any thread, without waiting. On OK `done`
 * is called exactly once, on the writer's thread, after the entry is durable.
 * ERR_BUSY when the queue is full or the clock is not believed (also as an
 * outcome), ERR_STORAGE when the ledger is halted or, for a pledge, when free
 * space is below the reserve; `done` is then not called.
 */
MUST_CHECK enum err ledger_submit(struct ledger *ledger, const struct command *command,
                                  ledger_done *done, void *context);

/* Read a pledge by its id, by its receipt token, or by its idempotency key (SHA-256 in lower hex). ERR_UNKNOWN. */
MUST_CHECK enum err ledger_pledge(struct ledger *ledger, const char *id, struct pledge *pledge);
MUST_CHECK enum err ledger_receipt(struct ledger *ledger, const char *token, struct pledge *pledge);
MUST_CHECK enum err ledger_key(struct ledger *ledger, const char *key, struct pledge *pledge);

/*
 * The next pledge behind the one with pledge->id, in the order in which they were made; begin with one that is all zero.
 * ERR_UNKNOWN when there is no further one.
 */
MUST_CHECK enum err ledger_pledge_next(struct ledger *ledger, struct pledge *pledge);

/* Whether an event was taken in under its id; not when it could not be read then and now can. */
bool ledger_knows_event(struct ledger *ledger, const char *account, const struct event *event);

/* The latest time (seconds since 1970) that a provider gave to an event which was taken in; 0: none was yet. */
int64_t ledger_newest_event_s(struct ledger *ledger);

/* Whether an object of the provider (session, subscription, invoice, …) belongs to a pledge of ours. */
MUST_CHECK enum err ledger_object(struct ledger *ledger, const char *account, const char *object,
                                  struct pledge *pledge);

/*
 * The gift that a receipt token opens: the token of a payment of a pledge that comes again, or of a pledge that is given
 * once. ERR_UNKNOWN where nothing has come, or what came does not count, or the token is a pledge's that comes again.
 */
MUST_CHECK enum err ledger_gift(struct ledger *ledger, const char *token, struct pledge *pledge, struct payment *payment);

/*
 * The gifts of a pledge that comes again, in the order in which they were given: the one behind *payment and its token;
 * begin with the token "". ERR_UNKNOWN when there is no further one.
 */
MUST_CHECK enum err ledger_gift_next(struct ledger *ledger, const struct pledge *pledge, struct payment *payment,
                                     char receipt[static TOKEN_SIZE]);

/* The receipt token of a pledge. */
MUST_CHECK enum err ledger_token(struct ledger *ledger, const char *pledge, char token[static TOKEN_SIZE]);

/* The seal of a pledge (domain/seal.h), for its session; and whether one is the pledge's. ERR_MEMORY. */
MUST_CHECK enum err ledger_seal(struct ledger *ledger, const struct pledge_command *pledge, char seal[static SEAL_SIZE]);
MUST_CHECK enum err ledger_seal_holds(struct ledger *ledger, const struct pledge_command *pledge, const char *seal, bool *holds);

/* Sums of a campaign, in its currency; a campaign that has no entries has zeros. */
struct campaign_totals {
	struct money settled;   /* what was given */
	struct money pending;   /* on its way */
	uint64_t gifts;         /* settled payments */
	struct money refunded;  /* given back, less refunds that failed */
	struct money disputed;  /* taken back until it is decided */
	struct money lost;      /* taken back for good */
	struct money fees;      /* what providers kept, in this currency (of gifts of any currency) */
};

MUST_CHECK enum err ledger_totals(struct ledger *ledger, const char *campaign,
                                  const struct currency *currency, struct campaign_totals *totals);

/*
 * The same, but for what is pending and disputed, which is of now, only what happened in that month or later:
 * "2026-11". A month is UTC's; an entry is of the month in which the provider says that it happened, and where none
 * says so of the one in which it was booked. So a sum that entries of earlier months made can go below zero.
 */
MUST_CHECK enum err ledger_totals_since(struct ledger *ledger, const char *campaign, const struct currency *currency,
                                        const char *month, struct campaign_totals *totals);

/* How many pledges take one of a tier's stock (pledge_takes); 0 for a tier that has none. */
MUST_CHECK enum err ledger_taken(struct ledger *ledger, const char *tier, uint64_t *taken);

/*
 * A payment by its own id or by any object that leads to it (payment intent, charge, invoice, refund, dispute): what
 * was given, refunded, disputed, kept as a fee and paid out (domain/payment.h). ERR_UNKNOWN.
 */
MUST_CHECK enum err ledger_payment(struct ledger *ledger, const char *account, const char *object, struct payment *payment);

/* How far a refund, dispute or payout has come. ERR_UNKNOWN. */
MUST_CHECK enum err ledger_provider_object(struct ledger *ledger, const char *account, const char *object,
                                           struct provider_object *known);

/* What we owe a provider: owed because of one entry, done when another one says so. */
enum owed_verb {
	OWED_CLEAR = 'c',   /* ask what its balance says of a payment or refund; done by `cleared` with that many lines */
	OWED_EXPLAIN = 'e', /* ask what of ours a payout holds; done by `payout` with the status payout_explained */
	OWED_REFUND = 'r',  /* make a refund; done by `refunded` or `refund_failed` with the reference */
};

struct owed {
	enum owed_verb verb;
	char account[ID_SIZE];         /* provider account */
	char object[OBJECT_ID_SIZE];   /* the payment, refund or payout; of a refund to be made the reference */
	uint64_t seq;                  /* of the entry because of which it is owed */
	uint32_t lines;                /* OWED_CLEAR: lines of the balance to be heard of */
	char pledge[TOKEN_SIZE];
	char payment[OBJECT_ID_SIZE];
	struct money amount;           /* of the payment, refund or payout */
	struct ref refs[REFS_MAX];     /* of that entry: what to ask for */
	size_t ref_count;
};

/*
 * The next owed thing behind *owed, in an order that stays; begin with one that is all zero. ERR_UNKNOWN when
 * there is no further one. What is done between two calls is not given any more.
 */
MUST_CHECK enum err ledger_owed_next(struct ledger *ledger, struct owed *owed);

/*
 * The same, but passing over what else of the same verb is owed to the same account. (What has an id so long that the
 * index keeps it elsewhere may come all the same.)
 */
MUST_CHECK enum err ledger_owed_next_kind(struct ledger *ledger, struct owed *owed);

/* An event that waits: for what its reason says, or for a person. */
struct parked {
	uint64_t seq;        /* of its entry */
	char account[ID_SIZE];
	enum reason reason;
	struct event event;
};

/* The next one behind parked->seq; begin with 0. ERR_UNKNOWN when there is no further one. */
MUST_CHECK enum err ledger_parked_next(struct ledger *ledger, struct parked *parked);

/* What an account of the books holds in one currency: the sum of its postings so far, debit positive. */
struct account_balance {
	struct ledger_account account;
	struct money sum;
};

/* The next balance behind *balance, by account and currency; begin with one that is all zero. ERR_UNKNOWN at the end. */
MUST_CHECK enum err ledger_balance_next(struct ledger *ledger, struct account_balance *balance);

/*
 * An account at a provider in one currency, at one moment: what assets:provider:<account> holds, and what the lines of
 * the provider's balance that were booked add up to. They are the same once nothing is owed, unless an operator moved
 * something.
 */
struct provider_balance {
	char account[ID_SIZE];
	struct money books;
	int64_t told; /* minor units of the same currency */
};

/* The next one behind *balance; begin with one that is all zero. ERR_UNKNOWN at the end. */
MUST_CHECK enum err ledger_provider_next(struct ledger *ledger, struct provider_balance *balance);

/* A posting to assets:provider:<account> that an operator made, by an adjustment or by dropping parked money that is ours. */
struct by_hand {
	uint64_t seq;     /* of its entry */
	uint8_t posting;  /* the how-manieth of it */
	char account[ID_SIZE];
	char reference[REFERENCE_SIZE];
	struct money amount;
};

/* The next one behind *moved; begin with one that is all zero. ERR_UNKNOWN at the end. */
MUST_CHECK enum err ledger_by_hand_next(struct ledger *ledger, struct by_hand *moved);

/* OK when that is owed because of that object, ERR_UNKNOWN when not. */
MUST_CHECK enum err ledger_is_owed(struct ledger *ledger, enum owed_verb verb, const char *account, const char *object);

struct ledger_status {
	uint64_t head;          /* the newest durable seq */
	uint64_t parked;        /* entries that wait for a person */
	uint64_t owed;          /* things that a provider is still to be asked for */
	uint64_t waiting;       /* submissions that the writer has not taken */
	bool halted;            /* no append is possible until a restart */
	bool low_space;         /* below the reserve: pledges are refused */
	uint64_t cut_bytes;     /* when it was opened, behind the last good line: they are in cut/ now … */
	uint64_t cut_seq;       /* … under this seq; 0: there were none */
	bool clock_waits;       /* the wall clock is not believed: nothing is taken until ledger_hear_date */
	char problem[WHY_SIZE]; /* why it is halted, or what is odd about the clock */
};

void ledger_status(struct ledger *ledger, struct ledger_status *status);

/*
 * Measure the free space, compare the clocks anew, and halt when a reader found
 * the index damaged; from any thread. Each batch does so too, but there may be none
 * for long: nobody gives by night, new pledges are stopped, or a clock that is wrong
 * lets nothing come as far as here.
 */
void ledger_look(struct ledger *ledger);

/*
 * The time that a provider's answer says it is, in seconds since 1970; from any
 * thread. Where the clock is not believed and shows the same minute, it is
 * believed from now on.
 */
void ledger_hear_date(struct ledger *ledger, int64_t date_s);

/*
 * Finish what is queued, sync, stamp the index, free and null. Does nothing
 * with NULL.
 */
void ledger_close(struct ledger **ledger);

#endif
