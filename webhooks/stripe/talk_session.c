/* Open a checkout session, read one, close one before anybody pays it. */
#include <stdio.h>
#include <string.h>

#include "webhooks/stripe/talk.h"

enum { SESSION_LASTS_S = 3600 };

/* Of closing: Stripe refuses to expire a session that is no longer open, so it is read then. */
enum { STAGE_EXPIRE, STAGE_READ };

/* ---- asking ---- */

static void put_metadata(struct buffer *body, const char *where, const struct session_terms *terms)
{
	const char *const pairs[][2] = {
		{ "pledge", terms->pledge },
		{ "campaign", terms->campaign },
		{ "tier", terms->tier },
		{ "interval", interval_name(terms->interval) },
		{ "seal", terms->seal },
	};
	char name[64];

	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		snprintf(name, sizeof name, "%s[%s]", where, pairs[i][0]);
		stripe_put_pair(body, name, pairs[i][1]);
	}
}

static void put_price(struct buffer *body, const struct session_terms *terms, int64_t units, const char *code)
{
	char number[24];

	snprintf(number, sizeof number, "%lld", (long long)units);
	stripe_put_pair(body, "line_items[0][quantity]", "1");
	stripe_put_pair(body, "line_items[0][price_data][currency]", code);
	stripe_put_pair(body, "line_items[0][price_data][unit_amount]", number);
	stripe_put_pair(body, "line_items[0][price_data][product_data][name]", terms->label);
	if (terms->interval == INTERVAL_ONCE)
		return;
	stripe_put_pair(body, "line_items[0][price_data][recurring][interval]", interval_name(terms->interval));
	stripe_put_pair(body, "line_items[0][price_data][recurring][interval_count]", "1");
}

static enum err put_session(struct buffer *body, const struct session_terms *terms, struct why *why)
{
	bool once = terms->interval == INTERVAL_ONCE;
	char code[CURRENCY_SIZE];
	char expires[24];
	int64_t units;
	enum err err = stripe_amount_to(&terms->amount, &units, code, why);

	if (err != OK)
		return err;
	snprintf(expires, sizeof expires, "%lld", (long long)terms->now_s + SESSION_LASTS_S);
	stripe_put_pair(body, "mode", once ? "payment" : "subscription");
	stripe_put_pair(body, "submit_type", "donate");
	put_price(body, terms, units, code);
	stripe_put_pair(body, "client_reference_id", terms->pledge);
	put_metadata(body, "metadata", terms);
	/* The session's metadata is not copied to what it makes: each is told by itself. */
	put_metadata(body, once ? "payment_intent_data[metadata]" : "subscription_data[metadata]", terms);
	stripe_put_pair(body, "success_url", terms->success_url);
	stripe_put_pair(body, "cancel_url", terms->cancel_url);
	stripe_put_pair(body, "expires_at", expires);
	/* Else the donor may pay another amount in another currency than was pledged. */
	stripe_put_pair(body, "adaptive_pricing[enabled]", "false");
	return OK;
}

static enum err ask_open(const struct provider_account *account, const struct conversation *conversation,
                         struct http_call *call, struct why *why)
{
	stripe_ask(account, "POST", "/v1/checkout/sessions", call);
	stripe_ask_once(call, conversation->terms.pledge);
	return put_session(&call->body, &conversation->terms, why);
}

static enum err ask_read(const struct provider_account *account, const struct conversation *conversation,
                         struct http_call *call, struct why *why)
{
	(void)why;
	stripe_ask_object(account, "GET", "checkout/sessions", conversation->session, "", call);
	return OK;
}

/* No idempotency key: what matters is how the session stands now, not what the first attempt was told. */
static enum err ask_close(const struct provider_account *account, const struct conversation *conversation,
                          struct http_call *call, struct why *why)
{
	if (conversation->stage == STAGE_READ)
		return ask_read(account, conversation, call, why);
	stripe_ask_object(account, "POST", "checkout/sessions", conversation->session, "/expire", call);
	return OK;
}

/* ---- understanding ---- */

/* A URL that a browser may be sent to: printable ASCII, https or the sandbox's http. */
static bool is_page_url(const char *url)
{
	if (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0)
		return false;
	for (; *url != '\0'; url++)
		if (*url <= ' ' || *url > '~' || *url == '"' || *url == '<' || *url == '>')
			return false;
	return true;
}

static enum err take_status(const struct json_text *json, const struct json_node *status, enum session_status *out)
{
	if (json_text_is(json, status, "open"))
		*out = SESSION_OPEN;
	else if (json_text_is(json, status, "complete"))
		*out = SESSION_COMPLETE;
	else if (json_text_is(json, status, "expired"))
		*out = SESSION_EXPIRED;
	else
		return ERR_PROVIDER;
	return OK;
}

/* Its id and status, and that it is of the account's mode: a session of the other one is nobody's to pay. */
static enum err read_session(const struct provider_account *account, const struct json_text *json, char id[static OBJECT_ID_SIZE],
                             enum session_status *status)
{
	const struct json_node *root = json_text_root(json);
	bool live;

	if (json_text_bool(json_text_member(json, root, "livemode"), &live) != OK || live != account->live
	    || stripe_id(json, json_text_member(json, root, "id"), id) != OK)
		return ERR_PROVIDER;
	return take_status(json, json_text_member(json, root, "status"), status);
}

static enum err refuse(struct why *why)
{
	return why_set(why, ERR_PROVIDER, "Stripe's answer is not a checkout session that can be used");
}

static enum err take_session(const struct provider_account *account, const struct json_text *json,
                             struct conversation *conversation, bool *again, struct why *why)
{
	char url[sizeof conversation->url] = "";
	char id[OBJECT_ID_SIZE];
	enum session_status status;

	(void)again;
	if (read_session(account, json, id, &status) != OK)
		return refuse(why);
	/* One that was opened just now can be paid; one that was asked for is that one. */
	if (conversation->talk == TALK_OPEN_SESSION ? status != SESSION_OPEN : strcmp(id, conversation->session) != 0)
		return refuse(why);
	if (status == SESSION_OPEN
	    && (json_text_string(json, json_text_member(json, json_text_root(json), "url"), url, sizeof url) != OK
	        || !is_page_url(url)))
		return refuse(why);
	memcpy(conversation->session, id, sizeof id);
	memcpy(conversation->url, url, sizeof url);
	conversation->session_status = status;
	return OK;
}

static enum err take_closed(const struct provider_account *account, const struct json_text *json,
                            struct conversation *conversation, bool *again, struct why *why)
{
	char id[OBJECT_ID_SIZE];
	enum session_status status;

	(void)again;
	if (read_session(account, json, id, &status) != OK || strcmp(id, conversation->session) != 0)
		return refuse(why);
	if (status == SESSION_OPEN)
		return why_set(why, ERR_PROVIDER, "Stripe does not close the checkout session");
	conversation->session_status = status;
	return OK;
}

static bool close_refused(const struct provider_account *account, const struct stripe_refusal *refusal,
                          struct conversation *conversation, bool *again)
{
	(void)account;
	if (conversation->stage != STAGE_EXPIRE || refusal->status != 400)
		return false;
	conversation->stage = STAGE_READ;
	*again = true;
	return true;
}

const struct stripe_talk stripe_open_talk = { ask_open, take_session, NULL };
const struct stripe_talk stripe_read_talk = { ask_read, take_session, NULL };
const struct stripe_talk stripe_close_talk = { ask_close, take_closed, close_refused };
