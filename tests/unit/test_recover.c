/* What a start makes of the files that a stop, a crash, a disk or a person left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <linux/fs.h>
#include <sys/ioctl.h>

#include "base/digest.h"
#include "base/text.h"
#include "ledger/scan.h"
#include "ledger/segment.h"
#include "service/audit.h"
#include "tests/unit/small_ledger.h"

static const char *path_of(const char *data_dir, const char *name)
{
	static char paths[4][256];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof paths[0], "%s/%s", data_dir, name);
	return path;
}

static const char *segment_path(const char *data_dir, uint64_t first)
{
	char name[SEGMENT_NAME_SIZE];
	char below[SEGMENT_NAME_SIZE + 8];

	segment_name(first, name);
	snprintf(below, sizeof below, "ledger/%s", name);
	return path_of(data_dir, below);
}

static void add_pledges(struct ledger *ledger, int from, int to)
{
	for (int i = from; i < to; i++) {
		struct command command = pledging(i, "press", "friend", money_of("EUR", 2500));

		book(ledger, &command, ENTRY_PLEDGED);
	}
}

/* As after a crash: no stamp. */
static void unclean(const char *data_dir)
{
	assert_int_equal(unlink(path_of(data_dir, "index.stamp")), 0);
}

static uint64_t head_of(struct ledger *ledger)
{
	struct ledger_status status;

	ledger_status(ledger, &status);
	return status.head;
}

static enum err try_open(const char *data_dir, struct why *why)
{
	const struct ledger_options options = { .data_dir = data_dir, .organisation = "example" };
	struct ledger *ledger = NULL;
	enum err err = ledger_open(&ledger, &options, why);

	if (err == OK)
		ledger_close(&ledger);
	return err;
}

static void expect_refused(const char *data_dir, enum err expected, const char *first, const char *second)
{
	struct why why = { "" };

	assert_int_equal(try_open(data_dir, &why), expected);
	if (strstr(why.text, first) == NULL || strstr(why.text, second) == NULL)
		fail_msg("%s", why.text);
}

static void expect_whole(uint64_t entries)
{
	struct audit audit;
	struct why why = { "" };

	if (audit_run(folder, &audit, &why) != OK)
		fail_msg("%s", why.text);
	assert_int_equal(audit.entries, entries);
	assert_int_equal(audit.tail_bytes, 0);
}

static ino_t inode_of(const char *path)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	return status.st_ino;
}

static void change_byte(const char *path, off_t at)
{
	int fd = open(path, O_RDWR);
	char byte;

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &byte, 1, at), 1);
	byte ^= 1;
	assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	close(fd);
}

static size_t append_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "ab");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
	return strlen(text);
}

/* ---- what nobody was told of ---- */

static void what_nobody_was_told_of_is_kept_aside_and_cut(void **state)
{
	static const char tail[] = "{\"seq\":5,\"time\":\"2026";
	struct buffer kept = BUFFER(4096);
	struct ledger *ledger = open_ledger(0);

	(void)state;
	add_pledges(ledger, 0, 3);
	ledger_close(&ledger);
	unclean(folder);
	append_text(segment_path(folder, 1), tail);
	ledger = open_ledger(0);
	assert_int_equal(head_of(ledger), 4);
	add_pledges(ledger, 3, 4);
	ledger_close(&ledger);
	expect_whole(5);
	read_bytes(path_of(folder, "cut/00000000000000000005"), &kept);
	assert_true(bytes_is(buffer_view(&kept), tail));
	buffer_free(&kept);
}

