/* Turns at the provider: how many at a time, in which order, who is late, and that many ends are no deep recursion. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include <cmocka.h>

#include "service/turns.h"

enum { DONORS = 5000, AT_ONCE = 3 };

static struct turns *turns;

struct donor {
	struct turn turn;
	int came;      /* as the how manieth; 0: not yet */
	bool in_time;
	bool gives;    /* its turn back at once, as one that fails does */
};

static struct donor donors[DONORS];
static int came;

static void on_turn(void *context, bool in_time)
{
	struct donor *donor = context;

	donor->came = ++came;
	donor->in_time = in_time;
	if (donor->gives && in_time)
		turns_give(turns, 0);
}

static void take(struct donor *donor, bool gives, int64_t until_us)
{
	*donor = (struct donor){ .turn = { .come = on_turn, .context = donor, .until_us = until_us }, .gives = gives };
	turns_take(turns, &donor->turn, 0);
}

static int make_turns(void **state)
{
	(void)state;
	came = 0;
	turns = turns_new(AT_ONCE);
	return turns == NULL;
}

static int free_turns(void **state)
{
	(void)state;
	turns_free(&turns);
	turns_free(&turns);
	return 0;
}

static void so_many_come_at_once_and_the_others_in_order(void **state)
{
	(void)state;
	for (int i = 0; i < 10; i++)
		take(&donors[i], false, 100);
	assert_int_equal(came, AT_ONCE);
	for (int i = AT_ONCE; i < 10; i++) {
		turns_give(turns, 50);
		assert_int_equal(came, i + 1);
		assert_int_equal(donors[i].came, i + 1);
		assert_true(donors[i].in_time);
	}
}

static void who_has_waited_too_long_hears_it_and_holds_up_nobody(void **state)
{
	(void)state;
	for (int i = 0; i < AT_ONCE; i++)
		take(&donors[i], false, 100);
	take(&donors[3], false, 10);
	take(&donors[4], false, 10);
	take(&donors[5], false, 100);
	turns_give(turns, 11);
	assert_int_equal(donors[3].came, 4);
	assert_false(donors[3].in_time);
	assert_false(donors[4].in_time);
	assert_int_equal(donors[5].came, 6);
	assert_true(donors[5].in_time);
}

/* The stack of a small thread would not hold a call of each inside the one before. */
static void *fail_all(void *unused)
{
	(void)unused;
	turns_give(turns, 0);
	return NULL;
}

static void thousands_that_fail_at_once_fit_a_small_stack(void **state)
{
	pthread_attr_t small;
	pthread_t thread;

	(void)state;
	for (int i = 0; i < DONORS; i++)
		take(&donors[i], i >= AT_ONCE, 100);
	assert_int_equal(came, AT_ONCE);
	pthread_attr_init(&small);
	assert_int_equal(pthread_attr_setstacksize(&small, 128 * 1024), 0);
	assert_int_equal(pthread_create(&thread, &small, fail_all, NULL), 0);
	pthread_join(thread, NULL);
	pthread_attr_destroy(&small);
	assert_int_equal(came, DONORS);
}

/* ---- from many threads ---- */

static atomic_int at_once;
static atomic_int most;
static atomic_int served;

static void count_turn(void *context, bool in_time)
{
	int now = atomic_fetch_add(&at_once, 1) + 1;
	int before = atomic_load(&most);

	(void)context;
	(void)in_time;
	while (now > before && !atomic_compare_exchange_weak(&most, &before, now))
		;
	atomic_fetch_add(&served, 1);
}

/* Take a turn for each of a share, and give back as many as have come. */
static void *take_and_give(void *first)
{
	struct donor *share = first;

	for (int i = 0; i < DONORS / 4; i++) {
		share[i].turn = (struct turn){ .come = count_turn, .until_us = 100 };
		turns_take(turns, &share[i].turn, 0);
		int has = atomic_load(&at_once);

		if (has > 0 && atomic_compare_exchange_strong(&at_once, &has, has - 1))
			turns_give(turns, 0);
	}
	return NULL;
}

static void every_turn_comes_once_whoever_takes_and_gives(void **state)
{
	pthread_t threads[4];

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, take_and_give, &donors[i * DONORS / 4]), 0);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	while (atomic_load(&at_once) > 0) {
		atomic_fetch_sub(&at_once, 1); /* before its turn is another's */
		turns_give(turns, 0);
	}
	assert_int_equal(atomic_load(&served), DONORS);
	assert_in_range(atomic_load(&most), 1, AT_ONCE);
}

#define TURNS(test) cmocka_unit_test_setup_teardown(test, make_turns, free_turns)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TURNS(so_many_come_at_once_and_the_others_in_order),
		TURNS(who_has_waited_too_long_hears_it_and_holds_up_nobody),
		TURNS(thousands_that_fail_at_once_fit_a_small_stack),
		TURNS(every_turn_comes_once_whoever_takes_and_gives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
