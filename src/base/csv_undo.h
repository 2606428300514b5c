/*
 * csv_undo.h -- take off what csv.h puts in front of texts that a spreadsheet
 * would run: one apostrophe of every cell that begins with one. Nothing else of
 * the file changes, not a byte. It comes and goes in pieces of any size.
 *
 * The result may hold formulas: it is for programs, not for spreadsheets.
 */
#ifndef BASE_CSV_UNDO_H
#define BASE_CSV_UNDO_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

struct csv_undo {
	char delimiter;
	enum {
		CSV_UNDO_CELL,   /* at a cell's beginning */
		CSV_UNDO_OPENED, /* behind its opening quote */
		CSV_UNDO_PLAIN,
		CSV_UNDO_QUOTED,
		CSV_UNDO_QUOTE,  /* a quote inside: the end, or the first of two */
	} state;
	uint64_t line;       /* of the file, from 0 */
	unsigned mark;       /* bytes of a byte order mark so far */
};

#define CSV_UNDO(delimiter_) ((struct csv_undo){ .delimiter = (delimiter_) })

/* Append what the next piece becomes. ERR_INPUT with `why` where it cannot be CSV; else the buffer's. */
MUST_CHECK enum err csv_undo_next(struct csv_undo *undo, struct bytes piece, struct buffer *out, struct why *why);

/* Whether the file may end here. ERR_INPUT inside a quoted cell. */
MUST_CHECK enum err csv_undo_end(const struct csv_undo *undo, struct why *why);

#endif
