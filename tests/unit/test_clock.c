/* Appends wait while the wall clock is not believed. The clocks here are ours: this file takes the place of sys/clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>

#include <cmocka.h>

#include "ledger/clock_guard.h"
#include "ledger/scan.h"
#include "sys/clock.h"
#include "tests/unit/small_ledger.h"

static const int64_t second = 1000000;
static const int64_t day = INT64_C(86400) * 1000000;

static _Atomic int64_t wall_us = INT64_C(1795334400000000);
static _Atomic int64_t boot_us = 5000000;

int64_t clock_wall_us(void)
{
	return wall_us;
}

int64_t clock_boot_us(void)
{
	return boot_us;
}

int64_t clock_mono_us(void)
{
	return boot_us;
}

/* Both clocks go on, as they do when nobody touches them. */
static void pass(int64_t us)
{
	wall_us += us;
	boot_us += us;
}

static struct ledger *open_with(bool accept_clock)
{
	const struct ledger_options options = { .data_dir = folder, .organisation = "example", .accept_clock = accept_clock };
	struct ledger *ledger = NULL;
	struct why why = { "" };

	if (ledger_open(&ledger, &options, &why) != OK)
		fail_msg("%s", why.text);
	return ledger;
}

static struct ledger_status status_of(struct ledger *ledger)
{
	struct ledger_status status;

	ledger_status(ledger, &status);
	return status;
}

static enum err pledge(struct ledger *ledger, int number)
{
	struct command command = pledging(number, "press", "friend", money_of("EUR", 2500));

	return submit(ledger, &command).err;
}

static void expect_waiting(struct ledger *ledger, const char *problem)
{
	struct ledger_status status = status_of(ledger);

	assert_true(status.clock_waits);
	assert_false(status.halted);
	if (strstr(status.problem, problem) == NULL)
		fail_msg("%s", status.problem);
	assert_int_equal(pledge(ledger, 99), ERR_BUSY);
	assert_int_equal(status_of(ledger).head, status.head);
}

static void a_clock_that_is_set_by_more_than_a_minute_stops_appends(void **state)
{
	static const int64_t steps[] = { 61, -61, 86400, -86400 };

	(void)state;
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		struct ledger *ledger = open_with(true);

		assert_int_equal(pledge(ledger, (int)(2 * i)), OK);
		pass(30 * day); /* an idle month is no step */
		wall_us += steps[i] * second;
		assert_int_equal(pledge(ledger, 99), ERR_BUSY);
		expect_waiting(ledger, steps[i] > 0 ? "set forward by" : "set back by");
		ledger_hear_date(ledger, (wall_us + 61 * second) / second);
		expect_waiting(ledger, "the clock was set");
		ledger_hear_date(ledger, (wall_us + 59 * second) / second);
		assert_false(status_of(ledger).clock_waits);
		assert_string_equal(status_of(ledger).problem, "");
		assert_int_equal(pledge(ledger, (int)(2 * i + 1)), OK);
		ledger_close(&ledger);
	}
}

static void a_clock_that_is_set_is_noticed_though_nothing_is_submitted(void **state)
{
	struct ledger *ledger = open_with(false);

	(void)state;
	assert_int_equal(pledge(ledger, 0), OK);
	for (int i = 0; i < 3; i++) {
		pass(30 * day);
		ledger_look(ledger);
		assert_false(status_of(ledger).clock_waits);
	}
	wall_us -= 3600 * second;
	assert_false(status_of(ledger).clock_waits);
	ledger_look(ledger);
	expect_waiting(ledger, "set back by 3600 seconds");
	wall_us += 3600 * second;
	ledger_look(ledger);
	expect_waiting(ledger, "set back by 3600 seconds"); /* the first reason stays, and only others end the waiting */
	ledger_hear_date(ledger, wall_us / second);
	ledger_look(ledger);
	assert_false(status_of(ledger).clock_waits);
	assert_string_equal(status_of(ledger).problem, "");
	assert_int_equal(pledge(ledger, 1), OK);
	ledger_close(&ledger);
}

