#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "domain/money.h"

static struct currency currency(const char *code)
{
	struct currency read;

	assert_int_equal(currency_parse(bytes_of(code), &read), OK);
	return read;
}

static struct money money(int64_t minor, const char *code)
{
	return (struct money){ minor, currency(code) };
}

/* Written down apart from the program's own table. */
static const struct { const char *code; unsigned digits; } iso[] = {
	{ "AED", 2 }, { "AFN", 2 }, { "ALL", 2 }, { "AMD", 2 }, { "AOA", 2 }, { "ARS", 2 }, { "AUD", 2 },
	{ "AWG", 2 }, { "AZN", 2 }, { "BAM", 2 }, { "BBD", 2 }, { "BDT", 2 }, { "BHD", 3 }, { "BIF", 0 },
	{ "BMD", 2 }, { "BND", 2 }, { "BOB", 2 }, { "BOV", 2 }, { "BRL", 2 }, { "BSD", 2 }, { "BTN", 2 },
	{ "BWP", 2 }, { "BYN", 2 }, { "BZD", 2 }, { "CAD", 2 }, { "CDF", 2 }, { "CHE", 2 }, { "CHF", 2 },
	{ "CHW", 2 }, { "CLF", 4 }, { "CLP", 0 }, { "CNY", 2 }, { "COP", 2 }, { "COU", 2 }, { "CRC", 2 },
	{ "CUP", 2 }, { "CVE", 2 }, { "CZK", 2 }, { "DJF", 0 }, { "DKK", 2 }, { "DOP", 2 }, { "DZD", 2 },
	{ "EGP", 2 }, { "ERN", 2 }, { "ETB", 2 }, { "EUR", 2 }, { "FJD", 2 }, { "FKP", 2 }, { "GBP", 2 },
	{ "GEL", 2 }, { "GHS", 2 }, { "GIP", 2 }, { "GMD", 2 }, { "GNF", 0 }, { "GTQ", 2 }, { "GYD", 2 },
	{ "HKD", 2 }, { "HNL", 2 }, { "HTG", 2 }, { "HUF", 2 }, { "IDR", 2 }, { "ILS", 2 }, { "INR", 2 },
	{ "IQD", 3 }, { "IRR", 2 }, { "ISK", 0 }, { "JMD", 2 }, { "JOD", 3 }, { "JPY", 0 }, { "KES", 2 },
	{ "KGS", 2 }, { "KHR", 2 }, { "KMF", 0 }, { "KPW", 2 }, { "KRW", 0 }, { "KWD", 3 }, { "KYD", 2 },
	{ "KZT", 2 }, { "LAK", 2 }, { "LBP", 2 }, { "LKR", 2 }, { "LRD", 2 }, { "LSL", 2 }, { "LYD", 3 },
	{ "MAD", 2 }, { "MDL", 2 }, { "MGA", 2 }, { "MKD", 2 }, { "MMK", 2 }, { "MNT", 2 }, { "MOP", 2 },
	{ "MRU", 2 }, { "MUR", 2 }, { "MVR", 2 }, { "MWK", 2 }, { "MXN", 2 }, { "MXV", 2 }, { "MYR", 2 },
	{ "MZN", 2 }, { "NAD", 2 }, { "NGN", 2 }, { "NIO", 2 }, { "NOK", 2 }, { "NPR", 2 }, { "NZD", 2 },
	{ "OMR", 3 }, { "PAB", 2 }, { "PEN", 2 }, { "PGK", 2 }, { "PHP", 2 }, { "PKR", 2 }, { "PLN", 2 },
	{ "PYG", 0 }, { "QAR", 2 }, { "RON", 2 }, { "RSD", 2 }, { "RUB", 2 }, { "RWF", 0 }, { "SAR", 2 },
	{ "SBD", 2 }, { "SCR", 2 }, { "SDG", 2 }, { "SEK", 2 }, { "SGD", 2 }, { "SHP", 2 }, { "SLE", 2 },
	{ "SOS", 2 }, { "SRD", 2 }, { "SSP", 2 }, { "STN", 2 }, { "SVC", 2 }, { "SYP", 2 }, { "SZL", 2 },
	{ "THB", 2 }, { "TJS", 2 }, { "TMT", 2 }, { "TND", 3 }, { "TOP", 2 }, { "TRY", 2 }, { "TTD", 2 },
	{ "TWD", 2 }, { "TZS", 2 }, { "UAH", 2 }, { "UGX", 0 }, { "USD", 2 }, { "USN", 2 }, { "UYI", 0 },
	{ "UYU", 2 }, { "UYW", 4 }, { "UZS", 2 }, { "VED", 2 }, { "VES", 2 }, { "VND", 0 }, { "VUV", 0 },
	{ "WST", 2 }, { "XAD", 2 }, { "XAF", 0 }, { "XCD", 2 }, { "XCG", 2 }, { "XOF", 0 }, { "XPF", 0 },
	{ "YER", 2 }, { "ZAR", 2 }, { "ZMW", 2 }, { "ZWG", 2 },
	{ "BTC", 8 }, { "SATS", 0 }, { "KUDOS", 8 }, { "TESTKUDOS", 8 },
};

