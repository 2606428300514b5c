/*
 * What we say to Stripe: open a checkout session, read one, read an invoice.
 *
 * Each talk is one request, repeated byte for byte (same idempotency key) when Stripe says that this
 * may help: header Stripe-Should-Retry where it is there, else no answer, 409 and 5xx. The waits
 * double from half a second and are spread by the pledge's id, so that many donors do not come back
 * at once. A donor waits up to 60 s in all; a webhook that we confirm must be answered before Stripe
 * gives up on it, so that talk is shorter and Stripe's own retry does the rest.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "webhooks/stripe/stripe.h"

enum {
	SESSION_LASTS_S = 3600,
	OPEN_TIMEOUT_MS = 12000,
	OPEN_ATTEMPTS = 4,
	CONFIRM_TIMEOUT_MS = 3500,
	CONFIRM_ATTEMPTS = 2,
	FIRST_WAIT_MS = 500,
	LONGEST_WAIT_MS = 5000,
};

/* ---- asking ---- */

static void put_pair(struct buffer *body, const char *name, const char *value)
{
	if (body->length > 0)
		buffer_char(body, '&');
	http_percent_encode(body, bytes_of(name));
	buffer_char(body, '=');
	http_percent_encode(body, bytes_of(value));
}

static void put_metadata(struct buffer *body, const char *where, const struct session_terms *terms)
{
	const char *const pairs[][2] = {
		{ "pledge", terms->pledge },
		{ "campaign", terms->campaign },
		{ "tier", terms->tier },
		{ "interval", interval_name(terms->interval) },
	};
	char name[64];

	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		snprintf(name, sizeof name, "%s[%s]", where, pairs[i][0]);
		put_pair(body, name, pairs[i][1]);
	}
}

static void put_price(struct buffer *body, const struct session_terms *terms, int64_t units, const char *code)
{
	char number[24];

	snprintf(number, sizeof number, "%lld", (long long)units);
	put_pair(body, "line_items[0][quantity]", "1");
	put_pair(body, "line_items[0][price_data][currency]", code);
	put_pair(body, "line_items[0][price_data][unit_amount]", number);
	put_pair(body, "line_items[0][price_data][product_data][name]", terms->label);
	if (terms->interval == INTERVAL_ONCE)
		return;
	put_pair(body, "line_items[0][price_data][recurring][interval]", interval_name(terms->interval));
	put_pair(body, "line_items[0][price_data][recurring][interval_count]", "1");
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
	put_pair(body, "mode", once ? "payment" : "subscription");
	put_pair(body, "submit_type", "donate");
	put_price(body, terms, units, code);
	put_pair(body, "client_reference_id", terms->pledge);
	put_metadata(body, "metadata", terms);
	/* The session's metadata is not copied to what it makes: each is told by itself. */
	put_metadata(body, once ? "payment_intent_data[metadata]" : "subscription_data[metadata]", terms);
	put_pair(body, "success_url", terms->success_url);
	put_pair(body, "cancel_url", terms->cancel_url);
	put_pair(body, "expires_at", expires);
	/* Else the donor may pay another amount in another currency than was pledged. */
	put_pair(body, "adaptive_pricing[enabled]", "false");
	return buffer_err(body);
}

static void put_fields(struct http_call *call, const struct provider_account *account)
{
	char bearer[SECRET_SIZE + 8];

	snprintf(bearer, sizeof bearer, "Bearer %s", account->key.text);
	http_call_field(call, "Authorization", bytes_of(bearer));
	http_call_field(call, "Stripe-Version", BYTES_LITERAL(STRIPE_API_VERSION));
	memset(bearer, 0, sizeof bearer);
}

