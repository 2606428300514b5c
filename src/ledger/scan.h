/*
 * scan.h -- read the ledger's lines in order, checking frame and chain on the
 * way. Needs no lock: beside a running service it stops at the line that is
 * known to be durable; a directory that nobody serves is read to its last whole
 * good line.
 */
#ifndef LEDGER_SCAN_H
#define LEDGER_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "domain/entry.h"
#include "ledger/segment.h"

struct scan;

/* Where a line stands, for messages and `pledger verify`. */
struct scan_place {
	char segment[48];  /* file name below ledger/ */
	uint64_t line;     /* in that file, from 1 */
	uint64_t offset;   /* of the line's first byte in that file */
};

/*
 * Begin at the first line of the ledger in `data_dir`. On OK the caller owns
 * `*scan`. ERR_UNKNOWN when there is no ledger, ERR_CORRUPT when its first
 * segment is gone, ERR_BUSY while a service is opening it, ERR_STORAGE when it
 * cannot be read.
 */
MUST_CHECK enum err scan_open(struct scan **scan, const char *data_dir, struct why *why);

/*
 * The same where the caller holds the directory's lock: nobody else serves or writes it, and it is read to its last
 * whole good line. Never ERR_BUSY.
 */
MUST_CHECK enum err scan_open_held(struct scan **scan, const char *data_dir, struct why *why);

/* The same as scan_open, behind a position that an earlier scan of this ledger came to. */
MUST_CHECK enum err scan_open_behind(struct scan **scan, const char *data_dir, const struct position *from, struct why *why);

/*
 * The next entry. OK with *more = false at the end. ERR_CORRUPT when the line is
 * not what our writer would have written, does not continue the chain, or is
 * missing or another one although `durable` or the index's stamp of this very
 * folder say that it was durable; `why` names segment, line and byte.
 */
MUST_CHECK enum err scan_next(struct scan *scan, struct entry *entry, bool *more, struct why *why);

/* The bytes of the line that was read last, without LF; lent until the next call. */
struct bytes scan_line(const struct scan *scan);

/* Where that line stands. */
void scan_place(const struct scan *scan, struct scan_place *place);

/* The seq and chain of the line read last (0 and zeros before the first). */
uint64_t scan_seq(const struct scan *scan);
const uint8_t *scan_chain(const struct scan *scan);

/* Behind that line; lent until the next call. */
const struct position *scan_position(const struct scan *scan);

/*
 * How many bytes behind the last good line belong to no acknowledged batch, and
 * where they begin; 0 beside a running service. To be asked at the end.
 * ERR_STORAGE.
 */
MUST_CHECK enum err scan_tail(struct scan *scan, uint64_t *bytes, struct scan_place *place, struct why *why);

void scan_close(struct scan **scan);

#endif
