#include "service/reconcile.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "service/reconcile_since.h"
#include "service/reconcile_steps.h"
#include "sys/clock.h"
#include "sys/log.h"

enum {
	DAY_S = 86400,
	NEWS_S = 60,                /* so long before a run an event may have come whose list was read too early */
	AGAIN_AFTER_FAILURE_S = 60, /* twice as long after each further one */
	LONGEST_WISH_S = 3600,      /* that a provider has to be left alone */
	LOOK_AGAIN_MS = 50,         /* while what is owed is waited for */
};

struct reconciler {
	struct service *service;
	struct owed_work *owed;
	void (*wake)(void *context);
	void *wake_context;

	pthread_mutex_t mutex;          /* holds what other threads see: */
	bool is_asked;
	struct reconcile_wish asked;
	uint64_t begun;                 /* how many runs have begun */
	struct reconciliation last;

	/* the driving thread's */
	struct run *run;                /* NULL: none is under way */
	bool was_asked;                 /* it was asked for, not due */
	int64_t due_us;
	unsigned failures;              /* runs that have failed in a row */
	struct since since;             /* from where events and the balance are read */
	char sessions_done[TOKEN_SIZE];
	uint64_t recall_done;
	struct counterparts *counterparts;
};

const char *reconciled_name(enum reconciled result)
{
	switch (result) {
	case RECONCILED_EQUAL:
		return "equal";
	case RECONCILED_DIFFERENT:
		return "different";
	case RECONCILED_NOT_YET:
		return "not-yet";
	case RECONCILED_FAILED:
		return "failed";
	}
	return "";
}

/* ---- the steps ---- */

static bool make_report(struct run *run, int64_t now_us)
{
	struct reconciliation *result = run->result;

	const struct report_wish wish = {
		.ledger = run->service->ledger,
		.owed = run->owed,
		.counterparts = run->counterparts,
		/* A dry run has booked nothing, also of what is old. */
		.news_s = result->wish.dry_run ? 0 : result->began_us / 1000000 - NEWS_S,
	};

	(void)now_us;
	enum err err = report_make(run->lines, &wish, &result->report);

	if (err != OK)
		run_failed(run, "report", err, &(struct why){ "" });
	else if (result->result == RECONCILED_EQUAL && result->report.difference_count > 0)
		result->result = RECONCILED_DIFFERENT;
	else if (result->result == RECONCILED_EQUAL && result->report.waits > 0)
		result->result = RECONCILED_NOT_YET;
	return true;
}

static const struct {
	run_step *step;
	bool writes; /* passed over by a dry run */
} steps[] = {
	{ run_events, false },
	{ run_sessions, true },
	{ run_parked, true },
	{ run_recall, true },
	{ run_events_again, true },
	{ run_owed, true },
	{ run_balance, false },
	{ run_payouts, true },
	{ run_counterparts, false },
	{ make_report, false },
};

enum { STEPS = sizeof steps / sizeof steps[0] };

/* True when the run has ended. */
static bool go_on(struct run *run, int64_t now_us)
{
	for (; run->step < STEPS; run->step++) {
		bool passed = run->result->wish.dry_run && steps[run->step].writes;

		if (!passed && !steps[run->step].step(run, now_us))
			return false;
		run->account = 0;
	}
	return true;
}

/* ---- the beginning ---- */

static void run_free(struct run **run)
{
	struct run *freed = *run;

	*run = NULL;
	if (freed == NULL)
		return;
	inquiry_free(&freed->inquiry);
	report_lines_free(&freed->lines);
	if (freed->snapshot != NULL)
		snapshot_drop(&freed->snapshot);
	free(freed->payouts);
	free(freed->result);
	free(freed);
}

static struct run *run_new(struct reconciler *reconciler, const struct reconcile_wish *wish)
{
	struct run *run = calloc(1, sizeof *run);
	struct reconciliation *result = calloc(1, sizeof *result);
	const struct reconcile_cursor from = since_of(&reconciler->since);

