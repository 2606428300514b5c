#include "sandbox/subscription.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sandbox/calendar.h"
#include "sandbox/events.h"
#include "sandbox/invoice.h"

enum { CHANGE_SIZE = 256 };

/* Begin the next period, counted from the first one, and put its end on the agenda. */
static enum err begin_period(struct state *state, struct subscription *subscription)
{
	const struct line *line = &subscription->line;
	int64_t begun = subscription->periods++ * line->interval_count;

	subscription->period_start_s = calendar_add(subscription->anchor_s, line->interval, begun);
	subscription->period_end_s =
		calendar_add(subscription->anchor_s, line->interval, begun + line->interval_count);
	return agenda_add(&state->agenda, subscription->period_end_s * 1000, DUE_RENEWAL, subscription);
}

static enum err subscription_create(struct state *state, struct session *session, struct subscription **subscription)
{
	struct object *stored = NULL;
	enum err err = state_add(state, KIND_SUBSCRIPTION, "sub_1", 23, &stored);

	if (err != OK)
		return err;
	struct subscription *created = (struct subscription *)stored;

	created->session = session;
	created->line = session->lines[0];
	created->payer = session->payer;
	created->price = session->total;
	created->anchor_s = stored->created_s;
	id_mint(&state->ids, "si_", 14, created->item_id);
	id_mint(&state->ids, "cus_", 14, created->customer);
	memcpy(session->customer, created->customer, sizeof session->customer);
	session->subscription = created;
	*subscription = created;
	return begin_period(state, created);
}

enum err subscription_begin(struct state *state, struct session *session, bool debit)
{
	struct subscription *subscription = NULL;
	enum err err = subscription_create(state, session, &subscription);

	if (err != OK)
		return err;
	subscription->debit = debit;
	err = invoice_create(state, subscription, "subscription_create", &subscription->price, &session->invoice);
	return err != OK ? err : event_tell(state, "customer.subscription.created", &subscription->object);
}

enum err subscription_renew(struct state *state, struct subscription *subscription, bool succeeds,
                            struct invoice **invoice)
{
	char previous[CHANGE_SIZE];
	enum err err = begin_period(state, subscription);

	snprintf(previous, sizeof previous, "latest_invoice=\"%s\"", subscription->latest_invoice->object.id);
	if (err == OK)
		err = invoice_create(state, subscription, "subscription_cycle", &subscription->price, invoice);
	if (err == OK)
		err = event_tell_change(state, "customer.subscription.updated", &subscription->object, previous);
	return err != OK ? err : invoice_attempt(state, *invoice, succeeds);
}

enum err subscription_come_due(struct state *state, struct subscription *subscription)
{
	struct invoice *invoice = NULL;

	/* A renewal by hand has begun a later period: its own end is on the agenda. */
	if (subscription->state == SUBSCRIPTION_CANCELED || subscription->period_end_s > state_now_s(state))
		return OK;
	if (subscription->ends_with_period)
		return subscription_end(state, subscription, subscription->cancel_reason);
	return subscription_renew(state, subscription, !knob_strikes(&state->knobs.renewal_fails), &invoice);
}

/* ---- what its invoices make of it ---- */

static enum err become(struct state *state, struct subscription *subscription, enum subscription_state from,
                       enum subscription_state to)
{
	if (subscription->state != from)
		return OK;
	subscription->state = to;
	return event_tell_change(state, "customer.subscription.updated", &subscription->object,
	                         from == SUBSCRIPTION_ACTIVE ? "status=\"active\"" : "status=\"past_due\"");
}

enum err subscription_is_paid(struct state *state, struct subscription *subscription)
{
	return become(state, subscription, SUBSCRIPTION_PAST_DUE, SUBSCRIPTION_ACTIVE);
}

enum err subscription_is_overdue(struct state *state, struct subscription *subscription)
{
	return become(state, subscription, SUBSCRIPTION_ACTIVE, SUBSCRIPTION_PAST_DUE);
}

/* ---- its end ---- */

enum err subscription_end(struct state *state, struct subscription *subscription, const char *reason)
{
	subscription->state = SUBSCRIPTION_CANCELED;
	subscription->ended_s = state_now_s(state);
	if (subscription->canceled_s == 0)
		subscription->canceled_s = subscription->ended_s;
	subscription->cancel_reason = reason;
	subscription->latest_invoice->next_attempt_s = 0;
	return event_tell(state, "customer.subscription.deleted", &subscription->object);
}

enum err subscription_end_later(struct state *state, struct subscription *subscription, bool ends)
{
	char previous[CHANGE_SIZE];

	if (ends)
		snprintf(previous, sizeof previous, "cancel_at=null cancel_at_period_end=false canceled_at=null "
		         "cancellation_details={\"reason\":null}");
	else
		snprintf(previous, sizeof previous, "cancel_at=%" PRId64 " cancel_at_period_end=true canceled_at=%" PRId64
		         " cancellation_details={\"reason\":\"cancellation_requested\"}",
		         subscription->period_end_s, subscription->canceled_s);
	if (subscription->ends_with_period == ends)
		return OK;
	subscription->ends_with_period = ends;
	subscription->canceled_s = ends ? state_now_s(state) : 0;
	subscription->cancel_reason = ends ? "cancellation_requested" : NULL;
	return event_tell_change(state, "customer.subscription.updated", &subscription->object, previous);
}
