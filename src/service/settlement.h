/*
 * settlement.h -- from what a provider says to the ledger: told by a delivery, or
 * answered when it was asked. One road for both.
 */
#ifndef SERVICE_SETTLEMENT_H
#define SERVICE_SETTLEMENT_H

#include "service/service.h"
#include "webhooks/provider.h"

/*
 * Called exactly once, on any thread. OK when everything that the delivery tells
 * of is durable, was known, or is none of ours; ERR_FORGED; ERR_INPUT when it is
 * authentic but not even an id could be read; ERR_PROVIDER when the provider
 * could not be asked; ERR_BUSY, ERR_STORAGE, ERR_MEMORY: unknown, the provider
 * must try again.
 */
typedef void settlement_done(void *context, enum err err, const struct why *why);

/* The delivery is lent until `done`. `account` belongs to `snapshot`. */
void settlement_receive(struct service *service, const struct snapshot *snapshot,
                        const struct provider_account *account, const struct delivery *delivery,
                        settlement_done *done, void *context);

/*
 * The same for events that the provider was asked for: they are believed because of whom we asked. `events` are
 * copied; `done` may be called before this returns. ERR_UNKNOWN: what they are about is ours, but not booked yet.
 */
void settlement_take(struct service *service, const struct snapshot *snapshot, const struct provider_account *account,
                     const struct event *events, size_t count, settlement_done *done, void *context);

#endif
