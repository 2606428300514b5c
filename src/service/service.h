/*
 * service.h -- what the use cases share. Made and ended by commands/serve.c; the
 * parts are safe to use from any thread.
 */
#ifndef SERVICE_SERVICE_H
#define SERVICE_SERVICE_H

#include "ledger/ledger.h"
#include "net/https_client.h"
#include "service/budget.h"
#include "service/counters.h"
#include "service/keys.h"
#include "service/pulse.h"
#include "service/snapshot.h"
#include "service/turns.h"

struct reconciler;

struct service {
	struct snapshots *snapshots;
	struct ledger *ledger;
	struct https_client *client;
	struct budget *budget;     /* of sessions opened */
	struct keys *keys;         /* idempotency keys in flight */
	struct pulse *pulse;       /* whether the providers still tell us anything */
	struct reconciler *reconciler; /* reconcile.h */
	struct turns *turns;       /* of checkouts at their provider */
	struct counters counters;
};

#endif
