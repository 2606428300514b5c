/* Small readings of text: what is taken, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

static void numbers_are_digits_without_sign_or_leading_zero(void **state)
{
	static const char *const bad[] = { "", "+1", "-1", "01", "00", "1 ", " 1", "1a", "0x1", "1.0", "\xd9\xa1" };
	uint64_t number = 7;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(text_unsigned(bytes_of(bad[i]), UINT64_MAX, &number), ERR_INPUT);
	assert_int_equal(text_unsigned((struct bytes){ "1\0", 2 }, UINT64_MAX, &number), ERR_INPUT);
	assert_int_equal(number, 7);
	assert_int_equal(text_unsigned(bytes_of("0"), 0, &number), OK);
	assert_int_equal(number, 0);
}

static void numbers_end_at_the_most_that_is_allowed(void **state)
{
	uint64_t number = 0;

	(void)state;
	assert_int_equal(text_unsigned(bytes_of("300"), 300, &number), OK);
	assert_int_equal(number, 300);
	assert_int_equal(text_unsigned(bytes_of("301"), 300, &number), ERR_TOO_BIG);
	assert_int_equal(text_unsigned(bytes_of("4"), 3, &number), ERR_TOO_BIG);
	assert_int_equal(text_unsigned(bytes_of("18446744073709551615"), UINT64_MAX, &number), OK);
	assert_true(number == UINT64_MAX);
	assert_int_equal(text_unsigned(bytes_of("18446744073709551616"), UINT64_MAX, &number), ERR_TOO_BIG);
	assert_int_equal(text_unsigned(bytes_of("99999999999999999999999"), UINT64_MAX, &number), ERR_TOO_BIG);
}

static void hexadecimal_goes_there_and_back_in_lower_case_only(void **state)
{
	uint8_t bytes[256];
	uint8_t again[256];
	char text[513];

	(void)state;
	for (unsigned i = 0; i < 256; i++)
		bytes[i] = (uint8_t)i;
	for (size_t length = 0; length <= 6; length++) {
		text_hex(bytes + 250, length, text);
		assert_int_equal(strlen(text), 2 * length);
		assert_int_equal(strncmp(text, "fafbfcfdfeff", 2 * length), 0);
	}
	text_hex(bytes, sizeof bytes, text);
	assert_int_equal(strncmp(text, "000102030405060708090a0b0c0d0e0f10", 34), 0);
	assert_int_equal(text_unhex(bytes_of(text), again, sizeof again), OK);
	assert_memory_equal(bytes, again, sizeof bytes);
	assert_int_equal(text_unhex(bytes_of("AB"), again, 1), ERR_INPUT);
	assert_int_equal(text_unhex(bytes_of("abc"), again, 1), ERR_INPUT);
	assert_int_equal(text_unhex(bytes_of("g0"), again, 1), ERR_INPUT);
	assert_true(text_is_hex(bytes_of(text)));
	assert_true(text_is_hex(bytes_of("")));
}

static void a_byte_that_is_no_hexadecimal_digit_is_found_wherever_it_stands(void **state)
{
	char text[] = "0123456789abcdef01234";

	(void)state;
	for (size_t at = 0; text[at] != '\0'; at++)
		for (int c = 1; c < 256; c++) {
			char was = text[at];

			text[at] = (char)c;
			assert_int_equal(text_is_hex(bytes_of(text)), strchr("0123456789abcdef", c) != NULL);
			text[at] = was;
		}
}

static void a_hexadecimal_digit_is_one_of_either_case(void **state)
{
	static const char digits[] = "0123456789abcdef";
	static const char capitals[] = "0123456789ABCDEF";

	(void)state;
	for (int c = 0; c < 256; c++) {
		const char *small = c != 0 ? strchr(digits, c) : NULL;
		const char *capital = c != 0 ? strchr(capitals, c) : NULL;
		int expected = small != NULL ? (int)(small - digits) : capital != NULL ? (int)(capital - capitals) : -1;

		assert_int_equal(text_hex_digit((char)c), expected);
	}
}

static void blanks_go_at_both_ends_and_nowhere_else(void **state)
{
	static const char *const texts[][2] = {
		{ "", "" }, { " ", "" }, { "\t \t", "" }, { "a", "a" }, { " \ta \t", "a" }, { " a b ", "a b" }, { "\ra\n", "\ra\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		assert_true(bytes_is(text_trim(bytes_of(texts[i][0])), texts[i][1]));
	assert_int_equal(text_trim((struct bytes){ NULL, 0 }).length, 0);
}

static void utf8_is_what_its_standard_says(void **state)
{
	static const char *const good[] = { "", "a", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf" };
	static const char *const bad[] = { "\x80", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x61", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xe2\x82", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "a\xfe" };

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(text_is_utf8(bytes_of(good[i])));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(text_is_utf8(bytes_of(bad[i])));
}

static void a_time_goes_there_and_back(void **state)
{
	static const int64_t times_s[] = { 0, 951782400, 1709164800, 1795334400, INT64_C(253402300799) };
	char text[TIME_TEXT_SIZE];
	int64_t again;

	(void)state;
	for (size_t i = 0; i < sizeof times_s / sizeof times_s[0]; i++) {
		text_time_s(times_s[i], text);
		assert_int_equal(text_parse_time_s(bytes_of(text), &again), OK);
		assert_true(again == times_s[i]);
		text_time(times_s[i] * 1000000 + 123456, text);
		assert_int_equal(text_parse_time(bytes_of(text), &again), OK);
		assert_true(again == times_s[i] * 1000000 + 123456);
	}
	text_time_s(951782400, text);
	assert_string_equal(text, "2000-02-29T00:00:00Z");
}

static void times_that_cannot_be_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"2026-11-22",
		"2026-11-22T10:59:09",
		"2026-11-22T10:59:09z",
		"2026-11-22 10:59:09Z",
		"2026-11-22T10:59:09+00:00",
		"2026-02-29T10:59:09Z",
		"2026-13-01T10:59:09Z",
		"2026-00-01T10:59:09Z",
		"2026-11-31T10:59:09Z",
		"2026-11-22T24:00:00Z",
		"2026-11-22T10:60:00Z",
		"2026-11-22T10:59:60Z",
		"1969-12-31T23:59:59Z",
		"2026-11-22T10:59:09Z ",
	};
	int64_t time;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(text_parse_time_s(bytes_of(bad[i]), &time), ERR_INPUT);
	assert_int_equal(text_parse_time(bytes_of("2026-11-22T10:59:09Z"), &time), ERR_INPUT);
	assert_int_equal(text_parse_time(bytes_of("2026-11-22T10:59:09.12345Z"), &time), ERR_INPUT);
	assert_int_equal(text_parse_date(bytes_of("2026-02-30"), &time), ERR_INPUT);
	assert_int_equal(text_parse_date(bytes_of("2024-02-29"), &time), OK);
	assert_true(time == 1709164800);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_digits_without_sign_or_leading_zero),
		cmocka_unit_test(numbers_end_at_the_most_that_is_allowed),
		cmocka_unit_test(hexadecimal_goes_there_and_back_in_lower_case_only),
		cmocka_unit_test(a_byte_that_is_no_hexadecimal_digit_is_found_wherever_it_stands),
		cmocka_unit_test(a_hexadecimal_digit_is_one_of_either_case),
		cmocka_unit_test(blanks_go_at_both_ends_and_nowhere_else),
		cmocka_unit_test(utf8_is_what_its_standard_says),
		cmocka_unit_test(a_time_goes_there_and_back),
		cmocka_unit_test(times_that_cannot_be_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
