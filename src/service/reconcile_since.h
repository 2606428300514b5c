/*
 * reconcile_since.h -- private to the reconciler: from where a run reads the provider's events and balance, so that nothing
 * is passed over that nobody told.
 *
 * At a start it is the ledger's newest event, less the time for which a provider tries to deliver; earlier where a run
 * had not read so far before (reconcile_cursor.h), or where something that could not be read still waits. Of a ledger
 * without events it is when the process began, by the wall clock as it is now: one that was wrong is right later.
 *
 * The balance is read from before the first pledge on where it is not known up to where it was equal: what differs may be as old.
 */
#ifndef SERVICE_RECONCILE_SINCE_H
#define SERVICE_RECONCILE_SINCE_H

#include "service/reconcile.h"
#include "service/reconcile_cursor.h"

struct since {
	struct reconcile_cursor cursor; /* from where events and the balance are read; the balance was equal up to there */
	struct reconcile_cursor kept;   /* … as the file has it */
	int64_t guess_s;                /* what of the cursor equals this comes from the wall clock; 0: nothing does */
	int64_t began_us;               /* by the clock that nobody sets */
};

/* At a start. */
void since_begin(struct since *since, struct service *service);

/* Before a run: from where it reads. */
struct reconcile_cursor since_of(struct since *since);

/*
 * After a run that read from `events_s` and `balance_s` on and met `newest_s` as the provider's latest event (0: none): only
 * what was read and booked whole is behind the next one, and no line that differs. What cannot be kept is logged.
 */
void since_end(struct since *since, struct service *service, const struct reconcile_cursor *read, int64_t newest_s, const struct reconciliation *result);

#endif
