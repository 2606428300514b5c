/*
 * address.h -- socket addresses as text.
 */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include <stddef.h>
#include <sys/socket.h>

#include "base/err.h"

enum { PEER_SIZE = 64 };

/* "192.0.2.1", "2001:db8::1" or "unix"; an IPv4 address in IPv6 clothes is shown as IPv4. */
void address_peer(const struct sockaddr *address, char out[static PEER_SIZE]);

/* "127.0.0.1:8080", "[::1]:8080", "unix:/path". ERR_TOO_BIG when it does not fit. */
MUST_CHECK enum err address_text(const struct sockaddr_storage *address, socklen_t length,
                                 char *out, size_t size);

#endif
