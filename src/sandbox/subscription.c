#include "sandbox/subscription.h"

#include <stdio.h>
#include <string.h>

#include "sandbox/calendar.h"
#include "sandbox/events.h"
#include "sandbox/payment.h"

/* ---- invoices ---- */

static enum err invoice_pay_later(struct state *state, struct invoice *invoice, const char *customer)
{
	struct object *stored = NULL;
	const char *description = invoice->subscription == NULL ? "Invoice"
	                          : strcmp(invoice->reason, "subscription_create") == 0 ? "Subscription creation"
	                                                                                : "Subscription update";
	enum err err = intent_create(state, &invoice->price, NULL, description, customer, &invoice->intent);

	if (err != OK)
		return err;
	invoice->intent->invoice = invoice;
	err = state_add(state, KIND_INVOICE_PAYMENT, "inpay_1", 23, &stored);
	if (err != OK)
		return err;
	invoice->payment = (struct invoice_payment *)stored;
	invoice->payment->invoice = invoice;
	return event_tell(state, "invoice.finalized", &invoice->object);
}

static enum err invoice_create(struct state *state, struct subscription *subscription, const char *reason,
                               const struct price *price, struct invoice **invoice)
{
	struct object *stored = NULL;
	enum err err = state_add(state, KIND_INVOICE, "in_1", 23, &stored);

	if (err != OK)
		return err;
	struct invoice *created = (struct invoice *)stored;

	created->subscription = subscription;
	created->reason = reason;
	created->price = *price;
	created->period_start_s = subscription == NULL ? stored->created_s : subscription->period_start_s;
	created->period_end_s = subscription == NULL ? stored->created_s : subscription->period_end_s;
	snprintf(created->number, sizeof created->number, "SANDBOX-%04zu", store_count(&state->store, KIND_INVOICE));
	id_mint(&state->ids, "il_1", 23, created->line_id);
	if (subscription != NULL)
		subscription->latest_invoice = created;
	*invoice = created;
	return invoice_pay_later(state, created, subscription == NULL ? "" : subscription->customer);
}

enum err invoice_paid(struct state *state, struct invoice *invoice)
{
	static const char *const types[] = { "invoice.paid", "invoice.payment_succeeded", NULL };

	invoice->state = INVOICE_PAID;
	invoice->attempts++;
	invoice->paid_s = state_now_s(state);
	enum err err = event_tell_all(state, types, &invoice->object);

	return err != OK ? err : event_tell(state, "invoice_payment.paid", &invoice->payment->object);
}

enum err invoice_failed(struct state *state, struct invoice *invoice)
{
	invoice->attempts++;
	enum err err = event_tell(state, "invoice.payment_failed", &invoice->object);

	if (err != OK || invoice->subscription == NULL)
		return err;
	invoice->subscription->state = SUBSCRIPTION_PAST_DUE;
	return event_tell(state, "customer.subscription.updated", &invoice->subscription->object);
}

enum err invoice_alone(struct state *state, const struct price *price, const struct payer *payer)
{
	struct invoice *invoice = NULL;
	enum err err = invoice_create(state, NULL, "manual", price, &invoice);

	if (err == OK)
		err = intent_succeed(state, invoice->intent, payer);
	return err != OK ? err : invoice_paid(state, invoice);
}

/* ---- subscriptions ---- */

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
	enum err err = begin_period(state, subscription);

	if (err == OK)
		err = invoice_create(state, subscription, "subscription_cycle", &subscription->price, invoice);
	if (err == OK)
		err = event_tell(state, "customer.subscription.updated", &subscription->object);
	if (err != OK)
		return err;
	if (!succeeds) {
		err = intent_decline(state, (*invoice)->intent, &subscription->payer);
		return err != OK ? err : invoice_failed(state, *invoice);
	}
	subscription->state = SUBSCRIPTION_ACTIVE;
	err = intent_succeed(state, (*invoice)->intent, &subscription->payer);
	return err != OK ? err : invoice_paid(state, *invoice);
}

enum err subscription_come_due(struct state *state, struct subscription *subscription)
{
	struct invoice *invoice = NULL;

	/* A renewal by hand has begun a later period: its own end is on the agenda. */
	if (subscription->state == SUBSCRIPTION_CANCELED || subscription->period_end_s > state_now_s(state))
		return OK;
	return subscription_renew(state, subscription, true, &invoice);
}
