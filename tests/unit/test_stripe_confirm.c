/* Whose a refund or dispute is, how a session stands, and what has been told since: asked of Stripe. */
#include "tests/unit/stripe_talk.h"

#define PLEDGE "plg_01m81hytx7eyqsnsg1xrwccg8b"
#define METADATA "\"metadata\":{\"pledge\":\"" PLEDGE "\"}"

/* ---- whose it is ---- */

static struct talker asking(enum event_kind kind, enum ref_kind ref, const char *id)
{
	struct talker talker = { .conversation = { .talk = TALK_CONFIRM } };
	struct event *event = &talker.conversation.event;

	event->kind = kind;
	event->at_s = 1795334400;
	event->amount = (struct money){ 1000, { "EUR" } };
	event->confirm_unknown = true;
	strcpy(event->id, "evt_1");
	strcpy(event->confirm, id);
	assert_int_equal(event_add_ref(event, ref, bytes_of(id)), OK);
	return talker;
}

static void assert_whose(const struct talker *talker, const char *pledge, const char *payment)
{
	assert_true(talker->conversation.found);
	assert_string_equal(talker->conversation.event.pledge, pledge);
	assert_string_equal(talker->conversation.event.payment, payment);
	assert_string_equal(talker->conversation.event.confirm, "");
	assert_string_equal(talker->conversation.event.id, "evt_1");
}

static void a_refund_is_of_the_pledge_that_its_payment_intent_names(void **state)
{
	struct talker talker = asking(EVENT_REFUNDED, REF_PAYMENT_INTENT, "pi_1");

	(void)state;
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	expect_question(&talker, "GET /v1/payment_intents/pi_1");
	assert_int_equal(answer_with(&talker, 200, "{\"id\":\"pi_1\"," METADATA "}"), STEP_DONE);
	assert_whose(&talker, PLEDGE, "pi_1");
}

static void a_dispute_of_a_renewal_is_of_the_pledge_that_its_invoice_names(void **state)
{
	struct talker talker = asking(EVENT_DISPUTED, REF_PAYMENT_INTENT, "pi_1");

	(void)state;
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	assert_int_equal(answer_with(&talker, 200, "{\"id\":\"pi_1\",\"metadata\":{}}"), STEP_MORE);
	expect_question(&talker, "GET /v1/invoice_payments?payment[type]=payment_intent&payment[payment_intent]=pi_1&expand[]=data.invoice");
	assert_int_equal(answer_with(&talker, 200, "{\"has_more\":false,\"data\":[{\"invoice\":{\"id\":\"in_1\",\"amount_paid\":1000,\"currency\":\"eur\","
	                                           "\"parent\":{\"subscription_details\":{\"subscription\":\"sub_1\"," METADATA "}}}}]}"), STEP_DONE);
	assert_whose(&talker, PLEDGE, "in_1");
	assert_string_equal(event_ref(&talker.conversation.event, REF_INVOICE), "in_1");
}

/* ---- what an invoice was paid with ---- */

#define INVOICE(payments) \
	"{\"id\":\"in_1\",\"status\":\"paid\",\"amount_paid\":1000,\"currency\":\"eur\",\"status_transitions\":{\"paid_at\":1795334400}," \
	"\"parent\":{\"subscription_details\":{\"subscription\":\"sub_1\"," METADATA "}},\"payments\":{\"data\":[" payments "]}}"

static struct event invoice_paid_with(const char *body)
{
	struct talker talker = asking(EVENT_SETTLED, REF_INVOICE, "in_1");

	strcpy(talker.conversation.event.payment, "in_1");
	talk_once(&talker, "GET /v1/invoices/in_1?expand[]=payments", body);
	return talker.conversation.event;
}

