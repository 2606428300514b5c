/* Whether a provider still tells us anything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "service/pulse_file.h"

static const int64_t hour_us = INT64_C(3600) * 1000000;

static const struct provider_account account = { .id = "stripe", .webhook_secret_count = 2, .quiet_hours = 6 };

static bool quiet(struct pulse *pulse, int64_t now_us)
{
	struct pulse_reading reading = pulse_read(pulse, account.id);

	return pulse_is_quiet(&reading, &account, now_us);
}

static bool old_secret(struct pulse *pulse, int64_t now_us)
{
	struct pulse_reading reading = pulse_read(pulse, account.id);

	return pulse_old_secret(&reading, &account, now_us);
}

static void silence_is_odd_only_while_sessions_are_opened(void **state)
{
	struct pulse *pulse = pulse_new();

	(void)state;
	assert_false(quiet(pulse, 1000 * hour_us));
	pulse_session(pulse, "stripe", 10 * hour_us);
	pulse_session(pulse, "stripe", 15 * hour_us);
	assert_false(quiet(pulse, 16 * hour_us - 1));
	assert_true(quiet(pulse, 16 * hour_us));
	assert_int_equal(pulse_read(pulse, "stripe").opened, 2);
	/* Another account's event is none of this one's. */
	pulse_delivery(pulse, "stripe-usd", 0, 16 * hour_us);
	assert_true(quiet(pulse, 16 * hour_us));
	pulse_delivery(pulse, "stripe", 0, 17 * hour_us);
	assert_false(quiet(pulse, 1000 * hour_us));
	assert_int_equal(pulse_read(pulse, "stripe").heard_us, 17 * hour_us);
	/* The time counts from the first session behind the event. */
	pulse_session(pulse, "stripe", 100 * hour_us);
	assert_false(quiet(pulse, 106 * hour_us - 1));
	assert_true(quiet(pulse, 106 * hour_us));
	pulse_free(&pulse);
	assert_null(pulse);
}

static void an_old_secret_is_told_for_a_day(void **state)
{
	struct pulse *pulse = pulse_new();

	(void)state;
	pulse_delivery(pulse, "stripe", 0, hour_us);
	assert_false(old_secret(pulse, hour_us));
	pulse_delivery(pulse, "stripe", 1, 2 * hour_us);
	pulse_delivery(pulse, "stripe", 0, 3 * hour_us);
	assert_true(old_secret(pulse, 26 * hour_us - 1));
	assert_false(old_secret(pulse, 26 * hour_us));
	assert_int_equal(pulse_read(pulse, "stripe").deliveries[0], 2);
	assert_int_equal(pulse_read(pulse, "stripe").deliveries[1], 1);
	/* Of a single secret none is old. */
	const struct provider_account single = { .webhook_secret_count = 1 };
	struct pulse_reading reading = pulse_read(pulse, "stripe");

	assert_false(pulse_old_secret(&reading, &single, 3 * hour_us));
	pulse_free(&pulse);
}

/* Accounts come and go with the configuration; those that are used stay. */
static void there_is_always_room_for_one_more_account(void **state)
{
	struct pulse *pulse = pulse_new();
	char id[ID_SIZE];

	(void)state;
	for (int i = 0; i < 500; i++) {
		snprintf(id, sizeof id, "account-%d", i);
		pulse_session(pulse, "stripe", 2 * i + 1);
		pulse_session(pulse, id, 2 * i + 2);
	}
	assert_int_equal(pulse_read(pulse, "stripe").opened, 500);
	assert_int_equal(pulse_read(pulse, "account-499").opened, 1);
	assert_int_equal(pulse_read(pulse, "account-0").opened, 0);
	pulse_free(&pulse);
	pulse_free(&pulse);
}

/* ---- over a restart ---- */

static struct config config = { .account_count = 2, .accounts = { { .id = "stripe", .quiet_hours = 6 }, { .id = "other", .quiet_hours = 6 } } };
static char path[PATH_SIZE + 16];

static int make_data_dir(void **state)
{
	(void)state;
	snprintf(config.data_dir, sizeof config.data_dir, "/tmp/pledger-pulse-XXXXXX");
	assert_non_null(mkdtemp(config.data_dir));
	snprintf(path, sizeof path, "%s/unheard", config.data_dir);
	return 0;
}

static int remove_data_dir(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(config.data_dir);
}

static void write_file(struct pulse_file *file, struct pulse *pulse, int64_t step_s, int64_t now_us)
{
	struct why why = { "" };

	assert_int_equal(pulse_file_write(file, pulse, &config, step_s, now_us, &why), OK);
}

/* As a service that is started at `now_us` of another clock has it. */
static struct pulse *read_file(struct pulse_file *file, int64_t now_us)
{
	struct pulse *pulse = pulse_new();

	pulse_file_read(file, pulse, &config, now_us);
	return pulse;
}

