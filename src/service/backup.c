/*
 * The good road: take the target's lock → where does its copy end? → read the ledger from its first
 * line, checking → at the copy's end its chain must be the ledger's → append what follows, segment by
 * segment → sync → read the whole copy again → let the lock go. Whoever else writes there comes before or after.
 *
 * The bad ones: the target holds something else, or lines that this ledger does not have → refuse
 * before anything is written. A back-up that was broken off → its half line is cut, the rest goes on.
 */
#include "service/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "domain/token.h"
#include "ledger/scan.h"
#include "service/apart.h"
#include "service/audit.h"
#include "sys/file.h"

enum { PIECE_BYTES = 1024 * 1024, SECRET_BYTES_MAX = 4096 };

struct copy {
	const char *target;
	int data_dir;
	int dir;
	int ledger_dir;
	int lock;
	int segment;              /* of the target, being written */
	char segment_name[48];    /* its name */
	struct buffer piece;      /* what goes into it next */
	struct audit held;        /* what the target held before; entries 0: nothing */
};

/* ---- the target ---- */

/* What stands in a data directory, and nothing else. */
static bool is_expected(const char *name)
{
	static const char *const expected[] = {
		".", "..", "ledger", "lock", RECEIPT_SECRET_NAME, RECEIPT_SECRET_NAME ".new", "index", "index.stamp", "index.stamp.new", "cut",
	};

	for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
		if (strcmp(name, expected[i]) == 0)
			return true;
	return false;
}

static bool look_at_name(void *context, const char *name)
{
	bool *foreign = context;

	*foreign = !is_expected(name);
	return !*foreign;
}

static enum err check_target(const struct copy *copy, struct why *why)
{
	bool foreign = false;
	int error = file_list(copy->dir, look_at_name, &foreign);

	if (error != 0)
		return file_err(why, error, "look at the back-up's folder");
	return foreign ? why_set(why, ERR_CONFLICT, "%s is not empty and no back-up", copy->target) : OK;
}

/* The target or, where it is yet to be made, what it is to be made in. */
static int open_nearest(const char *target, int *fd, bool *is_there)
{
	char parent[PATH_SIZE] = ".";
	size_t length = strlen(target);
	int error = file_open_dir(target, fd);

	*is_there = error == 0;
	if (error != ENOENT)
		return error;
	while (length > 0 && target[length - 1] == '/')
		length--;
	while (length > 0 && target[length - 1] != '/')
		length--;
	if (length > 0 && bytes_copy_text((struct bytes){ target, length }, parent, sizeof parent) != OK)
		return ENAMETOOLONG;
	return file_open_dir(parent, fd);
}

/* Before anything is made: a back-up goes neither into what it is of nor around it. */
static enum err check_place(const struct copy *copy, const char *data_dir, struct why *why)
{
	bool is_there;
	int nearest = -1;
	int error = open_nearest(copy->target, &nearest, &is_there);

	if (error != 0)
		return file_err(why, error, "open the back-up's folder");
	enum err err = is_there ? apart_check_both(nearest, copy->target, data_dir, why) : apart_check(nearest, copy->target, data_dir, why);

	file_close(&nearest);
	return err;
}

static enum err open_target(struct copy *copy, const char *data_dir, struct why *why)
{
	enum err err = check_place(copy, data_dir, why);

	if (err != OK)
		return err;
	int error = file_open_dir(data_dir, &copy->data_dir);

	if (error == 0)
		error = file_make_dir(AT_FDCWD, copy->target, &copy->dir);
	err = error == 0 ? check_target(copy, why) : OK;
	if (err != OK)
		return err;
	if (error == 0)
		error = file_open(copy->dir, "lock", O_RDWR | O_CREAT, &copy->lock);
	if (error == 0)
		error = file_lock(copy->lock);
	if (error == EWOULDBLOCK)
		return why_set(why, ERR_BUSY, "another process has the ledger in %s", copy->target);
	if (error == 0)
		error = file_make_dir(copy->dir, "ledger", &copy->ledger_dir);
	return error == 0 ? OK : file_err(why, error, "open the back-up's folder");
}

/* Where an earlier back-up ends. What stands behind its last good line was broken off. */
static enum err look_at_target(struct copy *copy, struct why *why)
{
	struct why reason = { "" };
	int fd = -1;

	enum err err = audit_run_held(copy->target, &copy->held, &reason);

	if (err == ERR_UNKNOWN)
		return OK;
	if (err != OK)
		return why_set(why, err == ERR_CORRUPT ? ERR_CONFLICT : err, "the back-up in %s: %s", copy->target, reason.text);
	if (copy->held.tail_bytes == 0)
		return OK;
	int error = file_open(copy->ledger_dir, copy->held.tail.segment, O_WRONLY, &fd);

	if (error == 0)
		error = file_truncate(fd, copy->held.tail.offset);
	file_close(&fd);
	return error == 0 ? OK : file_err(why, error, "go on with the back-up");
}

/* ---- copying ---- */

