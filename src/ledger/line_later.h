/*
 * line_later.h -- private to line_read: lines of kinds that a later version
 * writes.
 */
#ifndef LEDGER_LINE_LATER_H
#define LEDGER_LINE_LATER_H

#include "ledger/line.h"

/*
 * Of such a line only this is known to keep its form: it is one JSON object that
 * ends with "synced" and "chain", and its "postings" are as ever. Fills in both;
 * seq, time, kind and chain are the caller's. ERR_CORRUPT.
 */
MUST_CHECK enum err line_later_read(struct bytes line, struct entry *entry, struct why *why);

#endif
