/*
 * books.h -- the ledger as CSV: an export is a stream of rows that is pulled.
 *
 * It is a function of the ledger and the options, and of nothing else: no
 * configuration, no clock, no index. The same options over the same lines give
 * the same bytes, on any machine. The columns of each profile are in
 * docs/export.md; a published version of one never changes.
 */
#ifndef SERVICE_BOOKS_H
#define SERVICE_BOOKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"

enum export_profile {
	EXPORT_GIFTS,   /* a row for each settled payment */
	EXPORT_JOURNAL, /* a row for each posting */
};

/* "gifts/1", "journal/1". */
const char *export_profile_name(enum export_profile profile);

/* From that name, or from it without its version. */
bool export_profile_parse(struct bytes text, enum export_profile *profile);

/*
 * Read the beginning or end of a period: a date, which is its first moment in
 * UTC, or an RFC 3339 time with at most microseconds and any offset. ERR_INPUT
 * with `why`.
 */
MUST_CHECK enum err export_time_parse(struct bytes text, int64_t *time_us, struct why *why);

struct export_options {
	const char *data_dir;      /* holds ledger/; lent to export_open */
	enum export_profile profile;
	int64_t from_us;           /* by the time of booking; 0: from the first entry */
	int64_t to_us;             /* the first moment outside; 0: no end */
	uint64_t as_of;            /* the last seq to look at; 0: the period's, or the newest durable one */
	char campaign[ID_SIZE];    /* only what belongs to it; "": everything */
};

struct export;

/* No call of export_next appends more. */
enum { EXPORT_PIECE_BYTES_MAX = 64 * 1024 };

/*
 * Begin. On OK the caller owns `*export`. ERR_INPUT for an empty period or what
 * cannot be a campaign's id; otherwise as scan_open.
 */
MUST_CHECK enum err export_open(struct export **export, const struct export_options *options, struct why *why);

/*
 * Append some rows, the first time the header. *more = false when nothing comes
 * after them; a piece may be empty and not the last. ERR_CORRUPT when the ledger
 * is damaged; ERR_UNKNOWN when it ends before `as_of`, or holds money of a kind
 * that only a later version can show; ERR_TOO_BIG, ERR_MEMORY, ERR_STORAGE. After
 * an error what was given out is not the whole.
 */
MUST_CHECK enum err export_next(struct export *export, struct buffer *out, bool *more, struct why *why);

/* Free and null. Does nothing with NULL. */
void export_close(struct export **export);

#endif