static void what_was_cut_off_before_stays_beside_what_is_cut_off_now(void **state)
{
	struct buffer kept = BUFFER(4096);
	struct ledger_status status;
	struct ledger *ledger = open_ledger(0);

	(void)state;
	add_pledges(ledger, 0, 1);
	for (int i = 0; i < 2; i++) {
		ledger_close(&ledger);
		unclean(folder);
		append_text(segment_path(folder, 1), i == 0 ? "one" : "other");
		ledger = open_ledger(0);
		ledger_status(ledger, &status);
		assert_int_equal(status.cut_seq, 3);
		assert_int_equal(status.cut_bytes, i == 0 ? 3 : 5);
	}
	ledger_close(&ledger);
	ledger = open_ledger(0);
	ledger_status(ledger, &status);
	assert_int_equal(status.cut_seq, 0);
	assert_int_equal(status.cut_bytes, 0);
	ledger_close(&ledger);
	read_bytes(path_of(folder, "cut/00000000000000000003"), &kept);
	assert_true(bytes_is(buffer_view(&kept), "one"));
	buffer_free(&kept);
	read_bytes(path_of(folder, "cut/00000000000000000003.2"), &kept);
	assert_true(bytes_is(buffer_view(&kept), "other"));
	buffer_free(&kept);
}

static void whole_lines_that_nobody_was_told_of_are_kept(void **state)
{
	struct buffer before = BUFFER(1 << 20);
	struct ledger *ledger = open_ledger(0);

	(void)state;
	add_pledges(ledger, 0, 2);
	ledger_close(&ledger);
	read_bytes(path_of(folder, "ledger/durable"), &before);
	ledger = open_ledger(0);
	add_pledges(ledger, 2, 4);
	ledger_close(&ledger);
	unclean(folder);
	write_bytes(path_of(folder, "ledger/durable"), buffer_view(&before)); /* as the disk had it last */
	ledger = open_ledger(0);
	assert_int_equal(head_of(ledger), 5);
	ledger_close(&ledger);
	buffer_free(&before);
}

static void an_empty_last_segment_is_legal(void **state)
{
	struct ledger *ledger = open_ledger(0);

	(void)state;
	add_pledges(ledger, 0, 2);
	ledger_close(&ledger);
	unclean(folder);
	write_bytes(segment_path(folder, 4), (struct bytes){ "", 0 });
	ledger = open_ledger(0);
	add_pledges(ledger, 2, 3);
	ledger_close(&ledger);
	expect_whole(4);
	struct buffer last = BUFFER(1 << 20);

	read_bytes(segment_path(folder, 4), &last);
	assert_true(bytes_starts_with(buffer_view(&last), "{\"seq\":4,"));
	buffer_free(&last);
	/* And after an orderly stop. */
	write_bytes(segment_path(folder, 5), (struct bytes){ "", 0 });
	ledger = open_ledger(0);
	assert_int_equal(head_of(ledger), 4);
	ledger_close(&ledger);
}

/* ---- what is damaged ---- */

/* Nothing but the lines themselves can speak: a copy has no stamp and no hint of its own. */
static void an_acknowledged_line_that_is_damaged_stops_the_start(void **state)
{
	struct ledger *ledger = open_ledger(0);
	char copy[80];

	(void)state;
	add_pledges(ledger, 0, 3);
	ledger_close(&ledger);
	copy_folder(copy);
	change_byte(segment_path(copy, 1), 300); /* in line 2, of which line 3 says that it was durable */
	expect_refused(copy, ERR_CORRUPT, "00000000000000000001.jsonl line 2 byte ", "damaged");
}

static void a_damaged_last_line_is_judged_by_stamp_and_hint(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct buffer hint = BUFFER(4096);
	struct stat status;

	(void)state;
	add_pledges(ledger, 0, 3);
	ledger_close(&ledger);
	assert_int_equal(stat(segment_path(folder, 1), &status), 0);
	read_bytes(path_of(folder, "ledger/durable"), &hint);
	change_byte(segment_path(folder, 1), status.st_size - 20);
	unclean(folder);
	expect_refused(folder, ERR_CORRUPT, "line 4 byte ", "damaged"); /* the hint speaks */
	ledger = NULL;
	assert_int_equal(unlink(path_of(folder, "ledger/durable")), 0);
	ledger = open_ledger(0); /* nobody speaks: it is the batch that was never acknowledged */
	assert_int_equal(head_of(ledger), 3);
	add_pledges(ledger, 5, 6);
	ledger_close(&ledger);
	assert_int_equal(unlink(path_of(folder, "ledger/durable")), 0);
	assert_int_equal(stat(segment_path(folder, 1), &status), 0);
	change_byte(segment_path(folder, 1), status.st_size - 20);
	expect_refused(folder, ERR_CORRUPT, "line 4 byte ", "damaged"); /* the stamp speaks */
	buffer_free(&hint);
}

