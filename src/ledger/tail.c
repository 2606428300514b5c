#include "ledger/tail.h"

#include <stdlib.h>
#include <string.h>

static const char line_start[] = "{\"seq\":";

struct search {
	uint64_t durable; /* the highest seq that a readable line says was durable; 0: none does */
	bool line;        /* there is one with its LF, readable or not */
};

/*
 * What the line says was durable. Where its own beginning, or the LF before it, is what was damaged, a whole line may
 * still stand inside: within a good one the start of a line cannot occur, since quotation marks in strings are escaped.
 */
static void hear_line(struct search *search, struct bytes line)
{
	struct entry entry;

	search->line = true;
	while (line.length > 0) {
		if (line.length <= LINE_BYTES_MAX && line_read(line, &entry, NULL) == OK) {
			/* A line never says so of itself: a damaged "synced" proves nothing. */
			if (entry.synced < entry.seq && entry.synced > search->durable)
				search->durable = entry.synced;
			return;
		}
		const char *next = memmem(line.data + 1, line.length - 1, line_start, sizeof line_start - 1);

		if (next == NULL)
			return;
		line = (struct bytes){ next, line.length - (size_t)(next - line.data) };
	}
}

/* The whole lines in `bytes`; returns their length. */
static size_t hear_lines(struct search *search, struct bytes bytes)
{
	size_t used = 0;

	for (;;) {
		const char *start = bytes.data + used;
		const char *end = memchr(start, '\n', bytes.length - used);

		if (end == NULL)
			return used;
		hear_line(search, (struct bytes){ start, (size_t)(end - start) });
		used += (size_t)(end - start) + 1;
	}
}

static enum err search_tail(struct walk *walk, char *piece, size_t size, struct search *search, struct why *why)
{
	uint64_t offset = walk->position.offset;
	size_t kept = 0;
	size_t got = 1;

	while (got > 0) {
		int error = file_read_at(walk->fd, piece + kept, size - kept, offset, &got);

		if (error != 0)
			return file_err(why, error, "read the end of the ledger");
		offset += got;
		size_t used = hear_lines(search, (struct bytes){ piece, kept + got });

		kept = kept + got - used;
		memmove(piece, piece + used, kept);
		/* Longer than any line and still no LF: nothing readable begins in there. */
		if (kept == size)
			kept = 0;
	}
	return OK;
}

enum err tail_judge(struct walk *walk, uint64_t said_seq, bool *acknowledged, uint64_t *durable, struct why *why)
{
	enum { PIECE_BYTES = 2 * LINE_BYTES_MAX };
	struct search search = { .line = false };

	*acknowledged = !walk_is_last_segment(walk) || said_seq > walk->position.seq;
	*durable = 0;
	if (!walk_is_last_segment(walk) || walk->fd < 0)
		return OK;
	char *piece = malloc(PIECE_BYTES);

	if (piece == NULL)
		return ERR_MEMORY;
	enum err err = search_tail(walk, piece, PIECE_BYTES, &search, why);

	free(piece);
	if (search.durable > walk->position.seq || (walk->position.seq == 0 && search.line))
		*acknowledged = true;
	*durable = search.durable;
	return err;
}
