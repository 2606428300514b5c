/*
 * rebuild.h -- make the index again from the lines.
 */
#ifndef LEDGER_REBUILD_H
#define LEDGER_REBUILD_H

#include "base/err.h"
#include "domain/entry.h"
#include "ledger/index.h"

/* What a run may gather. Keys that come in no order touch most pages of their table in each run: the fewer, the better. */
enum { REBUILD_RUN_BYTES = 32 * 1024 * 1024 };

/* Take every line of the ledger into an empty index, in runs of about `run_bytes`. ERR_CORRUPT, ERR_STORAGE, ERR_MEMORY. */
MUST_CHECK enum err rebuild(int ledger_dir, struct index *index, size_t run_bytes, struct why *why);

/* Take in one entry, inside a batch. ERR_CONFLICT for a kind of a later version: who does not know what it means cannot go on behind it. */
MUST_CHECK enum err rebuild_take(struct index *index, const struct entry *entry, struct why *why);

#endif