enum { ISO = sizeof iso / sizeof iso[0] };

static void every_currency_has_its_digits(void **state)
{
	(void)state;
	for (size_t i = 0; i < ISO; i++) {
		struct currency read = currency(iso[i].code);

		assert_string_equal(read.code, iso[i].code);
		assert_int_equal(currency_digits(&read), iso[i].digits);
	}
}

static bool stands_in_the_list(const char *code)
{
	for (size_t i = 0; i < ISO; i++)
		if (strcmp(code, iso[i].code) == 0)
			return true;
	return false;
}

static void no_other_three_letters_are_a_currency(void **state)
{
	struct currency read;

	(void)state;
	for (char a = 'A'; a <= 'Z'; a++)
		for (char b = 'A'; b <= 'Z'; b++)
			for (char c = 'A'; c <= 'Z'; c++) {
				char code[4] = { a, b, c, '\0' };

				assert_int_equal(currency_parse(bytes_of(code), &read) == OK,
				                 stands_in_the_list(code));
			}
}

static void a_hostile_currency_is_refused(void **state)
{
	static const char *const bad[] = {
		"", " ", "eur", "Eur", "EU", "EURO", " EUR", "EUR ", "EUR USD", "978", "XXX", "XTS", "XAU",
		"XDR", "BGN", "HRK", "ANG", "CUC", "DEM", "TESTKUDOSTESTKUDOS",
	};
	struct currency read;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(currency_parse(bytes_of(bad[i]), &read), ERR_INPUT);
	assert_int_equal(currency_parse((struct bytes){ NULL, 0 }, &read), ERR_INPUT);
	assert_int_equal(currency_parse((struct bytes){ "EUR\0", 4 }, &read), ERR_INPUT);
}

static void an_amount_is_written_and_read_back_in_every_currency(void **state)
{
	static const int64_t amounts[] = {
		0, 1, -1, 9, 10, 99, 100, -100, 12345, 100000000, 99999999, INT64_MAX, INT64_MIN, INT64_MIN + 1,
	};

	(void)state;
	for (size_t i = 0; i < ISO; i++)
		for (size_t j = 0; j < sizeof amounts / sizeof amounts[0]; j++) {
			struct money written = money(amounts[j], iso[i].code);
			struct money read;
			char text[AMOUNT_TEXT_SIZE];

			money_format(&written, text);
			assert_int_equal(money_parse_exact(bytes_of(text), &written.currency, &read), OK);
			assert_true(money_equal(&read, &written));
			assert_int_equal(money_parse_pair(bytes_of(text), bytes_of(written.currency.code), &read), OK);
			assert_true(money_equal(&written, &read));
		}
}

