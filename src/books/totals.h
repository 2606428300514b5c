/*
 * totals.h -- the control totals of an export as text, for people and programs: what the file must come to
 * (docs/export.md).
 */
#ifndef BOOKS_TOTALS_H
#define BOOKS_TOTALS_H

#include "books/export.h"

enum { TOTALS_BYTES_MAX = 16 * 1024 * 1024 };

/* Append them, lines that end with LF. Failures are the buffer's. */
void totals_write(const struct export_options *options, const struct export_totals *totals, struct buffer *out);

#endif
