/*
 * walk.h -- step over the lines of a ledger from a known position, checking
 * frame, chain and order. What scan.h and recovery are made of.
 */
#ifndef LEDGER_WALK_H
#define LEDGER_WALK_H

#include <stdbool.h>

#include "base/bytes.h"
#include "domain/entry.h"
#include "ledger/ahead.h"
#include "ledger/segment.h"

struct walk {
	int ledger_dir;             /* lent */
	struct segment_list list;
	size_t segment_index;       /* into the list, of the open segment */
	int fd;                     /* -1: none is open */
	struct ahead *ahead;
	const struct window *window; /* of the segment, around the position; NULL: none yet */
	size_t next;                /* of the window's lines, the one behind the position */
	struct position position;   /* behind the last line that was good */
	struct bytes line;          /* the last line, lent from the window */
};

/* On OK the caller frees with walk_close, also after errors of walk_next. */
MUST_CHECK enum err walk_open(struct walk *walk, int ledger_dir, const struct position *from, struct why *why);

/*
 * Step over the next line. OK with *more = false at the end: of the last
 * segment, or before a last line without LF (a tail). ERR_CORRUPT when the line
 * is bad; the position then stays in front of it. ERR_STORAGE, ERR_MEMORY.
 */
MUST_CHECK enum err walk_next(struct walk *walk, struct entry *entry, bool *more, struct why *why);

/* ERR_CORRUPT: the line behind the position, named by segment, line and byte, is damaged, and why. */
MUST_CHECK enum err walk_refuse(const struct walk *walk, const struct why *reason, struct why *why);

/* walk_next where no bad line can be the end: it is refused by its place. */
MUST_CHECK enum err walk_next_good(struct walk *walk, struct entry *entry, bool *more, struct why *why);

/* Bytes of the segment behind the position. */
MUST_CHECK enum err walk_tail_bytes(struct walk *walk, uint64_t *bytes, struct why *why);

/* Whether the segment that the position is in is the last one. */
bool walk_is_last_segment(const struct walk *walk);

void walk_close(struct walk *walk);

#endif
