#include <string.h>

#include "webhooks/stripe/stripe.h"

/* Where the subscription and its metadata stand: under `parent` now, at the top and under `subscription_details` before. */
static enum err read_subscription(const struct json_text *json, const struct json_node *object, struct event *event)
{
	const struct json_node *parent = json_text_member(json, object, "parent");
	const struct json_node *details = json_text_member(json, parent, "subscription_details");
	enum err err;

	if (details == NULL || details->kind != JSON_KIND_OBJECT)
		details = json_text_member(json, object, "subscription_details");
	stripe_metadata_pledge(json, json_text_member(json, details, "metadata"), event);
	err = stripe_member_ref(json, details, "subscription", REF_SUBSCRIPTION, event);
	return err == OK ? stripe_member_ref(json, object, "subscription", REF_SUBSCRIPTION, event) : err;
}

/* The payment that was made: in `payments` where that was asked for, at the top in older versions. */
static enum err read_payment(const struct json_text *json, const struct json_node *object, struct event *event)
{
	const struct json_node *list = json_text_member(json, json_text_member(json, object, "payments"), "data");
	enum err err = stripe_member_ref(json, object, "payment_intent", REF_PAYMENT_INTENT, event);

	for (const struct json_node *item = json_text_first(json, list); err == OK && item != NULL;
	     item = json_text_next(json, item)) {
		const struct json_node *status = json_text_member(json, item, "status");

		const struct json_node *payment = json_text_member(json, item, "payment");

		if (status != NULL && !json_text_is(json, status, "paid"))
			continue;
		err = stripe_member_ref(json, payment, "payment_intent", REF_PAYMENT_INTENT, event);
		if (err == OK)
			err = stripe_member_ref(json, payment, "charge", REF_CHARGE, event);
	}
	return err;
}

enum err stripe_read_invoice(const struct json_text *json, const struct json_node *object, struct event *event,
                             bool *ours)
{
	enum err err = stripe_id(json, json_text_member(json, object, "id"), event->payment);

	if (err == OK)
		err = stripe_member_amount(json, object, "amount_paid", &event->amount);
	if (err == OK)
		err = read_subscription(json, object, event);
	if (err == OK)
		err = read_payment(json, object, event);
	if (err == OK)
		err = event_add_ref(event, REF_INVOICE, bytes_of(event->payment));
	if (err != OK)
		return ERR_INPUT;
	event->recurring = true;
	*ours = event_ref(event, REF_SUBSCRIPTION) != NULL;
	return OK;
}

enum err stripe_read_paid_invoice(const struct json_text *json, const struct json_node *object, struct event *event,
                                  bool *moves)
{
	bool elsewhere = false;
	bool ours;
	enum err err = stripe_read_invoice(json, object, event, &ours);

	if (err != OK)
		return err;
	event->kind = EVENT_SETTLED;
	*moves = ours && event->amount.minor > 0;
	/* Only older versions say so; the payment intent that they name with it was canceled. */
	event->elsewhere = json_text_bool(json_text_member(json, object, "paid_out_of_band"), &elsewhere) == OK && elsewhere;
	if (event_ref(event, REF_PAYMENT_INTENT) == NULL && !event->elsewhere)
		memcpy(event->confirm, event->payment, sizeof event->confirm);
	return OK;
}

enum err stripe_read_failed_invoice(const struct json_text *json, const struct json_node *object, struct event *event,
                                    bool *moves)
{
	const struct json_node *why = json_text_member(json, object, "billing_reason");
	bool ours;
	enum err err = stripe_read_invoice(json, object, event, &ours);

	if (err == OK)
		err = stripe_member_amount(json, object, "amount_due", &event->amount);
	if (err != OK)
		return err;
	event->kind = EVENT_FAILED;
	/* Of the first one the checkout session tells, on whose page the donor may still try again. */
	*moves = ours && event->amount.minor > 0 && !json_text_is(json, why, "subscription_create");
	return OK;
}
