/* Whether a provider still tells us anything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "service/pulse.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(silence_is_odd_only_while_sessions_are_opened),
		cmocka_unit_test(an_old_secret_is_told_for_a_day),
		cmocka_unit_test(there_is_always_room_for_one_more_account),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