static void damage_in_a_closed_segment_is_never_accepted(void **state)
{
	struct ledger *ledger = open_ledger(700);
	struct rebuild_report report;
	struct why why = { "" };
	char copy[80];

	(void)state;
	add_pledges(ledger, 0, 6);
	ledger_close(&ledger);
	copy_folder(copy);
	change_byte(segment_path(copy, 1), 300);
	expect_refused(copy, ERR_CORRUPT, "00000000000000000001.jsonl line 2 byte ", "damaged");
	assert_int_equal(ledger_rebuild(copy, true, false, &report, &why), ERR_CORRUPT);
}

static void damage_before_an_orderly_end_is_named_by_its_place(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct rebuild_report report;
	struct why why = { "" };

	(void)state;
	add_pledges(ledger, 0, 4);
	ledger_close(&ledger);
	change_byte(segment_path(folder, 1), 300);
	assert_int_equal(ledger_rebuild(folder, false, false, &report, &why), ERR_CORRUPT);
	if (strstr(why.text, "00000000000000000001.jsonl line 2 byte ") == NULL)
		fail_msg("%s", why.text);
}

/* ---- what is gone ---- */

static void an_older_ledger_put_back_is_refused_until_the_loss_is_accepted(void **state)
{
	struct buffer old = BUFFER(1 << 20);
	struct rebuild_report report;
	struct why why = { "" };
	struct ledger *ledger = open_ledger(0);
	struct scan *scan = NULL;
	struct entry entry;
	bool more = true;

	(void)state;
	add_pledges(ledger, 0, 2);
	ledger_close(&ledger);
	read_bytes(segment_path(folder, 1), &old);
	ledger = open_ledger(0);
	add_pledges(ledger, 2, 5);
	ledger_close(&ledger);
	write_bytes(segment_path(folder, 1), buffer_view(&old));
	expect_refused(folder, ERR_CORRUPT, "ends with seq 3", "seq 6 was durable");
	assert_int_equal(ledger_rebuild(folder, false, false, &report, &why), ERR_CORRUPT);
	if (ledger_rebuild(folder, true, false, &report, &why) != OK)
		fail_msg("%s", why.text);
	assert_int_equal(report.head, 4);
	assert_int_equal(report.lost_seq, 6);
	assert_int_equal(scan_open(&scan, folder, NULL), OK);
	while (scan_next(scan, &entry, &more, NULL) == OK && more)
		if (entry.seq == 4)
			assert_int_equal(entry.was, 6);
	assert_int_equal(scan_seq(scan), 4);
	scan_close(&scan);
	ledger = open_ledger(0);
	add_pledges(ledger, 2, 5); /* the events come again */
	ledger_close(&ledger);
	expect_whole(7);
	buffer_free(&old);
}

/* With the stamp of its own orderly stop: the folder knows better. */
static void an_older_ledger_put_back_with_its_stamp_is_refused_too(void **state)
{
	struct buffer old = BUFFER(1 << 20);
	struct buffer stamp = BUFFER(4096);
	struct ledger *ledger = open_ledger(0);

	(void)state;
	add_pledges(ledger, 0, 2);
	ledger_close(&ledger);
	read_bytes(segment_path(folder, 1), &old);
	read_bytes(path_of(folder, "index.stamp"), &stamp);
	ledger = open_ledger(0);
	add_pledges(ledger, 2, 5);
	ledger_close(&ledger);
	write_bytes(segment_path(folder, 1), buffer_view(&old));
	write_bytes(path_of(folder, "index.stamp"), buffer_view(&stamp));
	expect_refused(folder, ERR_CORRUPT, "ends with seq 3", "ledger/durable says that seq 6 was durable");
	expect_refused(folder, ERR_CORRUPT, "ends with seq 3", "seq 6 was durable"); /* whoever tries again, too */
	buffer_free(&old);
	buffer_free(&stamp);
}

