/*
 * Complete an event whose delivery did not hold everything: what an invoice was paid with, whose a refund or dispute
 * is, and how a session stands that nobody has told of.
 */
#include <string.h>

#include "webhooks/stripe/talk.h"

/* By what the event lacks, and how far we have come with it. */
enum { STAGE_FIRST, STAGE_INVOICE_OF_INTENT };

enum question { ASK_SESSION, ASK_INVOICE, ASK_CHARGE, ASK_INTENT, ASK_INVOICE_OF_INTENT };

static bool is_beneath(enum event_kind kind)
{
	return kind == EVENT_REFUNDED || kind == EVENT_REFUND_FAILED || kind == EVENT_DISPUTE_OPENED || kind == EVENT_DISPUTED
	       || kind == EVENT_DISPUTE_WON || kind == EVENT_DISPUTE_LOST;
}

static enum question question_of(const struct conversation *conversation)
{
	const struct event *event = &conversation->event;

	if (!is_beneath(event->kind))
		return event->kind == EVENT_EXPIRED ? ASK_SESSION : ASK_INVOICE;
	if (event_ref(event, REF_PAYMENT_INTENT) == NULL)
		return ASK_CHARGE;
	return conversation->stage == STAGE_FIRST ? ASK_INTENT : ASK_INVOICE_OF_INTENT;
}

static void ask_invoice_of(const struct provider_account *account, const char *intent, struct http_call *call)
{
	stripe_ask(account, "GET", "/v1/invoice_payments", call);
	stripe_put_query(call, "payment[type]", "payment_intent");
	stripe_put_query(call, "payment[payment_intent]", intent);
	stripe_put_query(call, "expand[]", "data.invoice");
}

static enum err ask(const struct provider_account *account, const struct conversation *conversation, struct http_call *call,
                    struct why *why)
{
	const struct event *event = &conversation->event;

	(void)why;
	switch (question_of(conversation)) {
	case ASK_SESSION:
		stripe_ask_object(account, "GET", "checkout/sessions", event->confirm, "?expand[]=payment_intent.latest_charge", call);
		break;
	case ASK_INVOICE:
		stripe_ask_invoice(account, event->confirm, call);
		break;
	case ASK_CHARGE:
		stripe_ask_object(account, "GET", "charges", event->confirm, "", call);
		break;
	case ASK_INTENT:
		stripe_ask_object(account, "GET", "payment_intents", event_ref(event, REF_PAYMENT_INTENT), "", call);
		break;
	case ASK_INVOICE_OF_INTENT:
		ask_invoice_of(account, event_ref(event, REF_PAYMENT_INTENT), call);
		break;
	}
	return OK;
}

static enum err refuse(struct why *why, const char *what)
{
	return why_set(why, ERR_PROVIDER, "Stripe's answer is not %s", what);
}

/* ---- an invoice ---- */

/* When it was paid, for what was not told with a time. */
static void take_time(const struct json_text *json, const struct json_node *object, const char *name, struct event *event)
{
	int64_t time_s;

	if (event->at_s == 0 && json_text_integer(json, json_text_member(json, object, name), &time_s) == OK && stripe_time_is_good(time_s))
		event->at_s = time_s;
}

/* What it was paid with at Stripe; with nothing: the money is elsewhere. */
static enum err take_payment(const struct event *read, struct event *event)
{
	static const enum ref_kind kinds[] = { REF_PAYMENT_INTENT, REF_CHARGE };

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		const char *id = event_ref(read, kinds[i]);

		if (id != NULL)
			return event_add_ref(event, kinds[i], bytes_of(id));
	}
	event->elsewhere = true;
	return OK;
}

/* The invoice as it stands now: its payment intent, and once more its amount. */
static enum err take_invoice(const struct json_text *json, struct event *event, struct why *why)
{
	const struct json_node *root = json_text_root(json);
	struct event read = { .kind = EVENT_SETTLED };
	bool ours;

	if (stripe_read_invoice(json, root, &read, &ours) != OK || strcmp(read.payment, event->confirm) != 0)
		return refuse(why, "the invoice that was asked for");
	if (!json_text_is(json, json_text_member(json, root, "status"), "paid"))
		return why_set(why, ERR_PROVIDER, "Stripe says that the invoice is not paid");
	event->amount = read.amount;
	event->confirm[0] = '\0';
	take_time(json, json_text_member(json, root, "status_transitions"), "paid_at", event);
	if (event->at_s == 0)
		return refuse(why, "an invoice that says when it was paid");
	if (event->pledge[0] == '\0')
		memcpy(event->pledge, read.pledge, sizeof event->pledge);
	return take_payment(&read, event);
}

