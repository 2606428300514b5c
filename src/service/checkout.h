/*
 * checkout.h -- from a donor's choice to the provider's page.
 *
 * Find the tier → mint a pledge → open a session → record `pledged`, durably →
 * hand out the URL. The donor gets the URL only after the entry is on the disk,
 * so nothing can be paid that the ledger does not know.
 */
#ifndef SERVICE_CHECKOUT_H
#define SERVICE_CHECKOUT_H

#include "service/service.h"

struct checkout_request {
	char tier[ID_SIZE];
	char account[ID_SIZE];       /* "": the first one */
	char campaign[ID_SIZE];      /* whose page a form stood on, "" where it does not say: a refused one goes back there */
	char language[LANGUAGE_TAG_SIZE];           /* its tag, which the way back keeps; "": nobody asked for one */
	char key[65];                /* SHA-256 of the idempotency key in lower hex; "" without one */
	char address[64];            /* the donor's, for the budget; never stored or logged */
};

struct checkout_result {
	enum err err;                /* OK, or ERR_UNKNOWN (tier, account), ERR_CONFLICT (key), ERR_GONE (sold out, or the
	                                campaign is closed), ERR_LIMITED,
	                                ERR_BUSY, ERR_PROVIDER, ERR_STORAGE, ERR_MEMORY */
	struct why why;              /* for the log and the answer; nothing of the donor's */
	bool session_open;           /* `url` is where to pay; else the pledge's state says what became of it */
	char url[2048];
	struct pledge pledge;
	char receipt[TOKEN_SIZE];
};

/* Called exactly once, on any thread. */
typedef void checkout_done(void *context, const struct checkout_result *result);

void checkout_begin(struct service *service, const struct snapshot *snapshot,
                    const struct checkout_request *request, checkout_done *done, void *context);

#endif
