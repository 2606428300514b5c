#include "service/reconcile_steps.h"

#include <stdlib.h>
#include <string.h>

#include "service/operation.h"
#include "sys/clock.h"

enum {
	LOOK_UP_AFTER_S = 2 * 3600,   /* no session of ours lasts longer than an hour */
	PLEDGES_AT_ONCE = 2000,       /* between two looks at everything else */
	LOOK_UPS_MAX = 1000,          /* in one run */
	OWED_WAIT_US = 60 * 1000 * 1000,
	DOUBT_US = 1000 * 1000,
	PAYOUTS_WALKED_MAX = 400,     /* in one run: more than one a day for a year */
};

void run_failed(struct run *run, const char *account, enum err err, const struct why *why)
{
	struct reconciliation *result = run->result;

	if (result->result == RECONCILED_FAILED)
		return;
	result->result = RECONCILED_FAILED;
	err_ignore(why_set(&result->why, err, "%s: %s", account, why->text[0] != '\0' ? why->text : err_name(err)));
}

static const struct provider_account *account_of(const struct run *run)
{
	const struct config *config = run->snapshot->config;

	return run->account < config->account_count ? &config->accounts[run->account] : NULL;
}

struct inquiry *run_begin_inquiry(struct run *run, const char *account, const struct conversation *conversation)
{
	struct inquiry *inquiry = inquiry_begin(run->service, account, conversation, run->wake, run->wake_context);

	if (inquiry == NULL)
		run_failed(run, account, ERR_MEMORY, &(struct why){ "" });
	else
		inquiry->carries_on = true;
	return inquiry;
}

bool run_inquiry_has_ended(struct run *run)
{
	enum inquiry_state state = inquiry_go_on(run->inquiry);

	if (state == INQUIRY_PAGE) {
		inquiry_pass(run->inquiry);
		state = inquiry_go_on(run->inquiry);
	}
	return state == INQUIRY_ENDED;
}

bool run_end_inquiry(struct run *run, const char *account)
{
	const struct conversation *conversation = &run->inquiry->conversation;
	bool good = run->inquiry->err == OK;

	if (conversation->down)
		memcpy(run->down, account, strlen(account) + 1);
	if (!good && conversation->retry_after_s > run->retry_after_s)
		run->retry_after_s = conversation->retry_after_s;
	if (!good)
		run_failed(run, account, run->inquiry->err, &run->inquiry->why);
	inquiry_free(&run->inquiry);
	return good;
}

/* Take out of a page what is not wanted; the order stays. */
static void keep_events(struct run *run, bool (*wanted)(struct run *run, const struct event *event))
{
	struct inquiry *inquiry = run->inquiry;
	size_t kept = 0;

	for (size_t i = 0; i < inquiry->event_count; i++) {
		if (!wanted(run, &inquiry->events[i]))
			continue;
		if (kept != i)
			inquiry->events[kept] = inquiry->events[i];
		kept++;
	}
	inquiry->event_count = kept;
}

/* Go through the accounts that answer with one question for each. False while it waits; `page` judges what comes. */
static bool each_account(struct run *run, enum talk talk, int64_t since_s, void (*page)(struct run *run))
{
	const struct provider_account *account;

	while ((account = account_of(run)) != NULL) {
		struct conversation conversation = { .talk = talk, .since_s = since_s };

		if (run->inquiry == NULL && strcmp(account->id, run->down) == 0) {
			run->account++;
			continue;
		}
		if (run->inquiry == NULL)
			run->inquiry = run_begin_inquiry(run, account->id, &conversation);
		if (run->inquiry == NULL)
			return true;
		enum inquiry_state state = inquiry_go_on(run->inquiry);

		while (state == INQUIRY_PAGE) {
			page(run);
			state = inquiry_go_on(run->inquiry);
		}
		if (state == INQUIRY_WAITS)
			return false;
		(void)run_end_inquiry(run, account->id);
		run->account++;
	}
	return true;
}

/* ---- the provider's own list of events ---- */