/* The hint is written over, and a link may lead to the lines. */
static void a_hint_that_is_a_link_is_not_followed(void **state)
{
	struct buffer before = BUFFER(1 << 20);
	struct buffer after = BUFFER(1 << 20);
	struct ledger *ledger = open_ledger(0);

	(void)state;
	add_pledges(ledger, 0, 2);
	ledger_close(&ledger);
	read_bytes(segment_path(folder, 1), &before);
	assert_int_equal(unlink(path_of(folder, "ledger/durable")), 0);
	assert_int_equal(symlink("00000000000000000001.jsonl", path_of(folder, "ledger/durable")), 0);
	expect_refused(folder, ERR_STORAGE, "ledger/durable", "symbolic link");
	read_bytes(segment_path(folder, 1), &after);
	assert_true(bytes_equal(buffer_view(&before), buffer_view(&after)));
	buffer_free(&before);
	buffer_free(&after);
}

static void what_is_no_file_is_refused_and_not_waited_for(void **state)
{
	struct ledger *ledger = open_ledger(700);

	(void)state;
	add_pledges(ledger, 0, 3); /* 1, 2 | 3, 4 */
	ledger_close(&ledger);
	assert_int_equal(unlink(segment_path(folder, 1)), 0);
	assert_int_equal(mkfifo(segment_path(folder, 1), 0600), 0);
	unclean(folder);
	expect_refused(folder, ERR_STORAGE, "00000000000000000001.jsonl", "not supported");
}

static void a_number_that_is_too_long_names_no_segment(void **state)
{
	struct ledger *ledger = open_ledger(0);

	(void)state;
	add_pledges(ledger, 0, 2);
	ledger_close(&ledger);
	write_bytes(path_of(folder, "ledger/18446744073709551617.jsonl"), (struct bytes){ "", 0 });
	unclean(folder);
	ledger = open_ledger(0);
	ledger_close(&ledger);
	expect_whole(3);
}

static void a_damaged_end_may_be_given_up_and_is_kept_aside(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct rebuild_report report;
	struct why why = { "" };
	struct stat status;

	(void)state;
	add_pledges(ledger, 0, 3);
	ledger_close(&ledger);
	assert_int_equal(stat(segment_path(folder, 1), &status), 0);
	change_byte(segment_path(folder, 1), status.st_size - 20);
	expect_refused(folder, ERR_CORRUPT, "line 4 byte ", "damaged");
	if (ledger_rebuild(folder, true, false, &report, &why) != OK)
		fail_msg("%s", why.text);
	assert_int_equal(report.head, 4);
	assert_int_equal(report.lost_seq, 4);
	assert_true(report.cut_bytes > 300);
	assert_int_equal(stat(path_of(folder, "cut/00000000000000000004"), &status), 0);
	assert_int_equal(status.st_size, report.cut_bytes);
	expect_whole(4);
}

/* Nothing speaks of a copied folder but the lines themselves: the last of them says that all before it were durable. */
static void what_is_given_up_of_a_copy_says_how_far_it_went(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct rebuild_report report;
	struct why why = { "" };
	char copy[80];

	(void)state;
	for (int i = 0; i < 8; i++)
		add_pledges(ledger, i, i + 1);
	ledger_close(&ledger);
	copy_folder(copy);
	change_byte(segment_path(copy, 1), 300);
	if (ledger_rebuild(copy, true, false, &report, &why) != OK)
		fail_msg("%s", why.text);
	assert_int_equal(report.head, 2);
	assert_int_equal(report.lost_seq, 8);
}

static void a_rebuild_needs_a_ledger_that_nobody_serves(void **state)
{
	struct rebuild_report report;
	struct why why = { "" };
	struct ledger *ledger;

	(void)state;
	assert_int_equal(ledger_rebuild(folder, false, false, &report, &why), ERR_UNKNOWN);
	assert_int_equal(rmdir(folder), 0); /* nothing was left there */
	assert_int_equal(mkdir(folder, 0700), 0);
	ledger = open_ledger(0);
	add_pledges(ledger, 0, 2);
	assert_int_equal(ledger_rebuild(folder, false, false, &report, &why), ERR_BUSY);
	ledger_close(&ledger);
	assert_int_equal(ledger_rebuild(folder, false, false, &report, &why), OK);
	assert_int_equal(report.head, 3);
	assert_int_equal(report.lost_seq, 0);
	assert_int_equal(report.cut_bytes, 0);
}

