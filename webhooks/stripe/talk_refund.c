/*
 * Ask for a refund once, however often we ask. Within a day the idempotency key sees to it, beyond that the refunds of
 * the payment are looked through first: ours carries the operator's reference in its metadata.
 */
#include <stdio.h>
#include <string.h>

#include "webhooks/stripe/talk.h"

enum { REFUNDS_MAX = 100 }; /* on a page */
enum { STAGE_LOOK, STAGE_MAKE };

static enum err put_refund(struct buffer *body, const struct event *event, struct why *why)
{
	char code[CURRENCY_SIZE];
	char number[24];
	int64_t units;
	enum err err = stripe_amount_to(&event->amount, &units, code, why);

	if (err != OK)
		return err;
	snprintf(number, sizeof number, "%lld", (long long)units);
	stripe_put_pair(body, "payment_intent", stripe_intent(event));
	stripe_put_pair(body, "amount", number);
	stripe_put_pair(body, "metadata[reference]", event->reference);
	return OK;
}

static enum err ask(const struct provider_account *account, const struct conversation *conversation, struct http_call *call,
                    struct why *why)
{
	const struct event *event = &conversation->event;
	const char *intent = stripe_intent(event);
	char key[REFERENCE_SIZE + 8];

	if (intent == NULL) {
		stripe_ask_invoice(account, event->payment, call);
		return OK;
	}
	if (conversation->stage == STAGE_MAKE) {
		snprintf(key, sizeof key, "%s-refund", event->reference);
		stripe_ask(account, "POST", "/v1/refunds", call);
		stripe_ask_once(call, key);
		return put_refund(&call->body, event, why);
	}
	stripe_ask(account, "GET", "/v1/refunds", call);
	stripe_put_query(call, "payment_intent", intent);
	stripe_put_query_number(call, "limit", REFUNDS_MAX);
	if (conversation->cursor[0] != '\0')
		stripe_put_query(call, "starting_after", conversation->cursor);
	return OK;
}

static enum err refuse(struct why *why)
{
	return why_set(why, ERR_PROVIDER, "Stripe's answer is not a refund of the payment");
}

/* How the refund stands is what became of the wish. */
static void take_refund(const struct provider_account *account, struct event *refund, bool moves, struct conversation *conversation)
{
	struct event *event = &conversation->event;

	conversation->found = moves;
	if (!moves)
		return;
	memcpy(refund->payment, event->payment, sizeof refund->payment);
	memcpy(refund->pledge, event->pledge, sizeof refund->pledge);
	memcpy(refund->reference, event->reference, sizeof refund->reference);
	refund->live = account->live;
	*event = *refund;
}

static enum err look(const struct provider_account *account, const struct json_text *json, struct conversation *conversation,
                     bool *again, struct why *why)
{
	const struct json_node *refunds;
	char last[OBJECT_ID_SIZE] = "";
	bool more;
	enum err err = stripe_list(json, json_text_root(json), &refunds, &more);

	for (const struct json_node *item = err == OK ? json_text_first(json, refunds) : NULL; err == OK && item != NULL;
	     item = json_text_next(json, item)) {
		struct event refund = { .kind = EVENT_REFUNDED };
		bool moves;

		err = stripe_member_id(json, item, "id", last);
		if (err == OK)
			err = stripe_read_refund(json, item, &refund, &moves);
		if (err == OK && strcmp(refund.reference, conversation->event.reference) == 0) {
			take_refund(account, &refund, moves, conversation);
			return OK;
		}
	}
	if (err == OK)
		err = stripe_turn_page(conversation, more, last);
	if (err != OK)
		return refuse(why);
	*again = true;
	if (!more)
		conversation->stage = STAGE_MAKE;
	return OK;
}

static enum err take(const struct provider_account *account, const struct json_text *json, struct conversation *conversation,
                     bool *again, struct why *why)
{
	struct event refund = { .kind = EVENT_REFUNDED };
	bool moves;

	if (stripe_intent(&conversation->event) == NULL) {
		*again = true;
		return stripe_take_intent(json, &conversation->event, why);
	}
	if (conversation->stage == STAGE_LOOK)
		return look(account, json, conversation, again, why);
	if (stripe_read_refund(json, json_text_root(json), &refund, &moves) != OK)
		return refuse(why);
	take_refund(account, &refund, moves, conversation);
	return OK;
}

/* Stripe will not make it: refunded already, disputed, too much. Another key or a moment later would not help. */
static bool refused(const struct provider_account *account, const struct stripe_refusal *refusal, struct conversation *conversation,
                    bool *again)
{
	struct event *event = &conversation->event;
	bool for_good = strcmp(refusal->type, "invalid_request_error") == 0 || strcmp(refusal->type, "card_error") == 0;

	(void)again;
	if (conversation->stage != STAGE_MAKE || !for_good || (refusal->status != 400 && refusal->status != 402))
		return false;
	event->kind = EVENT_REFUND_FAILED;
	event->reason = REASON_REFUSED;
	event->amount = (struct money){ 0 };
	event->live = account->live;
	conversation->found = true;
	return true;
}

const struct stripe_talk stripe_refund_talk = { ask, take, refused };
