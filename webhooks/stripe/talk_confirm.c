/* Complete an event whose delivery did not hold everything. */
#include <string.h>

#include "webhooks/stripe/talk.h"

static enum err ask(const struct provider_account *account, const struct conversation *conversation, struct http_call *call,
                    struct why *why)
{
	(void)why;
	stripe_ask_object(account, "GET", "invoices", conversation->event.confirm, "?expand[]=payments", call);
	return OK;
}

/* The invoice as it stands now: its payment intent, and once more its amount. */
static enum err take(const struct provider_account *account, const struct json_text *json, struct conversation *conversation,
                     bool *again, struct why *why)
{
	const struct json_node *root = json_text_root(json);
	struct event read = { .kind = EVENT_SETTLED };
	struct event *event = &conversation->event;
	const char *intent;
	bool ours;

	(void)account;
	(void)again;
	if (stripe_read_invoice(json, root, &read, &ours) != OK || strcmp(read.payment, event->confirm) != 0)
		return why_set(why, ERR_PROVIDER, "Stripe's answer is not the invoice that was asked for");
	if (!json_text_is(json, json_text_member(json, root, "status"), "paid"))
		return why_set(why, ERR_PROVIDER, "Stripe says that the invoice is not paid");
	event->amount = read.amount;
	event->confirm[0] = '\0';
	if (event->pledge[0] == '\0')
		memcpy(event->pledge, read.pledge, sizeof event->pledge);
	intent = event_ref(&read, REF_PAYMENT_INTENT);
	return intent != NULL ? event_add_ref(event, REF_PAYMENT_INTENT, bytes_of(intent)) : OK;
}

const struct stripe_talk stripe_confirm_talk = { ask, take, NULL };
