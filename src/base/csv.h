/*
 * csv.h -- comma-separated values as RFC 4180 has them, written front to back
 * into a buffer.
 *
 *	struct csv csv = CSV(&buffer);
 *
 *	csv_text(&csv, bytes_of("press"));
 *	csv_decimal(&csv, "-3.50");
 *	csv_row_end(&csv);
 *	err = buffer_err(&buffer);
 *
 * Lines end with CR LF; a cell is quoted only where its content needs it.
 *
 * A text that a spreadsheet would run as a formula gets one apostrophe in
 * front: whoever opens the file runs nothing. The rule can be undone: a text
 * that begins with an apostrophe gets one too, so taking one leading apostrophe
 * off every text cell that has one gives back exactly what was written. Numbers
 * go through their own functions and stay numbers, negative ones too.
 *
 * Failures are the buffer's: nothing here returns an error, buffer_err tells at
 * the end. A text that is not UTF-8 or holds a NUL makes it ERR_INPUT.
 */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

struct csv {
	struct buffer *out;
	char delimiter;    /* ',', ';' or a tab */
	char decimal_mark; /* '.', or ',' where that is not the delimiter */
	size_t cells;      /* of the row so far */
	size_t row_start;  /* where in `out` the row begins */
};

#define CSV(buffer) ((struct csv){ .out = (buffer), .delimiter = ',', .decimal_mark = '.', .row_start = (buffer)->length })

/* A cell of text; an empty one for NULL. */
void csv_text(struct csv *csv, const char *text);
void csv_bytes(struct csv *csv, struct bytes text);

/* A cell with a word of ours, an empty one for NULL or "": letters, digits, '-', '_', ':' and '.', the first a letter or digit. Not looked at. */
void csv_word(struct csv *csv, const char *word);

/* A cell that is a number. `decimal` is ours, [-]digits[.digits], and asserted to be; its point becomes the decimal mark. */
void csv_decimal(struct csv *csv, const char *decimal);
void csv_unsigned(struct csv *csv, uint64_t number);

/* A cell with nothing in it. */
void csv_empty(struct csv *csv);

/* A row has at least one cell. */
void csv_row_end(struct csv *csv);

#endif
