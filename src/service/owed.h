/*
 * owed.h -- work off what we owe the providers: ask what their balances say of a payment, what of ours a payout
 * holds, make a refund that an operator wants. What is owed stands in the ledger's index, so it is found again
 * after a restart; what was learned goes to the ledger by the same road as a delivery.
 *
 * A few things at a time; one that failed or cannot be told yet is asked for again after a growing while. An account
 * that does not answer, or refuses everything, rests as a whole until one of its things is answered again; what is
 * owed to an account that is not configured waits until it is. The main thread drives it; nothing here waits.
 */
#ifndef SERVICE_OWED_H
#define SERVICE_OWED_H

#include <stddef.h>

#include "service/service.h"

struct owed_work;

/*
 * Nothing is begun yet. `wake` is called from any thread when owed_look has something to do before the time that
 * it said. On OK the caller owns `*work`. ERR_MEMORY.
 */
MUST_CHECK enum err owed_open(struct owed_work **work, struct service *service, void (*wake)(void *context), void *context);

/* The ledger has moved, more may be owed; or the configuration has. For the thread that calls owed_look. */
void owed_moved(struct owed_work *work);

/* Ask for everything at once that waits for its next time: somebody wants to know. For the same thread. */
void owed_hurry(struct owed_work *work);

/*
 * Take in what has ended and begin what is due; `now_us` by the monotonic clock. Says in how many milliseconds to
 * look again: -1 when only news can bring work.
 */
int owed_look(struct owed_work *work, int64_t now_us);

/*
 * Whether the list was walked to its end since the last news, nothing is under way, and all that is left was tried and
 * has its next time or is owed to an account that rests.
 */
bool owed_rests(const struct owed_work *work);

/*
 * Whether the provider has said several times in a row that it does not know the thing; for the same thread. What is
 * just made may be unknown for a moment, and never is for so long.
 */
bool owed_is_unknown(const struct owed_work *work, const struct owed *owed);

/* Whether something was said to be unknown, but not yet so often: owed_hurry asks once more. */
bool owed_doubts(const struct owed_work *work);

/* Free and null; after the client has ended and the ledger is closed, so that nothing is under way. Does nothing with NULL. */
void owed_close(struct owed_work **work);

#endif
