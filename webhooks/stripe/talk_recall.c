/*
 * Read again what a completed session was opened for: by its id, or by what it led to. Its metadata say what was chosen
 * and prove it; the amount is Stripe's own.
 */
#include <string.h>

#include "domain/token.h"
#include "webhooks/stripe/talk.h"

/* NULL for what no session can be found by. */
static const char *filter_of(enum ref_kind kind)
{
	if (kind == REF_SUBSCRIPTION)
		return "subscription";
	return kind == REF_PAYMENT_INTENT ? "payment_intent" : NULL;
}

static enum err ask(const struct provider_account *account, const struct conversation *conversation, struct http_call *call,
                    struct why *why)
{
	const char *filter = filter_of(conversation->by);

	if (conversation->by == REF_SESSION) {
		stripe_ask_object(account, "GET", "checkout/sessions", conversation->session, "", call);
		return OK;
	}
	stripe_ask(account, "GET", "/v1/checkout/sessions", call);
	if (filter == NULL)
		return why_set(why, ERR_INPUT, "no session is found by such an object");
	stripe_put_query(call, filter, conversation->session);
	stripe_put_query_number(call, "limit", 1);
	return OK;
}

/* ---- understanding ---- */

/* A text of the metadata; "" where there is none of that form. */
static void take_text(const struct json_text *json, const struct json_node *metadata, const char *name, char *out, size_t size)
{
	if (json_text_string(json, json_text_member(json, metadata, name), out, size) != OK)
		out[0] = '\0';
}

/* False where the session does not carry what we write, or was not paid for as it says. */
static bool take_terms(const struct json_text *json, const struct json_node *session, struct session_terms *terms)
{
	const struct json_node *metadata = json_text_member(json, session, "metadata");
	const struct json_node *mode = json_text_member(json, session, "mode");
	char interval[ID_SIZE];

	*terms = (struct session_terms){ .now_s = 0 };
	take_text(json, metadata, "pledge", terms->pledge, sizeof terms->pledge);
	take_text(json, metadata, "campaign", terms->campaign, sizeof terms->campaign);
	take_text(json, metadata, "tier", terms->tier, sizeof terms->tier);
	take_text(json, metadata, "interval", interval, sizeof interval);
	take_text(json, metadata, "seal", terms->seal, sizeof terms->seal);
	if (!token_is_pledge(bytes_of(terms->pledge)) || !id_is_valid(bytes_of(terms->campaign)) || !id_is_valid(bytes_of(terms->tier))
	    || !interval_parse(bytes_of(interval), &terms->interval))
		return false;
	return json_text_is(json, mode, terms->interval == INTERVAL_ONCE ? "payment" : "subscription")
	       && stripe_member_amount(json, session, "amount_total", &terms->amount) == OK
	       && json_text_integer(json, json_text_member(json, session, "created"), &terms->now_s) == OK
	       && stripe_time_is_good(terms->now_s);
}

static enum err refuse(struct why *why)
{
	return why_set(why, ERR_PROVIDER, "Stripe's answer is not the checkout session that was asked for");
}

static enum err take_session(const struct provider_account *account, const struct json_text *json, const struct json_node *session,
                             struct conversation *conversation, struct why *why)
{
	char id[OBJECT_ID_SIZE];
	char led_to[OBJECT_ID_SIZE];
	bool live;

	if (json_text_bool(json_text_member(json, session, "livemode"), &live) != OK || live != account->live
	    || stripe_id(json, json_text_member(json, session, "id"), id) != OK)
		return refuse(why);
	const char *filter = filter_of(conversation->by);

	memcpy(led_to, id, sizeof id);
	if (filter != NULL && stripe_member_id(json, session, filter, led_to) != OK)
		return refuse(why);
	if (strcmp(led_to, conversation->session) != 0)
		return refuse(why);
	struct session_terms terms;

	conversation->found = json_text_is(json, json_text_member(json, session, "status"), "complete") && take_terms(json, session, &terms);
	if (!conversation->found)
		return OK;
	memcpy(conversation->session, id, sizeof id);
	conversation->terms = terms;
	return OK;
}

static enum err take(const struct provider_account *account, const struct json_text *json, struct conversation *conversation,
                     bool *again, struct why *why)
{
	const struct json_node *root = json_text_root(json);
	const struct json_node *sessions;
	bool more;

	(void)again;
	if (conversation->by == REF_SESSION)
		return take_session(account, json, root, conversation, why);
	if (stripe_list(json, root, &sessions, &more) != OK)
		return refuse(why);
	const struct json_node *session = json_text_first(json, sessions);

	conversation->found = false;
	return session == NULL ? OK : take_session(account, json, session, conversation, why);
}

/* A session that the provider does not know is none of ours. */
static bool refused(const struct provider_account *account, const struct stripe_refusal *refusal, struct conversation *conversation,
                    bool *again)
{
	(void)account;
	(void)again;
	conversation->found = false;
	return refusal->status == 404;
}

const struct stripe_talk stripe_recall_talk = { ask, take, refused };
