#include <string.h>

#include "sandbox/list.h"
#include "sandbox/payout.h"

#define RANGE(name) \
	{ name, PARAM_INTEGER, NULL }, { name "[gt]", PARAM_INTEGER, NULL }, { name "[gte]", PARAM_INTEGER, NULL }, \
	{ name "[lt]", PARAM_INTEGER, NULL }, { name "[lte]", PARAM_INTEGER, NULL }
#define PAGING \
	{ "limit", PARAM_INTEGER, NULL }, { "starting_after", PARAM_TEXT, NULL }, \
	{ "ending_before", PARAM_TEXT, NULL }, RANGE("created"), { "expand[#]", PARAM_TEXT, NULL }
#define END_OF_PARAMS { NULL, PARAM_TEXT, NULL }

/* No wish, or just this text. */
static bool is(const struct form *form, const char *name, const char *text)
{
	const char *wish = form_get(form, name);

	return wish == NULL || (text != NULL && strcmp(wish, text) == 0);
}

static bool names(const struct form *form, const char *name, const struct object *object)
{
	return is(form, name, object == NULL ? NULL : object->id);
}

static const char *session_status(const struct session *session)
{
	return session->state == SESSION_IS_OPEN ? "open" : session->state == SESSION_IS_COMPLETE ? "complete" : "expired";
}

static bool session_matches(const struct object *object, const struct form *form)
{
	const struct session *session = (const struct session *)object;

	return is(form, "status", session_status(session)) && is(form, "customer", session->customer) &&
	       names(form, "payment_intent", session->intent == NULL || session->subscribes ? NULL : &session->intent->object) &&
	       names(form, "subscription", session->subscription == NULL ? NULL : &session->subscription->object);
}

static const struct param session_params[] = {
	PAGING,
	{ "status", PARAM_CHOICE, "complete expired open" },
	{ "customer", PARAM_TEXT, NULL },
	{ "payment_intent", PARAM_TEXT, NULL },
	{ "subscription", PARAM_TEXT, NULL },
	END_OF_PARAMS,
};

static bool intent_matches(const struct object *object, const struct form *form)
{
	return is(form, "customer", ((const struct intent *)object)->customer);
}

static const struct param intent_params[] = { PAGING, { "customer", PARAM_TEXT, NULL }, END_OF_PARAMS };

static bool charge_matches(const struct object *object, const struct form *form)
{
	const struct charge *charge = (const struct charge *)object;

	return names(form, "payment_intent", &charge->intent->object) && is(form, "customer", charge->intent->customer);
}

static const struct param charge_params[] = {
	PAGING, { "customer", PARAM_TEXT, NULL }, { "payment_intent", PARAM_TEXT, NULL }, END_OF_PARAMS,
};

static bool transaction_matches(const struct object *object, const struct form *form)
{
	const struct transaction *transaction = (const struct transaction *)object;

	return is(form, "source", transaction->source) && is(form, "type", transaction->type) &&
	       is(form, "currency", transaction->gross.currency) &&
	       names(form, "payout", transaction->payout == NULL ? NULL : &transaction->payout->object);
}

static bool transaction_check(const struct state *state, const struct form *form, struct refusal *refusal)
{
	const char *id = form_get(form, "payout");
	const struct payout *payout = id == NULL ? NULL : (const struct payout *)store_find(&state->store, KIND_PAYOUT, id);

	if (id == NULL || (payout != NULL && payout->automatic))
		return true;
	if (payout == NULL)
		return refuse_missing(refusal, "payout", "payout", id);
	return refuse(refusal, 400, NULL, "payout",
	              "Balance transaction history can only be filtered on automatic transfers, not manual.");
}

static const struct param transaction_params[] = {
	PAGING,
	{ "source", PARAM_TEXT, NULL },
	{ "type", PARAM_TEXT, NULL },
	{ "currency", PARAM_TEXT, NULL },
	{ "payout", PARAM_TEXT, NULL },
	END_OF_PARAMS,
};

/* Refunds and disputes are asked for by what was paid. */
static bool charge_is(const struct form *form, const struct charge *charge)
{
	return names(form, "charge", &charge->object) && names(form, "payment_intent", &charge->intent->object);
}

static bool refund_matches(const struct object *object, const struct form *form)
{
	return charge_is(form, ((const struct refund *)object)->charge);
}

static bool dispute_matches(const struct object *object, const struct form *form)
{
	return charge_is(form, ((const struct dispute *)object)->charge);
}

static const struct param reversal_params[] = {
	PAGING, { "charge", PARAM_TEXT, NULL }, { "payment_intent", PARAM_TEXT, NULL }, END_OF_PARAMS,
};

static bool payout_matches(const struct object *object, const struct form *form)
{
	const struct payout *payout = (const struct payout *)object;

	return is(form, "status", payout_state_name(payout->state)) &&
	       list_is_within(payout->arrival_s, form, "arrival_date");
}

