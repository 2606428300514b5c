/*
 * ahead.h -- the bytes of a segment, window by window, with the chains of their
 * lines checked. A second thread reads and hashes the next window while the
 * caller reads the lines of this one; where no thread is to be had, or the
 * segment fits one window, the caller's does both.
 */
#ifndef LEDGER_AHEAD_H
#define LEDGER_AHEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/limits.h"
#include "ledger/line.h"

/* What is opened thousands of times a second, by a fuzz target, is built with less. */
#ifndef AHEAD_WINDOW_KIB
#define AHEAD_WINDOW_KIB 256
#endif

enum { WINDOW_BYTES = AHEAD_WINDOW_KIB * 1024, WINDOW_LINES_MAX = WINDOW_BYTES / CHAIN_TAIL_BYTES };

struct window {
	uint64_t offset;   /* of its first byte, in the segment */
	size_t length;     /* bytes read */
	size_t used;       /* bytes of its whole lines; what is behind begins the next window */
	bool last;         /* it reaches the end of the segment */
	size_t lines;      /* whole lines whose chain holds */
	enum err err;      /* OK, or what is wrong behind those lines: ERR_CORRUPT, ERR_STORAGE */
	struct why why;
	uint32_t ends[WINDOW_LINES_MAX];               /* where the LF of each line stands */
	uint8_t chains[WINDOW_LINES_MAX][CHAIN_BYTES]; /* of each line */
	char bytes[WINDOW_BYTES];
};

struct ahead;

/* On OK the caller owns `*ahead`. ERR_MEMORY. */
MUST_CHECK enum err ahead_open(struct ahead **ahead);

/*
 * The window at `offset` of the segment open at `fd`, behind a line of that
 * chain. `fd` is lent until the next call of this or ahead_close. What went wrong
 * stands in the window, which is lent until the next call.
 */
const struct window *ahead_begin(struct ahead *ahead, int fd, uint64_t offset, const uint8_t chain[static CHAIN_BYTES]);

/* The window behind that one, which must be good and not the last. */
const struct window *ahead_next(struct ahead *ahead);

/* Waits for the thread, frees and nulls. Does nothing with NULL. */
void ahead_close(struct ahead **ahead);

#endif
