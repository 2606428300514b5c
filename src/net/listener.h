/*
 * listener.h -- listening sockets: TCP, Unix, or handed over by systemd.
 */
#ifndef NET_LISTENER_H
#define NET_LISTENER_H

#include <stddef.h>

#include "base/err.h"

/*
 * Open a listening socket for `address`: "127.0.0.1:8080", "[::1]:8080",
 * "127.0.0.1:0" (any free port), "unix:/run/pledger/operator.sock" (an old
 * socket file that nobody listens on is replaced; mode 0660), or "systemd:N",
 * the N-th descriptor passed by socket activation (0 is fd 3, see
 * sd_listen_fds(3)). On OK the caller owns `*fd` and `actual` (of `size` bytes)
 * holds the address really bound. ERR_INPUT for a text that is no such address,
 * ERR_CONFLICT when it is in use, ERR_SYSTEM for the rest.
 */
MUST_CHECK enum err listener_open(const char *address, int *fd,
                                  char *actual, size_t size, struct why *why);

/* Check the form only, for `pledger check`. ERR_INPUT with `why`. */
MUST_CHECK enum err listener_check(const char *address, struct why *why);

#endif
