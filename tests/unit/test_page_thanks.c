#include "tests/unit/page_checks.h"

static const struct shown_gifts several = { .count = 2, .list = { { "rcp_00000000000000000000000001", 1767225599, REST_NOTHING },
                                                                 { "rcp_00000000000000000000000002", 1767225600, REST_WHOLE } } };

static struct buffer thanks_for(const char *text, const struct pledge *pledge, const struct shown_gifts *gifts,
                                const struct shown_commands *demo)
{
	struct config *config = configuration(text);
	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	struct why why = { "" };
	enum err err = pages_thanks(config, pledge, "rcp_0123456789abcdefghjkmnpqrs", gifts, demo, english, &page, &why);

	check_page(err, &why, &page);
	config_free(&config);
	return page;
}

static struct buffer thanks(const char *text, const struct pledge *pledge, const struct shown_commands *demo)
{
	static const struct shown_gifts none = { 0 };

	return thanks_for(text, pledge, pledge->interval == INTERVAL_ONCE ? &none : &several, demo);
}

static struct pledge pledge_of(enum pledge_status status, enum payment_status payment, uint32_t settled)
{
	return (struct pledge){
		.id = "plg_01hf8zq3v5e2k9m7n4r6t8w0x2", .status = status, .campaign = "newsroom", .tier = "friend",
		.interval = INTERVAL_MONTH, .amount = { 1000, { "USD" } }, .payment_status = payment,
		.settled_count = settled,
	};
}

static void the_page_says_what_the_ledger_says(void **state)
{
	static const struct {
		enum pledge_status status;
		enum payment_status payment;
		uint32_t settled;
		const char *title;
	} cases[] = {
		{ PLEDGE_OPEN, PAYMENT_NONE, 0, "Waiting for your payment" },
		{ PLEDGE_PENDING, PAYMENT_PENDING, 0, "Thank you. Your gift is on its way" },
		{ PLEDGE_OPEN, PAYMENT_PENDING, 0, "Thank you. Your gift is on its way" },
		{ PLEDGE_EXPIRED, PAYMENT_NONE, 0, "Your payment was not completed" },
		{ PLEDGE_ENDED, PAYMENT_FAILED, 0, "Your payment was not completed" },
		{ PLEDGE_ENDED, PAYMENT_NONE, 0, "Your payment was not completed" },
		{ PLEDGE_ENDED, PAYMENT_SETTLED, 1, "Thank you!" },
		{ PLEDGE_ACTIVE, PAYMENT_SETTLED, 1, "Thank you!" },
		{ PLEDGE_ACTIVE, PAYMENT_PENDING, 1, "Thank you!" },
		{ PLEDGE_ENDED, PAYMENT_FAILED, 3, "Thank you!" },
	};
	char heading[64];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct pledge pledge = pledge_of(cases[i].status, cases[i].payment, cases[i].settled);
		struct buffer page = thanks(ONE_CAMPAIGN, &pledge, NULL);

		snprintf(heading, sizeof heading, "<h1>%s</h1>", cases[i].title);
		assert_true(has(&page, heading));
		buffer_free(&page);
	}
}

static void nothing_but_settled_money_is_called_received(void **state)
{
	(void)state;
	for (int status = PLEDGE_OPEN; status <= PLEDGE_EXPIRED; status++)
		for (int payment = PAYMENT_NONE; payment < PAYMENT_SETTLED; payment++) {
			const struct pledge pledge = pledge_of((enum pledge_status)status, (enum payment_status)payment, 0);
			struct buffer page = thanks(ONE_CAMPAIGN, &pledge, NULL);

			assert_false(has(&page, "Thank you!"));
			assert_false(has(&page, "has arrived. "));
			buffer_free(&page);
		}
}

static void the_page_shows_what_was_pledged(void **state)
{
	const struct pledge pledge = pledge_of(PLEDGE_ACTIVE, PAYMENT_SETTLED, 1);
	struct buffer page = thanks(ONE_CAMPAIGN, &pledge, NULL);

	(void)state;
	assert_true(has(&page, "<dd>Title " HOSTILE_ESCAPED "</dd>"));
	assert_true(has(&page, "<dd>Friend " HOSTILE_ESCAPED "</dd>"));
	assert_true(has(&page, "<dd>$10.00 every month</dd>"));
	assert_true(has(&page, "Your first $10.00 has arrived. The same gift follows every month."));
	assert_false(has(&page, "<pre>"));
	buffer_free(&page);
}

