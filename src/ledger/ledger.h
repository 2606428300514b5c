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
#include "domain/token.h"

struct ledger; /* opaque; safe to share between threads */

struct ledger_options {
	const char *data_dir;           /* holds ledger/, index/ and the receipt secret; must exist */
	const char *organisation;       /* its id, for the first line */
	bool live;                      /* its mode, for life */
	uint64_t segment_bytes;         /* 0: 64 MiB */
	uint64_t reserve_bytes;         /* free space below which pledges are refused; 0: 64 MiB */
	bool accept_clock;              /* the operator says that the wall clock is right as it is at the start */
	void (*moved)(void *context, uint64_t head); /* the head moved or the status turned bad; on the writer's thread; may be NULL */
	void *moved_context;
};

/* What became of a command. */
struct outcome {
	enum err err;          /* OK; ERR_CONFLICT, ERR_UNKNOWN, ERR_INPUT; ERR_BUSY; ERR_STORAGE (unknown) */
	enum verdict verdict;  /* when err is OK: booked, already or not ours */
	uint64_t seq;          /* of the booked entry */
	enum entry_kind kind;  /* of the booked entry */
	enum reason reason;    /* of a booked parked, failed or alarm entry */
};

typedef void ledger_done(void *context, const struct outcome *outcome);

/*
 * Open the ledger, recovering from an unclean stop and rebuilding the index
 * where its stamp does not hold; a new directory gets its `opened` line. On OK
 * the caller owns `*ledger`. ERR_BUSY when another process has it, ERR_CORRUPT
 * when acknowledged data is damaged or gone (`why` names segment, line and byte),
 * ERR_CONFLICT when organisation or mode are not the ledger's, ERR_STORAGE.
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

/* Whether an object of the provider (session, subscription, invoice, …) belongs to a pledge of ours. */
MUST_CHECK enum err ledger_object(struct ledger *ledger, const char *account, const char *object,
                                  struct pledge *pledge);

/* The receipt token of a pledge. */
MUST_CHECK enum err ledger_token(struct ledger *ledger, const char *pledge, char token[static TOKEN_SIZE]);

/* Sums of a campaign, in its currency; a campaign that has no entries has zeros. */
struct campaign_totals {
	struct money settled;   /* what was given */
	struct money pending;   /* on its way */
	uint64_t gifts;         /* settled payments */
};

MUST_CHECK enum err ledger_totals(struct ledger *ledger, const char *campaign,
                                  const struct currency *currency, struct campaign_totals *totals);

struct ledger_status {
	uint64_t head;          /* the newest durable seq */
	uint64_t parked;        /* entries that wait for a person */
	bool halted;            /* no append is possible until a restart */
	bool low_space;         /* below the reserve: pledges are refused */
	bool clock_waits;       /* the wall clock is not believed: nothing is taken until ledger_hear_date */
	char problem[WHY_SIZE]; /* why it is halted, or what is odd about the clock */
};

void ledger_status(struct ledger *ledger, struct ledger_status *status);

/*
 * Measure the free space anew; from any thread. Each batch does so too, but who
 * has stopped new pledges may wait long for a batch.
 */
void ledger_look_at_space(struct ledger *ledger);

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
