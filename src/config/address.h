/*
 * address.h -- the form of what a configuration says of the network: where to
 * listen, which hosts to answer to, whom to believe.
 *
 * Form only: nothing is opened or looked up. Names are in lower case and
 * numbers in their one usual spelling, so that texts can be compared as bytes.
 */
#ifndef CONFIG_ADDRESS_H
#define CONFIG_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

/* "127.0.0.1:8080", "[::1]:8080", "unix:/run/pledger/operator.sock", "systemd:0". ERR_INPUT with `why`. */
MUST_CHECK enum err address_check_listen(struct bytes text, struct why *why);

/* "donate.example.org", "127.0.0.1:8081", "[::1]:8081": a Host field's value. ERR_INPUT with `why`. */
MUST_CHECK enum err address_check_host(struct bytes text, struct why *why);

/* "127.0.0.1", "10.0.0.0/8", "2001:db8::/32", "unix". ERR_INPUT with `why`. */
MUST_CHECK enum err address_check_proxy(struct bytes text, struct why *why);

/* A host with or without a port, taken apart. */
struct address_host {
	struct bytes name; /* IPv6 with its brackets */
	struct bytes port; /* empty when there is none */
};

/* Only takes apart; address_check_host says whether it is one. */
struct address_host address_split(struct bytes text);

/* Whether the name is "localhost" or a loopback address. */
bool address_is_loopback(struct bytes name);

#endif
