#include "routes/client_address.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

struct binary {
	int family;
	uint8_t bytes[16];
};

static bool to_binary(const char *text, struct binary *address)
{
	static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

	if (inet_pton(AF_INET, text, address->bytes) == 1) {
		address->family = AF_INET;
		return true;
	}
	if (inet_pton(AF_INET6, text, address->bytes) != 1)
		return false;
	address->family = AF_INET6;
	/* IPv4 in IPv6 clothes is IPv4, or it would slip past a rule for it. */
	if (memcmp(address->bytes, mapped, sizeof mapped) == 0) {
		memmove(address->bytes, address->bytes + 12, 4);
		address->family = AF_INET;
	}
	return true;
}

static bool same_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned whole = bits / 8;
	unsigned rest = bits % 8;

	if (memcmp(a, b, whole) != 0)
		return false;
	return rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0;
}

/* Whether the address is in a proxy's network: "10.0.0.0/8", "::1", "unix". */
static bool in_network(const char *address, const char *network)
{
	char text[PROXY_SIZE];
	struct binary own;
	struct binary net;
	const char *slash = strchr(network, '/');

	if (!to_binary(address, &own))
		return strcmp(address, network) == 0;
	if (bytes_copy_text((struct bytes){ network, slash != NULL ? (size_t)(slash - network) : strlen(network) }, text,
	                    sizeof text) != OK
	    || !to_binary(text, &net) || net.family != own.family)
		return false;
	unsigned most = own.family == AF_INET ? 32 : 128;
	unsigned long bits = slash != NULL ? strtoul(slash + 1, NULL, 10) : most;

	return bits <= most && same_bits(own.bytes, net.bytes, (unsigned)bits);
}

static bool is_trusted(const struct config *config, const char *address)
{
	for (size_t i = 0; i < config->trusted_proxy_count; i++)
		if (in_network(address, config->trusted_proxies[i]))
			return true;
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Take the last item of a comma-separated list, without blanks. False when nothing is left. */
static bool take_last(struct bytes *list, struct bytes *item)
{
	if (list->length == 0)
		return false;
	size_t start = list->length;

	while (start > 0 && list->data[start - 1] != ',')
		start--;
	*item = (struct bytes){ list->data + start, list->length - start };
	list->length = start > 0 ? start - 1 : 0;
	while (item->length > 0 && is_blank(item->data[0]))
		*item = (struct bytes){ item->data + 1, item->length - 1 };
	while (item->length > 0 && is_blank(item->data[item->length - 1]))
		item->length--;
	return true;
}

/* One field's addresses, from the right. False when one of them was not a trusted proxy's: the search is over. */
static bool walk_field(const struct config *config, struct bytes list, char address[static 64])
{
	struct binary binary;
	struct bytes item;
	char text[64];

	while (take_last(&list, &item)) {
		if (bytes_copy_text(item, text, sizeof text) != OK || !to_binary(text, &binary))
			return false;
		memcpy(address, text, sizeof text);
		if (!is_trusted(config, address))
			return false;
	}
	return true;
}

void client_address(const struct config *config, const struct http_request *request, char address[static 64])
{
	memcpy(address, request->peer, sizeof request->peer);
	if (!is_trusted(config, address))
		return;
	for (size_t i = request->field_count; i > 0; i--) {
		const struct http_field *field = &request->fields[i - 1];

		if (bytes_is_nocase(field->name, "X-Forwarded-For") && !walk_field(config, field->value, address))
			return;
	}
}
