/*
 * The good road: an orderly stop left a stamp, the ledger ends with the very line that the stamp
 * names, and nothing else is looked at.
 *
 * The bad ones: no stamp → every line is walked; a bad line that was acknowledged → refuse; bytes
 * that nobody was told of → kept in cut/ and cut off; a stamp or hint beyond the end → acknowledged
 * lines are gone, refuse, unless the operator accepts the loss. After an unclean stop the last segment is written anew and synced, because
 * what the page cache shows need not be on the disk.
 */
#include "ledger/recover.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/said.h"
#include "ledger/tail.h"
#include "ledger/walk.h"

static const struct position beginning;

/* Whether the last segment ends, at the stamp's offset, with the line that the stamp names. */
static bool ends_as_stamped(int ledger_dir, const struct position *stamp)
{
	char name[SEGMENT_NAME_SIZE];
	char text[CHAIN_TAIL_BYTES + 2];
	char expected[CHAIN_TAIL_BYTES + 2];
	char chain[2 * CHAIN_BYTES + 1] = "";
	struct segment_list list;
	uint64_t size = 0;
	size_t got = 0;
	int fd = -1;

	if (segment_list_read(ledger_dir, &list, NULL) != OK)
		return false;
	bool last = list.count > 0 && list.first[list.count - 1] == stamp->segment;

	segment_list_free(&list);
	segment_name(stamp->segment, name);
	if (!last || stamp->offset < CHAIN_TAIL_BYTES + 1 || file_open_plain(ledger_dir, name, O_RDONLY, &fd) != 0)
		return false;
	bool read = file_size(fd, &size) == 0 && size == stamp->offset
	            && file_read_at(fd, text, CHAIN_TAIL_BYTES + 1, stamp->offset - CHAIN_TAIL_BYTES - 1, &got) == 0
	            && got == CHAIN_TAIL_BYTES + 1;

	file_close(&fd);
	for (size_t i = 0; i < CHAIN_BYTES; i++)
		snprintf(chain + 2 * i, 3, "%02x", stamp->chain[i]);
	snprintf(expected, sizeof expected, ",\"chain\":\"%s\"}\n", chain);
	return read && memcmp(text, expected, CHAIN_TAIL_BYTES + 1) == 0;
}

/* The bad line that the walk stands in front of: the end, or damage. */
static enum err judge(struct walk *walk, const struct why *reason, const struct said *said, struct recovery *recovery,
                      bool accept_loss, struct why *why)
{
	bool acknowledged;
	uint64_t durable;
	enum err err = tail_judge(walk, said_seq(said), &acknowledged, &durable, why);

	if (err != OK || !acknowledged)
		return err;
	/* Behind a closed segment there are good lines, and before the first line none: giving all up is never the way. */
	if (!accept_loss || !walk_is_last_segment(walk) || walk->position.seq == 0)
		return walk_refuse(walk, reason, why);
	recovery->lost_seq = durable > walk->position.seq ? durable : walk->position.seq + 1;
	return OK;
}

/* Go to the end of what is good. */
static enum err walk_to_end(struct walk *walk, const struct said *said, struct recovery *recovery, bool accept_loss,
                            struct why *why)
{
	struct entry *entry = malloc(sizeof *entry);
	struct why reason = { "" };
	bool more = true;
	enum err err = OK;

	if (entry == NULL)
		return ERR_MEMORY;
	while (err == OK && more)
		err = walk_next(walk, entry, &more, &reason);
	free(entry);
	if (err == ERR_CORRUPT)
		return judge(walk, &reason, said, recovery, accept_loss, why);
	return err == OK ? OK : why_set(why, err, "%s", reason.text);
}

/* Nothing that was once said to be durable may be missing. */
static enum err check_end(const struct said *said, const struct position *end, struct recovery *recovery, bool accept_loss,
                          struct why *why)
{
	enum err err = said_check_end(said, end->seq, why);

	if (err == OK || !accept_loss)
		return err;
	if (said_seq(said) < recovery->lost_seq)
		return OK; /* the lines that are given up say more */
	recovery->lost_seq = said_seq(said);
	said_chain(said, recovery->lost_chain);
	return OK;
}

/*
 * A ledger of which not one line is there: only begun, which this folder's hint then says, or a copy whose lines were
 * lost on the way, which must not become a new ledger.
 */
static enum err check_beginning(const struct walk *walk, const struct said *said, struct why *why)
{
	char name[SEGMENT_NAME_SIZE];

	if (walk->position.seq > 0 || walk->list.count == 0 || said->hinted)
		return OK;
	segment_name(walk->list.first[0], name);
	return why_set(why, ERR_CORRUPT,
	               "ledger/%s holds not one line, and nothing says that a ledger was only begun here: put its lines back, or"
	               " remove the file to begin a new ledger",
	               name);
}

