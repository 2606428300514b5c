/*
 * rebuild.h -- make the index again from the lines.
 */
#ifndef LEDGER_REBUILD_H
#define LEDGER_REBUILD_H

#include "base/err.h"
#include "domain/entry.h"
#include "ledger/index.h"

/* Take every line of the ledger into an empty index. ERR_CORRUPT, ERR_STORAGE, ERR_MEMORY. */
MUST_CHECK enum err rebuild(int ledger_dir, struct index *index, struct why *why);

/* Take in one entry, inside a batch. ERR_CONFLICT for a kind of a later version: who does not know what it means cannot go on behind it. */
MUST_CHECK enum err rebuild_take(struct index *index, const struct entry *entry, struct why *why);

#endif
