/*
 * Where a refund stands follows from its object, whichever event brings it. It is booked when it has left the
 * balance, which a pending one may have done; one that failed came back, or had never left.
 */
#include <string.h>

#include "domain/entry.h"
#include "webhooks/stripe/stripe.h"

/* What an operator called the refund; what else stands there is somebody else's. */
static void read_reference(const struct json_text *json, const struct json_node *metadata, struct event *event)
{
	const struct json_node *node = json_text_member(json, metadata, "reference");

	if (node == NULL || node->kind != JSON_KIND_STRING || !reference_is_valid(json_text_raw(json, node)))
		return;
	err_ignore(bytes_copy_text(json_text_raw(json, node), event->reference, sizeof event->reference)); /* so it fits */
}

static enum err read_refs(const struct json_text *json, const struct json_node *object, struct event *event)
{
	enum err err = stripe_member_ref(json, object, "id", REF_REFUND, event);

	if (err == OK)
		err = stripe_member_ref(json, object, "charge", REF_CHARGE, event);
	if (err == OK)
		err = stripe_member_ref(json, object, "payment_intent", REF_PAYMENT_INTENT, event);
	if (err == OK)
		err = stripe_member_ref(json, object, "balance_transaction", REF_BALANCE_TRANSACTION, event);
	return err == OK && event_ref(event, REF_REFUND) == NULL ? ERR_INPUT : err;
}

static enum err read_status(const struct json_text *json, const struct json_node *status, struct event *event, bool *moves)
{
	bool left = event_ref(event, REF_BALANCE_TRANSACTION) != NULL;

	event->kind = EVENT_REFUNDED;
	*moves = true;
	if (json_text_is(json, status, "pending") || json_text_is(json, status, "requires_action"))
		*moves = left;
	else if (json_text_is(json, status, "failed") || json_text_is(json, status, "canceled"))
		event->kind = EVENT_REFUND_FAILED;
	else if (!json_text_is(json, status, "succeeded"))
		return ERR_INPUT;
	return OK;
}

enum err stripe_read_refund(const struct json_text *json, const struct json_node *object, struct event *event, bool *moves)
{
	enum err err = read_refs(json, object, event);

	if (err == OK)
		err = stripe_member_amount(json, object, "amount", &event->amount);
	if (err == OK)
		err = read_status(json, json_text_member(json, object, "status"), event, moves);
	if (err != OK)
		return ERR_INPUT;
	read_reference(json, json_text_member(json, object, "metadata"), event);
	return OK;
}
