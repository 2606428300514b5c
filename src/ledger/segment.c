#include "ledger/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/grow.h"
#include "base/text.h"

static const char durable_name[] = "durable";
static const char stamp_name[] = "index.stamp";

void segment_name(uint64_t first_seq, char name[static SEGMENT_NAME_SIZE])
{
	snprintf(name, SEGMENT_NAME_SIZE, "%020" PRIu64 ".jsonl", first_seq);
}

/* The next number of fixed width, and what stands behind it. */
static bool take_number(const char **text, uint64_t *number)
{
	*number = 0;
	for (int i = 0; i < 20; i++) {
		char digit = (*text)[i];

		if (digit < '0' || digit > '9' || __builtin_mul_overflow(*number, 10, number)
		    || __builtin_add_overflow(*number, (uint64_t)(digit - '0'), number))
			return false;
	}
	*text += 21;
	return true;
}

/* 20 digits and ".jsonl", nothing else; 0 when the name is no segment's. */
static uint64_t parse_name(const char *name)
{
	const char *at = name;
	uint64_t number;

	return strlen(name) == 26 && strcmp(name + 20, ".jsonl") == 0 && take_number(&at, &number) ? number : 0;
}

struct listing {
	struct segment_list *list;
	bool failed;
};

static bool add_name(void *context, const char *name)
{
	struct listing *listing = context;
	struct segment_list *list = listing->list;
	uint64_t first = parse_name(name);

	if (first == 0)
		return true;
	uint64_t *grown = grow(list->first, list->count, &list->capacity, sizeof *grown);

	listing->failed = grown == NULL;
	if (grown == NULL)
		return false;
	list->first = grown;
	list->first[list->count++] = first;
	return true;
}

static int compare_seqs(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a;
	uint64_t right = *(const uint64_t *)b;

	return left < right ? -1 : left > right;
}

enum err segment_list_read(int ledger_dir, struct segment_list *list, struct why *why)
{
	struct listing listing = { .list = list };

	*list = (struct segment_list){ 0 };
	int error = file_list(ledger_dir, add_name, &listing);

	if (error != 0 || listing.failed) {
		segment_list_free(list);
		return listing.failed ? ERR_MEMORY : file_err(why, error, "list the ledger's segments");
	}
	if (list->count > 0)
		qsort(list->first, list->count, sizeof list->first[0], compare_seqs);
	return OK;
}

void segment_list_free(struct segment_list *list)
{
	free(list->first);
	*list = (struct segment_list){ 0 };
}

/*
 * One line of fixed width, so that rewriting it in place never leaves a longer old one behind:
 * seq, segment, offset, time, synced, device, inode, chain, and the head of a SHA-256 over all that.
 */
enum { MARK_BYTES = 7 * 21 + 2 * CHAIN_BYTES + 1 + 16 + 1 };

static int mark_text(char text[static MARK_BYTES + 1], const struct position *position,
                     const struct file_identity *folder)
{
	char chain[2 * CHAIN_BYTES + 1];
	char check[17];
	uint8_t digest[DIGEST_BYTES];

	text_hex(position->chain, CHAIN_BYTES, chain);
	int length = snprintf(text, MARK_BYTES + 1,
	                      "%020" PRIu64 " %020" PRIu64 " %020" PRIu64 " %020" PRId64 " %020" PRIu64 " %020" PRIu64
	                      " %020" PRIu64 " %s ",
	                      position->seq, position->segment, position->offset, position->time_us, position->synced,
	                      folder->device, folder->inode, chain);
	struct bytes piece = { text, (size_t)length };

	if (digest_sha256(&piece, 1, digest) != OK)
		return ENOMEM;
	text_hex(digest, 8, check);
	snprintf(text + length, (size_t)(MARK_BYTES + 1 - length), "%s\n", check);
	return 0;
}

static bool parse_mark(const char text[static MARK_BYTES + 1], struct position *position, struct file_identity *folder)
{
	struct position found = { 0 };
	char again[MARK_BYTES + 1];
	const char *at = text;
	uint64_t time_us;

	if (!take_number(&at, &found.seq) || !take_number(&at, &found.segment) || !take_number(&at, &found.offset)
	    || !take_number(&at, &time_us) || time_us > INT64_MAX || !take_number(&at, &found.synced)
	    || !take_number(&at, &folder->device) || !take_number(&at, &folder->inode)
	    || text_unhex((struct bytes){ at, 2 * CHAIN_BYTES }, found.chain, CHAIN_BYTES) != OK)
		return false;
	found.time_us = (int64_t)time_us;
	/* Written again it must be the same: that checks the digest and the form in one. */
	if (mark_text(again, &found, folder) != 0 || memcmp(again, text, MARK_BYTES) != 0)
		return false;
	*position = found;
	return true;
}

static bool read_mark(int dir, const char *name, const struct file_identity *folder, struct position *position)
{
	char text[MARK_BYTES + 1] = "";
	struct file_identity said;
	struct position found;
	int fd = -1;
	size_t got = 0;

	if (file_open_plain(dir, name, O_RDONLY | O_NOFOLLOW, &fd) != 0)
		return false;
	/* The writer may be rewriting it just now: a torn reading is tried again. */
	for (int i = 0; i < 100; i++) {
		if (file_read_at(fd, text, MARK_BYTES, 0, &got) != 0 || got != MARK_BYTES)
			break;
		text[MARK_BYTES] = '\0';
		if (parse_mark(text, &found, &said)) {
			bool own = said.device == folder->device && said.inode == folder->inode;

			if (own)
				*position = found;
			file_close(&fd);
			return own;
		}
	}
	file_close(&fd);
	return false;
}

int durable_open(int ledger_dir, int *fd)
{
	return file_open_plain(ledger_dir, durable_name, O_WRONLY | O_CREAT | O_NOFOLLOW, fd);
}

int durable_write(int fd, const struct position *position, const struct file_identity *folder)
{
	char text[MARK_BYTES + 1];
	int error = mark_text(text, position, folder);

	return error != 0 ? error : file_write_at(fd, text, MARK_BYTES, 0);
}

bool durable_read(int ledger_dir, struct position *position)
{
	struct file_identity folder;

	return file_identify(ledger_dir, &folder) == 0 && read_mark(ledger_dir, durable_name, &folder, position);
}

int stamp_write(int data_dir, const struct position *position, const struct file_identity *folder)
{
	char text[MARK_BYTES + 1];
	int error = mark_text(text, position, folder);

	return error != 0 ? error : file_replace(data_dir, stamp_name, text, MARK_BYTES);
}

bool stamp_read(int data_dir, const struct file_identity *folder, struct position *position)
{
	return read_mark(data_dir, stamp_name, folder, position);
}

int stamp_remove(int data_dir)
{
	int error = file_remove(data_dir, stamp_name);

	if (error == ENOENT)
		return 0;
	return error != 0 ? error : file_sync(data_dir);
}