static void what_is_gone_is_named_by_its_id(void **state)
{
	struct pledge pledge = pledge_of(PLEDGE_EXPIRED, PAYMENT_NONE, 0);

	(void)state;
	snprintf(pledge.tier, sizeof pledge.tier, "old-tier");
	struct buffer page = thanks(ONE_CAMPAIGN, &pledge, NULL);

	assert_true(has(&page, "<dd>old-tier</dd>"));
	assert_true(has(&page, "href=\"/c/newsroom\">Try again</a>"));
	buffer_free(&page);
	snprintf(pledge.campaign, sizeof pledge.campaign, "old-campaign");
	page = thanks(ONE_CAMPAIGN, &pledge, NULL);
	assert_true(has(&page, "href=\"/\">Try again</a>"));
	assert_true(has(&page, "<dd>old-campaign</dd>"));
	buffer_free(&page);
}

static void an_unfinished_payment_has_a_way_on(void **state)
{
	struct pledge pledge = pledge_of(PLEDGE_OPEN, PAYMENT_NONE, 0);
	struct buffer page = thanks(ONE_CAMPAIGN, &pledge, NULL);

	(void)state;
	assert_true(has(&page, "href=\"/thanks/rcp_0123456789abcdefghjkmnpqrs\">Look again</a>"));
	assert_true(has(&page, "href=\"/c/newsroom?tier=friend\""));
	buffer_free(&page);
	pledge.status = PLEDGE_EXPIRED;
	page = thanks(ONE_CAMPAIGN, &pledge, NULL);
	assert_true(has(&page, "href=\"/c/newsroom?tier=friend\">Try again</a>"));
	buffer_free(&page);
}