/* ---- a session ---- */

static enum err take_session(const struct provider_account *account, const struct json_text *json,
                             struct conversation *conversation, bool *again, struct why *why)
{
	const struct json_node *root = json_text_root(json);
	const struct json_node *intent = json_text_member(json, root, "payment_intent");
	struct event read = { .kind = EVENT_EXPIRED };

	if (json_text_bool(json_text_member(json, root, "livemode"), &read.live) != OK || read.live != account->live
	    || stripe_read_session(json, root, &read, &conversation->found) != OK
	    || (conversation->found && strcmp(event_ref(&read, REF_SESSION), conversation->event.confirm) != 0))
		return refuse(why, "the checkout session that was asked for");
	if (!conversation->found)
		return OK;
	take_time(json, json_text_member(json, intent, "latest_charge"), "created", &read);
	*again = read.confirm[0] != '\0';
	if (!*again)
		take_time(json, root, read.kind == EVENT_EXPIRED ? "expires_at" : "created", &read);
	conversation->event = read;
	return *again || read.at_s != 0 ? OK : refuse(why, "a checkout session that says when it was");
}

/* ---- whose a refund or dispute is ---- */

static enum err take_charge(const struct json_text *json, struct event *event, bool *again, struct why *why)
{
	const struct json_node *root = json_text_root(json);
	char id[OBJECT_ID_SIZE];

	if (stripe_id(json, json_text_member(json, root, "id"), id) != OK || strcmp(id, event_ref(event, REF_CHARGE)) != 0
	    || stripe_member_id(json, root, "payment_intent", id) != OK)
		return refuse(why, "the charge that was asked for");
	*again = id[0] != '\0';
	if (!*again)
		event->confirm[0] = '\0'; /* nobody's pledge */
	return event_add_ref(event, REF_PAYMENT_INTENT, bytes_of(id));
}

static enum err take_intent(const struct json_text *json, struct conversation *conversation, bool *again, struct why *why)
{
	const struct json_node *root = json_text_root(json);
	struct event *event = &conversation->event;
	char id[OBJECT_ID_SIZE];

	if (stripe_id(json, json_text_member(json, root, "id"), id) != OK || strcmp(id, event_ref(event, REF_PAYMENT_INTENT)) != 0)
		return refuse(why, "the payment intent that was asked for");
	stripe_metadata_pledge(json, json_text_member(json, root, "metadata"), event);
	if (event->pledge[0] == '\0') {
		conversation->stage = STAGE_INVOICE_OF_INTENT;
		*again = true;
		return OK;
	}
	memcpy(event->payment, id, sizeof event->payment);
	event->confirm[0] = '\0';
	conversation->found = true;
	return OK;
}

/* Without an invoice, or with one of nobody's subscription, it is other business. */
static enum err take_invoice_of(const struct json_text *json, struct event *event, struct why *why)
{
	const struct json_node *payments;
	struct event read = { .kind = EVENT_SETTLED };
	bool ours = false;
	bool more;
	enum err err = stripe_list(json, json_text_root(json), &payments, &more);
	const struct json_node *first = err == OK ? json_text_first(json, payments) : NULL;

	if (first != NULL)
		err = stripe_read_invoice(json, json_text_member(json, first, "invoice"), &read, &ours);
	if (err != OK)
		return refuse(why, "the invoice behind a payment");
	event->confirm[0] = '\0';
	if (!ours || read.pledge[0] == '\0')
		return OK;
	memcpy(event->payment, read.payment, sizeof event->payment);
	memcpy(event->pledge, read.pledge, sizeof event->pledge);
	return event_add_ref(event, REF_INVOICE, bytes_of(read.payment));
}

static enum err take(const struct provider_account *account, const struct json_text *json, struct conversation *conversation,
                     bool *again, struct why *why)
{
	struct event *event = &conversation->event;

	switch (question_of(conversation)) {
	case ASK_SESSION:
		return take_session(account, json, conversation, again, why);
	case ASK_INVOICE:
		conversation->found = true;
		return take_invoice(json, event, why);
	case ASK_CHARGE:
		conversation->found = true;
		return take_charge(json, event, again, why);
	case ASK_INTENT:
		return take_intent(json, conversation, again, why);
	case ASK_INVOICE_OF_INTENT:
		break;
	}
	conversation->found = true;
	return take_invoice_of(json, event, why);
}

const struct stripe_talk stripe_confirm_talk = { ask, take, NULL };
