#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

/* The caller's storage may be a plain sockaddr: copying keeps types and alignment honest. */
static struct sockaddr_in in4(const void *address)
{
	struct sockaddr_in copy;

	memcpy(&copy, address, sizeof copy);
	return copy;
}

static struct sockaddr_in6 in6(const void *address)
{
	struct sockaddr_in6 copy;

	memcpy(&copy, address, sizeof copy);
	return copy;
}

void address_peer(const struct sockaddr *address, char out[static PEER_SIZE])
{
	const char *done = NULL;

	if (address->sa_family == AF_INET) {
		struct sockaddr_in four = in4(address);

		done = inet_ntop(AF_INET, &four.sin_addr, out, PEER_SIZE);
	} else if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 six = in6(address);

		if (IN6_IS_ADDR_V4MAPPED(&six.sin6_addr))
			done = inet_ntop(AF_INET, &six.sin6_addr.s6_addr[12], out, PEER_SIZE);
		else
			done = inet_ntop(AF_INET6, &six.sin6_addr, out, PEER_SIZE);
	}
	if (done == NULL)
		snprintf(out, PEER_SIZE, "unix");
}

static int print_unix(const struct sockaddr_storage *address, socklen_t length, char *out, size_t size)
{
	size_t start = offsetof(struct sockaddr_un, sun_path);
	struct sockaddr_un path = { 0 };

	/* The kernel's length may count the NUL behind the path, or be one more than the struct holds. */
	if (length > sizeof path)
		length = sizeof path;
	memcpy(&path, address, length);
	size_t path_length = length > start ? strnlen(path.sun_path, length - start) : 0;

	return snprintf(out, size, "unix:%.*s", (int)path_length, path.sun_path);
}

enum err address_text(const struct sockaddr_storage *address, socklen_t length, char *out, size_t size)
{
	char host[INET6_ADDRSTRLEN] = "";
	int printed;

	if (address->ss_family == AF_INET) {
		struct sockaddr_in four = in4(address);

		inet_ntop(AF_INET, &four.sin_addr, host, sizeof host);
		printed = snprintf(out, size, "%s:%u", host, (unsigned)ntohs(four.sin_port));
	} else if (address->ss_family == AF_INET6) {
		struct sockaddr_in6 six = in6(address);

		inet_ntop(AF_INET6, &six.sin6_addr, host, sizeof host);
		printed = snprintf(out, size, "[%s]:%u", host, (unsigned)ntohs(six.sin6_port));
	} else {
		printed = print_unix(address, length, out, size);
	}
	return printed < 0 || (size_t)printed >= size ? ERR_TOO_BIG : OK;
}
