/*
 * output.h -- the window to standard output, for commands whose product it is:
 * a full disk or a reader that went away is heard, not lost.
 */
#ifndef SYS_OUTPUT_H
#define SYS_OUTPUT_H

#include "base/bytes.h"
#include "base/err.h"

/* A reader that goes away is an error of output_write from now on, not a signal that ends the process. */
void output_begin(void);

/* Write everything. ERR_STORAGE with `why`. */
MUST_CHECK enum err output_write(struct bytes bytes, struct why *why);

/* Close it and hear what that says: a disk may report only now that it is full. ERR_STORAGE with `why`. */
MUST_CHECK enum err output_end(struct why *why);

#endif
