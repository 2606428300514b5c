/*
 * sandbox.h -- a stand-in payment provider: a server on loopback that speaks
 * Stripe's wire format, keeps everything in memory and can be told to misbehave.
 *
 * It knows nothing of the rest of the program; docs/sandbox.md says how it is
 * driven.
 */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"

struct sandbox;

/* Texts are lent for the call. Zero and NULL mean: as usual. */
struct sandbox_options {
	const char *listen;        /* "127.0.0.1:8090", "127.0.0.1:0", "[::1]:8090", "unix:…" */
	const char *public_url;    /* where browsers reach it; NULL: http:// and the address */
	const char *api_key;       /* what it accepts: sk_test_…, rk_live_…; _live_ makes everything live */
	const char *merchant;      /* the name on the payment page */
	const char *webhook_url;   /* NULL: nobody listens yet */
	const char *webhook_secrets[SECRETS_MAX];
	size_t webhook_secret_count;
	const char *ca_file;       /* for an https webhook_url with a CA of one's own */
	struct bytes misbehaviour; /* JSON as for POST /sandbox/misbehave; empty: none */
	uint64_t seed;             /* of all ids; 0: another one each time */
	int64_t retry_first_ms;    /* pause after a webhook's first failure; doubles (200) */
	int64_t retry_most_ms;     /* up to this (5000) */
	unsigned tries_max;        /* in all (50) */
};

/*
 * On OK it serves, and the caller owns `*sandbox`. ERR_INPUT for an option that
 * makes no sense (an address beyond loopback, no key, secrets without end),
 * ERR_CONFLICT when the address is in use, ERR_MEMORY, ERR_SYSTEM; with `why`.
 */
MUST_CHECK enum err sandbox_start(struct sandbox **sandbox, const struct sandbox_options *options, struct why *why);

/* "http://127.0.0.1:8090": the public URL, without a trailing '/'. */
const char *sandbox_url(const struct sandbox *sandbox);

/* End what is under way, free and null. Does nothing with NULL. */
void sandbox_stop(struct sandbox **sandbox);

#endif
