/*
 * reconcile_cursor.h -- private to the reconciler: from where the next run reads, in a file of the data directory. Without
 * it what nobody told while the service was away for long would be passed over: the ledger's newest event is of its return.
 *
 * It says "up to here all was read" and is only ever a reason to read more: nothing else depends on it, and it may be
 * deleted. It is no part of a back-up.
 */
#ifndef SERVICE_RECONCILE_CURSOR_H
#define SERVICE_RECONCILE_CURSOR_H

#include <stdint.h>

#include "base/err.h"

/* Seconds since 1970; 0: not known. */
struct reconcile_cursor {
	int64_t events_s;  /* the provider's events are read from here on */
	int64_t balance_s; /* the lines of its balance */
};

/* What the file says; both 0 where there is none, or one that cannot be read. */
void reconcile_cursor_read(const char *data_dir, struct reconcile_cursor *cursor);

/* Durably. ERR_STORAGE with `why`: what was there before is there still. */
MUST_CHECK enum err reconcile_cursor_write(const char *data_dir, const struct reconcile_cursor *cursor, struct why *why);

#endif
