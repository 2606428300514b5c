/*
 * reconcile.h -- the books and the provider, made one: the provider's own list of events is read behind its
 * deliveries, sessions that nobody told of are looked up, parked events are tried once more, what is owed is worked
 * off, payouts are walked line by line, and then each line of the provider's balance is compared with the ledger.
 *
 * A run begins at start, then every so often, and when somebody asks. One at a time; the main thread drives it and
 * nothing here waits.
 */
#ifndef SERVICE_RECONCILE_H
#define SERVICE_RECONCILE_H

#include "service/owed.h"
#include "service/reconcile_report.h"
#include "service/service.h"

enum reconciled {
	RECONCILED_EQUAL,
	RECONCILED_DIFFERENT,
	RECONCILED_NOT_YET, /* no difference but for what is owed or has just come: the next run tells */
	RECONCILED_FAILED, /* something could not be asked or booked: it is not known whether they are equal */
};

/* "equal", "different", "not-yet", "failed". */
const char *reconciled_name(enum reconciled result);

struct reconcile_wish {
	int64_t since_s; /* read from here on, in seconds since 1970; 0: from where the last run has ended */
	bool dry_run;    /* compare only: nothing is booked, nothing owed is done */
};

/*
 * Whether it can be done: ERR_INPUT with `why` where it is to read from more than a day to come, and so nothing at all;
 * clocks may differ by less.
 */
MUST_CHECK enum err reconcile_wish_check(const struct reconcile_wish *wish, int64_t now_s, struct why *why);

/* A run that has ended. */
struct reconciliation {
	uint64_t run;        /* the how-manieth since the start; 0: none has ended yet */
	enum reconciled result;
	struct why why;      /* of a failed one: the first thing that failed */
	struct reconcile_wish wish; /* with the time from which it really read */
	int64_t began_us;    /* by the wall clock */
	int64_t ended_us;
	uint64_t events;     /* that the provider lists and that the books had not under their id */
	uint64_t sessions;   /* that were looked up */
	uint64_t recalled;   /* pledges whose line was lost and that were read again from the provider */
	uint64_t owed;       /* things that are still owed */
	struct report report;
};

/* A result as JSON (schemas/reconciliation.schema.json); before the first one only "run": 0. */
void reconciliation_write(const struct reconciliation *result, struct buffer *out);

struct reconciler;

/* Nothing is begun yet. `wake` as of owed_open. On OK the caller owns `*reconciler`. ERR_MEMORY. */
MUST_CHECK enum err reconciler_open(struct reconciler **reconciler, struct service *service, struct owed_work *owed,
                                    void (*wake)(void *context), void *context);

/*
 * Ask for a run, from any thread; `*run` is the number that it will have. ERR_BUSY while another one that was asked for
 * has not begun.
 */
MUST_CHECK enum err reconciler_ask(struct reconciler *reconciler, const struct reconcile_wish *wish, uint64_t *run);

/* The last run that has ended; from any thread. */
void reconciler_last(struct reconciler *reconciler, struct reconciliation *last);

/* How many runs have ended; from any thread. */
uint64_t reconciler_ended(struct reconciler *reconciler);

/*
 * Take what has come in and go on; `now_us` by the monotonic clock; for the thread that calls owed_look, before that.
 * Says in how many milliseconds to look again: -1 when only news can bring work.
 */
int reconciler_look(struct reconciler *reconciler, int64_t now_us);

/* Free and null, under the same condition as owed_close and before it. Does nothing with NULL. */
void reconciler_close(struct reconciler **reconciler);

#endif