static enum err ask_open(const struct provider_account *account, const struct conversation *conversation,
                         struct http_call *call, struct why *why)
{
	http_call_init(call, "POST");
	buffer_format(&call->url, "%s/v1/checkout/sessions", account->api_url);
	put_fields(call, account);
	http_call_field(call, "Content-Type", BYTES_LITERAL("application/x-www-form-urlencoded"));
	http_call_field(call, "Idempotency-Key", bytes_of(conversation->terms.pledge));
	call->timeout_ms = OPEN_TIMEOUT_MS;
	return put_session(&call->body, &conversation->terms, why);
}

static void ask_get(const struct provider_account *account, const char *path, const char *id, const char *query,
                    struct http_call *call)
{
	http_call_init(call, "GET");
	buffer_format(&call->url, "%s/v1/%s/", account->api_url, path);
	http_percent_encode(&call->url, bytes_of(id));
	buffer_text(&call->url, query);
	put_fields(call, account);
	call->timeout_ms = CONFIRM_TIMEOUT_MS;
}

static enum err ask(const struct provider_account *account, const struct conversation *conversation,
                    struct http_call *call, struct why *why)
{
	enum err err = OK;

	switch (conversation->talk) {
	case TALK_OPEN_SESSION:
		err = ask_open(account, conversation, call, why);
		break;
	case TALK_READ_SESSION:
		ask_get(account, "checkout/sessions", conversation->session, "", call);
		break;
	case TALK_CONFIRM:
		ask_get(account, "invoices", conversation->event.confirm, "?expand[]=payments", call);
		break;
	}
	if (err == OK)
		err = http_call_err(call);
	if (err != OK)
		http_call_free(call);
	return err;
}

/* ---- asking again ---- */

static bool worth_repeating(const struct http_answer *answer)
{
	struct bytes advice;

	if (answer->status == 0)
		return true;
	if (http_answer_field(answer, "Stripe-Should-Retry", &advice))
		return bytes_is(advice, "true");
	return answer->status == 409 || answer->status >= 500;
}

/* Doubling, and up to half of it again by the last characters of the pledge's id, which are random. */
static int64_t wait_ms(const struct conversation *conversation)
{
	const char *id = conversation->talk == TALK_OPEN_SESSION ? conversation->terms.pledge : conversation->session;
	size_t length = strlen(id);
	int64_t wait = FIRST_WAIT_MS;
	int64_t spread = length >= 2 ? (id[length - 1] * 31 + id[length - 2]) % 100 : 0;

	for (unsigned i = 1; i < conversation->attempts && wait < LONGEST_WAIT_MS; i++)
		wait *= 2;
	return (wait < LONGEST_WAIT_MS ? wait : LONGEST_WAIT_MS) * (100 + spread / 2) / 100;
}

static bool may_repeat(const struct conversation *conversation)
{
	unsigned most = conversation->talk == TALK_CONFIRM ? CONFIRM_ATTEMPTS : OPEN_ATTEMPTS;

	return conversation->attempts < most;
}

/* ---- understanding the answer ---- */

/* What Stripe says went wrong, in its closed words only: the free text may repeat what we sent. */
static enum err explain_refusal(const struct http_answer *answer, struct why *why)
{
	json_t *root = json_loadb(answer->body.data != NULL ? answer->body.data : "", answer->body.length,
	                          JSON_REJECT_DUPLICATES, NULL);
	json_t *error = json_object_get(root, "error");
	const char *type = json_string_value(json_object_get(error, "type"));
	const char *code = json_string_value(json_object_get(error, "code"));
	struct bytes request = { "", 0 };
	enum err err = answer->status == 404 ? ERR_UNKNOWN : ERR_PROVIDER;

	(void)http_answer_field(answer, "Request-Id", &request);
	err = why_set(why, err, "Stripe answered %d (%.60s%s%.60s), request %.*s", answer->status,
	              type != NULL ? type : "no reason given", code != NULL ? ", " : "", code != NULL ? code : "",
	              (int)(request.length < 64 ? request.length : 64), request.data);
	json_decref(root);
	return err;
}

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

