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
