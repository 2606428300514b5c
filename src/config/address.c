#include "config/address.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/un.h>

#include "base/text.h"
#include "config/config.h"

enum { LABEL_MAX = 63, NAME_MAX_LENGTH = 253, DESCRIPTOR_MAX = 63, PORT_MAX = 65535 };

static struct bytes skip(struct bytes text, size_t length)
{
	return (struct bytes){ text.data + length, text.length - length };
}

/* Read a numeric address; only its usual spelling passes. */
static bool read_ip(struct bytes text, int family, unsigned char address[static 16])
{
	char given[INET6_ADDRSTRLEN];
	char usual[INET6_ADDRSTRLEN];

	return bytes_copy_text(text, given, sizeof given) == OK && inet_pton(family, given, address) == 1
	       && inet_ntop(family, address, usual, sizeof usual) != NULL && strcmp(given, usual) == 0;
}

static bool is_ip(struct bytes text, int family)
{
	unsigned char address[16];

	return read_ip(text, family, address);
}

static bool is_bracketed(struct bytes name)
{
	return name.length > 2 && name.data[0] == '[' && name.data[name.length - 1] == ']';
}

static bool is_bracketed_ip(struct bytes name)
{
	return is_bracketed(name) && is_ip((struct bytes){ name.data + 1, name.length - 2 }, AF_INET6);
}

static bool is_label(struct bytes label)
{
	if (label.length == 0 || label.length > LABEL_MAX || label.data[0] == '-'
	    || label.data[label.length - 1] == '-')
		return false;
	for (size_t i = 0; i < label.length; i++) {
		char c = label.data[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
			return false;
	}
	return true;
}

static bool is_number(struct bytes label)
{
	for (size_t i = 0; i < label.length; i++)
		if (label.data[i] < '0' || label.data[i] > '9')
			return false;
	return true;
}

/* Labels with points between them, the last one not a number: that would be an address. */
static bool is_name(struct bytes name)
{
	if (name.length == 0 || name.length > NAME_MAX_LENGTH)
		return false;
	for (;;) {
		const char *point = memchr(name.data, '.', name.length);
		struct bytes label = { name.data, point == NULL ? name.length : (size_t)(point - name.data) };

		if (!is_label(label))
			return false;
		if (point == NULL)
			return !is_number(label);
		name = skip(name, label.length + 1);
		if (name.length == 0)
			return false;
	}
}

struct address_host address_split(struct bytes text)
{
	size_t end = text.length;

	while (end > 0 && text.data[end - 1] >= '0' && text.data[end - 1] <= '9')
		end--;
	if (end == 0 || text.data[end - 1] != ':')
		return (struct address_host){ text, { NULL, 0 } };
	return (struct address_host){ { text.data, end - 1 }, skip(text, end) };
}

/* `least` is 1 where one is asked for, 0 where any free one will do. */
static bool is_port(struct bytes text, uint64_t least)
{
	uint64_t port;

	return text_unsigned(text, PORT_MAX, &port) == OK && port >= least;
}

enum err address_check_host(struct bytes text, struct why *why)
{
	struct address_host host = address_split(text);

	if (text.length >= HOST_SIZE)
		return why_set(why, ERR_INPUT, "a host has at most %d bytes", HOST_SIZE - 1);
	for (size_t i = 0; i < text.length; i++)
		if (text.data[i] >= 'A' && text.data[i] <= 'Z')
			return why_set(why, ERR_INPUT, "a host is written in lower case");
	if (!is_name(host.name) && !is_ip(host.name, AF_INET) && !is_bracketed_ip(host.name))
		return why_set(why, ERR_INPUT,
		               "not a host like \"example.org\", \"192.0.2.1\" or \"[2001:db8::1]\", with or without a port");
	if (host.port.data != NULL && !is_port(host.port, 1))
		return why_set(why, ERR_INPUT, "a port is a number from 1 to %d", PORT_MAX);
	return OK;
}

static enum err check_socket_path(struct bytes path, struct why *why)
{
	const size_t size = sizeof ((struct sockaddr_un *)NULL)->sun_path;

	if (path.length == 0 || path.data[0] != '/')
		return why_set(why, ERR_INPUT, "\"unix:\" is followed by an absolute path");
	if (path.length >= size)
		return why_set(why, ERR_INPUT, "a Unix socket's path has at most %zu bytes", size - 1);
	return OK;
}

enum err address_check_listen(struct bytes text, struct why *why)
{
	struct address_host host = address_split(text);
	uint64_t descriptor;

	if (text.length >= LISTEN_SIZE)
		return why_set(why, ERR_INPUT, "a listen address has at most %d bytes", LISTEN_SIZE - 1);
	if (bytes_starts_with(text, "unix:"))
		return check_socket_path(skip(text, strlen("unix:")), why);
	if (bytes_starts_with(text, "systemd:")) {
		if (text_unsigned(skip(text, strlen("systemd:")), DESCRIPTOR_MAX, &descriptor) == OK)
			return OK;
		return why_set(why, ERR_INPUT, "\"systemd:\" is followed by the number of a socket, 0 for the first");
	}
	if ((is_ip(host.name, AF_INET) || is_bracketed_ip(host.name)) && is_port(host.port, 0))
		return OK;
	return why_set(why, ERR_INPUT,
	               "not a listen address like \"127.0.0.1:8080\", \"[::1]:8080\", \"unix:/run/x.sock\" or \"systemd:0\"");
}

/* Whether the bits behind the prefix are zero, so that a network has one spelling. */
static bool is_network(const unsigned char *address, size_t length, uint64_t prefix)
{
	for (size_t bit = (size_t)prefix; bit < 8 * length; bit++)
		if ((address[bit / 8] >> (7 - bit % 8) & 1) != 0)
			return false;
	return true;
}

enum err address_check_proxy(struct bytes text, struct why *why)
{
	const char *slash = text.length == 0 ? NULL : memchr(text.data, '/', text.length);
	struct bytes ip = { text.data, slash == NULL ? text.length : (size_t)(slash - text.data) };
	unsigned char address[16];
	bool v4 = read_ip(ip, AF_INET, address);
	size_t length = v4 ? 4 : 16;
	uint64_t prefix;

	if (bytes_is(text, "unix"))
		return OK;
	if (text.length >= PROXY_SIZE || (!v4 && !read_ip(ip, AF_INET6, address)))
		return why_set(why, ERR_INPUT,
		               "not an address like \"127.0.0.1\", a network like \"10.0.0.0/8\" or \"unix\"");
	if (slash == NULL)
		return OK;
	if (text_unsigned(skip(text, ip.length + 1), 8 * length, &prefix) != OK || prefix == 0)
		return why_set(why, ERR_INPUT, "the network's prefix is a number from 1 to %zu", 8 * length);
	if (!is_network(address, length, prefix))
		return why_set(why, ERR_INPUT, "the address has bits set behind the network's prefix");
	return OK;
}

bool address_is_loopback(struct bytes name)
{
	return bytes_is(name, "localhost") || bytes_is(name, "[::1]")
	       || (bytes_starts_with(name, "127.") && is_ip(name, AF_INET));
}