/* ---- a copy that lost its lines ---- */

static void expect_no_books(const char *data_dir, const char *first)
{
	struct audit audit;
	struct why why = { "" };
	enum err err = audit_run(data_dir, &audit, &why);

	assert_int_equal(err, ERR_CORRUPT);
	if (strstr(why.text, first) == NULL)
		fail_msg("%s", why.text);
}

/* As a back-up is: none of the files that speak of the folder they were written in. */
static void copy_ledger(char copy[static 80])
{
	copy_folder(copy);
	unclean(copy);
	assert_int_equal(unlink(path_of(copy, "ledger/durable")), 0);
}

static void a_copy_whose_line_ends_were_changed_does_not_become_a_new_ledger(void **state)
{
	char copy[80];
	struct ledger *ledger = open_ledger(0);
	struct why why = { "" };
	struct rebuild_report report;

	(void)state;
	add_pledges(ledger, 0, 3);
	ledger_close(&ledger);
	copy_ledger(copy);
	shell("sed -i 's/$/\\r/' %s", segment_path(copy, 1));
	expect_no_books(copy, "line 1 byte 0");
	expect_refused(copy, ERR_CORRUPT, "line 1 byte 0", "damaged");
	assert_int_equal(ledger_rebuild(copy, true, false, &report, &why), ERR_CORRUPT);
}

static void a_copy_whose_segment_came_empty_does_not_become_a_new_ledger(void **state)
{
	char copy[80];
	struct ledger *ledger = open_ledger(0);

	(void)state;
	add_pledges(ledger, 0, 3);
	ledger_close(&ledger);
	copy_ledger(copy);
	assert_int_equal(truncate(segment_path(copy, 1), 0), 0);
	expect_no_books(copy, "first line is missing");
	expect_refused(copy, ERR_CORRUPT, "00000000000000000001.jsonl", "not one line");
	assert_int_equal(truncate(segment_path(copy, 1), 20), 0);
	expect_refused(copy, ERR_CORRUPT, "00000000000000000001.jsonl", "not one line");
}

