/*
 * What stands around an export: a zone from the machine's database, both readings of gifts and deposits, the story of a
 * donor's page, a file whose formulas are made live again, and the note of where a service is asked. Every call fails once, and from then on, at
 * n = 1, 2, … until none is left to fail. What comes is the whole or an error that is true of a fault: no zone, gift,
 * file or service is said to be missing that is there.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "books/period.h"
#include "books/story.h"
#include "books/totals.h"
#include "commands/export_undo.h"
#include "commands/operator_address.h"
#include "tests/faults/window.h"
#include "tests/unit/small_ledger.h"

enum { EVERY_CALL = CALL_READ | CALL_WRITE | CALL_SYNC | CALL_SYSTEM };

static const struct plan plans[] = {
	{ "EIO, once", EVERY_CALL, EIO, false, NULL },
	{ "EIO, for ever", EVERY_CALL, EIO, true, NULL },
	{ "no memory, once", CALL_MEMORY, ENOMEM, false, NULL },
	{ "no memory, for ever", CALL_MEMORY, ENOMEM, true, NULL },
	{ "ENOSPC, once", CALL_WRITE | CALL_SYNC, ENOSPC, false, NULL },
};

static enum err result; /* of what was tried */
static struct why why;

/* ---- a zone ---- */

static struct zone zone;

static void read_zone(void)
{
	memset(&zone, 0, sizeof zone);
	result = period_zone_read("Europe/Berlin", &zone, &why);
}

/* 1 July 2026 is two hours east of UTC there. */
static void check_zone(void)
{
	int64_t until_s;

	if (result == OK)
		assert_int_equal(zone_offset(&zone, INT64_C(1782864000), &until_s), 7200);
}

/* ---- gifts and deposits ---- */

static struct buffer rows = { .max = 1 << 20 };
static struct buffer whole[EXPORT_PROFILES]; /* as without faults */

static enum err write_rows(enum export_profile profile)
{
	const struct export_options wanted = { .data_dir = folder, .profile = profile };
	struct export_totals totals;
	struct export *export = NULL;
	bool more = true;

	buffer_clear(&rows);
	enum err err = export_open(&export, &wanted, &why);

	while (err == OK && more)
		err = export_next(export, &rows, &more, &why);
	if (err == OK)
		err = export_totals(export, &totals);
	if (err == OK) {
		totals_write(&wanted, &totals, &rows);
		err = buffer_err(&rows);
	}
	export_close(&export);
	return err;
}

static void write_gifts(void)
{
	result = write_rows(EXPORT_GIFTS);
}

static void write_payouts(void)
{
	result = write_rows(EXPORT_PAYOUTS);
}

static void check_rows(enum export_profile profile)
{
	if (whole[profile].length == 0) {
		whole[profile] = BUFFER(1 << 20);
		assert_int_equal(write_rows(profile), OK);
		buffer_bytes(&whole[profile], buffer_view(&rows));
		return;
	}
	if (result != OK)
		return;
	assert_int_equal(rows.length, whole[profile].length);
	assert_memory_equal(rows.data, whole[profile].data, rows.length);
}

static void check_gifts(void)
{
	check_rows(EXPORT_GIFTS);
}

static void check_payouts(void)
{
	check_rows(EXPORT_PAYOUTS);
}

/* ---- a story ---- */

static struct buffer story = { .max = STORY_BYTES_MAX };
static struct buffer whole_story = { .max = STORY_BYTES_MAX };
static char page[TOKEN_SIZE]; /* of the last donor */

static void tell_story(void)
{
	buffer_clear(&story);
	result = story_tell(folder, page, &story, &why);
}

static void check_story(void)
{
	if (result != OK)
		return;
	assert_int_equal(story.length, whole_story.length);
	assert_memory_equal(story.data, whole_story.data, story.length);
}

/* ---- formulas made live again ---- */

static const char saved[] = "seq,event\r\n1,'=1+1\r\n2,''quoted\r\n";
static const char restored[] = "seq,event\r\n1,=1+1\r\n2,'quoted\r\n";
static char in[96];
static char out[96];
static int screen = -1; /* where the test itself writes */

