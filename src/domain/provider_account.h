/*
 * provider_account.h -- an account of ours at a payment provider, as the
 * adapters see it: where it is, and the secrets that open it.
 *
 * Holds secrets: never log, copy into an entry or put into a text for people.
 */
#ifndef DOMAIN_PROVIDER_ACCOUNT_H
#define DOMAIN_PROVIDER_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/limits.h"

struct secret {
	char text[SECRET_SIZE];
	size_t length;
};

struct provider_account {
	char id[ID_SIZE];            /* in URLs, ledger accounts and dedupe keys; for life */
	char provider[ID_SIZE];      /* the adapter's name: "stripe" */
	char label[LABEL_SIZE];      /* what donors choose it by where there are several; "": its provider's name */
	char api_url[URL_SIZE];      /* without a trailing '/': "https://api.stripe.com" */
	char portal_url[URL_SIZE];   /* where donors change or end gifts that come again; "": none */
	bool live;                   /* the organisation's mode: live or test */
	struct secret key;           /* opens the provider's API */
	struct secret webhook_secrets[SECRETS_MAX]; /* all active ones */
	size_t webhook_secret_count;
	int tolerance_s;             /* how far a delivery's time may be from ours */
	int quiet_hours;             /* how long no event may come while sessions are opened, before somebody is told */
};

#endif