static bool is_news(struct run *run, const struct event *event)
{
	if (event->at_s > run->newest_s)
		run->newest_s = event->at_s;
	return event->id[0] == '\0' || !ledger_knows_event(run->service->ledger, account_of(run)->id, event);
}

static void take_events(struct run *run)
{
	keep_events(run, is_news);
	if (run->result->recalled == 0) /* else they were counted when they were read first */
		run->result->events += run->inquiry->event_count;
	if (run->result->wish.dry_run)
		inquiry_pass(run->inquiry);
	else
		inquiry_take(run->inquiry);
}

bool run_events(struct run *run, int64_t now_us)
{
	(void)now_us;
	return each_account(run, TALK_LIST_EVENTS, run->result->wish.since_s, take_events);
}

/* What moves no money is nobody's while its pledge is not known: now it may be somebody's. */
bool run_events_again(struct run *run, int64_t now_us)
{
	return run->result->recalled == 0 || run_events(run, now_us);
}

/* ---- sessions of which nobody told how they ended ---- */

static bool begin_look_up(struct run *run)
{
	const struct pledge *pledge = &run->pledge;
	struct conversation conversation = { .talk = TALK_CONFIRM };
	struct event *event = &conversation.event;

	event->kind = EVENT_EXPIRED;
	memcpy(event->pledge, pledge->id, sizeof event->pledge);
	memcpy(event->confirm, pledge->session, sizeof event->confirm);
	err_ignore(event_add_ref(event, REF_SESSION, bytes_of(pledge->session))); /* the first one fits */
	run->inquiry = run_begin_inquiry(run, pledge->account, &conversation);
	run->result->sessions++;
	return run->inquiry != NULL;
}

/* One that is still open, though it should have ended, has another look in the next run. */
static void look_up_ended(struct run *run)
{
	bool has_ended = run->inquiry->conversation.found;

	if (!run_end_inquiry(run, run->pledge.account) || !has_ended)
		run->sessions_left = true;
	if (!run->sessions_left)
		memcpy(run->sessions_done, run->pledge.id, sizeof run->sessions_done);
}

/* The next one that needs a look; false when there is none now. *end: there is none at all. */
static bool next_open(struct run *run, bool *end)
{
	int64_t before_us = clock_wall_us() - (int64_t)LOOK_UP_AFTER_S * 1000000;

	for (int i = 0; i < PLEDGES_AT_ONCE; i++) {
		struct pledge next = run->pledge;

		enum err err = ledger_pledge_next(run->service->ledger, &next);

		*end = err != OK || next.pledged_us > before_us;
		if (err != OK && err != ERR_UNKNOWN)
			run->sessions_left = true;
		if (*end)
			return false;
		run->pledge = next;
		if (next.status == PLEDGE_OPEN && next.session[0] != '\0') {
			if (strcmp(next.account, run->down) != 0)
				return true;
			run->sessions_left = true;
		}
		if (!run->sessions_left)
			memcpy(run->sessions_done, next.id, sizeof run->sessions_done);
	}
	return false;
}

bool run_sessions(struct run *run, int64_t now_us)
{
	bool end = false;

	(void)now_us;
	if (run->inquiry != NULL) {
		enum inquiry_state state = inquiry_go_on(run->inquiry);

		if (state == INQUIRY_PAGE)
			inquiry_take(run->inquiry);
		if (state != INQUIRY_ENDED)
			return false;
		look_up_ended(run);
	}
	if (run->result->sessions == LOOK_UPS_MAX)
		return true;
	if (next_open(run, &end))
		return !begin_look_up(run);
	if (!end)
		run->wake(run->wake_context); /* there are more pledges to look through */
	return end;
}

/* ---- parked events ---- */

static void on_retried(void *context, const struct operation_result *result)
{
	struct run *run = context;
	void (*wake)(void *context) = run->wake;
	void *wake_context = run->wake_context;

	(void)result; /* what could be booked is booked, the rest waits on */
	atomic_store_explicit(&run->retried, true, memory_order_release);
	wake(wake_context);
}