static void take_output(void)
{
	snprintf(in, sizeof in, "%s/in.csv", folder);
	snprintf(out, sizeof out, "%s/out.csv", folder);
	write_bytes(in, bytes_of(saved));
	fflush(stdout);
	screen = dup(STDOUT_FILENO);
	int fd = open(out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(screen >= 0 && fd >= 0);
	assert_int_equal(dup2(fd, STDOUT_FILENO), STDOUT_FILENO);
	close(fd);
}

static void undo(void)
{
	result = export_undo(in, ',', &why);
}

static void check_output(void)
{
	struct buffer bytes = BUFFER(1024);

	assert_int_equal(dup2(screen, STDOUT_FILENO), STDOUT_FILENO);
	close(screen);
	read_bytes(out, &bytes);
	assert_true(bytes.length < sizeof restored);
	assert_memory_equal(bytes.data, restored, bytes.length); /* never anything else */
	if (result == OK)
		assert_int_equal(bytes.length, sizeof restored - 1);
	buffer_free(&bytes);
}

/* ---- where a service is asked ---- */

static const char before[] = "127.0.0.1:8081";
static const char after[] = "127.0.0.1:18081";
static char address[OPERATOR_ADDRESS_SIZE];

static void note_before(void)
{
	assert_int_equal(operator_address_write(folder, before, &why), OK);
}

static void note_after(void)
{
	result = operator_address_write(folder, after, &why);
}

/* Never half of one. */
static void check_note(void)
{
	struct why none;

	assert_int_equal(operator_address_read(folder, address, &none), OK);
	if (result == OK || strcmp(address, before) != 0)
		assert_string_equal(address, after);
}

static void read_note(void)
{
	result = operator_address_read(folder, address, &why);
}

static void check_address(void)
{
	if (result == OK)
		assert_string_equal(address, before);
}

static void remove_note(void)
{
	operator_address_remove(folder);
}

/* ---- the roads ---- */

static void nothing(void)
{
}

static const struct road {
	const char *name;
	void (*prepare)(void);
	void (*run)(void);
	void (*check)(void);
} roads[] = {
	{ "a zone of the database", nothing, read_zone, check_zone },
	{ "gifts", nothing, write_gifts, check_gifts },
	{ "payouts", nothing, write_payouts, check_payouts },
	{ "a story", nothing, tell_story, check_story },
	{ "undo", take_output, undo, check_output },
	{ "noting an address", note_before, note_after, check_note },
	{ "reading it", note_before, read_note, check_address },
	{ "removing it", note_before, remove_note, nothing },
};

static void walk_road(const struct road *road, const struct plan *plan)
{
	bool fired = true;
	unsigned n;

	for (n = 1; fired; n++) {
		road->prepare();
		result = OK;
		why.text[0] = '\0';
		window_arm(plan, n);
		road->run();
		fired = window_disarm();
		road->check();
		if (!fired)
			assert_int_equal(result, OK);
		if (result != OK && result != ERR_MEMORY && (result != ERR_STORAGE || why.text[0] == '\0'))
			fail_msg("%s: %s, %s failed: %s: \"%s\"", road->name, plan->name, window_failed(), err_name(result), why.text);
	}
	printf("n = %u (%s: %s)\n", n - 2, road->name, plan->name);
	fflush(stdout);
}

static void fill_ledger(void)
{
	struct ledger *ledger = open_ledger(2500);
	char event[32];

	for (int donor = 0; donor < 4; donor++) {
		snprintf(event, sizeof event, "evt_%d", donor);
		struct command pledge = pledging(donor, "press", "friend", money_of("EUR", 2500));
		struct command payment = paying(donor, EVENT_SETTLED, event, money_of("EUR", 2500));

		book(ledger, &pledge, ENTRY_PLEDGED);
		book(ledger, &payment, ENTRY_SETTLED);
	}
	number_pledge(3, event);
	assert_int_equal(ledger_token(ledger, event, page), OK);
	ledger_close(&ledger);
}

static void what_comes_is_the_whole_or_a_true_error(void **state)
{
	(void)state;
	fill_ledger();
	check_gifts();
	check_payouts();
	assert_int_equal(story_tell(folder, page, &whole_story, &why), OK);
	for (size_t i = 0; i < sizeof roads / sizeof roads[0]; i++)
		for (size_t k = 0; k < sizeof plans / sizeof plans[0]; k++)
			walk_road(&roads[i], &plans[k]);
	buffer_free(&story);
	buffer_free(&whole_story);
	buffer_free(&rows);
	for (int i = 0; i < EXPORT_PROFILES; i++)
		buffer_free(&whole[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_comes_is_the_whole_or_a_true_error, make_folder, remove_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
