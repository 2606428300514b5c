/*
 * writer.h -- private to the ledger: its open state, and the one thread that
 * decides and appends.
 */
#ifndef LEDGER_WRITER_H
#define LEDGER_WRITER_H

#include <pthread.h>
#include <stdbool.h>

#include "base/bytes.h"
#include "ledger/clock_guard.h"
#include "ledger/index.h"
#include "ledger/ledger.h"
#include "ledger/segment.h"

/* A command that waits, and then what became of it. */
struct submission {
	struct submission *next;
	ledger_done *done;      /* NULL for the ledger's own */
	void *context;
	struct outcome outcome;
	struct command command; /* last: only as much as the kind needs is allocated */
};

struct ledger {
	struct ledger_options options;
	char data_path[PATH_SIZE];
	int data_dir;
	int ledger_dir;
	int lock;
	int segment;                  /* open for appending */
	int durable;
	struct file_identity folder;
	uint8_t secret[RECEIPT_SECRET_BYTES];

	/* the writer's own */
	struct index *index;
	struct position end;          /* behind the last durable line */
	struct buffer batch;
	struct decision *decision;
	struct knowledge *known;
	bool may_unpark;              /* a pledge came in since parked money was last looked at */
	int64_t synced_us;            /* when the last sync ended, by the monotonic clock */
	size_t last_taken;            /* submissions in the last batch */
	int64_t now_us;               /* of the batch, by the wall clock */

	/* shared, under the mutex */
	pthread_mutex_t mutex;
	pthread_cond_t wake;
	pthread_t thread;
	bool running;
	bool stopping;
	struct submission *first;
	struct submission *last;
	size_t waiting;
	struct ledger_status status;
	struct clock_guard clock;
};

/* What the clocks show now. */
struct clock_reading writer_clocks(void);

/* Whether the index was found damaged: then the ledger is halted. Not under the mutex. */
bool writer_doubts(struct ledger *ledger);

/* Whether the clock is believed, which the status says from then on. Under the mutex, of a ledger that is not halted. */
bool writer_believes(struct ledger *ledger, struct clock_reading now);

/* Whether less than the reserve is free on the ledger's disk; from any thread. */
bool writer_low_space(const struct ledger *ledger);

/*
 * Decide, append, sync and index a list of submissions as one batch, and write
 * each one's outcome. Called by the writer's thread, and by ledger_open before
 * that runs.
 */
void writer_batch(struct ledger *ledger, struct submission *list);

/* The thread: until stopping is set and the queue is empty. */
void *writer_run(void *ledger);

/* Book parked money whose pledge is known by now. */
void writer_unpark(struct ledger *ledger);

#endif
