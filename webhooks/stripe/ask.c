#include <stdio.h>
#include <string.h>

#include "webhooks/stripe/talk.h"

static void put_fields(struct http_call *call, const struct provider_account *account)
{
	char bearer[SECRET_SIZE + 8];

	snprintf(bearer, sizeof bearer, "Bearer %s", account->key.text);
	http_call_field(call, "Authorization", bytes_of(bearer));
	http_call_field(call, "Stripe-Version", BYTES_LITERAL(STRIPE_API_VERSION));
	if (strcmp(call->method, "POST") == 0)
		http_call_field(call, "Content-Type", BYTES_LITERAL("application/x-www-form-urlencoded"));
	memset(bearer, 0, sizeof bearer);
}

void stripe_ask(const struct provider_account *account, const char *method, const char *path, struct http_call *call)
{
	http_call_init(call, method);
	buffer_format(&call->url, "%s%s", account->api_url, path);
	put_fields(call, account);
}

void stripe_ask_object(const struct provider_account *account, const char *method, const char *kind, const char *id,
                       const char *rest, struct http_call *call)
{
	http_call_init(call, method);
	buffer_format(&call->url, "%s/v1/%s/", account->api_url, kind);
	http_percent_encode(&call->url, bytes_of(id));
	buffer_text(&call->url, rest);
	put_fields(call, account);
}

static void begin_query(struct http_call *call, const char *name)
{
	bool first = call->url.data == NULL || strchr(call->url.data, '?') == NULL;

	buffer_char(&call->url, first ? '?' : '&');
	buffer_text(&call->url, name);
	buffer_char(&call->url, '=');
}

void stripe_put_query(struct http_call *call, const char *name, const char *value)
{
	begin_query(call, name);
	http_percent_encode(&call->url, bytes_of(value));
}

void stripe_put_query_number(struct http_call *call, const char *name, int64_t value)
{
	begin_query(call, name);
	buffer_format(&call->url, "%lld", (long long)value);
}

const char *stripe_intent(const struct event *event)
{
	const char *intent = event_ref(event, REF_PAYMENT_INTENT);

	if (intent != NULL)
		return intent;
	return strncmp(event->payment, "in_", 3) == 0 ? NULL : event->payment;
}

enum err stripe_turn_page(struct conversation *conversation, bool more, const char last[static OBJECT_ID_SIZE])
{
	if (more && (strcmp(conversation->cursor, last) == 0 || strcmp(conversation->mark, last) == 0))
		return ERR_INPUT;
	memcpy(conversation->cursor, last, sizeof conversation->cursor);
	/* At the 1st, 2nd, 4th, 8th … page (Brent): one mark finds a circle of any length, wherever it begins. */
	conversation->pages++;
	if ((conversation->pages & (conversation->pages - 1)) == 0)
		memcpy(conversation->mark, last, sizeof conversation->mark);
	return OK;
}

void stripe_ask_invoice(const struct provider_account *account, const char *invoice, struct http_call *call)
{
	stripe_ask_object(account, "GET", "invoices", invoice, "?expand[]=payments", call);
}

enum err stripe_take_intent(const struct json_text *json, struct event *event, struct why *why)
{
	struct event read = { .kind = EVENT_SETTLED };
	const char *intent;
	bool ours;

	if (stripe_read_invoice(json, json_text_root(json), &read, &ours) != OK || strcmp(read.payment, event->payment) != 0)
		return why_set(why, ERR_PROVIDER, "Stripe's answer is not the invoice that was asked for");
	intent = event_ref(&read, REF_PAYMENT_INTENT);
	if (intent == NULL)
		return why_set(why, ERR_PROVIDER, "Stripe names no payment behind the invoice");
	return event_add_ref(event, REF_PAYMENT_INTENT, bytes_of(intent));
}

void stripe_put_pair(struct buffer *form, const char *name, const char *value)
{
	if (form->length > 0)
		buffer_char(form, '&');
	http_percent_encode(form, bytes_of(name));
	buffer_char(form, '=');
	http_percent_encode(form, bytes_of(value));
}

void stripe_ask_once(struct http_call *call, const char *key)
{
	http_call_field(call, "Idempotency-Key", bytes_of(key));
}
