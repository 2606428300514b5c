/*
 * follower.h -- the ledger's durable lines in an index of one's own: for who wants
 * to read totals beside the process that has the ledger.
 *
 * The index stands in a folder for a moment (sys/scratch.h); nothing is written
 * where the ledger is. One thread uses it.
 */
#ifndef LEDGER_FOLLOWER_H
#define LEDGER_FOLLOWER_H

#include "base/err.h"
#include "ledger/ledger.h"

struct follower;

/* Knows nothing yet. On OK the caller owns `*follower`. ERR_STORAGE where there is no room for an index, ERR_MEMORY. */
MUST_CHECK enum err follower_open(struct follower **follower, const char *data_dir, struct why *why);

/*
 * Take in what is durable by now and was not before. What fails has changed nothing, or took in a part of it: the
 * next call goes on from there. As scan_open and scan_next; ERR_CONFLICT when a later version wrote to the ledger.
 */
MUST_CHECK enum err follower_go_on(struct follower *follower, struct why *why);

/* For ledger.h's reading functions and the head of ledger_status, and for nothing else; lent. */
struct ledger *follower_ledger(struct follower *follower);

/* Free and null. Does nothing with NULL. */
void follower_close(struct follower **follower);

#endif