static void sessions_wait_on_after_a_restart_but_not_while_nobody_serves(void **state)
{
	struct pulse_file file = { "" };
	struct pulse *pulse = read_file(&file, 100 * hour_us);

	(void)state;
	assert_string_equal(file.text, "");
	pulse_session(pulse, "stripe", 100 * hour_us);
	pulse_session(pulse, "stripe", 101 * hour_us);
	pulse_session(pulse, "gone", 101 * hour_us);
	pulse_session(pulse, "other", 101 * hour_us);
	pulse_delivery(pulse, "other", 0, 102 * hour_us);
	write_file(&file, pulse, 1, 104 * hour_us);
	assert_string_equal(file.text, "stripe 2 14400\n");
	pulse_free(&pulse);
	/* The machine was started anew: its clock shows less than the sessions have waited. */
	pulse = read_file(&file, hour_us);
	assert_int_equal(pulse_read(pulse, "stripe").opened, 2);
	assert_false(quiet(pulse, 3 * hour_us - 1));
	assert_true(quiet(pulse, 3 * hour_us));
	assert_int_equal(pulse_read(pulse, "other").opened, 0);
	pulse_session(pulse, "stripe", 3 * hour_us);
	write_file(&file, pulse, 1, 3 * hour_us);
	assert_string_equal(file.text, "stripe 3 21600\n");
	/* What has come is not waited for after the next one either. */
	pulse_delivery(pulse, "stripe", 0, 4 * hour_us);
	write_file(&file, pulse, 1, 4 * hour_us);
	pulse_free(&pulse);
	pulse = read_file(&file, hour_us);
	assert_int_equal(pulse_read(pulse, "stripe").opened, 0);
	pulse_free(&pulse);
}

static void what_hears_of_its_event_soon_is_never_written(void **state)
{
	struct pulse_file file = { "" };
	struct pulse *pulse = pulse_new();
	struct stat before;
	struct stat after;

	(void)state;
	pulse_session(pulse, "stripe", hour_us);
	write_file(&file, pulse, 600, hour_us + 599 * INT64_C(1000000));
	assert_int_equal(access(path, F_OK), -1);
	write_file(&file, pulse, 600, hour_us + 1199 * INT64_C(1000000));
	assert_string_equal(file.text, "stripe 1 600\n");
	/* What it says already is not written again. */
	assert_int_equal(stat(path, &before), 0);
	write_file(&file, pulse, 600, hour_us + 1199 * INT64_C(1000000));
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	pulse_free(&pulse);
}

static void a_file_of_something_else_says_nothing(void **state)
{
	static const char *const texts[] = { "", "\n", "stripe", "stripe 1", "stripe 0 7200\n", "stripe 1 -1\n", "stripe 1 72OO\n", "stripe 1 1000000001\n",
		                             "stripe 18446744073709551615 1\n", "stripe  1 1\n", " 1 1\n", "stripe 1 1 1\n", "elsewhere 1 7200\n" };
	struct pulse_file file;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		FILE *out = fopen(path, "w");

		assert_non_null(out);
		assert_true(fputs(texts[i], out) >= 0 && fclose(out) == 0);
		struct pulse *pulse = read_file(&file, hour_us);

		assert_int_equal(pulse_read(pulse, "stripe").opened, 0);
		pulse_free(&pulse);
	}
	/* One that is too long for what we write. */
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	for (int i = 0; i < 1000; i++)
		assert_true(fputs("stripe 1 7200\n", out) >= 0);
	assert_int_equal(fclose(out), 0);
	struct pulse *pulse = read_file(&file, hour_us);

	assert_int_equal(pulse_read(pulse, "stripe").opened, 0);
	assert_string_equal(file.text, "");
	pulse_free(&pulse);
}

static void a_disk_that_takes_nothing_is_tried_again(void **state)
{
	struct config nowhere = config;
	struct pulse_file file = { "" };
	struct pulse *pulse = pulse_new();
	struct why why = { "" };

	(void)state;
	snprintf(nowhere.data_dir, sizeof nowhere.data_dir, "/nonexistent");
	pulse_session(pulse, "stripe", hour_us);
	assert_int_equal(pulse_file_write(&file, pulse, &nowhere, 1, 2 * hour_us, &why), ERR_STORAGE);
	assert_string_not_equal(why.text, "");
	assert_string_equal(file.text, "");
	write_file(&file, pulse, 1, 2 * hour_us);
	assert_string_equal(file.text, "stripe 1 3600\n");
	pulse_free(&pulse);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(silence_is_odd_only_while_sessions_are_opened),
		cmocka_unit_test(an_old_secret_is_told_for_a_day),
		cmocka_unit_test(there_is_always_room_for_one_more_account),
		cmocka_unit_test_setup_teardown(sessions_wait_on_after_a_restart_but_not_while_nobody_serves, make_data_dir, remove_data_dir),
		cmocka_unit_test_setup_teardown(what_hears_of_its_event_soon_is_never_written, make_data_dir, remove_data_dir),
		cmocka_unit_test_setup_teardown(a_file_of_something_else_says_nothing, make_data_dir, remove_data_dir),
		cmocka_unit_test_setup_teardown(a_disk_that_takes_nothing_is_tried_again, make_data_dir, remove_data_dir),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