static int write_piece(struct copy *copy)
{
	int error = file_append(copy->segment, copy->piece.data, copy->piece.length);

	buffer_clear(&copy->piece);
	return error;
}

static int end_segment(struct copy *copy)
{
	if (copy->segment < 0)
		return 0;
	int error = write_piece(copy);

	if (error == 0)
		error = file_sync_data(copy->segment);
	file_close(&copy->segment);
	return error;
}

static int begin_segment(struct copy *copy, const char *name)
{
	int error = end_segment(copy);

	if (error == 0)
		error = file_open(copy->ledger_dir, name, O_WRONLY | O_CREAT | O_APPEND, &copy->segment);
	memcpy(copy->segment_name, name, sizeof copy->segment_name);
	return error == 0 ? file_sync(copy->ledger_dir) : error;
}

static enum err add_line(struct copy *copy, const struct scan *scan, struct why *why)
{
	struct scan_place place;
	int error = 0;

	scan_place(scan, &place);
	if (copy->segment < 0 || strcmp(place.segment, copy->segment_name) != 0)
		error = begin_segment(copy, place.segment);
	buffer_bytes(&copy->piece, scan_line(scan));
	buffer_char(&copy->piece, '\n');
	if (error == 0 && copy->piece.length >= PIECE_BYTES)
		error = write_piece(copy);
	if (error != 0)
		return file_err(why, error, "write the back-up");
	return buffer_err(&copy->piece);
}

/* One line of the ledger: compared with the copy's end, or added. */
static enum err take_line(struct copy *copy, const struct scan *scan, struct why *why)
{
	if (scan_seq(scan) > copy->held.entries)
		return add_line(copy, scan, why);
	if (scan_seq(scan) == copy->held.entries && memcmp(scan_chain(scan), copy->held.chain, sizeof copy->held.chain) != 0)
		return why_set(why, ERR_CONFLICT, "%s holds another ledger: its seq %llu is not this one's", copy->target,
		               (unsigned long long)copy->held.entries);
	return OK;
}

static enum err copy_lines(struct copy *copy, struct scan *scan, struct why *why)
{
	struct entry *entry = malloc(sizeof *entry);
	enum err err = entry == NULL ? ERR_MEMORY : OK;
	bool more = true;

	while (err == OK && more) {
		err = scan_next(scan, entry, &more, why);
		if (err == OK && more)
			err = take_line(copy, scan, why);
	}
	free(entry);
	if (err == OK && scan_seq(scan) < copy->held.entries)
		err = why_set(why, ERR_CONFLICT, "%s holds seq %llu, the ledger ends with seq %llu", copy->target,
		              (unsigned long long)copy->held.entries, (unsigned long long)scan_seq(scan));
	/* Also in front of damage: what is good is the most that can be saved. */
	int error = end_segment(copy);

	if (error == 0)
		error = file_sync(copy->ledger_dir);
	return err != OK || error == 0 ? err : file_err(why, error, "write the back-up");
}

static enum err copy_secret(const struct copy *copy, struct why *why)
{
	struct buffer secret = BUFFER(SECRET_BYTES_MAX);
	enum err err = file_read_all(copy->data_dir, RECEIPT_SECRET_NAME, &secret, why);

	if (err == OK) {
		int error = file_replace(copy->dir, RECEIPT_SECRET_NAME, secret.data, secret.length);

		err = error == 0 ? OK : file_err(why, error, "write the receipt secret");
	} else if (err == ERR_UNKNOWN) {
		err = OK; /* a ledger that was never opened by a service has none */
	}
	buffer_wipe(&secret);
	return err;
}

/* ---- the whole ---- */

static enum err check_copy(struct copy *copy, struct backup_report *report, struct why *why)
{
	struct why reason = { "" };
	struct audit audit;

	enum err err = audit_run_held(copy->target, &audit, &reason);

	if (err != OK)
		return why_set(why, err, "the copy in %s: %s", copy->target, reason.text);
	*report = (struct backup_report){ .head = audit.entries, .added = audit.entries - copy->held.entries, .last_us = audit.last_us };
	memcpy(report->chain, audit.chain, sizeof report->chain);
	return OK;
}

enum err backup_run(const char *data_dir, const char *target, struct backup_report *report, struct why *why)
{
	struct copy copy = { .target = target, .data_dir = -1, .dir = -1, .ledger_dir = -1, .lock = -1, .segment = -1, .piece = BUFFER(2 * PIECE_BYTES) };
	struct scan *scan = NULL;
	enum err err = scan_open(&scan, data_dir, why);

	if (err == OK)
		err = open_target(&copy, data_dir, why);
	if (err == OK)
		err = look_at_target(&copy, why);
	if (err == OK)
		err = copy_lines(&copy, scan, why);
	if (err == OK)
		err = copy_secret(&copy, why);
	if (err == OK)
		err = check_copy(&copy, report, why);
	scan_close(&scan);
	file_close(&copy.segment);
	file_close(&copy.lock);
	file_close(&copy.ledger_dir);
	file_close(&copy.dir);
	file_close(&copy.data_dir);
	buffer_free(&copy.piece);
	return err;
}
