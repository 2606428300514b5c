/* What a meter shows, from the ledger's totals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "routes/meter_json.h"
#include "tests/unit/small_ledger.h"

enum { NOVEMBER_S = 1795334400, MONTH_S = 30 * 86400 };

static struct campaign campaign_of(void)
{
	struct campaign campaign = {
		.id = "press", .title = "Press \"room\"", .currency = { "EUR" }, .goal = money_of("EUR", 10000), .mark_count = 2,
		.marks = { { 0, { "EUR" } }, { 20000, { "EUR" } } },
	};

	return campaign;
}

static struct campaign_totals totals_of(int64_t settled, int64_t refunded, int64_t lost, int64_t fees)
{
	return (struct campaign_totals){
		.settled = money_of("EUR", settled), .refunded = money_of("EUR", refunded), .lost = money_of("EUR", lost),
		.fees = money_of("EUR", fees), .pending = money_of("EUR", 700), .disputed = money_of("EUR", 300), .gifts = 4,
	};
}

static struct meter meter_of(const struct campaign *campaign, const struct campaign_totals *totals)
{
	struct meter meter;

	assert_int_equal(meter_make(campaign, totals, &meter), OK);
	return meter;
}

static void what_went_back_does_not_count_and_what_is_disputed_does_until_it_is_decided(void **state)
{
	struct campaign campaign = campaign_of();
	struct campaign_totals totals = totals_of(10000, 1500, 500, 400);

	(void)state;
	assert_int_equal(meter_of(&campaign, &totals).raised.minor, 8000);
	campaign.meter_net = true;
	assert_int_equal(meter_of(&campaign, &totals).raised.minor, 7600);
	assert_int_equal(meter_of(&campaign, &totals).settled.minor, 10000);
}

static void sums_beyond_64_bits_are_refused(void **state)
{
	struct campaign campaign = campaign_of();
	struct campaign_totals totals = totals_of(INT64_MIN, 1, 0, 0);
	struct meter meter;

	(void)state;
	assert_int_equal(meter_make(&campaign, &totals, &meter), ERR_TOO_BIG);
	totals = totals_of(INT64_MIN + 1, 1, 1, 0);
	assert_int_equal(meter_make(&campaign, &totals, &meter), ERR_TOO_BIG);
	totals = totals_of(INT64_MIN + 1, 1, 0, 1);
	assert_int_equal(meter_make(&campaign, &totals, &meter), OK);
	campaign.meter_net = true;
	assert_int_equal(meter_make(&campaign, &totals, &meter), ERR_TOO_BIG);
}

static struct meter read_at(struct ledger *ledger, enum meter_reset reset, int64_t now_s)
{
	struct campaign campaign = campaign_of();
	struct meter meter;

	campaign.meter_reset = reset;
	assert_int_equal(meter_read(ledger, &campaign, now_s, &meter), OK);
	return meter;
}

static void a_meter_begins_anew_with_its_month_or_year(void **state)
{
	struct ledger *ledger = open_ledger(0);
	const struct command pledge = pledging(1, "press", "friend", money_of("EUR", 2500));
	const struct command paid = paying(1, EVENT_SETTLED, "evt_1", money_of("EUR", 2500));

	(void)state;
	book(ledger, &pledge, ENTRY_PLEDGED);
	book(ledger, &paid, ENTRY_SETTLED);
	assert_int_equal(read_at(ledger, METER_FOR_EVER, NOVEMBER_S + 99 * MONTH_S).raised.minor, 2500);
	assert_string_equal(read_at(ledger, METER_FOR_EVER, NOVEMBER_S).since, "");
	assert_int_equal(read_at(ledger, METER_MONTHLY, NOVEMBER_S).raised.minor, 2500);
	assert_string_equal(read_at(ledger, METER_MONTHLY, NOVEMBER_S).since, "2026-11");
	assert_int_equal(read_at(ledger, METER_MONTHLY, NOVEMBER_S + MONTH_S).raised.minor, 0);
	assert_int_equal(read_at(ledger, METER_YEARLY, NOVEMBER_S + MONTH_S).raised.minor, 2500);
	assert_string_equal(read_at(ledger, METER_YEARLY, NOVEMBER_S + MONTH_S).since, "2026-01");
	assert_int_equal(read_at(ledger, METER_YEARLY, NOVEMBER_S + 2 * MONTH_S).raised.minor, 0);
	assert_string_equal(read_at(ledger, METER_YEARLY, NOVEMBER_S + 2 * MONTH_S).since, "2027-01");
	ledger_close(&ledger);
}

static void the_json_has_every_sum_apart(void **state)
{
	struct campaign campaign = campaign_of();
	struct campaign_totals totals = totals_of(10000, 1500, 500, 400);
	struct buffer out = BUFFER(4096);
	struct meter meter = meter_of(&campaign, &totals);

	(void)state;
	meter_json_write(&out, &campaign, &meter);
	buffer_char(&out, '\0');
	assert_int_equal(buffer_err(&out), OK);
	assert_string_equal(out.data,
		"{\"campaign\":\"press\",\"title\":\"Press \\\"room\\\"\",\"currency\":\"EUR\",\"meter\":{\"raised\":\"80.00\","
		"\"settled\":\"100.00\",\"refunded\":\"15.00\",\"lost\":\"5.00\",\"pending\":\"7.00\",\"disputed\":\"3.00\","
		"\"gifts\":4,\"goal\":\"100.00\",\"percent\":80,\"marks\":[\"0.00\",\"200.00\"]}}\n");
	buffer_clear(&out);
	campaign.meter_net = true;
	strcpy(meter.since, "2026-11");
	campaign.goal.minor = 0;
	campaign.mark_count = 0;
	meter_json_write(&out, &campaign, &meter);
	buffer_char(&out, '\0');
	assert_string_equal(out.data,
		"{\"campaign\":\"press\",\"title\":\"Press \\\"room\\\"\",\"currency\":\"EUR\",\"meter\":{\"raised\":\"80.00\","
		"\"settled\":\"100.00\",\"refunded\":\"15.00\",\"lost\":\"5.00\",\"fees\":\"4.00\",\"pending\":\"7.00\","
		"\"disputed\":\"3.00\",\"gifts\":4,\"since\":\"2026-11-01\",\"marks\":[]}}\n");
	buffer_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_went_back_does_not_count_and_what_is_disputed_does_until_it_is_decided),
		cmocka_unit_test(sums_beyond_64_bits_are_refused),
		cmocka_unit_test_setup_teardown(a_meter_begins_anew_with_its_month_or_year, make_folder, remove_folder),
		cmocka_unit_test(the_json_has_every_sum_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
