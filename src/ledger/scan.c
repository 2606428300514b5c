#include "ledger/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/segment.h"
#include "ledger/tail.h"
#include "ledger/walk.h"

struct scan {
	int data_dir;
	int ledger_dir;
	struct walk walk;
	bool limited;          /* a running service has the ledger: stop at `limit` */
	uint64_t limit;
	struct scan_place place; /* of the line read last, or of the bad one */
};

/* Beside a running service only what is known to be durable is read. */
static enum err find_limit(struct scan *scan, struct why *why)
{
	struct position durable;
	int lock = -1;
	int error = file_open(scan->data_dir, "lock", O_RDONLY, &lock);

	if (error == ENOENT)
		return OK;
	if (error == 0)
		error = file_is_locked(lock, &scan->limited);
	file_close(&lock);
	if (error != 0)
		return file_err(why, error, "look at the ledger's lock");
	if (scan->limited)
		scan->limit = durable_read(scan->ledger_dir, &durable) ? durable.seq : 0;
	return OK;
}

static enum err open_parts(struct scan *scan, const char *data_dir, struct why *why)
{
	static const struct position beginning;
	int error = file_open_dir(data_dir, &scan->data_dir);

	if (error == 0)
		error = file_open(scan->data_dir, "ledger", O_RDONLY | O_DIRECTORY, &scan->ledger_dir);
	if (error == ENOENT)
		return why_set(why, ERR_UNKNOWN, "there is no ledger in %s", data_dir);
	if (error != 0)
		return file_err(why, error, "open the ledger");
	enum err err = find_limit(scan, why);

	return err == OK ? walk_open(&scan->walk, scan->ledger_dir, &beginning, why) : err;
}

enum err scan_open(struct scan **scan, const char *data_dir, struct why *why)
{
	struct scan *made = calloc(1, sizeof *made);

	if (made == NULL)
		return ERR_MEMORY;
	made->data_dir = -1;
	made->ledger_dir = -1;
	made->walk.fd = -1;
	enum err err = open_parts(made, data_dir, why);

	if (err == OK && made->walk.list.count == 0)
		err = why_set(why, ERR_UNKNOWN, "there is no ledger in %s", data_dir);
	if (err != OK) {
		scan_close(&made);
		return err;
	}
	*scan = made;
	return OK;
}

static void note_place(struct scan *scan, uint64_t offset, uint64_t line)
{
	segment_name(scan->walk.position.segment, scan->place.segment);
	scan->place.offset = offset;
	scan->place.line = line;
}

enum err scan_next(struct scan *scan, struct entry *entry, bool *more, struct why *why)
{
	const struct position *position = &scan->walk.position;
	struct why reason = { "" };
	bool acknowledged = true;

	*more = false;
	if (scan->limited && position->seq >= scan->limit)
		return OK;
	enum err err = walk_next(&scan->walk, entry, more, &reason);

	if (err == ERR_CORRUPT && !scan->limited && tail_judge(&scan->walk, &acknowledged, why) == OK && !acknowledged)
		return OK;

	if (err == ERR_CORRUPT) {
		note_place(scan, position->offset, position->line + 1);
		return why_set(why, err, "%s line %llu byte %llu: %s", scan->place.segment,
		               (unsigned long long)scan->place.line, (unsigned long long)scan->place.offset, reason.text);
	}
	if (err != OK)
		return why_set(why, err, "%s", reason.text);
	if (*more)
		note_place(scan, position->offset - scan->walk.line.length - 1, position->line);
	return OK;
}

struct bytes scan_line(const struct scan *scan)
{
	return scan->walk.line;
}

void scan_place(const struct scan *scan, struct scan_place *place)
{
	*place = scan->place;
}

uint64_t scan_seq(const struct scan *scan)
{
	return scan->walk.position.seq;
}

const uint8_t *scan_chain(const struct scan *scan)
{
	return scan->walk.position.chain;
}

uint64_t scan_tail_bytes(struct scan *scan)
{
	uint64_t bytes;

	if (scan->limited || walk_tail_bytes(&scan->walk, &bytes, NULL) != OK)
		return 0;
	return bytes;
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
