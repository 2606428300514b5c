/*
 * The good road of a delivery: authentic? → what does it tell? → each event: ours and complete? →
 * (the provider is asked for what the body lacks) → to the writer → durable → told.
 *
 * An event that is incomplete and carries no pledge and no object that we know is other business of
 * the account: the provider is not asked about it, unless the event says that only the provider knows
 * whose it is (a refund or dispute of a payment that we have not heard of).
 */
#include "service/settlement.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/courier.h"
#include "sys/clock.h"
#include "sys/log.h"

struct settlement {
	struct service *service;
	const struct snapshot *snapshot;
	const struct provider_account *account;
	settlement_done *done;
	void *context;
	atomic_size_t left;   /* events whose end is not known, and one for the beginning */
	atomic_int worst;     /* enum err of the first event that failed */
	struct why why;       /* of that one */
};

/* One event on its way to the writer, which has it in full. */
struct booking {
	struct settlement *settlement;
	struct conversation *conversation; /* NULL when nothing had to be asked */
	char id[OBJECT_ID_SIZE];           /* of the event */
	char pledge[TOKEN_SIZE];
};

/* ---- the end ---- */

static void event_ended(struct settlement *settlement, enum err err, const struct why *why)
{
	int none = OK;

	if (err != OK && atomic_compare_exchange_strong(&settlement->worst, &none, (int)err) && why != NULL)
		settlement->why = *why;
	if (atomic_fetch_sub(&settlement->left, 1) != 1)
		return;
	settlement->done(settlement->context, (enum err)atomic_load(&settlement->worst), &settlement->why);
	snapshot_drop(&settlement->snapshot);
	free(settlement);
}

static void booking_ended(struct booking *booking, enum err err, const struct why *why)
{
	struct settlement *settlement = booking->settlement;

	free(booking->conversation);
	free(booking);
	event_ended(settlement, err, why);
}

/* ---- to the writer ---- */

static void log_entry(const struct booking *booking, const struct outcome *outcome)
{
	bool odd = outcome->kind == ENTRY_PARKED || outcome->kind == ENTRY_ALARM;
	struct log_line line;

	log_begin(&line, odd ? LOG_WARNING : LOG_INFO, "entry");
	log_number(&line, "seq", (int64_t)outcome->seq);
	log_word(&line, "kind", entry_kind_name(outcome->kind));
	log_word(&line, "account", booking->settlement->account->id);
	if (booking->pledge[0] != '\0')
		log_word(&line, "pledge", booking->pledge);
	if (booking->id[0] != '\0')
		log_text(&line, "id", bytes_of(booking->id));
	if (outcome->reason != REASON_NONE)
		log_word(&line, "reason", reason_name(outcome->reason));
	log_end(&line);
}

static void on_recorded(void *context, const struct outcome *outcome)
{
	struct booking *booking = context;
	struct counters *counters = &booking->settlement->service->counters;
	struct why why = { "" };

	if (outcome->err != OK) {
		err_ignore(why_set(&why, outcome->err, "the ledger could not take the event"));
		booking_ended(booking, outcome->err, &why);
		return;
	}
	if (outcome->verdict == VERDICT_BOOK) {
		atomic_fetch_add(&counters->events_booked, 1);
		log_entry(booking, outcome);
	} else {
		atomic_fetch_add(outcome->verdict == VERDICT_ALREADY ? &counters->events_already : &counters->events_not_ours, 1);
	}
	booking_ended(booking, OK, NULL);
}

static void submit(struct booking *booking, const struct event *event)
{
	const struct settlement *settlement = booking->settlement;
	struct command command;
	struct why why = { "" };

	memcpy(booking->id, event->id, sizeof booking->id);
	memcpy(booking->pledge, event->pledge, sizeof booking->pledge);
	command.kind = COMMAND_EVENT;
	memcpy(command.u.event.account, settlement->account->id, sizeof command.u.event.account);
	command.u.event.event = *event;
	command.u.event.parked = 0;
	enum err err = ledger_submit(settlement->service->ledger, &command, on_recorded, booking);

	if (err == OK)
		return;
	err_ignore(why_set(&why, err, "the ledger takes no events at the moment"));
	booking_ended(booking, err, &why);
}

/* ---- asking for what the body lacks ---- */

static void on_confirmed(void *context, enum err err, const struct why *why, struct conversation *conversation)
{
	struct booking *booking = context;

	if (err != OK) {
		booking_ended(booking, err == ERR_UNKNOWN ? ERR_PROVIDER : err, why);
		return;
	}
	submit(booking, &conversation->event);
}

static void confirm(struct booking *booking, const struct event *event)
{
	struct settlement *settlement = booking->settlement;

	booking->conversation = calloc(1, sizeof *booking->conversation);
	if (booking->conversation == NULL) {
		booking_ended(booking, ERR_MEMORY, NULL);
		return;
	}
	booking->conversation->talk = TALK_CONFIRM;
	booking->conversation->event = *event;
	courier_talk(settlement->service, settlement->snapshot, settlement->account, booking->conversation, on_confirmed, booking);
}

