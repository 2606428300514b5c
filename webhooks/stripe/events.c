/*
 * Which of Stripe's events move something of ours, and what they say. Everything else is no event.
 * What a type promises and cannot be read becomes an unreadable event, so that a change at Stripe is
 * seen by a person instead of being passed over.
 */
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "domain/token.h"
#include "webhooks/stripe/stripe.h"

struct reading {
	struct json_text json;
	const struct json_node *object; /* data.object */
	struct event *event;
	bool is_event;                  /* it moves something */
};

static enum err read_session(struct reading *reading)
{
	const struct json_text *json = &reading->json;
	struct event *event = reading->event;
	const struct json_node *reference = json_text_member(json, reading->object, "client_reference_id");

	stripe_metadata_pledge(json, json_text_member(json, reading->object, "metadata"), event);
	if (event->pledge[0] == '\0' && reference != NULL && reference->kind == JSON_KIND_STRING
	    && token_is_pledge(json_text_raw(json, reference)))
		err_ignore(bytes_copy_text(json_text_raw(json, reference), event->pledge, sizeof event->pledge));
	enum err err = stripe_member_ref(json, reading->object, "id", REF_SESSION, event);

	if (err == OK)
		err = stripe_member_ref(json, reading->object, "payment_intent", REF_PAYMENT_INTENT, event);
	if (err == OK)
		err = stripe_member_ref(json, reading->object, "subscription", REF_SUBSCRIPTION, event);
	if (err == OK)
		err = stripe_member_ref(json, reading->object, "invoice", REF_INVOICE, event);
	return err == OK && event_ref(event, REF_SESSION) == NULL ? ERR_INPUT : err;
}

/*
 * The object that stands for a session's payment: its payment intent, or in subscription mode its
 * invoice, which must be read for the payment intent behind it. A subscription's session without an
 * invoice says nothing yet; the invoice's own event will.
 */
static enum err read_session_payment(struct reading *reading, enum event_kind kind)
{
	const struct json_text *json = &reading->json;
	struct event *event = reading->event;
	const struct json_node *mode = json_text_member(json, reading->object, "mode");
	bool subscription = json_text_is(json, mode, "subscription");
	const char *object = event_ref(event, subscription ? REF_INVOICE : REF_PAYMENT_INTENT);

	if (!subscription && !json_text_is(json, mode, "payment"))
		return json_text_is(json, mode, "setup") ? OK : ERR_INPUT;
	if (object == NULL)
		return subscription ? OK : ERR_INPUT;
	event->kind = kind;
	event->recurring = subscription;
	memcpy(event->payment, object, strlen(object) + 1);
	if (subscription && kind == EVENT_SETTLED)
		memcpy(event->confirm, object, strlen(object) + 1);
	reading->is_event = true;
	return stripe_member_amount(json, reading->object, "amount_total", &event->amount);
}

static enum err on_completed(struct reading *reading)
{
	const struct json_node *status = json_text_member(&reading->json, reading->object, "payment_status");
	enum err err = read_session(reading);

	if (err != OK)
		return err;
	if (json_text_is(&reading->json, status, "paid"))
		return read_session_payment(reading, EVENT_SETTLED);
	if (json_text_is(&reading->json, status, "unpaid"))
		return read_session_payment(reading, EVENT_PENDING);
	return json_text_is(&reading->json, status, "no_payment_required") ? OK : ERR_INPUT;
}

static enum err on_async_succeeded(struct reading *reading)
{
	const struct json_node *status = json_text_member(&reading->json, reading->object, "payment_status");
	enum err err = read_session(reading);

	/* The type says that the money is there: the object must say the same. */
	if (err == OK && !json_text_is(&reading->json, status, "paid"))
		err = ERR_INPUT;
	return err == OK ? read_session_payment(reading, EVENT_SETTLED) : err;
}

static enum err on_async_failed(struct reading *reading)
{
	enum err err = read_session(reading);

	return err == OK ? read_session_payment(reading, EVENT_FAILED) : err;
}

static enum err on_expired(struct reading *reading)
{
	reading->event->kind = EVENT_EXPIRED;
	reading->is_event = true;
	return read_session(reading);
}

