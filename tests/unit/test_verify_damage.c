/* Damage is found and told by its place: every single byte of a ledger is tried. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "ledger/scan.h"
#include "service/audit.h"
#include "tests/unit/small_ledger.h"

enum { SEGMENTS_MAX = 16 };

/* A segment, and the file that it is in. */
struct piece {
	char name[48];
	char path[160];
	struct buffer bytes;
	size_t lines;
	bool last;
};

static struct piece pieces[SEGMENTS_MAX];
static size_t piece_count;
static uint64_t entries;

static void make_ledger(void)
{
	struct ledger *ledger = open_ledger(1400);
	struct ledger_status status;

	for (int i = 0; i < 4; i++) {
		struct command command = pledging(i, "press", "friend", money_of("EUR", 2500));
		char event[32];

		book(ledger, &command, ENTRY_PLEDGED);
		snprintf(event, sizeof event, "evt_%d", i);
		command = paying(i, EVENT_SETTLED, event, money_of("EUR", 2500));
		book(ledger, &command, ENTRY_SETTLED);
	}
	ledger_status(ledger, &status);
	entries = status.head;
	ledger_close(&ledger);
}

static void load_piece(const char *data_dir, uint64_t first)
{
	struct piece *piece = &pieces[piece_count];

	snprintf(piece->name, sizeof piece->name, "%020llu.jsonl", (unsigned long long)first);
	snprintf(piece->path, sizeof piece->path, "%s/ledger/%020llu.jsonl", data_dir, (unsigned long long)first);
	if (access(piece->path, R_OK) != 0)
		return;
	piece->bytes = BUFFER(1 << 20);
	piece->lines = 0;
	read_bytes(piece->path, &piece->bytes);
	for (size_t i = 0; i < piece->bytes.length; i++)
		piece->lines += piece->bytes.data[i] == '\n';
	piece->last = true;
	if (piece_count > 0)
		pieces[piece_count - 1].last = false;
	piece_count++;
}

static void load_pieces(const char *data_dir)
{
	piece_count = 0;
	for (uint64_t first = 1; first <= entries; first++)
		load_piece(data_dir, first);
	assert_true(piece_count >= 3);
	assert_true(pieces[piece_count - 1].lines >= 2); /* so that a line in it can speak for the one before */
}

static void free_pieces(void)
{
	for (size_t i = 0; i < piece_count; i++)
		buffer_free(&pieces[i].bytes);
}

/* Which line of the piece a byte is in, from 1, and where that line begins. */
static size_t line_of(const struct piece *piece, size_t at, size_t *start)
{
	size_t line = 1;

	*start = 0;
	for (size_t i = 0; i < at; i++)
		if (piece->bytes.data[i] == '\n') {
			line++;
			*start = i + 1;
		}
	return line;
}

static void set_byte(int fd, size_t at, char byte)
{
	assert_int_equal(pwrite(fd, &byte, 1, (off_t)at), 1);
}

static void expect_place(const struct piece *piece, size_t at, const struct why *why)
{
	char expected[128];
	size_t start;
	size_t line = line_of(piece, at, &start);

	snprintf(expected, sizeof expected, "%s line %zu byte %zu: ", piece->name, line, start);
	if (strncmp(why->text, expected, strlen(expected)) != 0)
		fail_msg("byte %zu of %s was changed, told was: %s", at, piece->name, why->text);
}

/*
 * The byte is changed now. Either the audit refuses, naming the byte's line; or, where nothing in or
 * beside the files says that the last batch was durable, it ends before that line and tells of a tail.
 */
static void expect_found(const char *data_dir, const struct piece *piece, size_t at, bool may_be_tail)
{
	struct why why = { "" };
	struct audit audit;
	size_t start;
	size_t line = line_of(piece, at, &start);
	enum err err = audit_run(data_dir, &audit, &why);

	if (may_be_tail && piece->last && line == piece->lines) {
		if (err != OK)
			fail_msg("byte %zu of %s, '%c': %s", at, piece->name, piece->bytes.data[at], why.text);
		assert_int_equal(audit.entries, entries - 1);
		assert_int_equal(audit.tail_bytes, piece->bytes.length - start);
		assert_string_equal(audit.tail.segment, piece->name);
		assert_int_equal(audit.tail.line, line);
		assert_int_equal(audit.tail.offset, start);
		return;
	}
	if (err != ERR_CORRUPT)
		fail_msg("byte %zu of %s was changed, the audit said %s", at, piece->name, err_name(err));
	expect_place(piece, at, &why);
}