static void an_invoice_names_what_it_was_paid_with(void **state)
{
	struct event intent = invoice_paid_with(INVOICE("{\"status\":\"canceled\",\"payment\":{\"payment_intent\":\"pi_0\"}},"
	                                                "{\"status\":\"paid\",\"payment\":{\"payment_intent\":\"pi_1\"}}"));
	struct event charge = invoice_paid_with(INVOICE("{\"status\":\"paid\",\"payment\":{\"type\":\"charge\",\"charge\":\"ch_1\"}}"));

	(void)state;
	assert_string_equal(event_ref(&intent, REF_PAYMENT_INTENT), "pi_1");
	assert_false(intent.elsewhere);
	assert_string_equal(event_ref(&charge, REF_CHARGE), "ch_1");
	assert_false(charge.elsewhere);
}

static void an_invoice_that_no_payment_of_stripe_s_has_paid_was_paid_elsewhere(void **state)
{
	static const char *const bodies[] = {
		INVOICE(""),
		INVOICE("{\"status\":\"canceled\",\"payment\":{\"payment_intent\":\"pi_0\"}}"),
		INVOICE("{\"status\":\"paid\",\"payment\":{\"type\":\"payment_record\",\"payment_record\":\"pr_1\"}}"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
		assert_true(invoice_paid_with(bodies[i]).elsewhere);
}

static void what_no_invoice_was_for_is_nobody_s(void **state)
{
	struct talker talker = asking(EVENT_DISPUTED, REF_PAYMENT_INTENT, "pi_1");

	(void)state;
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	assert_int_equal(answer_with(&talker, 200, "{\"id\":\"pi_1\",\"metadata\":{\"pledge\":\"another form\"}}"), STEP_MORE);
	assert_int_equal(answer_with(&talker, 200, "{\"has_more\":false,\"data\":[]}"), STEP_DONE);
	assert_whose(&talker, "", "");
}

static void a_charge_leads_to_its_payment_intent(void **state)
{
	struct talker talker = asking(EVENT_REFUND_FAILED, REF_CHARGE, "ch_1");

	(void)state;
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	expect_question(&talker, "GET /v1/charges/ch_1");
	assert_int_equal(answer_with(&talker, 200, "{\"id\":\"ch_1\",\"payment_intent\":\"pi_1\"}"), STEP_MORE);
	expect_question(&talker, "GET /v1/payment_intents/pi_1");
	assert_int_equal(answer_with(&talker, 200, "{\"id\":\"pi_1\"," METADATA "}"), STEP_DONE);
	assert_whose(&talker, PLEDGE, "pi_1");

	talker = asking(EVENT_REFUND_FAILED, REF_CHARGE, "ch_1");
	talk_once(&talker, "GET /v1/charges/ch_1", "{\"id\":\"ch_1\",\"payment_intent\":null}");
	assert_whose(&talker, "", "");
}

static void an_answer_about_something_else_is_refused(void **state)
{
	static const char *const bodies[] = { "{}", "[]", "{\"id\":\"pi_2\"," METADATA "}", "{\"id\":[\"pi_1\"]}" };

	(void)state;
	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
		struct talker talker = asking(EVENT_REFUNDED, REF_PAYMENT_INTENT, "pi_1");

		assert_int_equal(begin_talk(&talker), STEP_MORE);
		assert_int_equal(answer_with(&talker, 200, bodies[i]), STEP_FAIL);
		assert_int_equal(talker.err, ERR_PROVIDER);
		assert_string_equal(talker.conversation.event.pledge, "");
	}
}

/* ---- how a session stands ---- */

#define SESSION(mode, status, paid, more) \
	"{\"id\":\"cs_1\",\"livemode\":false,\"created\":1795330000,\"expires_at\":1795333600,\"mode\":\"" mode "\",\"status\":\"" status "\"," \
	"\"payment_status\":\"" paid "\",\"amount_total\":2500,\"currency\":\"eur\",\"client_reference_id\":\"" PLEDGE "\"," more "}"
#define INTENT "\"payment_intent\":{\"id\":\"pi_1\",\"latest_charge\":{\"id\":\"ch_1\",\"created\":1795331111}}"
#define READ "GET /v1/checkout/sessions/cs_1?expand[]=payment_intent.latest_charge"

static struct talker overdue(void)
{
	struct talker talker = asking(EVENT_EXPIRED, REF_SESSION, "cs_1");

	talker.conversation.event.id[0] = '\0';
	talker.conversation.event.at_s = 0;
	return talker;
}

static void assert_stands(const struct talker *talker, enum event_kind kind, int64_t at_s)
{
	const struct event *event = &talker->conversation.event;

	assert_true(talker->conversation.found);
	assert_int_equal(event->kind, kind);
	assert_int_equal(event->at_s, at_s);
	assert_string_equal(event->id, "");
	assert_string_equal(event->pledge, PLEDGE);
	assert_string_equal(event_ref(event, REF_SESSION), "cs_1");
}

static void a_session_that_nobody_told_of_is_read_as_its_event_would_be(void **state)
{
	struct talker talker = overdue();

	(void)state;
	talk_once(&talker, READ, SESSION("payment", "expired", "unpaid", "\"payment_intent\":null"));
	assert_stands(&talker, EVENT_EXPIRED, 1795333600);

	talker = overdue();
	talk_once(&talker, READ, SESSION("payment", "complete", "paid", INTENT));
	assert_stands(&talker, EVENT_SETTLED, 1795331111);
	assert_string_equal(talker.conversation.event.payment, "pi_1");
	assert_int_equal(talker.conversation.event.amount.minor, 2500);

	talker = overdue();
	talk_once(&talker, READ, SESSION("payment", "complete", "unpaid", INTENT));
	assert_stands(&talker, EVENT_PENDING, 1795331111);

	talker = overdue();
	talk_once(&talker, READ, SESSION("payment", "open", "unpaid", "\"payment_intent\":null"));
	assert_false(talker.conversation.found);
	assert_int_equal(talker.conversation.event.kind, EVENT_EXPIRED);
}

static void a_subscription_s_session_leads_to_its_invoice(void **state)
{
	struct talker talker = overdue();

	(void)state;
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	assert_int_equal(answer_with(&talker, 200, SESSION("subscription", "complete", "paid", "\"subscription\":\"sub_1\",\"invoice\":\"in_1\"")), STEP_MORE);
	expect_question(&talker, "GET /v1/invoices/in_1?expand[]=payments");
	assert_int_equal(answer_with(&talker, 200, "{\"id\":\"in_1\",\"status\":\"paid\",\"amount_paid\":2500,\"currency\":\"eur\",\"status_transitions\":{"
	                                           "\"paid_at\":1795332222},\"payments\":{\"data\":[{\"status\":\"paid\",\"payment\":{\"payment_intent\":"
	                                           "\"pi_9\"}}]}}"), STEP_DONE);
	assert_stands(&talker, EVENT_SETTLED, 1795332222);
	assert_string_equal(talker.conversation.event.payment, "in_1");
	assert_string_equal(event_ref(&talker.conversation.event, REF_PAYMENT_INTENT), "pi_9");
}

/* ---- what has been told ---- */

#define TYPES \
	"types[]=checkout.session.completed&types[]=checkout.session.async_payment_succeeded&types[]=checkout.session.async_payment_failed" \
	"&types[]=checkout.session.expired&types[]=invoice.paid&types[]=invoice.payment_failed&types[]=customer.subscription.deleted" \
	"&types[]=customer.subscription.updated&types[]=refund.created&types[]=refund.updated&types[]=refund.failed" \
	"&types[]=charge.dispute.created&types[]=charge.dispute.updated&types[]=charge.dispute.funds_withdrawn" \
	"&types[]=charge.dispute.funds_reinstated&types[]=charge.dispute.closed&types[]=payout.created&types[]=payout.paid" \
	"&types[]=payout.failed&types[]=payout.canceled"
#define PAYOUT(id, type) \
	"{\"id\":\"" id "\",\"type\":\"" type "\",\"created\":1795334400,\"livemode\":false,\"data\":{\"object\":{\"id\":\"po_1\",\"amount\":900,\"currency\":\"eur\"}}}"
#define LIST "GET /v1/events?created[gte]=1795000000&" TYPES "&limit=25"

static struct event page[PAGE_EVENTS];

static void events_are_listed_page_by_page_each_from_old_to_new(void **state)
{
	struct talker talker = { .conversation = { .talk = TALK_LIST_EVENTS, .events = page, .since_s = 1795000000 } };

	(void)state;
	talk_once(&talker, LIST, "{\"has_more\":true,\"data\":[" PAYOUT("evt_4", "payout.paid") "," PAYOUT("evt_3", "payout.of_next_year") "," PAYOUT("evt_2", "payout.created") "]}");
	assert_true(talker.conversation.more);
	assert_int_equal(talker.conversation.event_count, 2);
	assert_string_equal(page[0].id, "evt_2");
	assert_int_equal(page[0].kind, EVENT_PAYOUT_SENT);
	assert_int_equal(page[1].kind, EVENT_PAYOUT_PAID);
	talk_once(&talker, LIST "&starting_after=evt_2", "{\"has_more\":false,\"data\":[]}");
	assert_false(talker.conversation.more);
	assert_int_equal(talker.conversation.event_count, 0);
}

static void an_event_that_cannot_be_read_is_the_same_in_a_list_and_in_a_delivery(void **state)
{
	static const char delivered[] = "{ \"id\": \"evt_1\", \"type\": \"payout.paid\", \"created\": 1795334400, \"livemode\": false, \"data\": { \"object\": {} } }";
	static const char listed[] = "{\"has_more\":false,\"data\":[{\"id\":\"evt_1\",\"type\":\"payout.paid\",\"created\":1795334400,\"livemode\":false,\"data\":{\"object\":{\"id\":\"po_1\"}}}]}";
	struct talker talker = { .conversation = { .talk = TALK_LIST_EVENTS, .events = page, .since_s = 1795000000 } };
	struct authentic authentic = { .body = bytes_of(delivered) };
	static struct event events[EVENTS_MAX];
	uint8_t digests[2][32];
	size_t count = 0;

	(void)state;
	talk_once(&talker, LIST, listed);
	assert_int_equal(providers[0]->read_events(&test_account, &authentic, events, &count, &talker.why), OK);
	assert_int_equal(count, 1);
	assert_int_equal(talker.conversation.event_count, 1);
	assert_int_equal(page[0].kind, EVENT_UNREADABLE);
	assert_int_equal(event_digest(&page[0], digests[0]), OK);
	assert_int_equal(event_digest(&events[0], digests[1]), OK);
	assert_memory_equal(digests[0], digests[1], 32);
}

static void a_list_of_what_has_no_id_is_refused(void **state)
{
	static const char *const bodies[] = { "{}", "{\"has_more\":false,\"data\":[{}]}", "{\"has_more\":true,\"data\":[]}", "{\"has_more\":false,\"data\":{}}" };

	(void)state;
	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
		struct talker talker = { .conversation = { .talk = TALK_LIST_EVENTS, .events = page, .since_s = 1795000000 } };

		assert_int_equal(begin_talk(&talker), STEP_MORE);
		assert_int_equal(answer_with(&talker, 200, bodies[i]), STEP_FAIL);
		assert_int_equal(talker.err, ERR_PROVIDER);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_refund_is_of_the_pledge_that_its_payment_intent_names),
		cmocka_unit_test(a_dispute_of_a_renewal_is_of_the_pledge_that_its_invoice_names),
		cmocka_unit_test(an_invoice_names_what_it_was_paid_with),
		cmocka_unit_test(an_invoice_that_no_payment_of_stripe_s_has_paid_was_paid_elsewhere),
		cmocka_unit_test(what_no_invoice_was_for_is_nobody_s),
		cmocka_unit_test(a_charge_leads_to_its_payment_intent),
		cmocka_unit_test(an_answer_about_something_else_is_refused),
		cmocka_unit_test(a_session_that_nobody_told_of_is_read_as_its_event_would_be),
		cmocka_unit_test(a_subscription_s_session_leads_to_its_invoice),
		cmocka_unit_test(events_are_listed_page_by_page_each_from_old_to_new),
		cmocka_unit_test(an_event_that_cannot_be_read_is_the_same_in_a_list_and_in_a_delivery),
		cmocka_unit_test(a_list_of_what_has_no_id_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
