/*
 * log_batch.h -- whole lines on their way out. Only for log_line.c.
 */
#ifndef SYS_LOG_BATCH_H
#define SYS_LOG_BATCH_H

#include <stdbool.h>

#include "base/bytes.h"

/* Hand over one line with its LF; `urgent` lines are written before this returns. */
void log_batch_add(struct bytes line, bool urgent);

#endif
