/*
 * The good road: a line whose chain holds (ahead.h) → read the entry, check that it follows the one
 * before; at the end of a segment go on with the next, whose name must be the next seq.
 */
#include "ledger/walk.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static uint64_t segment_first(const struct walk *walk)
{
	return walk->list.first[walk->segment_index];
}

static enum err refuse_to_open(const char *segment, int error, struct why *why)
{
	char what[SEGMENT_NAME_SIZE + 16];

	snprintf(what, sizeof what, "open ledger/%s", segment);
	return file_err(why, error, what);
}

static enum err open_segment(struct walk *walk, struct why *why)
{
	char name[SEGMENT_NAME_SIZE];

	file_close(&walk->fd);
	segment_name(segment_first(walk), name);
	int error = file_open_plain(walk->ledger_dir, name, O_RDONLY, &walk->fd);

	if (error != 0)
		return refuse_to_open(name, error, why);
	walk->window = ahead_begin(walk->ahead, walk->fd, walk->position.offset, walk->position.chain);
	walk->next = 0;
	return OK;
}

enum err walk_open(struct walk *walk, int ledger_dir, const struct position *from, struct why *why)
{
	*walk = (struct walk){ .ledger_dir = ledger_dir, .fd = -1, .position = *from };
	enum err err = ahead_open(&walk->ahead);

	if (err == OK)
		err = segment_list_read(ledger_dir, &walk->list, why);
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

/* The window's next line. */
static enum err take_line(struct walk *walk, struct entry *entry, struct why *why)
{
	const struct window *window = walk->window;
	size_t start = (size_t)(walk->position.offset - window->offset);

	walk->line = (struct bytes){ window->bytes + start, window->ends[walk->next] - start };
	enum err err = line_read(walk->line, entry, why);

	if (err == OK)
		err = check_order(walk, entry, why);
	if (err != OK)
		return err;
	memcpy(walk->position.chain, window->chains[walk->next++], CHAIN_BYTES);
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

/* Behind the window's last line: the next window, the next segment, or *end. */
static enum err go_on(struct walk *walk, bool *end, struct why *why)
{
	const struct window *window = walk->window;

	*end = false;
	if (window->err != OK)
		return why_set(why, window->err, "%s", window->why.text);
	if (!window->last) {
		walk->window = ahead_next(walk->ahead);
		walk->next = 0;
		return OK;
	}
	*end = walk_is_last_segment(walk);
	if (*end)
		return OK;
	if (window->length > window->used)
		return why_set(why, ERR_CORRUPT, "a closed segment ends without LF");
	return next_segment(walk, why);
}

enum err walk_next(struct walk *walk, struct entry *entry, bool *more, struct why *why)
{
	bool end = walk->fd < 0;
	enum err err = OK;

	*more = false;
	while (err == OK && !end && walk->next == walk->window->lines)
		err = go_on(walk, &end, why);
	if (err != OK || end)
		return err;
	err = take_line(walk, entry, why);
	*more = err == OK;
	return err;
}

enum err walk_refuse(const struct walk *walk, const struct why *reason, struct why *why)
{
	char name[SEGMENT_NAME_SIZE];

	segment_name(walk->position.segment, name);
	return why_set(why, ERR_CORRUPT, "acknowledged data is damaged: %s line %" PRIu64 " byte %" PRIu64 ": %s", name,
	               walk->position.line + 1, walk->position.offset, reason->text);
}

enum err walk_next_good(struct walk *walk, struct entry *entry, bool *more, struct why *why)
{
	struct why reason = { "" };
	enum err err = walk_next(walk, entry, more, &reason);

	if (err == ERR_CORRUPT)
		return walk_refuse(walk, &reason, why);
	return err == OK ? OK : why_set(why, err, "%s", reason.text);
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
	ahead_close(&walk->ahead);
	file_close(&walk->fd);
	segment_list_free(&walk->list);
	walk->window = NULL;
}
