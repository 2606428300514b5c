/*
 * audit.h -- check a whole ledger: every line's spelling, order and chain, what
 * was said to be durable, and that the books balance.
 *
 * Works beside a running service, which it reads up to the durable line.
 */
#ifndef SERVICE_AUDIT_H
#define SERVICE_AUDIT_H

#include <stdint.h>

#include "base/err.h"
#include "ledger/scan.h"

struct audit {
	uint64_t entries;       /* seq 1 to this one */
	int64_t first_us;       /* booking times of the first and the last */
	int64_t last_us;
	uint8_t chain[32];      /* of the last */
	uint64_t unknown_kinds; /* entries of a later version */
	uint64_t balances;      /* accounts and currencies with postings */
	uint64_t tail_bytes;    /* behind the last good line, when nobody serves the ledger */
	struct scan_place tail; /* where they begin */
};

/* `audit` is written on OK only. ERR_CORRUPT with `why`: segment, line, byte and what is wrong; else as scan_open. */
MUST_CHECK enum err audit_run(const char *data_dir, struct audit *audit, struct why *why);

/* The same where the caller holds the directory's lock, and goes on holding it: what was found stays so. */
MUST_CHECK enum err audit_run_held(const char *data_dir, struct audit *audit, struct why *why);

#endif
