/* What the adapter makes of Stripe's balance: clearings, payouts explained, all lines. */
#include "tests/unit/stripe_talk.h"

#define LINE_WITH(id, type, amount, fee, net, currency, rate, source) \
	"{\"id\":\"" id "\",\"object\":\"balance_transaction\",\"type\":\"" type "\",\"reporting_category\":\"" type "\",\"created\":1795334400," \
	"\"amount\":" amount ",\"fee\":" fee ",\"net\":" net ",\"currency\":\"" currency "\",\"exchange_rate\":" rate ",\"source\":" source "}"
#define LINE(id, type, amount, fee, net, source) LINE_WITH(id, type, amount, fee, net, "eur", "null", source)
#define LIST(more, items) "{\"object\":\"list\",\"has_more\":" more ",\"data\":[" items "]}"
#define CHARGE "{\"object\":\"charge\",\"id\":\"ch_1\",\"payment_intent\":\"pi_1\"," \
	"\"metadata\":{\"pledge\":\"plg_01m81hytx7eyqsnsg1xrwccg8b\"}}"
#define REFUND "{\"object\":\"refund\",\"id\":\"re_1\",\"charge\":\"ch_1\",\"payment_intent\":\"pi_1\"}"
#define DISPUTE "{\"object\":\"dispute\",\"id\":\"dp_1\",\"charge\":\"ch_1\",\"payment_intent\":\"pi_1\"}"
#define PAYOUT(id) "{\"object\":\"payout\",\"id\":\"" id "\",\"amount\":900,\"currency\":\"eur\"}"

static void assert_money(const struct money *money, const char *currency, int64_t minor)
{
	assert_string_equal(money->currency.code, currency);
	assert_int_equal(money->minor, minor);
}

static void assert_ref(const struct event *event, enum ref_kind kind, const char *id)
{
	assert_non_null(event_ref(event, kind));
	assert_string_equal(event_ref(event, kind), id);
}

/* ---- clear ---- */

static struct talker clearing(const char *payment, int64_t minor)
{
	struct talker talker = { .conversation = { .talk = TALK_CLEAR } };
	struct event *event = &talker.conversation.event;

	event->kind = EVENT_SETTLED;
	strcpy(event->payment, payment);
	event->amount = (struct money){ minor, { "EUR" } };
	return talker;
}

static void a_payment_is_cleared_through_its_charge(void **state)
{
	struct talker talker = clearing("pi_1", 2500);
	const struct event *event = &talker.conversation.event;

	(void)state;
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	expect_question(&talker, "GET /v1/payment_intents/pi_1");
	assert_int_equal(answer_with(&talker, 200, "{\"id\":\"pi_1\",\"latest_charge\":\"ch_1\"}"), STEP_MORE);
	expect_question(&talker, "GET /v1/balance_transactions?source=ch_1&limit=100");
	assert_int_equal(answer_with(&talker, 200, LIST("false", LINE("txn_1", "charge", "2500", "98", "2402", "\"ch_1\""))), STEP_DONE);
	assert_true(talker.conversation.found);
	assert_int_equal(event->kind, EVENT_CLEARED);
	assert_int_equal(event->at_s, 1795334400);
	assert_ref(event, REF_CHARGE, "ch_1");
	assert_money(&event->amount, "EUR", 2500);
	assert_money(&event->clearing.settlement, "EUR", 2500);
	assert_money(&event->clearing.fee, "EUR", 98);
	assert_money(&event->clearing.net, "EUR", 2402);
	assert_int_equal(event->clearing.lines, 1);
	assert_string_equal(event->clearing.rate, "");
}

static void a_renewal_is_cleared_through_its_invoice(void **state)
{
	struct talker talker = clearing("in_1", 2500);

	(void)state;
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	expect_question(&talker, "GET /v1/invoices/in_1?expand[]=payments");
	assert_int_equal(answer_with(&talker, 200, "{\"id\":\"in_1\",\"amount_paid\":2500,\"currency\":\"eur\",\"payments\":{\"data\":[{"
	                                           "\"status\":\"paid\",\"payment\":{\"payment_intent\":\"pi_2\"}}]}}"), STEP_MORE);
	expect_question(&talker, "GET /v1/payment_intents/pi_2");
	assert_int_equal(answer_with(&talker, 200, "{\"id\":\"pi_1\",\"latest_charge\":\"ch_1\"}"), STEP_FAIL);
	assert_int_equal(talker.err, ERR_PROVIDER);
}