	if (run != NULL)
		run->result = result;
	if (run == NULL || result == NULL || report_lines_new(&run->lines) != OK) {
		if (run == NULL)
			free(result);
		run_free(&run);
		return NULL;
	}
	run->service = reconciler->service;
	run->owed = reconciler->owed;
	run->counterparts = reconciler->counterparts;
	run->wake = reconciler->wake;
	run->wake_context = reconciler->wake_context;
	run->snapshot = snapshot_hold(reconciler->service->snapshots);
	atomic_init(&run->retried, false);
	atomic_init(&run->recalled, false);
	run->recall_at = run->recall_done = reconciler->recall_done;
	result->wish = *wish;
	run->balance_since_s = result->wish.since_s != 0 ? result->wish.since_s : from.balance_s;
	if (result->wish.since_s == 0)
		result->wish.since_s = from.events_s;
	result->began_us = clock_wall_us();
	memcpy(run->pledge.id, reconciler->sessions_done, sizeof run->pledge.id);
	memcpy(run->sessions_done, reconciler->sessions_done, sizeof run->sessions_done);
	return run;
}

static int64_t interval_us(const struct reconciler *reconciler)
{
	const struct snapshot *snapshot = snapshot_hold(reconciler->service->snapshots);
	int64_t minutes = snapshot->config->reconcile_minutes;

	snapshot_drop(&snapshot);
	return minutes * 60 * 1000000;
}

static void begin_if_due(struct reconciler *reconciler, int64_t now_us)
{
	bool is_due = interval_us(reconciler) > 0 && reconciler->due_us <= now_us;
	struct reconcile_wish wish = { .since_s = 0 };

	pthread_mutex_lock(&reconciler->mutex);
	bool is_asked = reconciler->is_asked;

	if (is_asked)
		wish = reconciler->asked;
	if (is_asked || is_due)
		reconciler->run = run_new(reconciler, &wish);
	if (reconciler->run != NULL) {
		reconciler->is_asked = false;
		reconciler->run->result->run = ++reconciler->begun;
	}
	pthread_mutex_unlock(&reconciler->mutex);
	if (reconciler->run == NULL && (is_asked || is_due))
		reconciler->due_us = now_us + (int64_t)AGAIN_AFTER_FAILURE_S * 1000000;
}

/* ---- the end ---- */

static void log_result(const struct reconciliation *result)
{
	struct log_line line;

	log_begin(&line, result->result == RECONCILED_EQUAL ? LOG_INFO : LOG_WARNING, "reconciled");
	log_number(&line, "run", (int64_t)result->run);
	log_word(&line, "result", reconciled_name(result->result));
	if (result->wish.dry_run)
		log_word(&line, "dry_run", "true");
	log_number(&line, "events", (int64_t)result->events);
	log_number(&line, "sessions", (int64_t)result->sessions);
	log_number(&line, "recalled", (int64_t)result->recalled);
	log_number(&line, "owed", (int64_t)result->owed);
	log_number(&line, "lines", (int64_t)result->report.lines);
	log_number(&line, "ours", (int64_t)result->report.lines_ours);
	log_number(&line, "waits", (int64_t)result->report.waits);
	log_number(&line, "differences", (int64_t)result->report.difference_count);
	if (result->result == RECONCILED_FAILED)
		log_text(&line, "why", bytes_of(result->why.text));
	log_end(&line);
}

/* From where the next run goes on. */
static void move_on(struct reconciler *reconciler, const struct run *run)
{
	const struct reconciliation *result = run->result;
	const struct reconcile_cursor read = { .events_s = result->wish.since_s, .balance_s = run->balance_since_s };

	if (result->wish.dry_run)
		return;
	memcpy(reconciler->sessions_done, run->sessions_done, sizeof reconciler->sessions_done);
	reconciler->recall_done = run->recall_done;
	since_end(&reconciler->since, reconciler->service, &read, run->newest_s, result);
}