static enum err on_invoice_paid(struct reading *reading)
{
	struct event *event = reading->event;
	bool ours;
	enum err err = stripe_read_invoice(&reading->json, reading->object, event, &ours);

	if (err != OK)
		return err;
	event->kind = EVENT_SETTLED;
	reading->is_event = ours && event->amount.minor > 0;
	if (event_ref(event, REF_PAYMENT_INTENT) == NULL)
		memcpy(event->confirm, event->payment, sizeof event->confirm);
	return OK;
}

static const struct {
	const char *type;
	enum err (*read)(struct reading *reading);
} kinds[] = {
	{ "checkout.session.completed", on_completed },
	{ "checkout.session.async_payment_succeeded", on_async_succeeded },
	{ "checkout.session.async_payment_failed", on_async_failed },
	{ "checkout.session.expired", on_expired },
	{ "invoice.paid", on_invoice_paid },
};

/* What can still be said of an event whose content cannot be read. */
static enum err make_unreadable(struct reading *reading, struct bytes body)
{
	struct event *event = reading->event;
	struct event blank = { .kind = EVENT_UNREADABLE, .at_s = event->at_s, .live = event->live };

	memcpy(blank.id, event->id, sizeof blank.id);
	memcpy(blank.type, event->type, sizeof blank.type);
	memcpy(blank.pledge, event->pledge, sizeof blank.pledge);
	*event = blank;
	reading->is_event = true;
	return digest_sha256(&body, 1, event->body_digest);
}

static enum err read_envelope(struct reading *reading, const struct json_node *root)
{
	const struct json_text *json = &reading->json;
	struct event *event = reading->event;
	enum err err = json_text_string(json, json_text_member(json, root, "type"), event->type, sizeof event->type);

	if (err == OK && event->type[0] == '\0')
		err = ERR_INPUT;
	if (err == OK)
		err = json_text_integer(json, json_text_member(json, root, "created"), &event->at_s);
	if (err == OK && !stripe_time_is_good(event->at_s)) {
		event->at_s = 0; /* not said: so it can still be parked */
		err = ERR_INPUT;
	}
	if (err == OK)
		err = json_text_bool(json_text_member(json, root, "livemode"), &event->live);
	return err;
}

static enum err read_content(struct reading *reading, const struct json_node *root)
{
	enum err err = read_envelope(reading, root);

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (strcmp(kinds[i].type, reading->event->type) != 0)
			continue;
		reading->object = json_text_member(&reading->json, json_text_member(&reading->json, root, "data"), "object");
		if (err == OK && (reading->object == NULL || reading->object->kind != JSON_KIND_OBJECT))
			err = ERR_INPUT;
		return err == OK ? kinds[i].read(reading) : err;
	}
	/* A type of no interest need not be readable; one without a type is. */
	return reading->event->type[0] == '\0' ? ERR_INPUT : OK;
}

static enum err read_event(struct reading *reading, struct bytes body, struct why *why)
{
	const struct json_node *root = json_text_root(&reading->json);
	struct event *event = reading->event;

	memset(event, 0, sizeof *event);
	if (stripe_id(&reading->json, json_text_member(&reading->json, root, "id"), event->id) != OK)
		return why_set(why, ERR_INPUT, "the event has no id that can be read");
	enum err err = read_content(reading, root);

	if (err == ERR_INPUT || err == ERR_TOO_BIG)
		err = make_unreadable(reading, body);
	/* The schema of a parked entry wants a type. */
	if (err == OK && event->kind == EVENT_UNREADABLE && event->type[0] == '\0')
		memcpy(event->type, "unknown", sizeof "unknown");
	return err;
}

enum err stripe_read_events(const struct provider_account *account, const struct authentic *authentic,
                            struct event events[static EVENTS_MAX], size_t *count, struct why *why)
{
	struct reading reading = { .event = &events[0] };

	(void)account;
	enum err err = stripe_json_read(&reading.json, authentic->body, why);

	if (err != OK)
		return err;
	err = read_event(&reading, authentic->body, why);
	free(reading.json.nodes);
	*count = err == OK && reading.is_event ? 1 : 0;
	return err == ERR_TOO_BIG ? ERR_INPUT : err;
}