static void a_payment_without_a_charge_is_not_found_yet(void **state)
{
	struct talker talker = clearing("pi_1", 2500);

	(void)state;
	talk_once(&talker, "GET /v1/payment_intents/pi_1", "{\"id\":\"pi_1\",\"latest_charge\":null}");
	assert_false(talker.conversation.found);
}

static void a_balance_without_a_line_is_not_found_yet(void **state)
{
	struct talker talker = clearing("pi_1", 2500);

	(void)state;
	assert_int_equal(event_add_ref(&talker.conversation.event, REF_CHARGE, bytes_of("ch_1")), OK);
	talk_once(&talker, "GET /v1/balance_transactions?source=ch_1&limit=100", LIST("false", ""));
	assert_false(talker.conversation.found);
	assert_int_equal(talker.conversation.event.kind, EVENT_SETTLED);
}

static void a_refund_that_came_back_sums_to_nothing(void **state)
{
	struct talker talker = clearing("pi_1", 1000);
	const struct event *event = &talker.conversation.event;

	(void)state;
	assert_int_equal(event_add_ref(&talker.conversation.event, REF_REFUND, bytes_of("re_1")), OK);
	talk_once(&talker, "GET /v1/balance_transactions?source=re_1&limit=100",
	          LIST("false", LINE("txn_3", "refund_failure", "1000", "0", "1000", REFUND) "," LINE("txn_2", "refund", "-1000", "0", "-1000", REFUND)));
	assert_int_equal(event->clearing.lines, 2);
	assert_money(&event->amount, "EUR", 0);
	assert_money(&event->clearing.settlement, "EUR", 0);
}

static void a_refund_in_another_currency_keeps_sign_and_rate(void **state)
{
	struct talker talker = clearing("pi_1", 1000);
	const struct event *event = &talker.conversation.event;

	(void)state;
	assert_int_equal(event_add_ref(&talker.conversation.event, REF_REFUND, bytes_of("re_1")), OK);
	talk_once(&talker, "GET /v1/balance_transactions?source=re_1&limit=100",
	          LIST("false", LINE_WITH("txn_2", "refund", "-1100", "0", "-1100", "usd", "1.1", "null")));
	assert_money(&event->amount, "EUR", -1000);
	assert_money(&event->clearing.settlement, "USD", -1100);
	assert_string_equal(event->clearing.rate, "1.1");
}

static void rates_are_spelled_without_an_exponent(void **state)
{
	static const char *const rates[][2] = {
		{ "3.9e-05", "0.000039" }, { "1.5E2", "150" }, { "12.345e1", "123.45" }, { "2", "2" },
		{ "0.923456", "0.923456" }, { "1e0", "1" }, { "12e-1", "1.2" }, { "5e-1", "0.5" },
	};
	char body[1024];

	(void)state;
	for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
		struct talker talker = clearing("pi_1", 1000);

		assert_int_equal(event_add_ref(&talker.conversation.event, REF_CHARGE, bytes_of("ch_1")), OK);
		snprintf(body, sizeof body, LIST("false", LINE_WITH("txn_1", "charge", "1100", "0", "1100", "usd", "%s", "null")), rates[i][0]);
		talk_once(&talker, "GET /v1/balance_transactions?source=ch_1&limit=100", body);
		assert_string_equal(talker.conversation.event.clearing.rate, rates[i][1]);
	}
}

static void lines_that_make_no_sense_are_refused(void **state)
{
	static const char *const bodies[] = {
		"{}",
		"[]",
		LIST("1", ""),
		LIST("true", ""),
		LIST("true", LINE("txn_1", "charge", "2500", "98", "2402", "null")),
		LIST("false", LINE("txn_1", "charge", "2500", "98", "2403", "null")),
		LIST("false", LINE("", "charge", "2500", "98", "2402", "null")),
		LIST("false", LINE("txn_1", "charge", "2500.0", "98", "2402", "null")),
		LIST("false", LINE_WITH("txn_1", "charge", "2500", "98", "2402", "EUR", "null", "null")),
		LIST("false", LINE_WITH("txn_1", "charge", "2500", "98", "2402", "usd", "-1.1", "null")),
		LIST("false", LINE_WITH("txn_1", "charge", "2500", "98", "2402", "usd", "\"1.1\"", "null")),
		LIST("false", LINE_WITH("txn_1", "charge", "2500", "98", "2402", "usd", "1e-31", "null")),
		LIST("false", LINE_WITH("txn_1", "charge", "2500", "98", "2402", "usd", "1e999999999999", "null")),
		LIST("false", LINE("txn_1", "charge", "2500", "98", "2402", "null") ","
		              LINE_WITH("txn_1", "charge", "2500", "98", "2402", "usd", "null", "null")),
		LIST("false", LINE("txn_1", "charge", "9223372036854775807", "0", "9223372036854775807", "null") ","
		              LINE("txn_2", "charge", "9223372036854775807", "0", "9223372036854775807", "null")),
	};

	(void)state;
	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
		struct talker talker = clearing("pi_1", 2500);

		assert_int_equal(event_add_ref(&talker.conversation.event, REF_CHARGE, bytes_of("ch_1")), OK);
		assert_int_equal(begin_talk(&talker), STEP_MORE);
		if (answer_with(&talker, 200, bodies[i]) != STEP_FAIL)
			fail_msg("taken: %s", bodies[i]);
		assert_int_equal(talker.err, ERR_PROVIDER);
	}
}

