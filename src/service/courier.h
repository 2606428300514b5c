/*
 * courier.h -- carry a conversation with a provider: send what the adapter
 * wants to ask, hand it the answer, until it is done.
 */
#ifndef SERVICE_COURIER_H
#define SERVICE_COURIER_H

#include "service/service.h"
#include "webhooks/provider.h"

/*
 * Called once, on the client's thread or, when nothing could be sent, before
 * courier_talk returns. `conversation` is the caller's.
 */
typedef void courier_done(void *context, enum err err, const struct why *why, struct conversation *conversation);

/*
 * Begin. `account` belongs to `snapshot`, which is held until the end. `done` is
 * called exactly once: OK, or ERR_PROVIDER, ERR_UNKNOWN, ERR_INPUT, ERR_BUSY
 * (too much is waiting), ERR_MEMORY.
 */
void courier_talk(struct service *service, const struct snapshot *snapshot, const struct provider_account *account,
                  struct conversation *conversation, courier_done *done, void *context);

#endif
