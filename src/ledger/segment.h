/*
 * segment.h -- the files of the ledger's folder: segments, named by the first
 * seq in them, and `durable`, the hint that tells readers where to stop.
 */
#ifndef LEDGER_SEGMENT_H
#define LEDGER_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "ledger/line.h"
#include "sys/file.h"

enum { SEGMENT_NAME_SIZE = 48 };

/* "00000000000000000001.jsonl" */
void segment_name(uint64_t first_seq, char name[static SEGMENT_NAME_SIZE]);

/* The first seqs of all segments in a folder, rising. */
struct segment_list {
	uint64_t *first;
	size_t count;
	size_t capacity;
};

/* On OK the caller frees with segment_list_free. ERR_STORAGE, ERR_MEMORY. */
MUST_CHECK enum err segment_list_read(int ledger_dir, struct segment_list *list, struct why *why);
void segment_list_free(struct segment_list *list);

/*
 * A position between two lines: everything before it is known good. At the very
 * beginning seq is 0, chain zeros, segment and offset 0.
 */
struct position {
	uint64_t seq;                 /* of the last line before it */
	uint8_t chain[CHAIN_BYTES];   /* of that line */
	int64_t time_us;              /* of that line */
	uint64_t synced;              /* what that line says is durable */
	uint64_t segment;             /* first seq of the segment that it is in */
	uint64_t offset;              /* in that segment */
	uint64_t line;                /* lines of that segment before it, where known */
};

/*
 * The hint, kept open and rewritten in place without a sync: it may be old, but
 * is never ahead of what is durable.
 */
MUST_CHECK int durable_open(int ledger_dir, int *fd);
MUST_CHECK int durable_write(int fd, const struct position *position, const struct file_identity *folder);

/*
 * Read the hint of this very folder. False when there is none that can be
 * believed: absent, torn, or of another folder (a copy).
 */
bool durable_read(int ledger_dir, struct position *position);

/* The stamp of an orderly stop, in the data directory: the same content, synced. */
MUST_CHECK int stamp_write(int data_dir, const struct position *position, const struct file_identity *folder);
bool stamp_read(int data_dir, const struct file_identity *folder, struct position *position);
MUST_CHECK int stamp_remove(int data_dir);

#endif
