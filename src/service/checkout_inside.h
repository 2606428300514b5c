/*
 * checkout_inside.h -- private to the checkout: one that is under way, its end,
 * and the making of a new pledge.
 */
#ifndef SERVICE_CHECKOUT_INSIDE_H
#define SERVICE_CHECKOUT_INSIDE_H

#include "service/checkout.h"

struct checkout {
	struct key_wait wait;    /* first: the table of keys hands these back */
	struct turn turn;
	bool has_turn;
	struct service *service;
	const struct snapshot *snapshot;
	const struct campaign *campaign;
	const struct tier *tier;
	const struct provider_account *account;
	char language[LANGUAGE_TAG_SIZE]; /* of the way back, or "" */
	bool holds_key;
	char pledge[TOKEN_SIZE];
	struct conversation *conversation; /* NULL before its turn has come */
	enum err refused;        /* while the session that was opened for nothing is closed */
	checkout_done *done;
	void *context;
};

/* The end, well or badly: who asked, and whoever waits for the same key, is told, and the checkout is freed. */
void checkout_fail(struct checkout *checkout, enum err err, const char *why);
void checkout_hand_out(struct checkout *checkout, const struct pledge *pledge, bool session_open);

/* ERR_GONE: the campaign is closed or the tier sold out, as far as is known before the ledger decides; or as ledger_taken. */
MUST_CHECK enum err checkout_is_offered(const struct checkout *checkout);

/* From a turn at the provider to the end: a session, the pledge in the ledger, the donor's URL. */
void checkout_open_session(struct checkout *checkout);

#endif
