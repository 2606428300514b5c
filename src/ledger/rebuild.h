/*
 * rebuild.h -- make the index again from the lines.
 */
#ifndef LEDGER_REBUILD_H
#define LEDGER_REBUILD_H

#include "base/err.h"
#include "ledger/index.h"

/* Take every line of the ledger into an empty index. ERR_CORRUPT, ERR_STORAGE, ERR_MEMORY. */
MUST_CHECK enum err rebuild(int ledger_dir, struct index *index, struct why *why);

#endif
