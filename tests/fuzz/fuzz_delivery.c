/*
 * A webhook delivery from anybody: the Stripe-Signature field up to an LF, the body behind it. Bytes chosen
 * without the secret are never authentic; the body is then read as if they had been, because whoever has a
 * secret may still send anything.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "webhooks/provider.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct provider_account account = {
	.id = "stripe",
	.provider = "stripe",
	.webhook_secrets = { { "whsec_one", 9 }, { "whsec_two", 9 } },
	.webhook_secret_count = 2,
	.tolerance_s = 300,
};

static void judge(struct bytes signature, struct bytes body)
{
	const struct http_field field = { BYTES_LITERAL("Stripe-Signature"), signature };
	const struct delivery delivery = { &field, 1, body };
	struct authentic authentic;
	struct why why = { "" };

	if (providers[0]->authenticate(&account, &delivery, 1795334400, &authentic, &why) != ERR_FORGED
	    || why.text[0] == '\0')
		abort();
}

static bool is_ended(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

/* What an event may say: texts that end, money with a currency, ids that a later step can use. */
static void check_event(const struct event *event)
{
	uint8_t digest[32];

	if (!is_ended(event->id, sizeof event->id) || event->id[0] == '\0' || event->ref_count > REFS_MAX)
		abort();
	if (event_digest(event, digest) != OK)
		abort();
	if (event->kind == EVENT_UNREADABLE)
		return;
	if ((event->kind == EVENT_SETTLED || event->kind == EVENT_PENDING) && event->confirm[0] == '\0'
	    && (event->payment[0] == '\0' || event->amount.currency.code[0] == '\0' || event->amount.minor < 0))
		abort();
}

static void read_body(struct bytes body)
{
	static struct event events[EVENTS_MAX];
	const struct authentic authentic = { .body = body };
	struct why why = { "" };
	size_t count = 0;
	enum err err = providers[0]->read_events(&account, &authentic, events, &count, &why);

	if (err != OK && why.text[0] == '\0')
		abort();
	for (size_t i = 0; err == OK && i < count; i++)
		check_event(&events[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *exact = malloc(size + 1);

	if (exact == NULL)
		return 0;
	if (size > 0)
		memcpy(exact, data, size);
	const char *end = size > 0 ? memchr(exact, '\n', size) : NULL;
	size_t used = end != NULL ? (size_t)(end - exact) : size;
	struct bytes body = { exact + used + (end != NULL), size - used - (end != NULL) };

	judge((struct bytes){ exact, used }, body);
	read_body(body);
	free(exact);
	return 0;
}
