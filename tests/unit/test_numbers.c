#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "web/numbers.h"

static void reads(int64_t minor, const char *code, const char *exact, const char *brief)
{
	struct money money = { .minor = minor };
	char text[MONEY_TEXT_SIZE];

	assert_int_equal(currency_parse(bytes_of(code), &money.currency), OK);
	numbers_money(LANGUAGE_EN, &money, text);
	assert_string_equal(text, exact);
	numbers_money_short(LANGUAGE_EN, &money, text);
	assert_string_equal(text, brief);
}

static void a_currency_has_its_symbol_and_its_decimals(void **state)
{
	(void)state;
	reads(250000, "USD", "$2,500.00", "$2,500");
	reads(2500, "EUR", "€25.00", "€25");
	reads(2550, "EUR", "€25.50", "€25.50");
	reads(5, "GBP", "£0.05", "£0.05");
	reads(3000, "JPY", "¥3,000", "¥3,000");
	reads(1000, "KWD", "KWD\xc2\xa0" "1.000", "KWD\xc2\xa0" "1");
	reads(1001, "KWD", "KWD\xc2\xa0" "1.001", "KWD\xc2\xa0" "1.001");
}

static void a_currency_without_a_symbol_has_its_code(void **state)
{
	(void)state;
	reads(123456, "CHF", "CHF\xc2\xa0" "1,234.56", "CHF\xc2\xa0" "1,234.56");
}

static void the_sign_stands_in_front_of_everything(void **state)
{
	(void)state;
	reads(-350, "USD", "-$3.50", "-$3.50");
	reads(-100000, "NOK", "-NOK\xc2\xa0" "1,000.00", "-NOK\xc2\xa0" "1,000");
}

static void thousands_are_grouped(void **state)
{
	(void)state;
	reads(0, "JPY", "¥0", "¥0");
	reads(999, "JPY", "¥999", "¥999");
	reads(1000, "JPY", "¥1,000", "¥1,000");
	reads(100000, "JPY", "¥100,000", "¥100,000");
	reads(1000000, "JPY", "¥1,000,000", "¥1,000,000");
}

static void the_longest_amounts_have_room(void **state)
{
	(void)state;
	reads(INT64_MIN, "JPY", "-¥9,223,372,036,854,775,808", "-¥9,223,372,036,854,775,808");
	reads(INT64_MIN, "TESTKUDOS", "-TESTKUDOS\xc2\xa0" "92,233,720,368.54775808",
	      "-TESTKUDOS\xc2\xa0" "92,233,720,368.54775808");
}

static void counts(enum language language, uint64_t number, const char *count, const char *percent)
{
	char text[COUNT_TEXT_SIZE];

	numbers_count(language, number, text);
	assert_string_equal(text, count);
	numbers_percent(language, number, text);
	assert_string_equal(text, percent);
}

static void a_count_is_grouped_as_its_language_does(void **state)
{
	(void)state;
	counts(LANGUAGE_EN, 1204, "1,204", "1,204%");
	counts(LANGUAGE_DE, 12040, "12.040", "12.040\xc2\xa0%");
	counts(LANGUAGE_ES, 1204, "1204", "1204\xc2\xa0%");
	counts(LANGUAGE_ES, 12040, "12.040", "12.040\xc2\xa0%");
	counts(LANGUAGE_UK, 0, "0", "0%");
	counts(LANGUAGE_FR, UINT64_MAX,
	       "18\xe2\x80\xaf" "446\xe2\x80\xaf" "744\xe2\x80\xaf" "073\xe2\x80\xaf" "709\xe2\x80\xaf" "551\xe2\x80\xaf" "615",
	       "18\xe2\x80\xaf" "446\xe2\x80\xaf" "744\xe2\x80\xaf" "073\xe2\x80\xaf" "709\xe2\x80\xaf" "551\xe2\x80\xaf" "615\xc2\xa0%");
}

static void the_longest_amounts_have_room_in_every_language(void **state)
{
	static const char *const codes[] = { "TESTKUDOS", "KWD", "EGP", "CLF", "XPF" };
	char text[MONEY_TEXT_SIZE];

	(void)state;
	for (unsigned language = 0; language < LANGUAGES; language++)
		for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
			struct money money = { .minor = INT64_MIN };

			assert_int_equal(currency_parse(bytes_of(codes[i]), &money.currency), OK);
			numbers_money((enum language)language, &money, text);
			assert_true(strlen(text) < MONEY_TEXT_SIZE);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_currency_has_its_symbol_and_its_decimals),
		cmocka_unit_test(a_currency_without_a_symbol_has_its_code),
		cmocka_unit_test(the_sign_stands_in_front_of_everything),
		cmocka_unit_test(thousands_are_grouped),
		cmocka_unit_test(the_longest_amounts_have_room),
		cmocka_unit_test(a_count_is_grouped_as_its_language_does),
		cmocka_unit_test(the_longest_amounts_have_room_in_every_language),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
