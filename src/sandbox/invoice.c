#include "sandbox/invoice.h"

#include <stdio.h>
#include <string.h>

#include "sandbox/events.h"
#include "sandbox/payment.h"
#include "sandbox/subscription.h"

enum { DAY_S = 86400, RETRIES_MAX = 3 };

/* ---- made ---- */

static enum err add_intent(struct state *state, struct invoice *invoice, const char *customer)
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

enum err invoice_create(struct state *state, struct subscription *subscription, const char *reason,
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
	return add_intent(state, created, subscription == NULL ? "" : subscription->customer);
}

/* ---- paid, or not ---- */

enum err invoice_paid(struct state *state, struct invoice *invoice)
{
	static const char *const types[] = { "invoice.paid", "invoice.payment_succeeded", NULL };

	invoice->state = INVOICE_PAID;
	invoice->attempts++;
	invoice->next_attempt_s = 0;
	invoice->paid_s = state_now_s(state);
	enum err err = event_tell_all(state, types, &invoice->object);

	if (err == OK)
		err = event_tell(state, "invoice_payment.paid", &invoice->payment->object);
	if (err != OK || invoice->subscription == NULL)
		return err;
	return subscription_is_paid(state, invoice->subscription);
}

static bool goes_on(const struct subscription *subscription)
{
	return subscription != NULL && subscription->state != SUBSCRIPTION_CANCELED;
}

static enum err plan_retry(struct state *state, struct invoice *invoice)
{
	static const int64_t days[RETRIES_MAX] = { 3, 5, 7 };

	invoice->next_attempt_s = 0;
	if (!goes_on(invoice->subscription) || invoice->attempts > RETRIES_MAX)
		return OK;
	invoice->next_attempt_s = state_now_s(state) + days[invoice->attempts - 1] * DAY_S;
	return agenda_add(&state->agenda, invoice->next_attempt_s * 1000, DUE_INVOICE_RETRY, invoice);
}

enum err invoice_failed(struct state *state, struct invoice *invoice)
{
	invoice->attempts++;
	enum err err = plan_retry(state, invoice);

	if (err == OK)
		err = event_tell(state, "invoice.payment_failed", &invoice->object);
	if (err != OK || !goes_on(invoice->subscription))
		return err;
	if (invoice->next_attempt_s == 0)
		return subscription_end(state, invoice->subscription, "payment_failed");
	return subscription_is_overdue(state, invoice->subscription);
}

bool invoice_can_be_tried(const struct invoice *invoice)
{
	return invoice->state == INVOICE_OPEN && goes_on(invoice->subscription) &&
	       invoice->intent->state == INTENT_NEEDS_METHOD;
}

enum err invoice_attempt(struct state *state, struct invoice *invoice, bool succeeds)
{
	const struct subscription *subscription = invoice->subscription;
	enum err err;

	if (!succeeds) {
		err = intent_decline(state, invoice->intent, &subscription->payer);
		return err != OK ? err : invoice_failed(state, invoice);
	}
	if (subscription->debit) {
		err = intent_process(state, invoice->intent, &subscription->payer);
		return err != OK ? err : agenda_add(&state->agenda, state->now_ms + state->knobs.slow_debit_ms,
		                                    DUE_INVOICE_DEBIT, invoice);
	}
	err = intent_succeed(state, invoice->intent, &subscription->payer);
	return err != OK ? err : invoice_paid(state, invoice);
}

/* ---- the clock ---- */

enum err invoice_come_due(struct state *state, struct invoice *invoice)
{
	bool due = invoice->next_attempt_s != 0 && invoice->next_attempt_s <= state_now_s(state);

	if (!due || !invoice_can_be_tried(invoice))
		return OK;
	return invoice_attempt(state, invoice, !knob_strikes(&state->knobs.renewal_fails));
}

enum err invoice_debit_arrives(struct state *state, struct invoice *invoice)
{
	if (invoice->state != INVOICE_OPEN || invoice->intent->state != INTENT_PROCESSING)
		return OK;
	enum err err = intent_arrive(state, invoice->intent);

	return err != OK ? err : invoice_paid(state, invoice);
}

/* ---- without a subscription ---- */

enum err invoice_alone(struct state *state, const struct price *price, const struct payer *payer)
{
	struct invoice *invoice = NULL;
	enum err err = invoice_create(state, NULL, "manual", price, &invoice);

	if (err == OK)
		err = intent_succeed(state, invoice->intent, payer);
	return err != OK ? err : invoice_paid(state, invoice);
}