static void amounts_are_spelled_with_the_digits_of_the_currency(void **state)
{
	static const struct { int64_t minor; const char *code; const char *text; } spelled[] = {
		{ 2500, "EUR", "25.00" }, { -350, "EUR", "-3.50" }, { 80, "JPY", "80" }, { 0, "EUR", "0.00" },
		{ 0, "JPY", "0" }, { 5, "EUR", "0.05" }, { -5, "EUR", "-0.05" }, { 1, "KWD", "0.001" },
		{ 12345, "CLF", "1.2345" }, { 1, "BTC", "0.00000001" },
		{ INT64_MAX, "USD", "92233720368547758.07" }, { INT64_MIN, "USD", "-92233720368547758.08" },
		{ INT64_MIN, "JPY", "-9223372036854775808" }, { INT64_MIN, "BTC", "-92233720368.54775808" },
	};
	char text[AMOUNT_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof spelled / sizeof spelled[0]; i++) {
		struct money written = money(spelled[i].minor, spelled[i].code);

		money_format(&written, text);
		assert_string_equal(text, spelled[i].text);
	}
}

static void fewer_decimals_than_the_currency_has_are_read(void **state)
{
	static const struct { const char *text; int64_t minor; } short_ones[] = {
		{ "25", 2500 }, { "25.0", 2500 }, { "0.5", 50 }, { "-3.5", -350 }, { "0", 0 },
	};
	struct currency euro = currency("EUR");

	(void)state;
	for (size_t i = 0; i < sizeof short_ones / sizeof short_ones[0]; i++) {
		struct money read;

		assert_int_equal(money_parse(bytes_of(short_ones[i].text), &euro, &read, NULL), OK);
		assert_int_equal(read.minor, short_ones[i].minor);
		assert_int_equal(money_parse_exact(bytes_of(short_ones[i].text), &euro, &read), ERR_INPUT);
	}
}

static void a_hostile_amount_is_refused_and_nothing_is_written(void **state)
{
	static const char *const bad[] = {
		"", "-", ".", "-.", "25.", ".5", "-.5", "+25", "--25", "-+25", " 25", "25 ", "2 5", "25,00",
		"1,000.00", "1_000", "1'000", "025", "00", "00.50", "-025", "-0", "-0.00", "0x19", "25e2", "1E3",
		"25.0.0", "25-", "NaN", "nan", "inf", "Infinity", "1/2", "25.000", "0.001", "٢٥", "２５", "25\n", "\t25",
		"€25", "25€", "$25", "25.00EUR",
	};
	struct currency euro = currency("EUR");
	struct money read = { 77, euro };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct why why = { "" };

		assert_int_equal(money_parse(bytes_of(bad[i]), &euro, &read, &why), ERR_INPUT);
		assert_string_not_equal(why.text, "");
	}
	assert_int_equal(money_parse((struct bytes){ NULL, 0 }, &euro, &read, NULL), ERR_INPUT);
	assert_int_equal(money_parse((struct bytes){ "25\0", 3 }, &euro, &read, NULL), ERR_INPUT);
	assert_int_equal(money_parse_exact(bytes_of("25,00"), &euro, &read), ERR_INPUT);
	assert_int_equal(read.minor, 77);
}

static void more_decimals_than_the_currency_has_are_named(void **state)
{
	struct currency yen = currency("JPY");
	struct currency dinar = currency("KWD");
	struct money read;
	struct why why;

	(void)state;
	assert_int_equal(money_parse(bytes_of("80.0"), &yen, &read, &why), ERR_INPUT);
	assert_string_equal(why.text, "JPY has no decimals");
	assert_int_equal(money_parse(bytes_of("1.2345"), &dinar, &read, &why), ERR_INPUT);
	assert_string_equal(why.text, "KWD has 3 decimals, not more");
}