bool run_parked(struct run *run, int64_t now_us)
{
	const struct operation_request request = { .operation = OPERATION_RETRY };

	(void)now_us;
	if (run->retrying)
		return atomic_load_explicit(&run->retried, memory_order_acquire);
	run->retrying = true;
	operation_begin(run->service->ledger, run->snapshot->config, &request, on_retried, run);
	return false;
}

/* ---- what is owed ---- */

bool run_owed(struct run *run, int64_t now_us)
{
	struct ledger_status status;

	if (run->owed_until_us == 0) {
		run->owed_until_us = now_us + OWED_WAIT_US;
		owed_hurry(run->owed);
		return false;
	}
	ledger_status(run->service->ledger, &status);
	run->result->owed = status.owed;
	if (now_us >= run->owed_until_us)
		return true;
	if (!owed_rests(run->owed))
		return false;
	if (!owed_doubts(run->owed))
		return true;
	/* Asked for again a little later, until it is known that the provider does not know it. */
	if (run->doubt_until_us == 0)
		run->doubt_until_us = now_us + DOUBT_US;
	if (now_us >= run->doubt_until_us) {
		run->doubt_until_us = 0;
		owed_hurry(run->owed);
	}
	return false;
}

/* ---- the provider's balance ---- */

static void note_payout(struct run *run, const struct event *line)
{
	const char *payout = event_ref(line, REF_PAYOUT);
	struct provider_object known;

	/* One that is not explained yet is owed: that was just done, or waits for the provider. */
	if (line->kind != EVENT_PAYOUT_SENT || payout == NULL || run->payout_count == PAYOUTS_WALKED_MAX
	    || ledger_provider_object(run->service->ledger, account_of(run)->id, payout, &known) != OK || !known.explained)
		return;
	if (run->payouts == NULL)
		run->payouts = calloc(PAYOUTS_WALKED_MAX, sizeof *run->payouts);
	if (run->payouts == NULL)
		return;
	struct walked_payout *noted = &run->payouts[run->payout_count++];

	noted->account = run->account;
	memcpy(noted->payout, payout, strlen(payout) + 1);
}

/* Corrections have no event: who reads the balance books them. */
static bool is_our_correction(struct run *run, const struct event *line)
{
	const char *account = account_of(run)->id;
	enum err err = report_add(run->lines, run->service->ledger, account, line);

	if (err != OK)
		run_failed(run, account, err, &(struct why){ "the balance has more lines than can be compared" });
	note_payout(run, line);
	return line->kind == EVENT_ADJUSTED && report_is_ours(run->service->ledger, account, line);
}

static void take_lines(struct run *run)
{
	keep_events(run, is_our_correction);
	if (run->result->wish.dry_run || run->inquiry->event_count == 0)
		inquiry_pass(run->inquiry);
	else
		inquiry_take(run->inquiry);
}

bool run_balance(struct run *run, int64_t now_us)
{
	(void)now_us;
	return each_account(run, TALK_LIST_BALANCE, run->balance_since_s, take_lines);
}

/*
 * Once more, also those that are explained: of what was not booked then, a payout's line told nothing. The oldest first,
 * so that what one that failed turns out to have held is found in the one that holds it now.
 */
bool run_payouts(struct run *run, int64_t now_us)
{
	(void)now_us;
	for (; run->payout_count > 0; run->payout_count--) {
		const struct walked_payout *payout = &run->payouts[run->payout_count - 1];
		const char *account = run->snapshot->config->accounts[payout->account].id;
		struct conversation conversation = { .talk = TALK_EXPLAIN };

		if (run->inquiry == NULL && strcmp(account, run->down) == 0)
			continue;
		err_ignore(event_add_ref(&conversation.event, REF_PAYOUT, bytes_of(payout->payout))); /* the first one fits */
		if (run->inquiry == NULL)
			run->inquiry = run_begin_inquiry(run, account, &conversation);
		if (run->inquiry == NULL)
			return true;
		enum inquiry_state state = inquiry_go_on(run->inquiry);

		if (state == INQUIRY_PAGE)
			inquiry_take(run->inquiry);
		if (state != INQUIRY_ENDED)
			return false;
		(void)run_end_inquiry(run, account);
	}
	return true;
}
