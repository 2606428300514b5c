/* Ledgers of several windows: every line comes once, and a flipped byte is found in its own line wherever it stands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "ledger/ahead.h"
#include "ledger/scan.h"
#include "tests/unit/random_entry.h"
#include "tests/unit/small_ledger.h"

enum { LINES = 4000 };

static struct buffer bytes;
static uint64_t starts[LINES + 1]; /* of each line */

/* Lines of every length, over many windows, in one segment. */
static int make_lines(void **state)
{
	struct forge forge = forge_begin();
	struct dice dice = dice_from_environment();

	if (make_folder(state) != 0)
		return 1;
	forge_opened(&forge);
	for (unsigned round = 0; forge.seq < LINES; round++) {
		enum entry_kind kind = (enum entry_kind)(round % ENTRY_OTHER);
		struct entry entry;

		if (kind == ENTRY_OPENED)
			continue;
		random_entry(&dice, kind, &entry);
		starts[forge.seq] = forge.lines.length;
		forge_add(&forge, &entry);
	}
	starts[LINES] = forge.lines.length;
	bytes = BUFFER(1 << 28);
	buffer_bytes(&bytes, buffer_view(&forge.lines));
	forge_end(&forge);
	return buffer_err(&bytes) == OK && bytes.length > 4 * WINDOW_BYTES ? 0 : 1;
}

static int free_lines(void **state)
{
	buffer_free(&bytes);
	return remove_folder(state);
}

/* Reads to the end; the lines that came before it or before the damage. */
static enum err count_lines(uint64_t *count, struct why *why)
{
	struct entry *entry = malloc(sizeof *entry);
	struct scan *scan = NULL;
	bool more = true;
	enum err err = scan_open(&scan, folder, why);

	*count = 0;
	assert_non_null(entry);
	while (err == OK && more) {
		err = scan_next(scan, entry, &more, why);
		*count += err == OK && more;
	}
	scan_close(&scan);
	free(entry);
	return err;
}

static void every_line_comes_once(void **state)
{
	struct why why = { "" };
	uint64_t count;

	(void)state;
	assert_int_equal(count_lines(&count, &why), OK);
	assert_int_equal(count, LINES);
}

static void flip(uint64_t at)
{
	char path[128];
	FILE *file;

	bytes.data[at] ^= 1;
	snprintf(path, sizeof path, "%s/ledger/00000000000000000001.jsonl", folder);
	file = fopen(path, "r+b");
	assert_non_null(file);
	assert_int_equal(fseek(file, (long)at, SEEK_SET), 0);
	assert_int_equal(fwrite(bytes.data + at, 1, 1, file), 1);
	assert_int_equal(fclose(file), 0);
}

/* Three times in each window. */
static void a_flipped_byte_is_found_in_its_line_in_every_window(void **state)
{
	char wanted[64];
	uint64_t count;

	(void)state;
	for (uint64_t at = 100; at + WINDOW_BYTES < bytes.length; at += WINDOW_BYTES / 3) {
		struct why why = { "" };
		unsigned line = 0;

		while (starts[line + 1] <= at)
			line++;
		if (bytes.data[at] == '\n' || bytes.data[at] == ('\n' ^ 1))
			continue;
		flip(at);
		assert_int_equal(count_lines(&count, &why), ERR_CORRUPT);
		assert_int_equal(count, line);
		snprintf(wanted, sizeof wanted, "jsonl line %u byte %llu:", line + 1, (unsigned long long)starts[line]);
		if (strstr(why.text, wanted) == NULL)
			fail_msg("byte %llu: %s", (unsigned long long)at, why.text);
		flip(at);
	}
	every_line_comes_once(state);
}

static void a_line_that_never_ends_is_refused(void **state)
{
	struct why why = { "" };
	uint64_t count;

	(void)state;
	/* All LFs of the last windows are gone. */
	for (uint64_t line = LINES / 2; line < LINES; line++)
		flip(starts[line] - 1);
	assert_int_equal(count_lines(&count, &why), ERR_CORRUPT);
	assert_int_equal(count, LINES / 2 - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_line_comes_once, make_lines, free_lines),
		cmocka_unit_test_setup_teardown(a_flipped_byte_is_found_in_its_line_in_every_window, make_lines, free_lines),
		cmocka_unit_test_setup_teardown(a_line_that_never_ends_is_refused, make_lines, free_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
