/*
 * tail.h -- what stands behind the last good line: the one batch that nobody
 * was ever told of, or damage to something that was promised.
 */
#ifndef LEDGER_TAIL_H
#define LEDGER_TAIL_H

#include <stdbool.h>

#include "ledger/walk.h"

/*
 * Judge the bytes behind the walk's position after walk_next refused the line
 * there. Pages of an unsynced batch reach the disk in any order, so a bad line
 * before good ones proves nothing; but each line says up to which seq the file
 * was durable when it was written. *acknowledged is true when a later readable
 * line says that the bad line was durable, when `said_seq` (said.h) does, when
 * the bad line stands in a closed segment, and when it is the first of all and
 * whole: that one is written alone, so what a crash left of it has no LF.
 * *durable is the highest seq that a line there says was durable, 0 where none does.
 */
MUST_CHECK enum err tail_judge(struct walk *walk, uint64_t said_seq, bool *acknowledged, uint64_t *durable, struct why *why);

#endif
