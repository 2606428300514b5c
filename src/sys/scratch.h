/*
 * scratch.h -- a folder for a moment: $TMPDIR's, or else /var/tmp's, since what
 * goes into it may be too large for a disk in memory.
 */
#ifndef SYS_SCRATCH_H
#define SYS_SCRATCH_H

#include "base/err.h"
#include "base/limits.h"

struct scratch {
	char path[PATH_SIZE];
	int dir; /* held open */
};

/* Make a new, empty one that only its owner may enter. ERR_STORAGE, ERR_TOO_BIG. */
MUST_CHECK enum err scratch_make(struct scratch *scratch, struct why *why);

/* Remove it with all that is in it. Files that are open stay so. What cannot be removed is left to whoever tidies such folders. */
void scratch_remove(struct scratch *scratch);

#endif
