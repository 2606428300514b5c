#include "tests/unit/page_checks.h"

static struct buffer receipt(const struct payment *payment)
{
	struct config *config = configuration(ONE_CAMPAIGN);
	const struct pledge pledge = {
		.id = "plg_01hf8zq3v5e2k9m7n4r6t8w0x2", .status = PLEDGE_ENDED, .account = "stripe", .campaign = "newsroom",
		.tier = "reader", .amount = { 2550, { "USD" } }, .payment_status = PAYMENT_SETTLED, .settled_count = 1,
	};
	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	struct why why = { "" };
	enum err err = pages_receipt(config, &pledge, payment, "rcp_0123456789abcdefghjkmnpqrs", english, &page, &why);

	check_page(err, &why, &page);
	config_free(&config);
	return page;
}

static struct payment payment_of(int64_t refunds, int64_t disputed, int64_t lost)
{
	return (struct payment){ .id = "pi_1", .given_s = 1767225600, .status = PAYMENT_SETTLED, .given = { 2550, { "USD" } }, .refunds = refunds,
		                     .disputed = disputed, .lost = lost };
}

static void a_receipt_of_a_whole_gift_has_no_reservation(void **state)
{
	const struct payment payment = payment_of(0, 0, 0);
	struct buffer page = receipt(&payment);

	(void)state;
	assert_true(has(&page, ">$25.50, one time<"));
	assert_true(has(&page, "<dt>Receipt number</dt><dd>pi_1</dd>"));
	assert_true(has(&page, "<dt>Reference</dt><dd>plg_01hf8zq3v5e2k9m7n4r6t8w0x2</dd>"));
	assert_true(has(&page, "<dt>Date</dt><dd><time datetime=\"2026-01-01\">January 1, 2026</time></dd>"));
	assert_true(has(&page, "<dt>State</dt><dd>Received</dd>"));
	assert_false(has(&page, "class=\"problem\""));
	assert_false(has(&page, "What remains"));
	assert_false(has(&page, "rcp_0123456789abcdefghjkmnpqrs\">Receipt"));
	buffer_free(&page);
}

static void a_receipt_says_what_is_gone_and_what_remains(void **state)
{
	const struct payment payment = payment_of(1000, 500, 250);
	struct buffer page = receipt(&payment);

	(void)state;
	assert_true(has(&page, "Given back since: $10.00."));
	assert_true(has(&page, "Disputed at the bank, and not decided yet: $5.00."));
	assert_true(has(&page, "Taken back by the bank: $2.50."));
	assert_true(has(&page, "<dt>What remains</dt><dd>$8.00</dd>"));
	assert_true(has(&page, "<dt>State</dt><dd>Received, and disputed</dd>"));
	assert_false(has(&page, "no longer holds"));
	buffer_free(&page);
}

static void a_receipt_of_nothing_that_remains_no_longer_holds(void **state)
{
	static const int64_t parts[][3] = { { 2550, 0, 0 }, { 0, 0, 2550 }, { 1000, 0, 2550 } };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		const struct payment payment = payment_of(parts[i][0], parts[i][1], parts[i][2]);
		struct buffer page = receipt(&payment);

		assert_true(has(&page, "This receipt no longer holds."));
		assert_true(has(&page, "class=\"card receipt void\""));
		assert_true(has(&page, "<dt>State</dt><dd>Gone back</dd>"));
		assert_false(has(&page, "What remains"));
		buffer_free(&page);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_receipt_of_a_whole_gift_has_no_reservation),
		cmocka_unit_test(a_receipt_says_what_is_gone_and_what_remains),
		cmocka_unit_test(a_receipt_of_nothing_that_remains_no_longer_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