static enum err take_status(const char *status, struct conversation *conversation)
{
	if (strcmp(status, "open") == 0)
		conversation->session_status = SESSION_OPEN;
	else if (strcmp(status, "complete") == 0)
		conversation->session_status = SESSION_COMPLETE;
	else if (strcmp(status, "expired") == 0)
		conversation->session_status = SESSION_EXPIRED;
	else
		return ERR_PROVIDER;
	return OK;
}

static enum err take_session(const json_t *root, bool live, struct conversation *conversation)
{
	const json_t *mode = json_object_get(root, "livemode");
	const char *id = json_string_value(json_object_get(root, "id"));
	const char *url = json_string_value(json_object_get(root, "url"));
	const char *status = json_string_value(json_object_get(root, "status"));

	/* A session of the other mode is nobody's to pay. */
	if (!json_is_boolean(mode) || json_boolean_value(mode) != live)
		return ERR_PROVIDER;
	if (id == NULL || id[0] == '\0' || status == NULL || take_status(status, conversation) != OK
	    || bytes_copy_text(bytes_of(id), conversation->session, sizeof conversation->session) != OK)
		return ERR_PROVIDER;
	if (conversation->session_status != SESSION_OPEN)
		return OK;
	if (url == NULL || !is_page_url(url)
	    || bytes_copy_text(bytes_of(url), conversation->url, sizeof conversation->url) != OK)
		return ERR_PROVIDER;
	return OK;
}

static enum err understand_session(const struct provider_account *account, const struct http_answer *answer,
                                   struct conversation *conversation, struct why *why)
{
	json_t *root = json_loadb(answer->body.data, answer->body.length, JSON_REJECT_DUPLICATES, NULL);
	enum err err = take_session(root, account->live, conversation);

	json_decref(root);
	return err == OK ? OK : why_set(why, err, "Stripe's answer is not a checkout session that can be used");
}

/* The invoice as it stands now completes the event: its payment intent, and once more its amount. */
static enum err take_invoice(const struct json_text *json, struct conversation *conversation, struct why *why)
{
	const struct json_node *root = json_text_root(json);
	struct event read = { .kind = EVENT_SETTLED };
	struct event *event = &conversation->event;
	const char *intent;
	bool ours;

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

static enum err understand_invoice(const struct http_answer *answer, struct conversation *conversation, struct why *why)
{
	enum { NODES = 4096 };
	struct json_node *nodes = malloc(NODES * sizeof *nodes);
	struct json_text json;

	if (nodes == NULL)
		return ERR_MEMORY;
	enum err err = json_text_read(&json, answer->body, nodes, NODES, why);

	err = err == OK ? take_invoice(&json, conversation, why) : ERR_PROVIDER;
	free(nodes);
	return err;
}

static enum err understand(const struct provider_account *account, const struct http_answer *answer,
                           struct conversation *conversation, struct why *why)
{
	if (answer->status == 0)
		return why_set(why, ERR_PROVIDER, "Stripe did not answer: %s", answer->failure);
	if (answer->status != 200)
		return explain_refusal(answer, why);
	return conversation->talk == TALK_CONFIRM ? understand_invoice(answer, conversation, why)
	                                          : understand_session(account, answer, conversation, why);
}

enum step stripe_step(const struct provider_account *account, struct conversation *conversation,
                      const struct http_answer *last, struct http_call *next, enum err *err, struct why *why)
{
	int64_t delay_ms = 0;

	if (last != NULL && !(worth_repeating(last) && may_repeat(conversation))) {
		*err = understand(account, last, conversation, why);
		return *err == OK ? STEP_DONE : STEP_FAIL;
	}
	if (last != NULL)
		delay_ms = wait_ms(conversation);
	*err = ask(account, conversation, next, why);
	if (*err != OK)
		return STEP_FAIL;
	next->delay_ms = delay_ms;
	conversation->attempts++;
	conversation->waited_ms += delay_ms;
	return STEP_MORE;
}