/* ---- explain ---- */

static struct event page[PAGE_EVENTS];

static struct talker explaining(const char *payout)
{
	struct talker talker = { .conversation = { .talk = TALK_EXPLAIN, .events = page } };

	assert_int_equal(event_add_ref(&talker.conversation.event, REF_PAYOUT, bytes_of(payout)), OK);
	return talker;
}

#define PAYOUT_ITSELF(automatic, status, reconciled) \
	"{\"id\":\"po_1\",\"amount\":5000,\"currency\":\"eur\",\"automatic\":" automatic ",\"status\":\"" status "\",\"reconciliation_status\":\"" reconciled "\"}"

static void a_payout_is_explained_page_by_page(void **state)
{
	struct talker talker = explaining("po_1");

	(void)state;
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	expect_question(&talker, "GET /v1/payouts/po_1");
	assert_int_equal(answer_with(&talker, 200, PAYOUT_ITSELF("true", "paid", "completed")), STEP_MORE);
	expect_question(&talker, "GET /v1/balance_transactions?payout=po_1&limit=24&expand[]=data.source");
	assert_int_equal(answer_with(&talker, 200, LIST("true", LINE("txn_9", "payout", "-5000", "0", "-5000", PAYOUT("po_1")) ","
	                                                        LINE("txn_8", "charge", "2500", "98", "2402", CHARGE))), STEP_DONE);
	assert_true(talker.conversation.found);
	assert_true(talker.conversation.more);
	assert_int_equal(talker.conversation.event_count, 1);
	assert_int_equal(page[0].kind, EVENT_PAID_OUT);
	assert_string_equal(page[0].id, "");
	assert_string_equal(page[0].type, "charge");
	assert_ref(&page[0], REF_PAYOUT, "po_1");
	assert_ref(&page[0], REF_BALANCE_TRANSACTION, "txn_8");
	assert_ref(&page[0], REF_CHARGE, "ch_1");
	assert_ref(&page[0], REF_PAYMENT_INTENT, "pi_1");
	assert_money(&page[0].clearing.net, "EUR", 2402);

	talk_once(&talker, "GET /v1/balance_transactions?payout=po_1&limit=24&expand[]=data.source&starting_after=txn_8",
	          LIST("false", LINE("txn_7", "refund", "-1000", "0", "-1000", REFUND) "," LINE("txn_6", "adjustment", "-2500", "1500", "-4000", DISPUTE)
	               "," LINE("txn_5", "payout_failure", "900", "0", "900", PAYOUT("po_0")) "," LINE("txn_4", "stripe_fee", "-5", "0", "-5", "null")));
	assert_false(talker.conversation.more);
	assert_int_equal(talker.conversation.event_count, 5);
	assert_ref(&page[0], REF_REFUND, "re_1");
	assert_ref(&page[1], REF_DISPUTE, "dp_1");
	assert_string_equal(page[2].payment, "po_0");
	assert_ref(&page[2], REF_PAYOUT, "po_1");
	assert_string_equal(page[2].amount.currency.code, "");
	assert_int_equal(page[3].ref_count, 2);
	assert_int_equal(page[4].kind, EVENT_PAYOUT_EXPLAINED);
	assert_ref(&page[4], REF_PAYOUT, "po_1");
	assert_money(&page[4].amount, "EUR", 5000);
}

static void a_manual_payout_has_no_lines(void **state)
{
	struct talker talker = explaining("po_1");

	(void)state;
	talk_once(&talker, "GET /v1/payouts/po_1", PAYOUT_ITSELF("false", "paid", "not_applicable"));
	assert_true(talker.conversation.found);
	assert_int_equal(talker.conversation.event_count, 1);
	assert_int_equal(page[0].kind, EVENT_PAYOUT_EXPLAINED);
}

