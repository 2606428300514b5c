/*
 * What Stripe has told of since some time, and would have delivered: read as deliveries are. It lists the newest
 * first; a page is handed on the other way round, so that what builds on something else mostly comes behind it.
 */
#include <string.h>

#include "webhooks/stripe/talk.h"

static enum err ask(const struct provider_account *account, const struct conversation *conversation, struct http_call *call,
                    struct why *why)
{
	(void)why;
	stripe_ask(account, "GET", "/v1/events", call);
	stripe_put_query_number(call, "created[gte]", conversation->since_s);
	for (size_t i = 0; stripe_event_type(i) != NULL; i++)
		stripe_put_query(call, "types[]", stripe_event_type(i));
	stripe_put_query_number(call, "limit", PAGE_EVENTS);
	if (conversation->cursor[0] != '\0')
		stripe_put_query(call, "starting_after", conversation->cursor);
	return OK;
}

static void turn_round(struct conversation *conversation)
{
	for (size_t i = 0; i < conversation->event_count / 2; i++) {
		struct event *other = &conversation->events[conversation->event_count - 1 - i];
		struct event kept = conversation->events[i];

		conversation->events[i] = *other;
		*other = kept;
	}
}

static enum err take_event(const struct json_text *json, const struct json_node *item, struct conversation *conversation,
                           char last[static OBJECT_ID_SIZE], struct why *why)
{
	struct event *event = &conversation->events[conversation->event_count];
	bool moves;
	enum err err = conversation->event_count == PAGE_EVENTS ? ERR_TOO_BIG : OK;

	if (err == OK)
		err = stripe_read_event(json, item, json_text_raw(json, item), event, &moves, why);
	if (err != OK)
		return err;
	memcpy(last, event->id, sizeof event->id);
	conversation->event_count += moves;
	return OK;
}

static enum err take(const struct provider_account *account, const struct json_text *json, struct conversation *conversation,
                     bool *again, struct why *why)
{
	const struct json_node *events;
	char last[OBJECT_ID_SIZE] = "";
	enum err err = stripe_list(json, json_text_root(json), &events, &conversation->more);

	(void)account;
	(void)again;
	conversation->found = true;
	conversation->event_count = 0;
	for (const struct json_node *item = err == OK ? json_text_first(json, events) : NULL; err == OK && item != NULL;
	     item = json_text_next(json, item))
		err = take_event(json, item, conversation, last, why);
	if (err == OK)
		err = stripe_turn_page(conversation, conversation->more, last);
	turn_round(conversation);
	if (err == OK || err == ERR_MEMORY)
		return err;
	return why_set(why, ERR_PROVIDER, "Stripe's answer is not a page of events");
}

const struct stripe_talk stripe_events_talk = { ask, take, NULL };
