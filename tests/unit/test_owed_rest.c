/* How long an account rests that does not answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "service/owed_again.h"
#include "service/owed_rest.h"

static const int64_t second_us = 1000000;

static void a_rest_doubles_and_stays_below_its_longest(void **state)
{
	struct rest rest = { .resting = false };
	int64_t middle_us = second_us / 2;

	(void)state;
	for (int i = 0; i < 40; i++) {
		rest_failed(&rest, 0, (uint32_t)(i * 7919), 1000);
		int64_t wait_us = rest.due_us - 1000;

		assert_true(wait_us >= middle_us * 75 / 100 && wait_us <= middle_us * 125 / 100);
		middle_us = middle_us * 2 < 300 * second_us ? middle_us * 2 : 300 * second_us;
	}
	assert_true(rest.resting);
	assert_int_equal(rest.since_us, 1000);
	rest_over(&rest);
	rest_failed(&rest, 0, 25, 0);
	assert_int_equal(rest.due_us, second_us / 2);
}

static void chance_spreads_it_by_a_quarter(void **state)
{
	int64_t least_us = INT64_MAX;
	int64_t most_us = 0;

	(void)state;
	for (uint32_t chance = 0; chance < 1000; chance++) {
		struct rest rest = { .resting = false };

		rest_failed(&rest, 0, chance, 0);
		least_us = rest.due_us < least_us ? rest.due_us : least_us;
		most_us = rest.due_us > most_us ? rest.due_us : most_us;
	}
	assert_int_equal(least_us, 375000);
	assert_int_equal(most_us, 625000);
}

static void the_provider_s_wish_is_the_least_and_has_a_bound(void **state)
{
	struct rest rest = { .resting = false };

	(void)state;
	rest_failed(&rest, 30, 0, 0);
	assert_int_equal(rest.due_us, 30 * second_us);
	rest_failed(&rest, 1000000, 0, 0);
	assert_int_equal(rest.due_us, 3600 * second_us);
	for (int i = 0; i < 20; i++)
		rest_failed(&rest, 1, 25, 0);
	assert_int_equal(rest.due_us, 300 * second_us);
}

static void an_account_keeps_its_place_and_is_there_while_it_is_configured(void **state)
{
	struct rests rests = { .count = 0 };
	unsigned place = 99;

	(void)state;
	assert_false(rests_find(&rests, "one", &place));
	rests_walk(&rests);
	assert_true(rests_take(&rests, "one") && rests_take(&rests, "two") && rests_take(&rests, "one"));
	assert_int_equal(rests.count, 2);
	rests_walk(&rests);
	assert_true(rests_take(&rests, "two"));
	assert_false(rests_find(&rests, "one", &place));
	assert_true(rests_find(&rests, "two", &place));
	assert_int_equal(place, 1);
	rests_free(&rests);
}

static void things_are_remembered_by_their_seq(void **state)
{
	struct again_table table = { .count = 0 };

	(void)state;
	for (uint64_t i = 0; i < 500; i++)
		assert_non_null(again_add(&table, i * 263 % 500));
	for (uint64_t i = 0; i < 500; i++)
		assert_int_equal(again_find(&table, i)->seq, i);
	assert_null(again_find(&table, 500));
	again_free(&table);
}

static void a_thing_waits_twice_as_long_each_time_up_to_a_quarter_of_an_hour(void **state)
{
	struct again again = { .seq = 1 };

	(void)state;
	again_later(&again, 0);
	assert_int_equal(again.due_us, second_us / 4);
	again_later(&again, 0);
	assert_int_equal(again.due_us, second_us / 2);
	for (int i = 0; i < 60; i++)
		again_later(&again, 0);
	assert_int_equal(again.due_us, 900 * second_us);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rest_doubles_and_stays_below_its_longest),
		cmocka_unit_test(chance_spreads_it_by_a_quarter),
		cmocka_unit_test(the_provider_s_wish_is_the_least_and_has_a_bound),
		cmocka_unit_test(an_account_keeps_its_place_and_is_there_while_it_is_configured),
		cmocka_unit_test(things_are_remembered_by_their_seq),
		cmocka_unit_test(a_thing_waits_twice_as_long_each_time_up_to_a_quarter_of_an_hour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
