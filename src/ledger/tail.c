#include "ledger/tail.h"

#include <stdlib.h>
#include <string.h>

static const char line_start[] = "{\"seq\":";

/*
 * Whether the line is readable and says that `seq` was durable. Where its own beginning, or the LF
 * before it, is what was damaged, a whole line may still stand inside: within a good one the start of
 * a line cannot occur, since quotation marks in strings are escaped.
 */
static bool line_says_durable(struct bytes line, uint64_t seq)
{
	struct entry entry;

	for (;;) {
		/* A line never says so of itself: a damaged "synced" proves nothing. */
		if (line.length <= LINE_BYTES_MAX && line_read(line, &entry, NULL) == OK && entry.synced >= seq
		    && entry.synced < entry.seq)
			return true;
		if (line.length == 0)
			return false;
		const char *next = memmem(line.data + 1, line.length - 1, line_start, sizeof line_start - 1);

		if (next == NULL)
			return false;
		line = (struct bytes){ next, line.length - (size_t)(next - line.data) };
	}
}

/* Whether any whole line in `bytes` says that `seq` was durable. */
static bool says_durable(struct bytes bytes, uint64_t seq, size_t *used)
{
	*used = 0;
	for (;;) {
		const char *start = bytes.data + *used;
		const char *end = memchr(start, '\n', bytes.length - *used);

		if (end == NULL)
			return false;
		struct bytes line = { start, (size_t)(end - start) };

		*used += line.length + 1;
		if (line_says_durable(line, seq))
			return true;
	}
}

static enum err search(struct walk *walk, char *piece, size_t size, bool *found, struct why *why)
{
	uint64_t offset = walk->position.offset;
	size_t kept = 0;
	size_t got = 1;

	*found = false;
	while (got > 0 && !*found) {
		size_t used;
		int error = file_read_at(walk->fd, piece + kept, size - kept, offset, &got);

		if (error != 0)
			return file_err(why, error, "read the end of the ledger");
		offset += got;
		*found = says_durable((struct bytes){ piece, kept + got }, walk->position.seq + 1, &used)
		         || (walk->position.seq == 0 && used > 0);
		kept = kept + got - used;
		memmove(piece, piece + used, kept);
		/* Longer than any line and still no LF: nothing readable begins in there. */
		if (kept == size)
			kept = 0;
	}
	return OK;
}

enum err tail_judge(struct walk *walk, uint64_t said_seq, bool *acknowledged, struct why *why)
{
	enum { PIECE_BYTES = 2 * LINE_BYTES_MAX };

	*acknowledged = !walk_is_last_segment(walk) || said_seq > walk->position.seq;
	if (*acknowledged || walk->fd < 0)
		return OK;
	char *piece = malloc(PIECE_BYTES);

	if (piece == NULL)
		return ERR_MEMORY;
	enum err err = search(walk, piece, PIECE_BYTES, acknowledged, why);

	free(piece);
	return err;
}
