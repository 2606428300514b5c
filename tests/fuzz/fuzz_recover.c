/*
 * A ledger of two segments that something has happened to: the input is a list of edits of one of them. Whatever
 * they are: recovery refuses, or what it keeps is a whole ledger again, and nothing that it cut off was vouched
 * for by a line that is still there.
 */
#include <assert.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/recover.h"
#include "ledger/segment.h"
#include "ledger/walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINES = 12, FIRST_LINES = 4, BATCH = 3, FILE_BYTES_MAX = 64 * 1024 };

/* The lines as they were written, one behind the other; the second segment begins with FIRST_LINES + 1. */
static struct {
	char text[FILE_BYTES_MAX];
	size_t start[LINES + 1];
	uint64_t synced[LINES];
} original;

static char folder[64];
static int data_dir = -1;
static int ledger_dir = -1;

static const char *const names[] = { "00000000000000000001.jsonl", "00000000000000000005.jsonl" };

static void remove_folder(void)
{
	char command[96];

	snprintf(command, sizeof command, "rm -rf %s", folder);
	if (system(command) != 0)
		fprintf(stderr, "%s is left\n", folder);
}

static void write_lines(void)
{
	struct buffer lines = BUFFER_ON(original.text);
	uint8_t chain[CHAIN_BYTES] = { 0 };
	static struct entry entry;

	for (uint64_t i = 0; i < LINES; i++) {
		entry = (struct entry){ .seq = i + 1, .time_us = INT64_C(1795334400000000) + (int64_t)i };
		/* The first line alone, then batches: a line vouches for the batches before its own. */
		entry.synced = i == 0 ? 0 : (i - 1) / BATCH * BATCH + 1;
		entry.kind = i == 0 ? ENTRY_OPENED : ENTRY_EXPIRED;
		if (i == 0) {
			entry.format = 1;
			strcpy(entry.ledger, "00112233445566778899aabbccddeeff");
			strcpy(entry.organisation, "example");
		} else {
			strcpy(entry.account, "stripe");
			snprintf(entry.event, sizeof entry.event, "evt_%d", (int)i);
			strcpy(entry.pledge, "plg_01m81hytx7eyqsnsg1xrwccg8b");
			entry.at_s = 1795334400;
			entry.ref_count = 1;
			entry.refs[0].kind = REF_SESSION;
			snprintf(entry.refs[0].id, sizeof entry.refs[0].id, "cs_test_%d", (int)i);
		}
		original.start[i] = lines.length;
		original.synced[i] = entry.synced;
		if (line_write(&lines, &entry, chain) != OK)
			abort();
	}
	original.start[LINES] = lines.length;
}

/* In memory where there is a folder for that: recovery syncs. */
static void begin(void)
{
	char path[96];

	if (data_dir >= 0)
		return;
	snprintf(folder, sizeof folder, "%s/pledger-fuzz-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	snprintf(path, sizeof path, "%s/ledger", mkdtemp(folder));
	if (mkdir(path, 0700) != 0 || file_open_dir(folder, &data_dir) != 0 || file_open_dir(path, &ledger_dir) != 0)
		abort();
	atexit(remove_folder);
	write_lines();
}

/* ---- edits: what, where (two bytes), how much ---- */

struct file {
	char bytes[FILE_BYTES_MAX];
	size_t length;
};

static void edit(struct file *file, const uint8_t step[static 4])
{
	size_t at = file->length > 0 ? (size_t)(step[1] << 8 | step[2]) % file->length : 0;
	size_t length = step[3] < file->length - at ? step[3] : file->length - at;

	switch (step[0] % 5) {
	case 0:
		if (file->length > 0)
			file->bytes[at] = (char)step[3];
		break;
	case 1:
		file->length = at;
		break;
	case 2:
		memmove(file->bytes + at, file->bytes + at + length, file->length - at - length);
		file->length -= length;
		break;
	case 3: /* as a page that was never written */
		memset(file->bytes + at, 0, length);
		break;
	default: /* the same again, behind it */
		if (file->length + length <= sizeof file->bytes) {
			memmove(file->bytes + at + length, file->bytes + at, file->length - at);
			file->length += length;
		}
		break;
	}
}

static void put_file(int dir, const char *name, struct bytes bytes)
{
	int fd = -1;

	if (file_open(dir, name, O_WRONLY | O_CREAT | O_TRUNC, &fd) != 0
	    || (bytes.length > 0 && file_write_at(fd, bytes.data, bytes.length, 0) != 0))
		abort();
	file_close(&fd);
}

static struct bytes segment(int number)
{
	size_t from = number == 0 ? 0 : original.start[FIRST_LINES];
	size_t to = number == 0 ? original.start[FIRST_LINES] : original.start[LINES];

	return (struct bytes){ original.text + from, to - from };
}

/* ---- what must hold ---- */

/* Of the lines that are still to be found whole, none says that more was durable than was kept. */
static void check_vouched(const struct file *edited, uint64_t kept)
{
	for (size_t i = FIRST_LINES; i < LINES; i++) {
		const char *line = original.text + original.start[i];
		size_t length = original.start[i + 1] - original.start[i];

		if (original.synced[i] > kept && memmem(edited->bytes, edited->length, line, length) != NULL)
			abort();
	}
}

static void check_whole(const struct recovery *recovery)
{
	static const struct position beginning;
	static struct entry entry;
	struct walk walk;
	uint64_t left = 1;
	bool more = true;

	if (walk_open(&walk, ledger_dir, &beginning, NULL) != OK)
		abort();
	while (more)
		if (walk_next(&walk, &entry, &more, NULL) != OK)
			abort();
	if (walk.position.seq != recovery->end.seq || walk_tail_bytes(&walk, &left, NULL) != OK || left != 0)
		abort();
	walk_close(&walk);
}

/* What was cut off is kept under its first seq: thousands of inputs would leave thousands of them. */
static void remove_cut(uint64_t first)
{
	char name[SEGMENT_NAME_SIZE + 4];

	snprintf(name, sizeof name, "cut/%020" PRIu64, first);
	if (unlinkat(data_dir, name, 0) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct file edited;
	struct recovery recovery;
	struct why why = { "" };

	if (size < 1)
		return 0;
	begin();
	int chosen = data[0] & 1;
	struct bytes before = segment(chosen);

	memcpy(edited.bytes, before.data, before.length);
	edited.length = before.length;
	for (size_t at = 1; at + 4 <= size && at < 64; at += 4)
		edit(&edited, data + at);
	put_file(ledger_dir, names[chosen], (struct bytes){ edited.bytes, edited.length });
	put_file(ledger_dir, names[1 - chosen], segment(1 - chosen));
	bool same = bytes_equal(before, (struct bytes){ edited.bytes, edited.length });
	enum err err = recover(data_dir, ledger_dir, false, &recovery, &why);

	if (err != OK && (err != ERR_CORRUPT || why.text[0] == '\0' || same))
		abort();
	if (err != OK)
		return 0;
	if (chosen == 0 && !same) /* a closed segment was durable to its last byte */
		abort();
	if (chosen == 1)
		check_vouched(&edited, recovery.end.seq);
	check_whole(&recovery);
	if (recovery.cut_bytes > 0)
		remove_cut(recovery.end.seq + 1);
	return 0;
}