static void only_a_page_that_may_change_asks_for_news(void **state)
{
	static const struct {
		enum pledge_status status;
		enum payment_status payment;
		const char *card;
	} cases[] = {
		{ PLEDGE_OPEN, PAYMENT_NONE, " data-state=\"waiting\" data-news=\"/v1/receipts/rcp_0123456789abcdefghjkmnpqrs\">" },
		{ PLEDGE_PENDING, PAYMENT_FAILED, " data-state=\"on-its-way\" data-news=\"/v1/receipts/rcp_0123456789abcdefghjkmnpqrs\">" },
		{ PLEDGE_ENDED, PAYMENT_SETTLED, " data-state=\"received\">" },
		{ PLEDGE_EXPIRED, PAYMENT_NONE, " data-state=\"not-completed\">" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct pledge pledge = pledge_of(cases[i].status, cases[i].payment, cases[i].payment == PAYMENT_SETTLED);
		struct buffer page = thanks(ONE_CAMPAIGN, &pledge, NULL);

		assert_true(has(&page, cases[i].card));
		assert_int_equal(has(&page, "runs no scripts"), i >= 2);
		assert_int_equal(has(&page, "This page updates by itself"), i < 2);
		buffer_free(&page);
	}
}

static void a_demo_shows_its_commands(void **state)
{
	const struct pledge pledge = pledge_of(PLEDGE_ENDED, PAYMENT_SETTLED, 1);
	const struct shown_commands commands = { "pledger export > 'a b'.csv", "pledger verify" };
	struct buffer page = thanks(TWO_CAMPAIGNS, &pledge, &commands);

	(void)state;
	assert_true(has(&page, "<pre><code>pledger export &gt; &#39;a b&#39;.csv</code></pre>"));
	assert_true(has(&page, "<pre><code>pledger verify</code></pre>"));
	buffer_free(&page);
}

static void each_gift_of_a_pledge_that_comes_again_has_a_receipt(void **state)
{
	struct pledge pledge = pledge_of(PLEDGE_ACTIVE, PAYMENT_SETTLED, 2);
	struct buffer page = thanks(ONE_CAMPAIGN, &pledge, NULL);
	const char *newest = strstr(page.data, "<a href=\"/receipt/rcp_00000000000000000000000002\"><time datetime=\"2026-01-01\">January 1, 2026</time></a>");
	const char *oldest = strstr(page.data, "<a href=\"/receipt/rcp_00000000000000000000000001\"><time datetime=\"2025-12-31\">December 31, 2025</time></a>");

	(void)state;
	assert_true(newest != NULL && oldest != NULL && newest < oldest);
	assert_false(has(&page, "Receipt to print"));
	assert_true(has(&page, "You can end this gift at any time"));
	buffer_free(&page);
	pledge.interval = INTERVAL_ONCE;
	page = thanks(ONE_CAMPAIGN, &pledge, NULL);
	assert_true(has(&page, "href=\"/receipt/rcp_0123456789abcdefghjkmnpqrs\">Receipt to print</a>"));
	assert_false(has(&page, "You can end this gift"));
	buffer_free(&page);
}

static void a_gift_that_went_back_is_not_thanked_for_as_if_it_were_there(void **state)
{
	struct shown_gifts gifts = { .count = 1, .single = { .given = { 1000, { "USD" } }, .refunds = 400, .disputed = 200, .lost = 100 } };
	struct pledge pledge = pledge_of(PLEDGE_ENDED, PAYMENT_SETTLED, 1);

	(void)state;
	pledge.interval = INTERVAL_ONCE;
	struct buffer page = thanks_for(ONE_CAMPAIGN, &pledge, &gifts, NULL);

	assert_true(has(&page, "Your gift of $10.00 has arrived."));
	assert_true(has(&page, "Given back since: $4.00."));
	assert_true(has(&page, "Disputed at the bank, and not decided yet: $2.00."));
	assert_true(has(&page, "Taken back by the bank: $1.00."));
	buffer_free(&page);
	gifts.single = (struct payment){ .given = gifts.single.given };
	page = thanks_for(ONE_CAMPAIGN, &pledge, &gifts, NULL);
	assert_false(has(&page, "class=\"problem\""));
	buffer_free(&page);
}

static void of_several_gifts_those_that_went_back_are_marked(void **state)
{
	const struct pledge pledge = pledge_of(PLEDGE_ACTIVE, PAYMENT_SETTLED, 2);
	struct buffer page = thanks(ONE_CAMPAIGN, &pledge, NULL);

	(void)state;
	assert_true(has(&page, "December 31, 2025</time></a> <span>Gone back</span></li>"));
	assert_true(has(&page, "January 1, 2026</time></a></li>"));
	buffer_free(&page);
}

static void what_has_ended_is_not_said_to_go_on(void **state)
{
	struct pledge pledge = pledge_of(PLEDGE_ENDED, PAYMENT_SETTLED, 3);
	struct buffer page = thanks(ONE_CAMPAIGN, &pledge, NULL);

	(void)state;
	assert_true(has(&page, "3 gifts of $10.00 have arrived. No more follow."));
	assert_false(has(&page, "The same gift follows"));
	assert_false(has(&page, "You can end this gift"));
	buffer_free(&page);
	pledge.settled_count = 1;
	page = thanks(ONE_CAMPAIGN, &pledge, NULL);
	assert_true(has(&page, "1 gift of $10.00 has arrived. No more follow."));
	buffer_free(&page);
}

static void trying_again_keeps_the_way_to_pay_where_there_are_several(void **state)
{
	struct pledge pledge = pledge_of(PLEDGE_EXPIRED, PAYMENT_NONE, 0);

	(void)state;
	snprintf(pledge.account, sizeof pledge.account, "stripe-eu");
	struct buffer page = thanks(TWO_CAMPAIGNS, &pledge, NULL);

	assert_true(has(&page, "href=\"/c/newsroom?tier=friend&amp;account=stripe-eu\">Try again</a>"));
	buffer_free(&page);
	snprintf(pledge.account, sizeof pledge.account, "gone");
	snprintf(pledge.tier, sizeof pledge.tier, "gone");
	page = thanks(TWO_CAMPAIGNS, &pledge, NULL);
	assert_true(has(&page, "href=\"/c/newsroom\">Try again</a>"));
	buffer_free(&page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_page_says_what_the_ledger_says),
		cmocka_unit_test(nothing_but_settled_money_is_called_received),
		cmocka_unit_test(the_page_shows_what_was_pledged),
		cmocka_unit_test(what_is_gone_is_named_by_its_id),
		cmocka_unit_test(an_unfinished_payment_has_a_way_on),
		cmocka_unit_test(only_a_page_that_may_change_asks_for_news),
		cmocka_unit_test(a_demo_shows_its_commands),
		cmocka_unit_test(each_gift_of_a_pledge_that_comes_again_has_a_receipt),
		cmocka_unit_test(a_gift_that_went_back_is_not_thanked_for_as_if_it_were_there),
		cmocka_unit_test(of_several_gifts_those_that_went_back_are_marked),
		cmocka_unit_test(what_has_ended_is_not_said_to_go_on),
		cmocka_unit_test(trying_again_keeps_the_way_to_pay_where_there_are_several),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
