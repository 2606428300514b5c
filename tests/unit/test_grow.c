/* Lists that grow: what is in them stays, and what would be too large for memory is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/grow.h"

enum { MANY = 1000 };

static void a_list_keeps_what_is_in_it(void **state)
{
	uint32_t *list = NULL;
	size_t capacity = 0;

	(void)state;
	for (uint32_t i = 0; i < MANY; i++) {
		list = grow(list, i, &capacity, sizeof *list);
		assert_non_null(list);
		assert_true(capacity > i);
		list[i] = i;
	}
	for (uint32_t i = 0; i < MANY; i++)
		assert_int_equal(list[i], i);
	free(list);
}

static void a_list_with_room_stays_where_it_is(void **state)
{
	size_t capacity = 0;
	char *list = grow(NULL, 0, &capacity, 1);

	(void)state;
	assert_non_null(list);
	size_t had = capacity;

	for (size_t count = 0; count < had; count++)
		assert_ptr_equal(grow(list, count, &capacity, 1), list);
	assert_int_equal(capacity, had);
	free(list);
}

static void a_list_that_no_memory_could_hold_stays_as_it_was(void **state)
{
	char item = 'x';
	size_t capacity = 16;

	(void)state;
	assert_null(grow(&item, 16, &capacity, SIZE_MAX / 16));
	assert_int_equal(capacity, 16);
	capacity = SIZE_MAX / 2 + 1;
	assert_null(grow(&item, capacity, &capacity, 1));
	assert_int_equal(capacity, SIZE_MAX / 2 + 1);
	capacity = 0;
	assert_null(grow(NULL, 0, &capacity, SIZE_MAX / 8));
	assert_int_equal(capacity, 0);
	assert_int_equal(item, 'x');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_keeps_what_is_in_it),
		cmocka_unit_test(a_list_with_room_stays_where_it_is),
		cmocka_unit_test(a_list_that_no_memory_could_hold_stays_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
