/*
 * inquiry.h -- ask a provider something, and book what it says: a conversation
 * whose events go to the ledger by the same road as a delivery's, page by page.
 *
 * One thread begins it and takes its steps; what it waits for ends on others,
 * which only wake that thread.
 */
#ifndef SERVICE_INQUIRY_H
#define SERVICE_INQUIRY_H

#include <stdatomic.h>

#include "service/service.h"
#include "webhooks/provider.h"

enum inquiry_state {
	INQUIRY_WAITS, /* for the provider or the ledger */
	INQUIRY_PAGE,  /* `events` are there: inquiry_take or inquiry_pass goes on */
	INQUIRY_ENDED, /* `err` says how */
};

struct inquiry {
	struct conversation conversation; /* `found` says whether the provider could say it yet */
	struct event *events;             /* of this page */
	size_t event_count;
	bool carries_on;                  /* the caller's: what the ledger would not take does not end it */
	enum err err;                     /* also of what the ledger would not take */
	struct why why;

	/* private */
	struct service *service;
	const struct snapshot *snapshot;
	const struct provider_account *account;
	void (*wake)(void *context);
	void *wake_context;
	enum inquiry_state state;
	bool taking;                      /* else asking */
	bool failed;                      /* what it waited for last */
	bool has_last_word;               /* the event behind the page's others waits until they are durable */
	atomic_bool told;                 /* what it waited for has ended */
	struct event page[];              /* of the talks that tell of many */
};

/*
 * Begin what `conversation` (copied) says, at the account of that id. `wake` is called from any thread when
 * inquiry_go_on has something to say. NULL when there is no memory; an account that is not configured any more is
 * an inquiry that has ended with ERR_UNKNOWN.
 */
struct inquiry *inquiry_begin(struct service *service, const char *account, const struct conversation *conversation,
                              void (*wake)(void *context), void *context);

/* What has become of it. */
enum inquiry_state inquiry_go_on(struct inquiry *inquiry);

/*
 * Hand the page's events to the ledger and go on behind them; the caller may have taken some out. That everything of
 * a payout was told (EVENT_PAYOUT_EXPLAINED) is handed over when all the others are durable, or not at all.
 */
void inquiry_take(struct inquiry *inquiry);

/* Go on without handing them over. */
void inquiry_pass(struct inquiry *inquiry);

/* Of one that has ended: whether the provider said that it does not know what it was asked for. */
bool inquiry_is_unknown(const struct inquiry *inquiry);

/* Free and null: what has ended, or what nobody can call back any more. Does nothing with NULL. */
void inquiry_free(struct inquiry **inquiry);

#endif
