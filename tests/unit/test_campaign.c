#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/campaign.h"

static void every_interval_reads_back_from_its_name(void **state)
{
	static const char *const names[] = { "once", "month", "year" };

	(void)state;
	assert_string_equal(interval_name((enum interval)3), "?");
	for (unsigned i = 0; i < 3; i++) {
		enum interval read;

		assert_string_equal(interval_name((enum interval)i), names[i]);
		assert_true(interval_parse(bytes_of(names[i]), &read));
		assert_int_equal(read, i);
	}
}

static void no_other_name_is_an_interval(void **state)
{
	static const char *const bad[] = { "", "Once", "monthly", "week", "onc", "once ", "?" };
	enum interval read = INTERVAL_YEAR;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(interval_parse(bytes_of(bad[i]), &read));
	assert_int_equal(read, INTERVAL_YEAR);
}

static void an_id_of_the_right_form_is_valid(void **state)
{
	static const char *const good[] = {
		"a", "donation-box", "tier-25", "z9", "a-", "a--b", "abcdefghijklmnopqrstuvwxyz012345",
	};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(id_is_valid(bytes_of(good[i])));
}

static void an_id_of_another_form_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "A", "aB", "1a", "-a", "a_b", "a.b", "a/b", "a b", " a", "a ", "ä", "aé", "a\n", "a:b",
		"abcdefghijklmnopqrstuvwxyz0123456",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(id_is_valid(bytes_of(bad[i])));
	assert_false(id_is_valid((struct bytes){ NULL, 0 }));
	assert_false(id_is_valid((struct bytes){ "a\0b", 3 }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_interval_reads_back_from_its_name),
		cmocka_unit_test(no_other_name_is_an_interval),
		cmocka_unit_test(an_id_of_the_right_form_is_valid),
		cmocka_unit_test(an_id_of_another_form_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
