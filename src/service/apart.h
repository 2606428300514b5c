/*
 * apart.h -- whether a folder that files are to be written to is none of the ledger's.
 */
#ifndef SERVICE_APART_H
#define SERVICE_APART_H

#include "base/err.h"

/*
 * `dir` is that folder, held open, and `path` how people call it. ERR_CONFLICT with `why` where it is the data directory
 * or below it, whatever links lead there; ERR_STORAGE where that cannot be seen.
 */
MUST_CHECK enum err apart_check(int dir, const char *path, const char *data_dir, struct why *why);

/* The same, and the other way round: the data directory is not below `dir` either. */
MUST_CHECK enum err apart_check_both(int dir, const char *path, const char *data_dir, struct why *why);

#endif
