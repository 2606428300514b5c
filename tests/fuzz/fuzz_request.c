/*
 * What a browser or a proxy may say to a door, by the first byte: a checkout as JSON or as a form, the query of
 * an export, X-Forwarded-For.
 */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "books/wishes.h"
#include "routes/checkout_form.h"
#include "routes/client_address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Of the request that was made last. */
static struct http_field fields[2];

static struct http_request request_with(const char *name, struct bytes value)
{
	struct http_request request = { .peer = "127.0.0.1", .fields = fields };

	fields[request.field_count++] = (struct http_field){ bytes_of(name), value };
	return request;
}

/* Accepted: a tier that is there, a key that is a digest; nothing that was refused is without its reason. */
static void read_checkout(struct bytes body, const char *type)
{
	struct http_request request = request_with("Content-Type", bytes_of(type));
	struct checkout_request checkout;
	struct why why = { "" };
	bool form = false;
	int status = 0;

	memset(&checkout, 0, sizeof checkout);
	request.body = body;
	checkout_form_read(&request, &checkout, &form, &status, &why);
	if (status != 0 ? status != 400 || why.text[0] == '\0' : checkout.tier[0] == '\0')
		abort();
	if (status == 0 && checkout.key[0] != '\0' && strspn(checkout.key, "0123456789abcdef") != 64)
		abort();
}

static void read_key(struct bytes key)
{
	struct http_request request = request_with("Content-Type", BYTES_LITERAL("application/json"));
	struct checkout_request checkout;
	struct why why = { "" };
	bool form;
	int status = 0;

	memset(&checkout, 0, sizeof checkout);
	request.body = BYTES_LITERAL("{\"tier\":\"friend\"}");
	fields[request.field_count++] = (struct http_field){ BYTES_LITERAL("Idempotency-Key"), key };
	checkout_form_read(&request, &checkout, &form, &status, &why);
	if (status == 0 && strlen(checkout.key) != 64)
		abort();
}

static void read_export(struct bytes query)
{
	static const char *const names[] = { "from", "to", "as_of", "campaign", "profile" };
	char values[5][64];
	const char *given[5] = { NULL };
	char name[64];
	char value[64];
	bool more = true;

	while (http_form_next(&query, &more, name, sizeof name, value, sizeof value) == OK && more)
		for (size_t i = 0; i < 5; i++)
			if (strcmp(name, names[i]) == 0)
				given[i] = memcpy(values[i], value, sizeof value);
	const struct wishes wishes = { given[0], given[1], given[2], given[3], given[4] };
	struct export_options options = { .profile = EXPORT_GIFTS };
	struct why why = { "" };

	if (wishes_read(&wishes, &options, &why) != OK) {
		if (why.text[0] == '\0')
			abort();
		return;
	}
	if (memchr(options.campaign, '\0', sizeof options.campaign) == NULL || options.as_of > INT64_MAX)
		abort();
}

/* Never nothing: at the worst the peer. What is said to be the client's is an address. */
static void read_forwarded(struct bytes value)
{
	static struct config config = {
		.trusted_proxies = { "127.0.0.1", "10.0.0.0/8", "2001:db8::/32", "unix" }, .trusted_proxy_count = 4,
	};
	struct http_request request = request_with("X-Forwarded-For", value);
	char address[64] = "";
	uint8_t binary[16];

	client_address(&config, &request, address);
	if (inet_pton(AF_INET, address, binary) != 1 && inet_pton(AF_INET6, address, binary) != 1)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	char *exact = malloc(size);

	if (exact == NULL)
		return 0;
	memcpy(exact, data + 1, size - 1);
	struct bytes text = { exact, size - 1 };

	switch (data[0] % 5) {
	case 0:
		read_checkout(text, "application/json");
		break;
	case 1:
		read_checkout(text, "application/x-www-form-urlencoded");
		break;
	case 2:
		read_key(text);
		break;
	case 3:
		read_export(text);
		break;
	default:
		read_forwarded(text);
		break;
	}
	free(exact);
	return 0;
}
