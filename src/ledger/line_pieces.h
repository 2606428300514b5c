/*
 * line_pieces.h -- private to line_read: the strings and numbers of a line, taken
 * from the front, each in its one spelling or not at all. What was not taken
 * leaves the reader somewhere inside: the line is refused then.
 */
#ifndef LEDGER_LINE_PIECES_H
#define LEDGER_LINE_PIECES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"

struct reader {
	const char *at;
	const char *end; /* of the content; the chain's member follows */
};

/* Exactly these bytes; otherwise the reader stays where it is. */
static inline bool take(struct reader *reader, struct bytes expected)
{
	if ((size_t)(reader->end - reader->at) < expected.length || memcmp(reader->at, expected.data, expected.length) != 0)
		return false;
	reader->at += expected.length;
	return true;
}

/* A string, unescaped; an empty one is never written. */
bool take_string(struct reader *reader, char *out, size_t size);

/* A string of plain bytes, in place. */
bool take_plain(struct reader *reader, struct bytes *text);

/* Below 2^53, without leading zeros. */
bool take_number(struct reader *reader, uint64_t *number);

#endif
