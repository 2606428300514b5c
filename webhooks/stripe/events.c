/*
 * Which of Stripe's events move something of ours, and what they say. Everything else is no event.
 * What a type promises and cannot be read becomes an unreadable event, so that a change at Stripe is
 * seen by a person instead of being passed over.
 */
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "webhooks/stripe/stripe.h"

/*
 * What stands beneath a payment names its charge and payment intent and carries no pledge of ours: they are asked
 * whose it is, unless the ledger knows them. Without either it is nobody's pledge.
 */
static enum err ask_whose(struct event *event, bool *moves)
{
	const char *id = event_ref(event, REF_PAYMENT_INTENT);

	if (id == NULL)
		id = event_ref(event, REF_CHARGE);
	*moves = *moves && id != NULL;
	if (*moves)
		memcpy(event->confirm, id, strlen(id) + 1);
	event->confirm_unknown = *moves;
	return OK;
}

static enum err on_refund(const struct json_text *json, const struct json_node *object, struct event *event, bool *moves)
{
	enum err err = stripe_read_refund(json, object, event, moves);

	return err == OK ? ask_whose(event, moves) : err;
}

static enum err on_dispute(const struct json_text *json, const struct json_node *object, struct event *event, bool *moves)
{
	enum err err = stripe_read_dispute(json, object, event, moves);

	return err == OK ? ask_whose(event, moves) : err;
}

static enum err read_payout(const struct json_text *json, const struct json_node *object, enum event_kind kind, struct event *event,
                            bool *moves)
{
	enum err err = stripe_member_ref(json, object, "id", REF_PAYOUT, event);

	event->kind = kind;
	*moves = true;
	if (err == OK && event_ref(event, REF_PAYOUT) == NULL)
		err = ERR_INPUT;
	/* What a balance below zero takes from the bank is a payout below zero. */
	return err == OK ? stripe_member_signed(json, object, "amount", &event->amount) : err;
}

static enum err on_payout_created(const struct json_text *json, const struct json_node *object, struct event *event, bool *moves)
{
	return read_payout(json, object, EVENT_PAYOUT_SENT, event, moves);
}

static enum err on_payout_paid(const struct json_text *json, const struct json_node *object, struct event *event, bool *moves)
{
	return read_payout(json, object, EVENT_PAYOUT_PAID, event, moves);
}

static enum err on_payout_failed(const struct json_text *json, const struct json_node *object, struct event *event, bool *moves)
{
	return read_payout(json, object, EVENT_PAYOUT_FAILED, event, moves);
}

static enum reason end_reason(const struct json_text *json, const struct json_node *reason)
{
	if (json_text_is(json, reason, "cancellation_requested"))
		return REASON_REQUESTED;
	if (json_text_is(json, reason, "payment_failed"))
		return REASON_PAYMENT_FAILED;
	return json_text_is(json, reason, "payment_disputed") ? REASON_PAYMENT_DISPUTED : REASON_NONE;
}

/* Ended is a subscription of which nothing more will be paid; any other change of it moves nothing. */
static enum err on_subscription(const struct json_text *json, const struct json_node *object, struct event *event, bool *moves)
{
	const struct json_node *status = json_text_member(json, object, "status");
	const struct json_node *details = json_text_member(json, object, "cancellation_details");
	enum err err = stripe_member_ref(json, object, "id", REF_SUBSCRIPTION, event);

	stripe_metadata_pledge(json, json_text_member(json, object, "metadata"), event);
	if (err != OK || event_ref(event, REF_SUBSCRIPTION) == NULL || status == NULL || status->kind != JSON_KIND_STRING)
		return ERR_INPUT;
	event->kind = EVENT_ENDED;
	event->reason = end_reason(json, json_text_member(json, details, "reason"));
	*moves = json_text_is(json, status, "canceled") || json_text_is(json, status, "incomplete_expired");
	return OK;
}

typedef enum err reader(const struct json_text *json, const struct json_node *object, struct event *event, bool *moves);