/* Whether an object that we know is named. What cannot be seen is no answer: ERR_BUSY, ERR_MEMORY, ERR_STORAGE. */
static enum err names_known(struct settlement *settlement, const struct event *event, bool *known)
{
	struct pledge pledge;
	enum err err = ERR_UNKNOWN;

	for (size_t i = 0; err == ERR_UNKNOWN && i < event->ref_count; i++)
		err = ledger_object(settlement->service->ledger, settlement->account->id, event->refs[i].id, &pledge);
	*known = err == OK;
	return err == ERR_UNKNOWN ? OK : err;
}

enum way {
	WAY_SUBMIT,
	WAY_CONFIRM,
	WAY_NOT_OURS,
};

static enum err way_of(struct settlement *settlement, const struct event *event, enum way *way)
{
	bool known = false;
	bool whole = event->confirm[0] == '\0';
	bool ours = !event->confirm_unknown && event->pledge[0] != '\0';
	enum err err = whole || ours ? OK : names_known(settlement, event, &known);

	if (whole)
		*way = WAY_SUBMIT;
	else if (event->confirm_unknown)
		*way = known ? WAY_SUBMIT : WAY_CONFIRM;
	else
		*way = ours || known ? WAY_CONFIRM : WAY_NOT_OURS;
	return err;
}

static void begin_event(struct settlement *settlement, const struct event *event)
{
	struct why why = { "" };
	enum way way;
	enum err err = way_of(settlement, event, &way);

	if (err != OK) {
		err = why_set(&why, err, "whether the event is ours cannot be seen at the moment");
		event_ended(settlement, err, &why);
		return;
	}
	if (way == WAY_NOT_OURS) {
		atomic_fetch_add(&settlement->service->counters.events_not_ours, 1);
		event_ended(settlement, OK, NULL);
		return;
	}
	struct booking *booking = malloc(sizeof *booking);

	if (booking == NULL) {
		event_ended(settlement, ERR_MEMORY, NULL);
		return;
	}
	booking->settlement = settlement;
	booking->conversation = NULL;
	if (way == WAY_CONFIRM)
		confirm(booking, event);
	else
		submit(booking, event);
}

/* ---- the beginning ---- */

static enum err read_delivery(struct service *service, const struct provider_account *account,
                              const struct delivery *delivery, struct event events[static EVENTS_MAX], size_t *count,
                              struct why *why)
{
	const struct provider *provider = provider_find(account->provider);
	struct counters *counters = &service->counters;
	struct authentic authentic;

	if (provider == NULL)
		return ERR_UNKNOWN;
	enum err err = provider->authenticate(account, delivery, clock_wall_us() / 1000000, &authentic, why);

	if (err != OK) {
		atomic_fetch_add(&counters->deliveries_forged, 1);
		return err;
	}
	atomic_fetch_add(&counters->deliveries_authentic, 1);
	pulse_delivery(service->pulse, account->id, authentic.secret_index, clock_mono_us());
	err = provider->read_events(account, &authentic, events, count, why);
	if (err == ERR_INPUT)
		atomic_fetch_add(&counters->deliveries_unreadable, 1);
	if (err == OK && *count == 0)
		atomic_fetch_add(&counters->events_not_ours, 1);
	return err;
}

void settlement_take(struct service *service, const struct snapshot *snapshot, const struct provider_account *account,
                     const struct event *events, size_t count, settlement_done *done, void *context)
{
	struct settlement *settlement = malloc(sizeof *settlement);

	if (settlement == NULL) {
		done(context, ERR_MEMORY, &(struct why){ "" });
		return;
	}
	settlement->service = service;
	settlement->snapshot = snapshot_hold_again(snapshot);
	settlement->account = account;
	settlement->done = done;
	settlement->context = context;
	settlement->why.text[0] = '\0';
	atomic_init(&settlement->worst, OK);
	/* One more than there are events, so that it cannot end while they are still being begun. */
	atomic_init(&settlement->left, count + 1);
	for (size_t i = 0; i < count; i++)
		begin_event(settlement, &events[i]);
	event_ended(settlement, OK, NULL);
}

void settlement_receive(struct service *service, const struct snapshot *snapshot, const struct provider_account *account,
                        const struct delivery *delivery, settlement_done *done, void *context)
{
	struct event events[EVENTS_MAX];
	struct why why = { "" };
	size_t count = 0;
	enum err err = read_delivery(service, account, delivery, events, &count, &why);

	if (err != OK || count == 0)
		done(context, err, &why);
	else
		settlement_take(service, snapshot, account, events, count, done, context);
}