/* The folder's hint is on the disk before its first segment. */
static void a_ledger_that_was_only_begun_begins_again(void **state)
{
	struct position nothing = { .segment = 1 };
	struct file_identity identity;
	char path[128];
	int dir;
	int hint;

	(void)state;
	snprintf(path, sizeof path, "%s/ledger", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(file_open_dir(path, &dir), 0);
	assert_int_equal(file_identify(dir, &identity), 0);
	assert_int_equal(durable_open(dir, &hint), 0);
	assert_int_equal(durable_write(hint, &nothing, &identity), 0);
	file_close(&hint);
	file_close(&dir);
	append_text(segment_path(folder, 1), "{\"seq\":1,\"ti");
	struct ledger *ledger = open_ledger(0);

	add_pledges(ledger, 0, 1);
	ledger_close(&ledger);
	expect_whole(2);
}

/* ---- what a start leaves alone ---- */

static void only_the_last_segment_is_written_anew(void **state)
{
	struct ledger *ledger = open_ledger(700);
	ino_t closed;
	ino_t last;

	(void)state;
	add_pledges(ledger, 0, 3); /* 1, 2 | 3, 4 */
	ledger_close(&ledger);
	closed = inode_of(segment_path(folder, 1));
	last = inode_of(segment_path(folder, 3));
	ledger = open_ledger(700);
	ledger_close(&ledger);
	assert_int_equal(inode_of(segment_path(folder, 3)), last);
	unclean(folder);
	ledger = open_ledger(700);
	ledger_close(&ledger);
	assert_int_equal(inode_of(segment_path(folder, 1)), closed);
	assert_int_not_equal(inode_of(segment_path(folder, 3)), last);
	expect_whole(4);
}

static bool set_append_only(const char *path, bool on)
{
	int fd = open(path, O_RDONLY);
	int flags = 0;
	bool set = fd >= 0 && ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0;

	flags = on ? flags | FS_APPEND_FL : flags & ~FS_APPEND_FL;
	set = set && ioctl(fd, FS_IOC_SETFLAGS, &flags) == 0;
	close(fd);
	return set;
}

static void closed_segments_may_be_append_only(void **state)
{
	struct ledger *ledger = open_ledger(700);

	(void)state;
	add_pledges(ledger, 0, 3);
	ledger_close(&ledger);
	if (!set_append_only(segment_path(folder, 1), true)) {
		printf("skipped: this user or file system cannot make a file append-only\n");
		return;
	}
	unclean(folder);
	ledger = open_ledger(700);
	add_pledges(ledger, 3, 6);
	ledger_close(&ledger);
	ledger = open_ledger(700);
	ledger_close(&ledger);
	expect_whole(7);
	assert_int_equal(open(segment_path(folder, 1), O_WRONLY), -1);
	assert_true(set_append_only(segment_path(folder, 1), false));
}

static void a_later_versions_kind_stops_the_start(void **state)
{
	struct forge forge = forge_begin();
	struct entry entry = { .kind = ENTRY_OTHER };
	char *kind;

	(void)state;
	forge_opened(&forge);
	entry.kind = ENTRY_RESTORED;
	entry.was = 7;
	forge_add(&forge, &entry);
	/* "restored" becomes a kind that nobody knows; the chain is made to hold. */
	kind = memmem(forge.lines.data, forge.lines.length, "restored", 8);
	assert_non_null(kind);
	memcpy(kind, "sponsors", 8);
	char *start = memmem(forge.lines.data, forge.lines.length, "{\"seq\":2", 8);
	char *tail = memmem(start, (size_t)(forge.lines.data + forge.lines.length - start), ",\"chain\":\"", 10);
	const char *before = memmem(forge.lines.data, forge.lines.length, ",\"chain\":\"", 10);
	uint8_t chain[CHAIN_BYTES];
	char hex[2 * CHAIN_BYTES + 1];

	assert_int_equal(text_unhex((struct bytes){ before + 10, sizeof hex - 1 }, chain, CHAIN_BYTES), OK);
	struct bytes pieces[] = { { (const char *)chain, CHAIN_BYTES }, { start, (size_t)(tail - start) } };
	uint8_t own[CHAIN_BYTES];

	assert_int_equal(digest_sha256(pieces, 2, own), OK);
	text_hex(own, CHAIN_BYTES, hex);
	memcpy(tail + 10, hex, 2 * CHAIN_BYTES);
	forge_end(&forge);
	expect_whole(2); /* whoever only reads passes over it */
	expect_refused(folder, ERR_CONFLICT, "seq 2 is a \"sponsors\"", "later version");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_nobody_was_told_of_is_kept_aside_and_cut, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(what_was_cut_off_before_stays_beside_what_is_cut_off_now, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_copy_whose_line_ends_were_changed_does_not_become_a_new_ledger, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_copy_whose_segment_came_empty_does_not_become_a_new_ledger, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_ledger_that_was_only_begun_begins_again, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(whole_lines_that_nobody_was_told_of_are_kept, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(an_empty_last_segment_is_legal, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(an_acknowledged_line_that_is_damaged_stops_the_start, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_damaged_last_line_is_judged_by_stamp_and_hint, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(damage_in_a_closed_segment_is_never_accepted, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(damage_before_an_orderly_end_is_named_by_its_place, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(an_older_ledger_put_back_is_refused_until_the_loss_is_accepted, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(an_older_ledger_put_back_with_its_stamp_is_refused_too, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_hint_that_is_a_link_is_not_followed, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(what_is_no_file_is_refused_and_not_waited_for, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_number_that_is_too_long_names_no_segment, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_damaged_end_may_be_given_up_and_is_kept_aside, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(what_is_given_up_of_a_copy_says_how_far_it_went, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_rebuild_needs_a_ledger_that_nobody_serves, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(only_the_last_segment_is_written_anew, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(closed_segments_may_be_append_only, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_later_versions_kind_stops_the_start, make_folder, remove_folder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