/* The list of events can be asked for at most twenty types. */
static const struct {
	const char *type;
	reader *read;
} kinds[] = {
	{ "checkout.session.completed", stripe_read_completed },
	{ "checkout.session.async_payment_succeeded", stripe_read_succeeded },
	{ "checkout.session.async_payment_failed", stripe_read_failed },
	{ "checkout.session.expired", stripe_read_expired },
	{ "invoice.paid", stripe_read_paid_invoice },
	{ "invoice.payment_failed", stripe_read_failed_invoice },
	{ "customer.subscription.deleted", on_subscription },
	{ "customer.subscription.updated", on_subscription },
	{ "refund.created", on_refund },
	{ "refund.updated", on_refund },
	{ "refund.failed", on_refund },
	{ "charge.dispute.created", on_dispute },
	{ "charge.dispute.updated", on_dispute },
	{ "charge.dispute.funds_withdrawn", on_dispute },
	{ "charge.dispute.funds_reinstated", on_dispute },
	{ "charge.dispute.closed", on_dispute },
	{ "payout.created", on_payout_created },
	{ "payout.paid", on_payout_paid },
	{ "payout.failed", on_payout_failed },
	{ "payout.canceled", on_payout_failed },
};

const char *stripe_event_type(size_t i)
{
	return i < sizeof kinds / sizeof kinds[0] ? kinds[i].type : NULL;
}

/* What can still be said of an event whose content cannot be read. */
static enum err make_unreadable(struct event *event, struct bytes text)
{
	struct event blank = { .kind = EVENT_UNREADABLE, .at_s = event->at_s, .live = event->live };

	memcpy(blank.id, event->id, sizeof blank.id);
	memcpy(blank.type, event->type, sizeof blank.type);
	memcpy(blank.pledge, event->pledge, sizeof blank.pledge);
	/* The schema of a parked entry wants a type. */
	if (blank.type[0] == '\0')
		memcpy(blank.type, EVENT_TYPE_UNKNOWN, sizeof EVENT_TYPE_UNKNOWN);
	*event = blank;
	return digest_sha256(&text, 1, event->body_digest);
}

static enum err read_envelope(const struct json_text *json, const struct json_node *root, struct event *event)
{
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

static enum err read_content(const struct json_text *json, const struct json_node *root, struct event *event, bool *moves)
{
	enum err err = read_envelope(json, root, event);

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (strcmp(kinds[i].type, event->type) != 0)
			continue;
		const struct json_node *object = json_text_member(json, json_text_member(json, root, "data"), "object");

		if (err == OK && (object == NULL || object->kind != JSON_KIND_OBJECT))
			err = ERR_INPUT;
		return err == OK ? kinds[i].read(json, object, event, moves) : err;
	}
	/* A type of no interest need not be readable; one without a type is. */
	return event->type[0] == '\0' ? ERR_INPUT : OK;
}

enum err stripe_read_event(const struct json_text *json, const struct json_node *root, struct bytes text,
                           struct event *event, bool *moves, struct why *why)
{
	memset(event, 0, sizeof *event);
	*moves = false;
	if (stripe_id(json, json_text_member(json, root, "id"), event->id) != OK)
		return why_set(why, ERR_INPUT, "the event has no id that can be read");
	enum err err = read_content(json, root, event, moves);

	if (err != ERR_INPUT && err != ERR_TOO_BIG)
		return err;
	*moves = true;
	return make_unreadable(event, text);
}

/* Of values; an event has 150 to 400. One that has more gets memory of its own. */
enum { NODES_AT_HAND = 512 };

enum err stripe_read_events(const struct provider_account *account, const struct authentic *authentic,
                            struct event events[static EVENTS_MAX], size_t *count, struct why *why)
{
	struct json_node at_hand[NODES_AT_HAND];
	struct json_text json;
	bool moves = false;

	(void)account;
	enum err err = json_text_read(&json, authentic->body, at_hand, NODES_AT_HAND, why);

	if (err == ERR_TOO_BIG)
		err = stripe_json_read(&json, authentic->body, why);
	if (err != OK)
		return err;
	err = stripe_read_event(&json, json_text_root(&json), authentic->body, &events[0], &moves, why);
	if (json.nodes != at_hand)
		free(json.nodes);
	*count = err == OK && moves ? 1 : 0;
	return err;
}