static void a_payout_that_is_not_reconciled_is_asked_for_later(void **state)
{
	struct talker talker = explaining("po_1");

	(void)state;
	talk_once(&talker, "GET /v1/payouts/po_1", PAYOUT_ITSELF("true", "in_transit", "in_progress"));
	assert_false(talker.conversation.found);
	assert_int_equal(talker.conversation.event_count, 0);
}

static void a_payout_that_failed_holds_what_it_held(void **state)
{
	struct talker talker = explaining("po_1");

	(void)state;
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	assert_int_equal(answer_with(&talker, 200, PAYOUT_ITSELF("true", "failed", "in_progress")), STEP_MORE);
	assert_int_equal(answer_with(&talker, 200, LIST("false", LINE("txn_8", "charge", "2500", "98", "2402", CHARGE))), STEP_DONE);
	assert_int_equal(talker.conversation.event_count, 2);
}

static void a_page_with_more_than_was_asked_for_is_refused(void **state)
{
	static char body[64 * 1024];
	struct talker talker = { .conversation = { .talk = TALK_LIST_BALANCE, .events = page } };
	size_t length = (size_t)snprintf(body, sizeof body, "{\"has_more\":false,\"data\":[");

	(void)state;
	for (int i = 0; i < PAGE_EVENTS + 1; i++)
		length += (size_t)snprintf(body + length, sizeof body - length, "%s%s", i > 0 ? "," : "", LINE("txn_1", "charge", "1", "0", "1", "null"));
	snprintf(body + length, sizeof body - length, "]}");
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	assert_int_equal(answer_with(&talker, 200, body), STEP_FAIL);
	assert_int_equal(talker.err, ERR_PROVIDER);
}

/* The provider's next page is the first one of the circle again, behind so many that lead there. How many it takes until that is seen. */
static int go_round(int lead, int length)
{
	struct talker talker = { .conversation = { .talk = TALK_LIST_BALANCE, .events = page } };

	for (int pages = 0; pages < 10000; pages++) {
		int at = pages < lead ? pages : lead + (pages - lead) % length;
		char body[1024];

		snprintf(body, sizeof body, LIST("true", LINE("txn_%d", "charge", "1", "0", "1", "null")), at);
		assert_int_equal(begin_talk(&talker), STEP_MORE);
		if (answer_with(&talker, 200, body) == STEP_FAIL) {
			assert_int_equal(talker.err, ERR_PROVIDER);
			return pages + 1;
		}
		assert_int_equal(talker.conversation.event_count, 1);
	}
	fail_msg("%d pages and a circle of %d never end", lead, length);
	return 0;
}

static void pages_that_go_in_a_circle_come_to_an_end(void **state)
{
	(void)state;
	assert_int_equal(go_round(0, 1), 2);
	for (int lead = 0; lead < 40; lead++)
		for (int length = 1; length < 40; length++) {
			int pages = go_round(lead, length);

			assert_true(pages > lead + length);
			assert_true(pages <= 3 * (lead + length));
		}
}

static void pages_that_go_on_are_never_taken_for_a_circle(void **state)
{
	struct talker talker = { .conversation = { .talk = TALK_LIST_BALANCE, .events = page } };
	char body[1024];

	(void)state;
	for (int i = 0; i < 5000; i++) {
		snprintf(body, sizeof body, LIST("true", LINE("txn_%d", "charge", "1", "0", "1", "null")), i);
		assert_int_equal(begin_talk(&talker), STEP_MORE);
		assert_int_equal(answer_with(&talker, 200, body), STEP_DONE);
	}
	/* The last page ends what it repeats. */
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	assert_int_equal(answer_with(&talker, 200, LIST("false", LINE("txn_4095", "charge", "1", "0", "1", "null"))), STEP_DONE);
}

/* ---- all lines ---- */