static void change_each_byte(const char *data_dir, bool may_be_tail)
{
	for (size_t i = 0; i < piece_count; i++) {
		const struct piece *piece = &pieces[i];
		int fd = open(piece->path, O_WRONLY);

		assert_true(fd >= 0);
		for (size_t at = 0; at < piece->bytes.length; at++) {
			char byte = piece->bytes.data[at];

			set_byte(fd, at, (char)(byte ^ 1 << at % 8));
			expect_found(data_dir, piece, at, may_be_tail);
			/* And as the byte that parts lines, or as none where it does. */
			set_byte(fd, at, byte == '\n' ? ' ' : '\n');
			expect_found(data_dir, piece, at, may_be_tail);
			set_byte(fd, at, byte);
		}
		close(fd);
	}
}

static void expect_whole(const char *data_dir)
{
	struct audit audit;
	struct why why = { "" };

	if (audit_run(data_dir, &audit, &why) != OK)
		fail_msg("%s", why.text);
	assert_int_equal(audit.entries, entries);
	assert_int_equal(audit.tail_bytes, 0);
	assert_int_equal(audit.balances, 2);
	assert_int_equal(audit.unknown_kinds, 0);
	assert_true(audit.first_us > 0 && audit.first_us <= audit.last_us);
}

static void every_changed_byte_is_found_and_located(void **state)
{
	(void)state;
	make_ledger();
	expect_whole(folder);
	load_pieces(folder);
	change_each_byte(folder, false);
	expect_whole(folder);
	free_pieces();
}

static void in_a_copy_only_the_last_batch_can_pass_for_one_that_nobody_was_told_of(void **state)
{
	char copy[80];

	(void)state;
	make_ledger();
	copy_folder(copy);
	load_pieces(copy);
	change_each_byte(copy, true);
	expect_whole(copy);
	free_pieces();
}

/* ---- more than a byte ---- */

static void expect_refused(const char *data_dir, enum err expected)
{
	struct audit audit;
	struct why why = { "" };

	assert_int_equal(audit_run(data_dir, &audit, &why), expected);
	assert_true(why.text[0] != '\0');
}

static void a_cut_at_any_byte_is_found(void **state)
{
	(void)state;
	make_ledger();
	load_pieces(folder);
	const struct piece *last = &pieces[piece_count - 1];

	for (size_t length = 0; length < last->bytes.length; length++) {
		write_bytes(last->path, (struct bytes){ last->bytes.data, length });
		expect_refused(folder, ERR_CORRUPT);
	}
	write_bytes(last->path, buffer_view(&last->bytes));
	expect_whole(folder);
	for (size_t i = piece_count; i-- > 0;) {
		assert_int_equal(unlink(pieces[i].path), 0);
		expect_refused(folder, ERR_CORRUPT);
	}
	free_pieces();
}

static void a_missing_or_foreign_segment_is_found(void **state)
{

	(void)state;
	make_ledger();
	load_pieces(folder);
	for (size_t i = 0; i < piece_count; i++) {
		assert_int_equal(unlink(pieces[i].path), 0);
		expect_refused(folder, ERR_CORRUPT);
		write_bytes(pieces[i].path, buffer_view(&pieces[(i + 1) % piece_count].bytes));
		expect_refused(folder, ERR_CORRUPT);
		write_bytes(pieces[i].path, buffer_view(&pieces[i].bytes));
	}
	expect_whole(folder);
	shell("rm -r %s/ledger", folder);
	expect_refused(folder, ERR_UNKNOWN);
	free_pieces();
}

static void lines_that_change_places_are_found(void **state)
{
	(void)state;
	make_ledger();
	load_pieces(folder);
	const struct piece *piece = &pieces[0];
	size_t first = (size_t)((char *)memchr(piece->bytes.data, '\n', piece->bytes.length) - piece->bytes.data) + 1;
	struct buffer swapped = BUFFER(1 << 20);

	buffer_append(&swapped, piece->bytes.data + first, piece->bytes.length - first);
	buffer_append(&swapped, piece->bytes.data, first);
	write_bytes(piece->path, buffer_view(&swapped));
	expect_refused(folder, ERR_CORRUPT);
	buffer_free(&swapped);
	free_pieces();
}

