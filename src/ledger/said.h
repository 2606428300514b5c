/*
 * said.h -- what was once said to be durable, and by whom: the hint
 * `ledger/durable`, and the stamp of the last orderly stop. Only what was said
 * of this very folder counts; a copy of it has been promised nothing.
 */
#ifndef LEDGER_SAID_H
#define LEDGER_SAID_H

#include <stdbool.h>

#include "ledger/segment.h"

enum sayer { SAID_BY_HINT, SAID_BY_STAMP, SAYERS };

struct said {
	struct position by[SAYERS]; /* seq 0: nothing is said */
	bool hinted;                /* the hint is there and of this folder, were it only that nothing is durable yet */
};

/* ERR_STORAGE when the folder cannot be looked at. */
MUST_CHECK enum err said_read(int data_dir, int ledger_dir, struct said *said, struct why *why);

/* The highest seq that was durable, 0 when nothing is said. */
uint64_t said_seq(const struct said *said);

/* The chain of that line in lower hex. */
void said_chain(const struct said *said, char hex[static 2 * CHAIN_BYTES + 1]);

/* Whether the lines end before that: ERR_CORRUPT with `why`, which names both ends. */
MUST_CHECK enum err said_check_end(const struct said *said, uint64_t end_seq, struct why *why);

/* Whether a line is the one that was durable, as far as it was said of this seq. */
bool said_agrees(const struct said *said, const struct position *position);

#endif
