/*
 * reconcile_steps.h -- private to the reconciler: the state of a run, and the steps that it is made of.
 */
#ifndef SERVICE_RECONCILE_STEPS_H
#define SERVICE_RECONCILE_STEPS_H

#include "service/inquiry.h"
#include "service/reconcile.h"
#include "service/reconcile_counterpart.h"

struct walked_payout {
	size_t account;                   /* in the configuration's order */
	char payout[OBJECT_ID_SIZE];
};

/* A run under way. */
struct run {
	struct service *service;
	struct owed_work *owed;
	void (*wake)(void *context);
	void *wake_context;
	const struct snapshot *snapshot;  /* its accounts */
	struct reconciliation *result;
	struct report_lines *lines;
	size_t step;                      /* which one it is at */
	int64_t balance_since_s;          /* from where the provider's balance is read */
	size_t account;                   /* of the steps that go through the accounts */
	struct inquiry *inquiry;          /* under way; NULL: none */
	char down[ID_SIZE];               /* an account that does not answer: nothing more is asked of it in this run */
	int64_t retry_after_s;            /* so long a provider wants to be left alone; 0: none says so */
	int64_t newest_s;                 /* the latest event that the provider listed */
	struct pledge pledge;             /* how far the sessions were looked through */
	char sessions_done[TOKEN_SIZE];   /* up to this pledge nothing needs another look */
	bool sessions_left;               /* one could not be looked up: the next run begins before it */
	bool retrying;                    /* the parked events are tried once more */
	atomic_bool retried;
	uint64_t recall_at;               /* how far the parked events were looked through for lost pledges */
	uint64_t recall_done;             /* up to this one nothing needs another look */
	bool recall_left;                 /* one could not be asked for: the next run begins before it */
	bool recalling;                   /* a pledge is with the ledger */
	atomic_bool recalled;             /* … and that has ended */
	enum err recall_err;              /* … so */
	uint64_t recall_seq;              /* … with this entry; 0: none */
	struct pledge_command recall;     /* … of this pledge; before that only its account */
	unsigned recall_asked;            /* questions */
	struct counterparts *counterparts; /* the reconciler's */
	struct by_hand moved;             /* how far what operators moved was looked through */
	unsigned lines_asked;             /* lines of the balance that were asked for one by one */
	int64_t owed_until_us;            /* how long to wait for what is owed */
	int64_t doubt_until_us;           /* … before what the provider does not know is asked for again; 0: nothing is */
	struct walked_payout *payouts;    /* to be walked, the newest of each account first */
	size_t payout_count;
};

/* The steps in their order; each says true when it has ended, and is called again after news otherwise. */
typedef bool run_step(struct run *run, int64_t now_us);

run_step run_events;
run_step run_sessions;
run_step run_parked;
run_step run_recall; /* reconcile_recall.c */
run_step run_events_again;
run_step run_owed;
run_step run_balance;
run_step run_payouts;
run_step run_counterparts; /* reconcile_counterpart.c */

/* Begin a question at that account; NULL, and remembered as a failure, when there is no memory. */
struct inquiry *run_begin_inquiry(struct run *run, const char *account, const struct conversation *conversation);

/* Take in how the inquiry has ended, and free it. False when there was a failure, which is remembered. */
bool run_end_inquiry(struct run *run, const char *account);

/* Whether the inquiry, of which only the answer is wanted, has ended. */
bool run_inquiry_has_ended(struct run *run);

/* Remember a failure; of several the first one. The run goes on with what else it can do. */
void run_failed(struct run *run, const char *account, enum err err, const struct why *why);

#endif