static void a_small_step_is_let_pass(void **state)
{
	struct ledger *ledger = open_with(false);

	(void)state;
	for (int i = 0; i < 8; i++) {
		assert_int_equal(pledge(ledger, i), OK);
		wall_us += (i % 2 == 0 ? -60 : 60) * second;
	}
	assert_false(status_of(ledger).clock_waits);
	ledger_close(&ledger);
}

static void the_time_of_entries_never_goes_back(void **state)
{
	struct ledger *ledger = open_with(false);
	struct scan *scan = NULL;
	struct entry entry;
	bool more = true;
	int64_t last_us = 0;
	int count = 0;

	(void)state;
	for (int i = 0; i < 8; i++) {
		assert_int_equal(pledge(ledger, i), OK);
		wall_us -= 50 * second;
	}
	ledger_close(&ledger);
	assert_int_equal(scan_open(&scan, folder, NULL), OK);
	while (scan_next(scan, &entry, &more, NULL) == OK && more) {
		assert_true(entry.time_us >= last_us);
		last_us = entry.time_us;
		count++;
	}
	assert_int_equal(count, 9);
	scan_close(&scan);
}

static void a_start_before_the_last_entry_or_long_after_it_waits(void **state)
{
	struct ledger *ledger = open_with(false);
	int64_t last_us = wall_us;

	(void)state;
	ledger_close(&ledger);
	wall_us = last_us - second;
	ledger = open_with(false);
	expect_waiting(ledger, "the last entry was written at");
	ledger_hear_date(ledger, wall_us / second); /* the provider says so, too: the entry was the one in error */
	assert_int_equal(pledge(ledger, 1), OK);
	ledger_close(&ledger);
	wall_us = last_us + 7 * day;
	ledger = open_with(false);
	assert_int_equal(pledge(ledger, 2), OK);
	ledger_close(&ledger);
	wall_us = last_us + 14 * day + second;
	ledger = open_with(false);
	expect_waiting(ledger, "more than 7 days after the last entry");
	ledger_close(&ledger);
}

static void the_operator_may_vouch_for_the_clock_at_the_start(void **state)
{
	struct ledger *ledger = open_with(false);

	(void)state;
	ledger_close(&ledger);
	pass(400 * day);
	ledger = open_with(true);
	assert_int_equal(pledge(ledger, 1), OK);
	wall_us += 61 * second; /* not for what becomes of it later */
	assert_int_equal(pledge(ledger, 2), ERR_BUSY);
	ledger_close(&ledger);
	wall_us -= 100 * day;
	ledger = open_with(true);
	assert_int_equal(pledge(ledger, 2), OK);
	ledger_close(&ledger);
}

static void parked_money_moves_on_once_the_clock_is_believed(void **state)
{
	struct ledger *ledger = open_with(true);
	struct command paid = paying(1, EVENT_SETTLED, "evt_1", money_of("EUR", 2500));
	struct command pledged = pledging(1, "press", "friend", money_of("EUR", 2500));

	(void)state;
	book(ledger, &paid, ENTRY_PARKED);
	wall_us += 100 * second;
	assert_int_equal(submit(ledger, &pledged).err, ERR_BUSY);
	ledger_hear_date(ledger, wall_us / second);
	book(ledger, &pledged, ENTRY_PLEDGED);
	assert_int_equal(pledge(ledger, 2), OK); /* behind the unparking */
	assert_int_equal(status_of(ledger).parked, 0);
	ledger_close(&ledger);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_clock_that_is_set_by_more_than_a_minute_stops_appends, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_clock_that_is_set_is_noticed_though_nothing_is_submitted, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_small_step_is_let_pass, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(the_time_of_entries_never_goes_back, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_start_before_the_last_entry_or_long_after_it_waits, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(the_operator_may_vouch_for_the_clock_at_the_start, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(parked_money_moves_on_once_the_clock_is_believed, make_folder, remove_folder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
