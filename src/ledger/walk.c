/*
 * The good road: find the LF in the window, check the chain, read the entry, check that it follows
 * the one before; at the end of a segment go on with the next, whose name must be the next seq.
 */
#include "ledger/walk.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW_BYTES = 256 * 1024 };

static uint64_t segment_first(const struct walk *walk)
{
	return walk->list.first[walk->segment_index];
}

static enum err open_segment(struct walk *walk, struct why *why)
{
	char name[SEGMENT_NAME_SIZE];

	file_close(&walk->fd);
	walk->window_length = 0;
	walk->window_offset = walk->position.offset;
	walk->window_last = false;
	segment_name(segment_first(walk), name);
	int error = file_open(walk->ledger_dir, name, O_RDONLY, &walk->fd);

	return error == 0 ? OK : file_err(why, error, "open a segment of the ledger");
}

enum err walk_open(struct walk *walk, int ledger_dir, const struct position *from, struct why *why)
{
	*walk = (struct walk){ .ledger_dir = ledger_dir, .fd = -1, .position = *from };
	walk->window = malloc(WINDOW_BYTES);
	if (walk->window == NULL)
		return ERR_MEMORY;
	enum err err = segment_list_read(ledger_dir, &walk->list, why);

	if (err != OK || walk->list.count == 0)
		return err;
	while (from->segment != 0 && walk->segment_index < walk->list.count && segment_first(walk) != from->segment)
		walk->segment_index++;
	if (walk->segment_index == walk->list.count)
		return why_set(why, ERR_CORRUPT, "the segment that begins with seq %llu is missing",
		               (unsigned long long)from->segment);
	walk->position.segment = segment_first(walk);
	if (from->segment == 0 && segment_first(walk) != from->seq + 1)
		return why_set(why, ERR_CORRUPT, "the ledger begins with seq %llu, not with 1",
		               (unsigned long long)segment_first(walk));
	return open_segment(walk, why);
}

/* Move what is left to the front of the window and read on behind it. */
static enum err fill(struct walk *walk, struct why *why)
{
	size_t used = (size_t)(walk->position.offset - walk->window_offset);
	size_t left = walk->window_length - used;
	size_t got;

	memmove(walk->window, walk->window + used, left);
	walk->window_offset = walk->position.offset;
	int error = file_read_at(walk->fd, walk->window + left, WINDOW_BYTES - left, walk->window_offset + left, &got);

	if (error != 0)
		return file_err(why, error, "read a segment of the ledger");
	walk->window_length = left + got;
	walk->window_last = got < WINDOW_BYTES - left;
	return OK;
}

/* The next line without its LF; *found = false when no whole line is left in this segment. */
static enum err find_line(struct walk *walk, bool *found, struct why *why)
{
	for (int round = 0; round < 2; round++) {
		size_t used = (size_t)(walk->position.offset - walk->window_offset);
		const char *start = walk->window + used;
		size_t left = walk->window_length - used;
		const char *end = left > 0 ? memchr(start, '\n', left) : NULL;

		if (end != NULL) {
			walk->line = (struct bytes){ start, (size_t)(end - start) };
			*found = true;
			return OK;
		}
		if (walk->window_last)
			break;
		enum err err = fill(walk, why);

		if (err != OK)
			return err;
	}
	*found = false;
	if (!walk->window_last)
		return why_set(why, ERR_CORRUPT, "a line longer than %d bytes", LINE_BYTES_MAX);
	return OK;
}

/* Whether the entry follows the line before it. */
static enum err check_order(const struct walk *walk, const struct entry *entry, struct why *why)
{
	const struct position *before = &walk->position;

	if (entry->seq != before->seq + 1)
		return why_set(why, ERR_CORRUPT, "seq %llu follows %llu", (unsigned long long)entry->seq,
		               (unsigned long long)before->seq);
	if (entry->time_us < before->time_us)
		return why_set(why, ERR_CORRUPT, "the time goes back");
	if (entry->synced >= entry->seq || entry->synced < before->synced)
		return why_set(why, ERR_CORRUPT, "\"synced\" is impossible");
	if ((entry->seq == 1) != (entry->kind == ENTRY_OPENED))
		return why_set(why, ERR_CORRUPT, "\"opened\" stands first and nowhere else");
	return OK;
}

static enum err take_line(struct walk *walk, struct entry *entry, struct why *why)
{
	uint8_t chain[CHAIN_BYTES];
	enum err err = line_check_chain(walk->line, walk->position.chain, chain, why);

	if (err == OK)
		err = line_read(walk->line, entry, why);
	if (err == OK)
		err = check_order(walk, entry, why);
	if (err != OK)
		return err;
	memcpy(walk->position.chain, chain, CHAIN_BYTES);
	walk->position.seq = entry->seq;
	walk->position.time_us = entry->time_us;
	walk->position.synced = entry->synced;
	walk->position.offset += walk->line.length + 1;
	walk->position.line++;
	return OK;
}

static enum err next_segment(struct walk *walk, struct why *why)
{
	if (segment_first(walk) == walk->position.seq + 1)
		return why_set(why, ERR_CORRUPT, "an empty segment before another one");
	walk->segment_index++;
	if (segment_first(walk) != walk->position.seq + 1) {
		walk->segment_index--;
		return why_set(why, ERR_CORRUPT, "the next segment begins with another seq than %llu",
		               (unsigned long long)walk->position.seq + 1);
	}
	walk->position.segment = segment_first(walk);
	walk->position.offset = 0;
	walk->position.line = 0;
	return open_segment(walk, why);
}

enum err walk_next(struct walk *walk, struct entry *entry, bool *more, struct why *why)
{
	bool found;

	*more = false;
	if (walk->fd < 0)
		return OK;
	for (;;) {
		enum err err = find_line(walk, &found, why);

		if (err != OK)
			return err;
		if (found) {
			err = take_line(walk, entry, why);
			*more = err == OK;
			return err;
		}
		if (walk_is_last_segment(walk))
			return OK;
		if (walk->window_length > walk->position.offset - walk->window_offset)
			return why_set(why, ERR_CORRUPT, "a closed segment ends without LF");
		err = next_segment(walk, why);
		if (err != OK)
			return err;
	}
}

enum err walk_tail_bytes(struct walk *walk, uint64_t *bytes, struct why *why)
{
	uint64_t size = 0;

	*bytes = 0;
	if (walk->fd < 0)
		return OK;
	int error = file_size(walk->fd, &size);

	if (error != 0)
		return file_err(why, error, "read the size of a segment");
	*bytes = size > walk->position.offset ? size - walk->position.offset : 0;
	return OK;
}

bool walk_is_last_segment(const struct walk *walk)
{
	return walk->list.count == 0 || walk->segment_index + 1 == walk->list.count;
}

void walk_close(struct walk *walk)
{
	file_close(&walk->fd);
	segment_list_free(&walk->list);
	free(walk->window);
	walk->window = NULL;
}
