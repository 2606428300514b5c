/*
 * Pledges whose lines are gone, as after an older back-up was put back: money came for them and is parked. The provider
 * still has the session that each was opened with, its terms and our seal over them.
 *
 * The good road: a parked event of an unknown pledge → its session, asked for at the provider → the seal holds → `pledged`
 * once more → the writer books what was parked. The bad ones: the provider cannot be asked → the next run asks; the session
 * is another one's, or its terms are not those that were sealed → what is parked stays, for a person.
 */
#include "service/reconcile_steps.h"

#include <string.h>

#include "sys/log.h"

enum { RECALLS_MAX = 1000 }; /* questions in one run */

/* ---- which one ---- */

/* What its session can be found by; the session itself where that is known. */
static const struct ref *trace_of(const struct event *event)
{
	static const enum ref_kind kinds[] = { REF_SESSION, REF_SUBSCRIPTION, REF_PAYMENT_INTENT };

	for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++)
		for (size_t i = 0; i < event->ref_count; i++)
			if (event->refs[i].kind == kinds[kind])
				return &event->refs[i];
	return NULL;
}

static bool is_lost(struct run *run, const struct parked *parked)
{
	struct pledge known;

	return parked->reason == REASON_UNKNOWN_PLEDGE && trace_of(&parked->event) != NULL
	       && ledger_pledge(run->service->ledger, parked->event.pledge, &known) == ERR_UNKNOWN;
}

/* The next one to ask for, behind run->recall_at. False when there is none. */
static bool next_lost(struct run *run, struct parked *parked)
{
	parked->seq = run->recall_at;
	while (ledger_parked_next(run->service->ledger, parked) == OK) {
		run->recall_at = parked->seq;
		if (is_lost(run, parked) && strcmp(parked->account, run->down) != 0)
			return true;
		run->recall_left |= is_lost(run, parked);
		if (!run->recall_left)
			run->recall_done = parked->seq;
	}
	return false;
}

static bool begin_recall(struct run *run, const struct parked *parked)
{
	const struct ref *trace = trace_of(&parked->event);
	struct conversation conversation = { .talk = TALK_RECALL_SESSION };

	if (trace == NULL)
		return false; /* next_lost gives only what has one */
	conversation.by = trace->kind;
	memcpy(conversation.session, trace->id, sizeof conversation.session);
	run->inquiry = run_begin_inquiry(run, parked->account, &conversation);
	run->recall_asked++;
	return run->inquiry != NULL;
}

/* ---- whose it is ---- */

static void say(const struct parked *parked, const char *why)
{
	struct log_line line;

	log_begin(&line, LOG_WARNING, "not-recalled");
	log_number(&line, "seq", (int64_t)parked->seq);
	log_word(&line, "account", parked->account);
	log_word(&line, "pledge", parked->event.pledge);
	log_text(&line, "why", bytes_of(why));
	log_end(&line);
}

/* The session's terms as the pledge that they were; false when they are not what this ledger has sealed. */
static bool make_pledge(struct run *run, const struct parked *parked, const struct conversation *told, struct pledge_command *pledge)
{
	const struct session_terms *terms = &told->terms;
	bool holds = false;

	*pledge = (struct pledge_command){ .interval = terms->interval, .amount = terms->amount, .recalled_s = terms->now_s };
	memcpy(pledge->pledge, terms->pledge, sizeof pledge->pledge);
	memcpy(pledge->account, parked->account, sizeof pledge->account);
	memcpy(pledge->campaign, terms->campaign, sizeof pledge->campaign);
	memcpy(pledge->tier, terms->tier, sizeof pledge->tier);
	memcpy(pledge->session, told->session, sizeof pledge->session);
	if (strcmp(terms->pledge, parked->event.pledge) != 0)
		return false;
	return ledger_seal_holds(run->service->ledger, pledge, terms->seal, &holds) == OK && holds;
}

/* ---- to the ledger ---- */

static void log_entry(const struct pledge_command *pledge, uint64_t seq)
{
	struct log_line line;

	log_begin(&line, LOG_INFO, "entry");
	log_number(&line, "seq", (int64_t)seq);
	log_word(&line, "kind", entry_kind_name(ENTRY_PLEDGED));
	log_word(&line, "account", pledge->account);
	log_word(&line, "pledge", pledge->pledge);
	log_word(&line, "reason", reason_name(REASON_RECALLED));
	log_end(&line);
}

static void on_recorded(void *context, const struct outcome *outcome)
{
	struct run *run = context;
	void (*wake)(void *context) = run->wake;
	void *wake_context = run->wake_context;

	run->recall_err = outcome->err;
	run->recall_seq = outcome->err == OK && outcome->verdict == VERDICT_BOOK ? outcome->seq : 0;
	/* From here on the run may be gone. */
	atomic_store_explicit(&run->recalled, true, memory_order_release);
	wake(wake_context);
}

static void settle(struct run *run, enum err err)
{
	if (err != OK) {
		run->recall_left = true;
		run_failed(run, run->recall.account, err, &(struct why){ "a pledge that was lost could not be written again" });
	} else if (!run->recall_left) {
		run->recall_done = run->recall_at;
	}
}

static void submit(struct run *run, const struct pledge_command *pledge)
{
	const struct command command = { .kind = COMMAND_PLEDGE, .u.pledge = *pledge };

	run->recall = *pledge;
	run->recalling = true;
	enum err err = ledger_submit(run->service->ledger, &command, on_recorded, run);

	if (err == OK)
		return;
	run->recalling = false;
	settle(run, err);
}

/* ---- the answer ---- */

static void look_at_answer(struct run *run)
{
	struct conversation told = run->inquiry->conversation;
	struct parked parked = { .seq = run->recall_at - 1 };
	struct pledge_command pledge;
	enum err err = ledger_parked_next(run->service->ledger, &parked);

	if (!run_end_inquiry(run, run->recall.account)) {
		run->recall_left = true;
		return;
	}
	/* It may have been dropped or booked meanwhile. */
	if (err == OK && parked.seq == run->recall_at) {
		if (told.found && make_pledge(run, &parked, &told, &pledge)) {
			submit(run, &pledge);
			return;
		}
		say(&parked, told.found ? "its session's seal is not ours" : "the provider knows no completed session of it");
	}
	settle(run, OK);
}

static void look_at_recorded(struct run *run)
{
	run->recalling = false;
	if (run->recall_seq != 0) {
		run->result->recalled++;
		log_entry(&run->recall, run->recall_seq);
	}
	settle(run, run->recall_err);
}

/* False while it waits for the provider or the ledger. */
static bool go_on(struct run *run)
{
	if (run->recalling) {
		if (!atomic_exchange_explicit(&run->recalled, false, memory_order_acquire))
			return false;
		look_at_recorded(run);
	}
	if (run->inquiry == NULL)
		return true;
	if (!run_inquiry_has_ended(run))
		return false;
	look_at_answer(run);
	return !run->recalling;
}

bool run_recall(struct run *run, int64_t now_us)
{
	struct parked parked;

	(void)now_us;
	while (go_on(run)) {
		if (run->recall_asked == RECALLS_MAX || !next_lost(run, &parked))
			return true;
		memcpy(run->recall.account, parked.account, sizeof run->recall.account);
		if (!begin_recall(run, &parked))
			return true;
	}
	return false;
}
