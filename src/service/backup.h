/*
 * backup.h -- copy a ledger line by line into another folder, also while a
 * service appends to it.
 *
 * A back-up is a data directory: the segments up to the last durable line, and
 * the receipt secret, so that donors' links stay good. It holds no index (which
 * is made at the first start) and nothing of the configuration.
 */
#ifndef SERVICE_BACKUP_H
#define SERVICE_BACKUP_H

#include <stdint.h>

#include "base/err.h"

struct backup_report {
	uint64_t head;    /* the newest entry of the copy */
	uint64_t added;   /* entries that it did not hold before */
	int64_t last_us;  /* when the newest was written */
	uint8_t chain[32];
};

/*
 * Copy what `target` does not hold yet; it is made, or empty, or an earlier
 * back-up of this ledger. Every line is checked when it is read, and the whole
 * copy again when it is on the disk. ERR_CONFLICT when `target` holds anything
 * else, or one of the two folders is inside the other, ERR_BUSY when a process has it, ERR_CORRUPT when the ledger is damaged
 * (what is good was copied) or the copy is; else as scan_open.
 */
MUST_CHECK enum err backup_run(const char *data_dir, const char *target, struct backup_report *report, struct why *why);

#endif