/* Copy `length` bytes of one file from `offset` on into another. */
static int copy_bytes(int from, int to, uint64_t offset, uint64_t length)
{
	enum { PIECE_BYTES = 256 * 1024 };
	char *piece = malloc(PIECE_BYTES);
	int error = piece == NULL ? ENOMEM : 0;

	while (error == 0 && length > 0) {
		size_t want = length < PIECE_BYTES ? (size_t)length : PIECE_BYTES;
		size_t got;

		error = file_read_at(from, piece, want, offset, &got);
		if (error == 0 && got < want)
			error = EIO;
		if (error == 0)
			error = file_append(to, piece, got);
		offset += got;
		length -= got;
	}
	free(piece);
	return error;
}

/* Copy a part of an open segment into a new file, synced; `to` is closed on every way out. */
static int copy_to(int from, uint64_t offset, uint64_t length, int *to)
{
	int error = copy_bytes(from, *to, offset, length);

	if (error == 0)
		error = file_sync(*to);
	file_close(to);
	return error;
}

/* A file of the name, or of the name and a number: what was cut off at the same seq before stays. */
static int open_cut(int cut_dir, uint64_t seq, int *to)
{
	char name[SEGMENT_NAME_SIZE];
	int error = EEXIST;

	for (unsigned again = 1; error == EEXIST && again < 10000; again++) {
		int length = snprintf(name, sizeof name, "%020" PRIu64, seq);

		if (again > 1)
			snprintf(name + length, sizeof name - (size_t)length, ".%u", again);
		error = file_open(cut_dir, name, O_WRONLY | O_CREAT | O_EXCL | O_APPEND, to);
	}
	return error;
}

/* What is cut off is kept: nobody was told of it, but a person may want to see it. */
static int keep_cut(int data_dir, int from, const struct position *end, uint64_t bytes)
{
	int to = -1;
	int cut_dir = -1;
	int error = file_make_dir(data_dir, "cut", &cut_dir);

	if (error == 0)
		error = open_cut(cut_dir, end->seq + 1, &to);
	if (error == 0)
		error = copy_to(from, end->offset, bytes, &to);
	if (error == 0)
		error = file_sync(cut_dir);
	file_close(&cut_dir);
	return error == 0 ? file_sync(data_dir) : error;
}

/* Write the good part of the last segment anew, and put it in place durably. */
static int rewrite(int ledger_dir, int from, const struct position *end)
{
	char name[SEGMENT_NAME_SIZE];
	char fresh[SEGMENT_NAME_SIZE + 4];

	segment_name(end->segment, name);
	snprintf(fresh, sizeof fresh, "%s.new", name);
	int to = -1;
	int error = file_open(ledger_dir, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, &to);

	if (error == 0)
		error = copy_to(from, 0, end->offset, &to);
	if (error == 0)
		error = file_rename(ledger_dir, fresh, name);
	return error == 0 ? file_sync(ledger_dir) : error;
}

static enum err mend_end(int data_dir, int ledger_dir, struct walk *walk, struct recovery *recovery, struct why *why)
{
	recovery->end = walk->position;
	if (walk->fd < 0)
		return OK;
	enum err err = walk_tail_bytes(walk, &recovery->cut_bytes, why);
	int error = 0;

	if (err != OK)
		return err;
	if (recovery->cut_bytes > 0)
		error = keep_cut(data_dir, walk->fd, &recovery->end, recovery->cut_bytes);
	if (error == 0)
		error = rewrite(ledger_dir, walk->fd, &recovery->end);
	return error == 0 ? OK : file_err(why, error, "write the end of the ledger anew");
}

/*
 * Whole lines behind what is known durable were read and are good, but nobody was told of them: they
 * are kept, because the provider's word in them is as true as in any other line.
 */
static enum err recover_unclean(int data_dir, int ledger_dir, const struct said *said, bool accept_loss, struct recovery *recovery,
                                struct why *why)
{
	struct walk walk;
	enum err err = walk_open(&walk, ledger_dir, &beginning, why);

	if (err == OK)
		err = walk_to_end(&walk, said, recovery, accept_loss, why);
	if (err == OK)
		err = check_end(said, &walk.position, recovery, accept_loss, why);
	if (err == OK)
		err = check_beginning(&walk, said, why);
	if (err == OK)
		err = mend_end(data_dir, ledger_dir, &walk, recovery, why);
	walk_close(&walk);
	return err;
}

/* Stopped in good order, and nothing was durable behind that: an old copy put back over the folder has its own stamp. */
static bool was_stopped(int ledger_dir, const struct said *said)
{
	const struct position *stamp = &said->by[SAID_BY_STAMP];

	return stamp->seq > 0 && said_seq(said) == stamp->seq && said_agrees(said, stamp) && ends_as_stamped(ledger_dir, stamp);
}

enum err recover(int data_dir, int ledger_dir, bool accept_loss, struct recovery *recovery, struct why *why)
{
	struct said said;

	*recovery = (struct recovery){ .clean = false };
	enum err err = said_read(data_dir, ledger_dir, &said, why);

	if (err != OK)
		return err;
	if (!was_stopped(ledger_dir, &said))
		return recover_unclean(data_dir, ledger_dir, &said, accept_loss, recovery, why);
	recovery->end = said.by[SAID_BY_STAMP];
	recovery->clean = true;
	return OK;
}