/* Somebody who knows the format can make a chain that holds; not the one that was promised. */
static void a_chain_written_anew_in_place_is_found(void **state)
{
	uint8_t chain[CHAIN_BYTES] = { 0 };
	struct buffer anew = BUFFER(1 << 20);
	struct why why = { "" };
	struct entry entry;

	(void)state;
	make_ledger();
	load_pieces(folder);
	for (size_t i = 0; i < piece_count; i++) {
		const char *at = pieces[i].bytes.data;

		buffer_clear(&anew);
		for (size_t line = 0; line < pieces[i].lines; line++) {
			size_t length = strcspn(at, "\n");

			assert_int_equal(line_read((struct bytes){ at, length }, &entry, &why), OK);
			entry.time_us -= entry.seq == 1 ? 1 : 0;
			assert_int_equal(line_write(&anew, &entry, chain), OK);
			at += length + 1;
		}
		assert_int_equal(anew.length, pieces[i].bytes.length);
		write_bytes(pieces[i].path, buffer_view(&anew));
	}
	expect_refused(folder, ERR_CORRUPT);
	buffer_free(&anew);
	free_pieces();
}

/* ---- behind the last line, and beside a service ---- */

static void append_bytes(const char *path, struct bytes bytes)
{
	FILE *file = fopen(path, "ab");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes.data, 1, bytes.length, file), bytes.length);
	assert_int_equal(fclose(file), 0);
}

static void bytes_behind_the_last_line_are_told(void **state)
{
	const struct bytes tails[] = {
		BYTES_LITERAL("x"), BYTES_LITERAL("\n"), BYTES_LITERAL("{\"seq\":12,\"time\":\"2026"), BYTES_LITERAL("\0\0\0\0\0\0\n"),
		BYTES_LITERAL("garbage\nmore\n"),
	};
	struct audit audit;

	(void)state;
	make_ledger();
	load_pieces(folder);
	const struct piece *last = &pieces[piece_count - 1];

	for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
		append_bytes(last->path, tails[i]);
		assert_int_equal(audit_run(folder, &audit, NULL), OK);
		assert_int_equal(audit.entries, entries);
		assert_int_equal(audit.tail_bytes, tails[i].length);
		assert_string_equal(audit.tail.segment, last->name);
		assert_int_equal(audit.tail.line, last->lines + 1);
		assert_int_equal(audit.tail.offset, last->bytes.length);
		write_bytes(last->path, buffer_view(&last->bytes));
	}
	free_pieces();
}

static void beside_a_service_the_durable_lines_are_read_and_no_more(void **state)
{
	struct ledger *ledger;
	char hint[128];

	(void)state;
	make_ledger();
	load_pieces(folder);
	ledger = open_ledger(1400);
	expect_whole(folder);
	append_bytes(pieces[piece_count - 1].path, BYTES_LITERAL("{\"seq\":12,"));
	expect_whole(folder);
	write_bytes(pieces[piece_count - 1].path, (struct bytes){ pieces[piece_count - 1].bytes.data,
		pieces[piece_count - 1].bytes.length - 1 });
	expect_refused(folder, ERR_CORRUPT);
	write_bytes(pieces[piece_count - 1].path, buffer_view(&pieces[piece_count - 1].bytes));
	snprintf(hint, sizeof hint, "%s/ledger/durable", folder);
	assert_int_equal(unlink(hint), 0);
	expect_refused(folder, ERR_BUSY);
	ledger_close(&ledger);
	expect_whole(folder);
	free_pieces();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_changed_byte_is_found_and_located, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(in_a_copy_only_the_last_batch_can_pass_for_one_that_nobody_was_told_of, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_cut_at_any_byte_is_found, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_missing_or_foreign_segment_is_found, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(lines_that_change_places_are_found, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_chain_written_anew_in_place_is_found, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(bytes_behind_the_last_line_are_told, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(beside_a_service_the_durable_lines_are_read_and_no_more, make_folder, remove_folder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
