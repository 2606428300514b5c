/*
 * Every call of the ledger to the system, to LMDB and for memory fails once, and from then on, at n = 1, 2, …
 * until none is left to fail. After each the ledger is opened without faults: whatever was acknowledged is there
 * exactly once, the chain holds, the books balance, and what the provider sends again is booked exactly once.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "books/export.h"
#include "service/audit.h"
#include "tests/faults/donors.h"
#include "tests/faults/window.h"

enum { EVERY_CALL = CALL_READ | CALL_WRITE | CALL_SYNC | CALL_INDEX | CALL_SYSTEM, PLANS_SHORT = 3 };

static const struct plan plans[] = {
	{ "EIO, once", EVERY_CALL, EIO, false, NULL },
	{ "EIO, for ever", EVERY_CALL, EIO, true, NULL },
	{ "no memory, once", CALL_MEMORY, ENOMEM, false, NULL },
	{ "no memory, for ever", CALL_MEMORY, ENOMEM, true, NULL },
	{ "ENOSPC, once", CALL_WRITE | CALL_SYNC | CALL_INDEX, ENOSPC, false, NULL },
	{ "ENOSPC, for ever", CALL_WRITE | CALL_SYNC | CALL_INDEX, ENOSPC, true, NULL },
	{ "EDQUOT, once", CALL_WRITE, EDQUOT, false, NULL },
	{ "EROFS, for ever", CALL_WRITE | CALL_SYNC, EROFS, true, NULL },
	{ "EFBIG, once", CALL_WRITE, EFBIG, false, NULL },
};

/* ---- the roads ---- */

struct road {
	const char *name;
	void (*prepare)(void);
	void (*run)(const struct plan *plan);
	void (*check)(void);
};

static void fill_folder(void)
{
	open_or_fail();
	everybody_gives();
	ledger_close(&ledger);
}

static void remove_file(const char *name)
{
	char path[128];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	assert_int_equal(unlink(path), 0);
}

/* The path of the newest segment. */
static void find_last_segment(char path[static 320])
{
	struct dirent **names;
	char ledger_dir[128];

	snprintf(ledger_dir, sizeof ledger_dir, "%s/ledger", folder);
	int count = scandir(ledger_dir, &names, NULL, alphasort);

	path[0] = '\0';
	for (int i = 0; i < count; i++) {
		if (strstr(names[i]->d_name, ".jsonl") != NULL)
			snprintf(path, 320, "%s/%.128s", ledger_dir, names[i]->d_name);
		free(names[i]);
	}
	free(names);
	assert_string_not_equal(path, "");
}

/* A line that was being written when the machine stopped, and an index that nobody stamped. */
static void stop_uncleanly(void)
{
	char path[320];

	fill_folder();
	remove_file("index.stamp");
	find_last_segment(path);
	FILE *segment = fopen(path, "ab");

	assert_non_null(segment);
	assert_true(fputs("{\"seq\":99,\"time\":", segment) >= 0);
	assert_int_equal(fclose(segment), 0);
}

static void lose_index(void)
{
	fill_folder();
	remove_all_of("index");
}

/* Opening fails with a reason that is true of a fault: nothing is damaged, nobody else has it. */
static void run_open(const struct plan *plan)
{
	struct why why = { "" };
	enum err err = ledger_open(&ledger, &options, &why);

	if (err == OK)
		ledger_close(&ledger);
	else if (err != ERR_MEMORY && err != ERR_SYSTEM && (err != ERR_STORAGE || why.text[0] == '\0'))
		fail_msg("%s, %s failed: %s: \"%s\"", plan->name, window_failed(), err_name(err), why.text);
}

static void open_new(void)
{
	open_or_fail();
}

/* A full disk is cut back and waited out; any other failed write or sync ends the appending for good. */
static void check_halted(const struct plan *plan)
{
	struct ledger_status status;
	bool full = plan->error == ENOSPC || plan->error == EDQUOT;
	bool written = strcmp(window_failed(), "write") == 0;
	bool synced = strcmp(window_failed(), "fdatasync") == 0;

	ledger_status(ledger, &status);
	if ((written && !full && plan->error != EINTR) || synced)
		assert_true(status.halted);
	if (written && full && !plan->forever)
		assert_false(status.halted);
	if (status.halted)
		assert_string_not_equal(status.problem, "");
}

static void run_append(const struct plan *plan)
{
	everybody_gives();
	if (window_disarm())
		check_halted(plan);
	ledger_close(&ledger);
}

static void open_and_fill(void)
{
	open_or_fail();
	everybody_gives();
}

static void run_close(const struct plan *plan)
{
	(void)plan;
	ledger_close(&ledger);
}

static void run_verify(const struct plan *plan)
{
	struct audit audit;
	struct why why = { "" };
	enum err err = audit_run(folder, &audit, &why);

	if (err != OK && err != ERR_STORAGE && err != ERR_MEMORY)
		fail_msg("%s, %s failed: %s: \"%s\"", plan->name, window_failed(), err_name(err), why.text);
}

static void run_export(const struct plan *plan)
{
	struct export_options wanted = { .data_dir = folder, .profile = EXPORT_JOURNAL };
	struct buffer rows = BUFFER(1 << 20);
	struct export *export = NULL;
	struct why why = { "" };
	bool more = true;
	enum err err = export_open(&export, &wanted, &why);

	while (err == OK && more)
		err = export_next(export, &rows, &more, &why);
	export_close(&export);
	buffer_free(&rows);
	if (err != OK && err != ERR_STORAGE && err != ERR_MEMORY)
		fail_msg("%s, %s failed: %s: \"%s\"", plan->name, window_failed(), err_name(err), why.text);
}

static const struct road roads[] = {
	{ "a new ledger", empty_folder, run_open, check_ledger },
	{ "append and roll", open_new, run_append, check_ledger },
	{ "an orderly stop", open_and_fill, run_close, check_ledger },
	{ "start after an orderly stop", fill_folder, run_open, check_ledger },
	{ "start after an unclean stop", stop_uncleanly, run_open, check_ledger },
	{ "start without an index", lose_index, run_open, check_ledger },
	{ "verify", fill_folder, run_verify, check_books },
	{ "export", fill_folder, run_export, check_books },
};

static void walk_road(const struct road *road, const struct plan *plan)
{
	bool fired = true;
	unsigned n;

	for (n = 1; fired; n++) {
		empty_folder();
		road->prepare();
		window_arm(plan, n);
		road->run(plan);
		fired = window_disarm();
		assert_int_equal(window_trusted_again(), 0);
		road->check();
	}
	printf("n = %u (%s: %s)\n", n - 2, road->name, plan->name);
	fflush(stdout);
}

/* The first plans fail every call that there is, once and for ever; the others tell errors apart and take LONG=1. */
static void nothing_acknowledged_is_lost_whatever_fails(void **state)
{
	size_t count = getenv("LONG") != NULL ? sizeof plans / sizeof plans[0] : PLANS_SHORT;
	const char *only = getenv("ROAD");

	(void)state;
	for (size_t i = 0; i < sizeof roads / sizeof roads[0]; i++)
		for (size_t k = 0; k < count; k++)
			if (only == NULL || strcmp(only, roads[i].name) == 0)
				walk_road(&roads[i], &plans[k]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_acknowledged_is_lost_whatever_fails, make_folder, remove_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