/* Sooner than usual after a failure, but not for ever, and not before the provider wants to be asked again. */
static int64_t wait_after(struct reconciler *reconciler, const struct run *run)
{
	int64_t wait_us = interval_us(reconciler);
	int64_t again_us = (int64_t)AGAIN_AFTER_FAILURE_S * 1000000;
	int64_t wish_us = (run->retry_after_s < LONGEST_WISH_S ? run->retry_after_s : LONGEST_WISH_S) * 1000000;

	reconciler->failures = run->result->result == RECONCILED_FAILED ? reconciler->failures + 1 : 0;
	for (unsigned i = 1; i < reconciler->failures && again_us < wait_us; i++)
		again_us *= 2;
	if (reconciler->failures > 0 && again_us < wait_us)
		wait_us = again_us;
	return wait_us > wish_us ? wait_us : wish_us;
}

static void end(struct reconciler *reconciler, int64_t now_us)
{
	struct run *run = reconciler->run;
	int64_t wait_us = wait_after(reconciler, run);

	run->result->ended_us = clock_wall_us();
	move_on(reconciler, run);
	log_result(run->result);
	pthread_mutex_lock(&reconciler->mutex);
	reconciler->last = *run->result;
	pthread_mutex_unlock(&reconciler->mutex);
	reconciler->due_us = now_us + wait_us;
	run_free(&reconciler->run);
}

int reconciler_look(struct reconciler *reconciler, int64_t now_us)
{
	if (reconciler->run == NULL)
		begin_if_due(reconciler, now_us);
	if (reconciler->run != NULL && go_on(reconciler->run, now_us)) {
		end(reconciler, now_us);
		/* The next one may have been asked for meanwhile: nothing more would wake us. */
		begin_if_due(reconciler, now_us);
		if (reconciler->run != NULL)
			return 0;
	}
	if (reconciler->run != NULL)
		return LOOK_AGAIN_MS;
	int64_t wait_us = reconciler->due_us - now_us;

	return interval_us(reconciler) == 0 ? -1 : wait_us <= 0 ? 0 : (int)(wait_us / 1000 + 1);
}

/* ---- for other threads ---- */

enum err reconcile_wish_check(const struct reconcile_wish *wish, int64_t now_s, struct why *why)
{
	char since[TIME_TEXT_SIZE];

	if (wish->since_s <= now_s + DAY_S)
		return OK;
	text_time(wish->since_s * 1000000, since);
	return why_set(why, ERR_INPUT, "'since' is %s, more than a day to come: nothing is there to be read", since);
}

enum err reconciler_ask(struct reconciler *reconciler, const struct reconcile_wish *wish, uint64_t *run)
{
	pthread_mutex_lock(&reconciler->mutex);
	bool busy = reconciler->is_asked;

	if (!busy) {
		reconciler->is_asked = true;
		reconciler->asked = *wish;
		*run = reconciler->begun + 1;
	}
	pthread_mutex_unlock(&reconciler->mutex);
	if (!busy)
		reconciler->wake(reconciler->wake_context);
	return busy ? ERR_BUSY : OK;
}

void reconciler_last(struct reconciler *reconciler, struct reconciliation *last)
{
	pthread_mutex_lock(&reconciler->mutex);
	*last = reconciler->last;
	pthread_mutex_unlock(&reconciler->mutex);
}

uint64_t reconciler_ended(struct reconciler *reconciler)
{
	pthread_mutex_lock(&reconciler->mutex);
	uint64_t run = reconciler->last.run;

	pthread_mutex_unlock(&reconciler->mutex);
	return run;
}

enum err reconciler_open(struct reconciler **reconciler, struct service *service, struct owed_work *owed,
                         void (*wake)(void *context), void *context)
{
	struct reconciler *made = calloc(1, sizeof *made);

	if (made == NULL || counterparts_new(&made->counterparts) != OK) {
		free(made);
		return ERR_MEMORY;
	}
	made->service = service;
	made->owed = owed;
	made->wake = wake;
	made->wake_context = context;
	pthread_mutex_init(&made->mutex, NULL);
	since_begin(&made->since, service);
	*reconciler = made;
	return OK;
}

void reconciler_close(struct reconciler **reconciler)
{
	struct reconciler *closed = *reconciler;

	*reconciler = NULL;
	if (closed == NULL)
		return;
	run_free(&closed->run);
	counterparts_free(&closed->counterparts);
	pthread_mutex_destroy(&closed->mutex);
	free(closed);
}