static const struct param payout_params[] = {
	PAGING,
	RANGE("arrival_date"),
	{ "status", PARAM_CHOICE, "canceled failed in_transit paid pending" },
	END_OF_PARAMS,
};

static bool invoice_matches(const struct object *object, const struct form *form)
{
	const struct invoice *invoice = (const struct invoice *)object;

	return names(form, "subscription", invoice->subscription == NULL ? NULL : &invoice->subscription->object) &&
	       is(form, "status", invoice->state == INVOICE_PAID ? "paid" : "open");
}

static const struct param invoice_params[] = {
	PAGING, { "subscription", PARAM_TEXT, NULL }, { "status", PARAM_CHOICE, "draft open paid uncollectible void" },
	END_OF_PARAMS,
};

static bool invoice_payment_matches(const struct object *object, const struct form *form)
{
	const struct invoice *invoice = ((const struct invoice_payment *)object)->invoice;

	return names(form, "invoice", &invoice->object) && names(form, "payment[payment_intent]", &invoice->intent->object) &&
	       is(form, "payment[type]", "payment_intent") &&
	       is(form, "status", invoice->state == INVOICE_PAID ? "paid" : "open");
}

static const struct param invoice_payment_params[] = {
	PAGING,
	{ "invoice", PARAM_TEXT, NULL },
	{ "payment[payment_intent]", PARAM_TEXT, NULL },
	{ "payment[type]", PARAM_CHOICE, "payment_intent" },
	{ "status", PARAM_CHOICE, "canceled open paid" },
	END_OF_PARAMS,
};

static bool subscription_matches(const struct object *object, const struct form *form)
{
	const struct subscription *subscription = (const struct subscription *)object;
	const char *status = subscription->state == SUBSCRIPTION_ACTIVE ? "active"
	                     : subscription->state == SUBSCRIPTION_PAST_DUE ? "past_due" : "canceled";
	const char *wish = form_get(form, "status");

	/* As Stripe has it: canceled ones are shown only to who asks for them. */
	if (wish == NULL && subscription->state == SUBSCRIPTION_CANCELED)
		return false;
	return (wish == NULL || strcmp(wish, "all") == 0 || strcmp(wish, status) == 0) &&
	       is(form, "customer", subscription->customer);
}

static const struct param subscription_params[] = {
	PAGING, { "customer", PARAM_TEXT, NULL },
	{ "status", PARAM_CHOICE, "active all canceled ended incomplete incomplete_expired past_due paused trialing unpaid" },
	END_OF_PARAMS,
};

static bool event_matches(const struct object *object, const struct form *form)
{
	const struct event *event = (const struct event *)object;
	const char *delivered = form_get(form, "delivery_success");
	size_t count = form_list_count(form, "types");
	bool wished = count == 0;

	for (size_t i = 0; i < count && !wished; i++) {
		const char *type = form_get_at(form, "types", i, "");

		wished = type != NULL && strcmp(type, event->type) == 0;
	}
	return wished && is(form, "type", event->type) &&
	       (delivered == NULL || (strcmp(delivered, "true") == 0) == !event->pending);
}

static const struct param event_params[] = {
	PAGING, { "delivery_success", PARAM_BOOLEAN, NULL }, { "type", PARAM_TEXT, NULL }, { "types[#]", PARAM_TEXT, NULL },
	END_OF_PARAMS,
};

const struct resource resources[] = {
	{ "/v1/checkout/sessions", KIND_SESSION, "checkout.session", session_params, session_matches, NULL },
	{ "/v1/payment_intents", KIND_INTENT, "payment_intent", intent_params, intent_matches, NULL },
	{ "/v1/charges", KIND_CHARGE, "charge", charge_params, charge_matches, NULL },
	{ "/v1/balance_transactions", KIND_TRANSACTION, "balance transaction", transaction_params, transaction_matches,
	  transaction_check },
	{ "/v1/invoices", KIND_INVOICE, "invoice", invoice_params, invoice_matches, NULL },
	{ "/v1/invoice_payments", KIND_INVOICE_PAYMENT, "invoice_payment", invoice_payment_params, invoice_payment_matches,
	  NULL },
	{ "/v1/subscriptions", KIND_SUBSCRIPTION, "subscription", subscription_params, subscription_matches, NULL },
	{ "/v1/refunds", KIND_REFUND, "refund", reversal_params, refund_matches, NULL },
	{ "/v1/disputes", KIND_DISPUTE, "dispute", reversal_params, dispute_matches, NULL },
	{ "/v1/payouts", KIND_PAYOUT, "payout", payout_params, payout_matches, NULL },
	{ "/v1/events", KIND_EVENT, "event", event_params, event_matches, NULL },
	{ NULL, KINDS, NULL, NULL, NULL, NULL },
};
