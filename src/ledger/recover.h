/*
 * recover.h -- find the end of the ledger at start, and make sure that what
 * stands there is really on the disk.
 */
#ifndef LEDGER_RECOVER_H
#define LEDGER_RECOVER_H

#include <stdbool.h>

#include "base/err.h"
#include "ledger/segment.h"

struct recovery {
	struct position end;   /* behind the last good line */
	bool clean;            /* the last stop was orderly: the index can be trusted */
	uint64_t cut_bytes;    /* of a batch that nobody was told of, or that is lost; kept in cut/ */
	uint64_t lost_seq;     /* up to here lines were durable and are gone; 0: none are */
	char lost_chain[2 * CHAIN_BYTES + 1]; /* of that line, "" where it is not known */
};

/*
 * Recover the ledger in the two open folders. ERR_CORRUPT when acknowledged
 * data is damaged or gone; `why` names segment, line and byte, or both ends. With
 * `accept_loss` lines that are gone from the end, or damaged in the last segment,
 * are given up: `recovery` says so. ERR_STORAGE, ERR_MEMORY.
 */
MUST_CHECK enum err recover(int data_dir, int ledger_dir, bool accept_loss, struct recovery *recovery, struct why *why);

#endif
