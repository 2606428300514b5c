#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "sandbox/exchange.h"
#include "sandbox/version.h"

static void a_rate_is_a_decimal(void **state)
{
	static const struct {
		const char *text;
		int64_t millionths;
	} good[] = { { "1", RATE_ONE }, { "0.923456", 923456 }, { "999.999999", 999999999 }, { "0.000001", 1 }, { "12.50", 12500000 } };
	static const char *const bad[] = { "", "0", "0.0", ".5", "1.", "-1", "1e3", "1,5", "01", "1000", "0.1234567", " 1", "1 " };
	int64_t millionths;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		struct buffer text = BUFFER(32);

		assert_int_equal(rate_read(bytes_of(good[i].text), &millionths), OK);
		assert_int_equal(millionths, good[i].millionths);
		rate_write(millionths, &text);
		assert_int_equal(rate_read(buffer_view(&text), &millionths), OK);
		assert_int_equal(millionths, good[i].millionths);
		buffer_free(&text);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (rate_read(bytes_of(bad[i]), &millionths) != ERR_INPUT)
			fail_msg("accepted: %s", bad[i]);
}

static void half_a_cent_is_rounded_away_from_zero(void **state)
{
	const struct rate rate = { "usd", "eur", 500000 };

	(void)state;
	assert_int_equal(exchange_convert(&rate, 3).amount, 2);
	assert_int_equal(exchange_convert(&rate, -3).amount, -2);
	assert_int_equal(exchange_convert(&rate, 1).amount, 1);
	assert_string_equal(exchange_convert(&rate, 1).currency, "eur");
}

static void rates_are_bounded_and_can_be_taken_back(void **state)
{
	struct exchange exchange = { .count = 0 };
	struct rate rate = { .to = "eur", .millionths = RATE_ONE };

	(void)state;
	for (int i = 0; i < RATES_MAX; i++) {
		memcpy(rate.from, (char[]){ 'a', (char)('0' + i / 10), (char)('0' + i % 10), '\0' }, sizeof rate.from);
		assert_int_equal(exchange_set(&exchange, &rate), OK);
	}
	memcpy(rate.from, "usd", sizeof rate.from);
	assert_int_equal(exchange_set(&exchange, &rate), ERR_TOO_BIG);
	rate = (struct rate){ "a05", "a05", RATE_ONE };
	assert_int_equal(exchange_set(&exchange, &rate), OK);
	assert_null(exchange_find(&exchange, "a05"));
	assert_non_null(exchange_find(&exchange, "a31"));
}

static void a_version_is_a_date_and_perhaps_a_name(void **state)
{
	static const char *const good[] = { "2026-10-28.endive", "2024-06-20" };
	static const char *const bad[] = { "", "2024", "2024-06-31", "2024-06-20.", "2024-06-20x", "2024-06-20.Basil",
	                                   "2024-06-20.abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz" };
	char version[API_VERSION_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		assert_int_equal(version_read(bytes_of(good[i]), version), OK);
		assert_string_equal(version, good[i]);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(version_read(bytes_of(bad[i]), version), ERR_INPUT);
	assert_true(version_is_old("2025-03-30.zucchini"));
	assert_false(version_is_old("2025-03-31.basil"));
	assert_false(version_is_old(SANDBOX_API_VERSION));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rate_is_a_decimal),
		cmocka_unit_test(half_a_cent_is_rounded_away_from_zero),
		cmocka_unit_test(rates_are_bounded_and_can_be_taken_back),
		cmocka_unit_test(a_version_is_a_date_and_perhaps_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
