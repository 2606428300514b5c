/*
 * A back-up that grows an earlier one: every call of it to the system and for memory fails once, at n = 1, 2, …
 * until none is left to fail. After each the next back-up is whole. And from its first look at the copy to its last
 * it holds the copy's lock, whoever else wants to write there.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/file.h>

#include <cmocka.h>

#include "service/audit.h"
#include "service/backup.h"
#include "tests/faults/window.h"
#include "tests/unit/small_ledger.h"

enum { OLD_GIFTS = 3, GIFTS = 6 };

static char target[80];
static char target_lock[96];
static struct backup_report report;
static struct why why;

static void add_gifts(int from, int to)
{
	struct ledger *ledger = open_ledger(2000);

	for (int i = from; i < to; i++)
		add_gift(ledger, i);
	ledger_close(&ledger);
}

static enum err back_up(void)
{
	why.text[0] = '\0';
	return backup_run(folder, target, &report, &why);
}

static int setup(void **state)
{
	int code = make_folder(state);

	window_outside();
	snprintf(target, sizeof target, "%s.copy", folder);
	snprintf(target_lock, sizeof target_lock, "%s/lock", target);
	if (code != 0)
		return code;
	add_gifts(0, OLD_GIFTS);
	assert_int_equal(back_up(), OK);
	shell("mv %s %s.first; f=$(ls %s.first/ledger/*.jsonl | tail -1); truncate -s -10 $f", target, target, target);
	add_gifts(OLD_GIFTS, GIFTS);
	return 0;
}

static int teardown(void **state)
{
	shell("rm -rf %s.first", target);
	return remove_folder(state);
}

/* The copy of the first gifts, broken off within its last line. */
static void begin_anew(void)
{
	shell("rm -rf %s && cp -R %s.first %s", target, target, target);
}

static void expect_whole(void)
{
	struct audit audit;
	struct audit copied;

	assert_int_equal(audit_run(folder, &audit, &why), OK);
	assert_int_equal(audit_run(target, &copied, &why), OK);
	assert_int_equal(copied.entries, audit.entries);
	assert_memory_equal(copied.chain, audit.chain, sizeof audit.chain);
	assert_int_equal(copied.tail_bytes, 0);
}

/* ---- the lock ---- */

static struct {
	bool held;
	unsigned taken;
	unsigned let_go;
} lock;

static void look_at_lock(void)
{
	int fd = open(target_lock, O_RDWR | O_CLOEXEC);
	bool held = flock(fd, LOCK_EX | LOCK_NB) != 0;

	close(fd);
	lock.taken += held && !lock.held;
	lock.let_go += !held && lock.held;
	lock.held = held;
}

static void a_back_up_holds_the_copys_lock_from_the_first_look_to_the_last(void **state)
{
	(void)state;
	begin_anew();
	window_watch(look_at_lock);
	window_inside();
	enum err err = back_up();

	window_outside();
	window_watch(NULL);
	look_at_lock();
	assert_int_equal(err, OK);
	assert_int_equal(lock.taken, 1);
	assert_int_equal(lock.let_go, 1);
	expect_whole();
}

/* ---- faults ---- */

static const struct plan plans[] = {
	{ "EIO, once", CALL_READ | CALL_WRITE | CALL_SYNC, EIO, false, NULL },
	{ "ENOSPC, for ever", CALL_WRITE | CALL_SYNC, ENOSPC, true, NULL },
	{ "no memory, once", CALL_MEMORY, ENOMEM, false, NULL },
};

/* What failed is told as that, never as another ledger or as damage. */
static bool fail_once(const struct plan *plan, unsigned n)
{
	begin_anew();
	window_inside();
	window_arm(plan, n);
	enum err err = back_up();
	bool fired = window_disarm();

	window_outside();
	if (err != OK && (!fired || (err != ERR_STORAGE && err != ERR_MEMORY)))
		fail_msg("%s, %s failed: %s: %s", plan->name, window_failed(), err_name(err), why.text);
	if (err == OK)
		expect_whole();
	if (back_up() != OK)
		fail_msg("%s, after %s had failed: %s", plan->name, window_failed(), why.text);
	expect_whole();
	return fired;
}

static void the_next_back_up_is_whole_whatever_fails(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++) {
		unsigned n = 1;

		while (fail_once(&plans[i], n))
			n++;
		printf("n = %u (%s)\n", n - 1, plans[i].name);
	}
}

static void a_copy_that_another_process_has_is_busy(void **state)
{
	(void)state;
	begin_anew();
	int fd = open(target_lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	assert_int_equal(back_up(), ERR_BUSY);
	assert_non_null(strstr(why.text, "another process has the ledger in "));
	close(fd);
	assert_int_equal(back_up(), OK);
	expect_whole();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_back_up_holds_the_copys_lock_from_the_first_look_to_the_last),
		cmocka_unit_test(a_copy_that_another_process_has_is_busy),
		cmocka_unit_test(the_next_back_up_is_whole_whatever_fails),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