static void every_line_of_the_balance_is_listed(void **state)
{
	struct talker talker = { .conversation = { .talk = TALK_LIST_BALANCE, .events = page, .since_s = 1795000000 } };

	(void)state;
	talk_once(&talker, "GET /v1/balance_transactions?created[gte]=1795000000&limit=25&expand[]=data.source",
	          LIST("true", LINE("txn_9", "payout", "-900", "0", "-900", PAYOUT("po_1")) "," LINE("txn_8", "charge", "2500", "98", "2402", CHARGE)));
	assert_int_equal(talker.conversation.event_count, 2);
	assert_int_equal(page[0].kind, EVENT_PAYOUT_SENT);
	assert_ref(&page[0], REF_PAYOUT, "po_1");
	assert_money(&page[0].amount, "EUR", 900);
	assert_money(&page[0].clearing.net, "EUR", -900);
	assert_int_equal(page[1].kind, EVENT_CLEARED);
	assert_string_equal(page[1].pledge, "plg_01m81hytx7eyqsnsg1xrwccg8b");
	assert_null(event_ref(&page[1], REF_PAYOUT));
	talk_once(&talker, "GET /v1/balance_transactions?created[gte]=1795000000&limit=25&expand[]=data.source&starting_after=txn_8",
	          LIST("false", LINE("txn_7", "payout_cancel", "900", "0", "900", PAYOUT("po_0")) ","
	                        LINE("txn_6", "payout_minimum_balance_hold", "-5", "0", "-5", PAYOUT("po_0")) ","
	                        LINE("txn_5", "stripe_fee", "-5", "0", "-5", "null")));
	assert_false(talker.conversation.more);
	assert_int_equal(talker.conversation.event_count, 3);
	assert_int_equal(page[0].kind, EVENT_PAYOUT_FAILED);
	assert_int_equal(page[1].kind, EVENT_ADJUSTED);
	assert_int_equal(page[2].kind, EVENT_ADJUSTED);
	assert_int_equal(page[2].ref_count, 1);
}

static struct talker reading(const char *id)
{
	struct talker talker = { .conversation = { .talk = TALK_READ_LINE } };

	assert_int_equal(event_add_ref(&talker.conversation.event, REF_BALANCE_TRANSACTION, bytes_of(id)), OK);
	return talker;
}

static void one_line_is_read_by_its_id(void **state)
{
	struct talker talker = reading("txn_5");

	(void)state;
	talk_once(&talker, "GET /v1/balance_transactions/txn_5?expand[]=source", LINE("txn_5", "stripe_fee", "-5", "0", "-5", "null"));
	assert_true(talker.conversation.found);
	assert_int_equal(talker.conversation.event.kind, EVENT_ADJUSTED);
	assert_money(&talker.conversation.event.clearing.net, "EUR", -5);
	assert_ref(&talker.conversation.event, REF_BALANCE_TRANSACTION, "txn_5");

	talker = reading("txn_5");
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	assert_int_equal(answer_with(&talker, 200, LINE("txn_6", "stripe_fee", "-5", "0", "-5", "null")), STEP_FAIL);
	talker = reading("txn_5");
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	assert_int_equal(answer_with(&talker, 404, "{}"), STEP_DONE);
	assert_false(talker.conversation.found);
}

static void ids_of_lines_are_told_from_other_words(void **state)
{
	static const char *const others[] = { "", "txn_", "txn", "txn_1/2", "txn_1-2", "xtn_12", "po_12", "fee/2026-11" };

	(void)state;
	assert_true(providers[0]->is_line(BYTES_LITERAL("txn_1MiN3gLkdIwHu7ixxapQrznl")));
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (providers[0]->is_line(bytes_of(others[i])))
			fail_msg("%s", others[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_payment_is_cleared_through_its_charge),
		cmocka_unit_test(a_renewal_is_cleared_through_its_invoice),
		cmocka_unit_test(a_payment_without_a_charge_is_not_found_yet),
		cmocka_unit_test(a_balance_without_a_line_is_not_found_yet),
		cmocka_unit_test(a_refund_that_came_back_sums_to_nothing),
		cmocka_unit_test(a_refund_in_another_currency_keeps_sign_and_rate),
		cmocka_unit_test(rates_are_spelled_without_an_exponent),
		cmocka_unit_test(lines_that_make_no_sense_are_refused),
		cmocka_unit_test(a_payout_is_explained_page_by_page),
		cmocka_unit_test(a_manual_payout_has_no_lines),
		cmocka_unit_test(a_payout_that_is_not_reconciled_is_asked_for_later),
		cmocka_unit_test(a_payout_that_failed_holds_what_it_held),
		cmocka_unit_test(a_page_with_more_than_was_asked_for_is_refused),
		cmocka_unit_test(pages_that_go_in_a_circle_come_to_an_end),
		cmocka_unit_test(pages_that_go_on_are_never_taken_for_a_circle),
		cmocka_unit_test(every_line_of_the_balance_is_listed),
		cmocka_unit_test(one_line_is_read_by_its_id),
		cmocka_unit_test(ids_of_lines_are_told_from_other_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
