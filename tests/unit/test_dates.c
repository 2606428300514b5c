#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "web/dates.h"

static void reads(enum language language, const char *date, const char *expected)
{
	char text[DATE_TEXT_SIZE];
	int64_t time_s;

	assert_int_equal(text_parse_date(bytes_of(date), &time_s), OK);
	dates_long(language, time_s, text);
	assert_string_equal(text, expected);
	dates_long(language, time_s + 24 * 60 * 60 - 1, text);
	assert_string_equal(text, expected);
}

static void a_date_has_its_language_s_order_and_month(void **state)
{
	(void)state;
	reads(LANGUAGE_EN, "2026-11-30", "November 30, 2026");
	reads(LANGUAGE_DE, "2026-11-30", "30. November 2026");
	reads(LANGUAGE_FR, "2026-11-30", "30 novembre 2026");
	reads(LANGUAGE_ES, "2026-11-30", "30 de noviembre de 2026");
	reads(LANGUAGE_UK, "2026-11-30", "30 листопада 2026\xe2\x80\xaf" "р.");
	reads(LANGUAGE_JA, "2026-11-30", "2026年11月30日");
	reads(LANGUAGE_AR, "2026-11-30", "30 نوفمبر 2026");
}

static void a_day_before_the_tenth_has_one_digit(void **state)
{
	(void)state;
	reads(LANGUAGE_EN, "2026-01-01", "January 1, 2026");
	reads(LANGUAGE_JA, "2026-01-09", "2026年1月9日");
	reads(LANGUAGE_EN, "2026-12-10", "December 10, 2026");
}

static void the_first_and_the_last_day_and_a_leap_day_are_days(void **state)
{
	(void)state;
	reads(LANGUAGE_EN, "1970-01-01", "January 1, 1970");
	reads(LANGUAGE_EN, "2028-02-29", "February 29, 2028");
	reads(LANGUAGE_UK, "9999-12-31", "31 грудня 9999\xe2\x80\xaf" "р.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_date_has_its_language_s_order_and_month),
		cmocka_unit_test(a_day_before_the_tenth_has_one_digit),
		cmocka_unit_test(the_first_and_the_last_day_and_a_leap_day_are_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
