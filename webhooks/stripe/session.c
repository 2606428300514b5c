/* What a checkout session says of its payment. */
#include <string.h>

#include "domain/token.h"
#include "webhooks/stripe/stripe.h"

static enum err read_refs(const struct json_text *json, const struct json_node *object, struct event *event)
{
	const struct json_node *reference = json_text_member(json, object, "client_reference_id");

	stripe_metadata_pledge(json, json_text_member(json, object, "metadata"), event);
	if (event->pledge[0] == '\0' && reference != NULL && reference->kind == JSON_KIND_STRING
	    && token_is_pledge(json_text_raw(json, reference)))
		err_ignore(bytes_copy_text(json_text_raw(json, reference), event->pledge, sizeof event->pledge));
	enum err err = stripe_member_ref(json, object, "id", REF_SESSION, event);

	if (err == OK)
		err = stripe_member_ref(json, object, "payment_intent", REF_PAYMENT_INTENT, event);
	if (err == OK)
		err = stripe_member_ref(json, object, "subscription", REF_SUBSCRIPTION, event);
	if (err == OK)
		err = stripe_member_ref(json, object, "invoice", REF_INVOICE, event);
	return err == OK && event_ref(event, REF_SESSION) == NULL ? ERR_INPUT : err;
}

/*
 * The object that stands for a session's payment: its payment intent, or in subscription mode its
 * invoice, which must be read for the payment intent behind it. A subscription's session without an
 * invoice says nothing yet; the invoice's own event will.
 */
static enum err read_payment(const struct json_text *json, const struct json_node *object, enum event_kind kind,
                             struct event *event, bool *moves)
{
	const struct json_node *mode = json_text_member(json, object, "mode");
	bool subscription = json_text_is(json, mode, "subscription");
	const char *payment = event_ref(event, subscription ? REF_INVOICE : REF_PAYMENT_INTENT);

	*moves = false;
	if (!subscription && !json_text_is(json, mode, "payment"))
		return json_text_is(json, mode, "setup") ? OK : ERR_INPUT;
	if (payment == NULL)
		return subscription ? OK : ERR_INPUT;
	event->kind = kind;
	event->recurring = subscription;
	memcpy(event->payment, payment, strlen(payment) + 1);
	if (subscription && kind == EVENT_SETTLED)
		memcpy(event->confirm, payment, strlen(payment) + 1);
	*moves = true;
	return stripe_member_amount(json, object, "amount_total", &event->amount);
}

enum err stripe_read_completed(const struct json_text *json, const struct json_node *object, struct event *event, bool *moves)
{
	const struct json_node *status = json_text_member(json, object, "payment_status");
	enum err err = read_refs(json, object, event);

	*moves = false;
	if (err != OK)
		return err;
	if (json_text_is(json, status, "paid"))
		return read_payment(json, object, EVENT_SETTLED, event, moves);
	if (json_text_is(json, status, "unpaid"))
		return read_payment(json, object, EVENT_PENDING, event, moves);
	return json_text_is(json, status, "no_payment_required") ? OK : ERR_INPUT;
}

enum err stripe_read_succeeded(const struct json_text *json, const struct json_node *object, struct event *event, bool *moves)
{
	const struct json_node *status = json_text_member(json, object, "payment_status");
	enum err err = read_refs(json, object, event);

	/* The type says that the money is there: the object must say the same. */
	if (err == OK && !json_text_is(json, status, "paid"))
		err = ERR_INPUT;
	return err == OK ? read_payment(json, object, EVENT_SETTLED, event, moves) : err;
}

enum err stripe_read_failed(const struct json_text *json, const struct json_node *object, struct event *event, bool *moves)
{
	enum err err = read_refs(json, object, event);

	return err == OK ? read_payment(json, object, EVENT_FAILED, event, moves) : err;
}

enum err stripe_read_expired(const struct json_text *json, const struct json_node *object, struct event *event, bool *moves)
{
	event->kind = EVENT_EXPIRED;
	*moves = true;
	return read_refs(json, object, event);
}

enum err stripe_read_session(const struct json_text *json, const struct json_node *object, struct event *event, bool *moves)
{
	const struct json_node *status = json_text_member(json, object, "status");

	*moves = false;
	if (json_text_is(json, status, "complete"))
		return stripe_read_completed(json, object, event, moves);
	if (json_text_is(json, status, "expired"))
		return stripe_read_expired(json, object, event, moves);
	return json_text_is(json, status, "open") ? OK : ERR_INPUT;
}