static void an_amount_beyond_int64_is_too_big(void **state)
{
	static const struct { const char *code; const char *text; } big[] = {
		{ "USD", "92233720368547758.08" }, { "USD", "-92233720368547758.09" },
		{ "USD", "92233720368547759" }, { "USD", "92233720368547758.1" },
		{ "JPY", "9223372036854775808" }, { "JPY", "-9223372036854775809" },
		{ "BTC", "92233720368.54775808" }, { "USD", "99999999999999999999999999999999999999999999" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof big / sizeof big[0]; i++) {
		struct currency of = currency(big[i].code);
		struct money read;

		assert_int_equal(money_parse(bytes_of(big[i].text), &of, &read, NULL), ERR_TOO_BIG);
	}
}

static void sums_are_exact_at_the_edges_of_int64(void **state)
{
	struct money most = money(INT64_MAX, "EUR");
	struct money least = money(INT64_MIN, "EUR");
	struct money one = money(1, "EUR");
	struct money sum;

	(void)state;
	assert_int_equal(money_subtract(&most, &one, &sum), OK);
	assert_int_equal(sum.minor, INT64_MAX - 1);
	assert_int_equal(money_add(&most, &least, &sum), OK);
	assert_int_equal(sum.minor, -1);
	assert_int_equal(money_add(&sum, &sum, &sum), OK);
	assert_int_equal(sum.minor, -2);
	assert_int_equal(money_negate(&most, &sum), OK);
	assert_int_equal(sum.minor, INT64_MIN + 1);
}

static void a_sum_that_overflows_is_refused_and_nothing_is_written(void **state)
{
	struct money most = money(INT64_MAX, "EUR");
	struct money least = money(INT64_MIN, "EUR");
	struct money one = money(1, "EUR");
	struct money sum = money(42, "EUR");

	(void)state;
	assert_int_equal(money_add(&most, &one, &sum), ERR_TOO_BIG);
	assert_int_equal(money_subtract(&least, &one, &sum), ERR_TOO_BIG);
	assert_int_equal(money_subtract(&one, &least, &sum), ERR_TOO_BIG);
	assert_int_equal(money_negate(&least, &sum), ERR_TOO_BIG);
	assert_int_equal(sum.minor, 42);
}

static void different_currencies_never_add_up(void **state)
{
	struct money euro = money(100, "EUR");
	struct money dollar = money(100, "USD");
	struct money sum = money(42, "EUR");

	(void)state;
	assert_int_equal(money_add(&euro, &dollar, &sum), ERR_INPUT);
	assert_int_equal(money_subtract(&euro, &dollar, &sum), ERR_INPUT);
	assert_int_equal(sum.minor, 42);
	assert_false(money_equal(&euro, &dollar));
	assert_false(money_equal(&euro, &sum));
}

static void a_share_is_rounded_down_and_bounded(void **state)
{
	static const struct {
		int64_t part;
		int64_t whole;
		int32_t permille;
	} cases[] = {
		{ 0, 5000, 0 }, { 2500, 5000, 500 }, { 4999, 5000, 999 }, { 5000, 5000, 1000 }, { 6200, 5000, 1240 },
		{ -1, 5000, 0 }, { 5000, 0, 0 }, { INT64_MAX - 1, INT64_MAX, 999 }, { INT64_MAX, INT64_MAX, 1000 },
		{ INT64_MAX, 1, INT32_MAX },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct money part = money(cases[i].part, "EUR");
		struct money whole = money(cases[i].whole, "EUR");

		assert_int_equal(money_permille(&part, &whole), cases[i].permille);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_currency_has_its_digits),
		cmocka_unit_test(no_other_three_letters_are_a_currency),
		cmocka_unit_test(a_hostile_currency_is_refused),
		cmocka_unit_test(an_amount_is_written_and_read_back_in_every_currency),
		cmocka_unit_test(amounts_are_spelled_with_the_digits_of_the_currency),
		cmocka_unit_test(fewer_decimals_than_the_currency_has_are_read),
		cmocka_unit_test(a_hostile_amount_is_refused_and_nothing_is_written),
		cmocka_unit_test(more_decimals_than_the_currency_has_are_named),
		cmocka_unit_test(an_amount_beyond_int64_is_too_big),
		cmocka_unit_test(sums_are_exact_at_the_edges_of_int64),
		cmocka_unit_test(a_sum_that_overflows_is_refused_and_nothing_is_written),
		cmocka_unit_test(different_currencies_never_add_up),
		cmocka_unit_test(a_share_is_rounded_down_and_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
