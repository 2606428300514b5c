#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "routes/money_text.h"

static void reads(int64_t minor, const char *code, const char *exact, const char *brief)
{
	struct money money = { .minor = minor };
	char text[MONEY_TEXT_SIZE];

	assert_int_equal(currency_parse(bytes_of(code), &money.currency), OK);
	money_text(&money, text);
	assert_string_equal(text, exact);
	money_text_short(&money, text);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_currency_has_its_symbol_and_its_decimals),
		cmocka_unit_test(a_currency_without_a_symbol_has_its_code),
		cmocka_unit_test(the_sign_stands_in_front_of_everything),
		cmocka_unit_test(thousands_are_grouped),
		cmocka_unit_test(the_longest_amounts_have_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
