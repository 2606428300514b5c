#include "ledger/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "ledger/said.h"
#include "ledger/tail.h"
#include "ledger/walk.h"

struct scan {
	int data_dir;
	int ledger_dir;
	struct walk walk;
	bool held;             /* the lock is the caller's: nobody serves the ledger */
	bool limited;          /* a running service has the ledger: stop at `limit` */
	uint64_t limit;
	struct said said;
	struct position place;   /* where the line read last begins, or the bad one; only segment, offset and line count */
};

static enum err is_served(struct scan *scan, struct why *why)
{
	int lock = -1;
	int error = scan->held ? ENOENT : file_open(scan->data_dir, "lock", O_RDONLY, &lock);

	if (error == ENOENT)
		return OK;
	if (error == 0)
		error = file_is_locked(lock, &scan->limited);
	file_close(&lock);
	return error == 0 ? OK : file_err(why, error, "look at the ledger's lock");
}

/*
 * Beside a running service only what is known to be durable is read. What is said is read before the
 * list of segments, so that nothing said can be newer than what is found.
 */
static enum err find_limit(struct scan *scan, struct why *why)
{
	enum err err = is_served(scan, why);

	if (err == OK)
		err = said_read(scan->data_dir, scan->ledger_dir, &scan->said, why);
	if (err != OK)
		return err;
	scan->limit = scan->said.by[SAID_BY_HINT].seq;
	if (scan->limited && scan->limit == 0)
		return why_set(why, ERR_BUSY, "the service is opening its ledger just now: try again");
	return OK;
}

static enum err open_parts(struct scan *scan, const char *data_dir, const struct position *from, struct why *why)
{
	int error = file_open_dir(data_dir, &scan->data_dir);

	if (error == 0)
		error = file_open(scan->data_dir, "ledger", O_RDONLY | O_DIRECTORY, &scan->ledger_dir);
	if (error == ENOENT)
		return why_set(why, ERR_UNKNOWN, "there is no ledger in %s", data_dir);
	if (error != 0) {
		char what[PATH_SIZE + 24];

		snprintf(what, sizeof what, "open the ledger in %s", data_dir);
		return file_err(why, error, what);
	}
	enum err err = find_limit(scan, why);

	return err == OK ? walk_open(&scan->walk, scan->ledger_dir, from, why) : err;
}

static void note_place(struct scan *scan, uint64_t offset, uint64_t line)
{
	uint64_t segment = scan->walk.position.segment;

	scan->place.segment = segment == 0 ? 1 : segment;
	scan->place.offset = offset;
	scan->place.line = line;
}

static enum err refuse_here(const struct scan *scan, const char *reason, struct why *why)
{
	struct scan_place place;

	scan_place(scan, &place);
	return why_set(why, ERR_CORRUPT, "%s line %llu byte %llu: %s", place.segment, (unsigned long long)place.line,
	               (unsigned long long)place.offset, reason);
}

/* The line behind the position is bad or not there. */
static enum err refuse_next(struct scan *scan, const char *reason, struct why *why)
{
	const struct position *position = &scan->walk.position;

	note_place(scan, position->offset, position->line + 1);
	return refuse_here(scan, reason, why);
}

/* Nothing that was once said to be durable may be missing behind the last good line. */
static enum err check_end(struct scan *scan, struct why *why)
{
	struct why reason = { "" };
	enum err err = said_check_end(&scan->said, scan->walk.position.seq, &reason);

	return err == OK ? OK : refuse_next(scan, reason.text, why);
}

/* Behind the last good line; where there is none, there are no books. */
static enum err end(struct scan *scan, struct why *why)
{
	enum err err = check_end(scan, why);

	return err == OK && scan->walk.position.seq == 0 ? refuse_next(scan, "the ledger's first line is missing", why) : err;
}

/* A line that was said to be durable must be that very line: another chain that holds is another ledger. */
static enum err check_said(struct scan *scan, struct why *why)
{
	if (said_agrees(&scan->said, &scan->walk.position))
		return OK;
	return refuse_here(scan, "it is not the line that was durable: it was written anew", why);
}

static enum err begin(struct scan **scan, const char *data_dir, const struct position *from, bool held, struct why *why)
{
	struct scan *made = calloc(1, sizeof *made);

	if (made == NULL)
		return ERR_MEMORY;
	made->data_dir = -1;
	made->ledger_dir = -1;
	made->walk.fd = -1;
	made->held = held;
	enum err err = open_parts(made, data_dir, from, why);

	if (err == OK && made->walk.list.count == 0)
		err = check_end(made, why);
	if (err == OK && made->walk.list.count == 0)
		err = why_set(why, ERR_UNKNOWN, "there is no ledger in %s", data_dir);
	if (err != OK) {
		scan_close(&made);
		return err;
	}
	*scan = made;
	return OK;
}

static const struct position beginning;

enum err scan_open(struct scan **scan, const char *data_dir, struct why *why)
{
	return begin(scan, data_dir, &beginning, false, why);
}

enum err scan_open_held(struct scan **scan, const char *data_dir, struct why *why)
{
	return begin(scan, data_dir, &beginning, true, why);
}

enum err scan_open_behind(struct scan **scan, const char *data_dir, const struct position *from, struct why *why)
{
	return begin(scan, data_dir, from, false, why);
}

/* The walk refused a line: damage, or the one batch that nobody was told of, which is the end. */
static enum err judge(struct scan *scan, const struct why *reason, struct why *why)
{
	bool acknowledged = true;
	uint64_t durable;
	enum err err = scan->limited ? OK : tail_judge(&scan->walk, said_seq(&scan->said), &acknowledged, &durable, why);

	if (err != OK)
		return err;
	return acknowledged ? refuse_next(scan, reason->text, why) : end(scan, why);
}

enum err scan_next(struct scan *scan, struct entry *entry, bool *more, struct why *why)
{
	const struct position *position = &scan->walk.position;
	struct why reason = { "" };

	*more = false;
	if (scan->limited && position->seq >= scan->limit)
		return OK;
	enum err err = walk_next(&scan->walk, entry, more, &reason);

	if (err == ERR_CORRUPT)
		return judge(scan, &reason, why);
	if (err != OK)
		return why_set(why, err, "%s", reason.text);
	if (!*more)
		return end(scan, why);
	note_place(scan, position->offset - scan->walk.line.length - 1, position->line);
	err = check_said(scan, why);
	*more = err == OK;
	return err;
}

struct bytes scan_line(const struct scan *scan)
{
	return scan->walk.line;
}

void scan_place(const struct scan *scan, struct scan_place *place)
{
	segment_name(scan->place.segment, place->segment);
	place->line = scan->place.line;
	place->offset = scan->place.offset;
}

uint64_t scan_seq(const struct scan *scan)
{
	return scan->walk.position.seq;
}

const uint8_t *scan_chain(const struct scan *scan)
{
	return scan->walk.position.chain;
}

const struct position *scan_position(const struct scan *scan)
{
	return &scan->walk.position;
}

enum err scan_tail(struct scan *scan, uint64_t *bytes, struct scan_place *place, struct why *why)
{
	*bytes = 0;
	segment_name(scan->walk.position.segment, place->segment);
	place->line = scan->walk.position.line + 1;
	place->offset = scan->walk.position.offset;
	return scan->limited ? OK : walk_tail_bytes(&scan->walk, bytes, why);
}

void scan_close(struct scan **scan)
{
	struct scan *closed = *scan;

	*scan = NULL;
	if (closed == NULL)
		return;
	walk_close(&closed->walk);
	file_close(&closed->ledger_dir);
	file_close(&closed->data_dir);
	free(closed);
}
