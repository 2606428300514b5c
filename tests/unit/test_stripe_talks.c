/* What the adapter asks of Stripe and makes of the answers. */
#include "tests/unit/stripe_talk.h"

#define SESSION(status) "{\"id\":\"cs_1\",\"livemode\":false,\"url\":null,\"status\":\"" status "\"}"

#define OPEN_SESSION(id) "{\"id\":\"" id "\",\"livemode\":false,\"url\":\"https://pay.test/1\",\"status\":\"open\"}"

/* ---- open a session, and read one ---- */

static struct talker opening(void)
{
	struct talker talker = { .conversation = { .talk = TALK_OPEN_SESSION } };
	struct session_terms *terms = &talker.conversation.terms;

	strcpy(terms->pledge, "plg_01ksey1w00e008g00000000001");
	strcpy(terms->campaign, "press");
	strcpy(terms->tier, "friend");
	strcpy(terms->label, "Press: Friend");
	strcpy(terms->success_url, "https://example.test/thanks/1");
	strcpy(terms->cancel_url, "https://example.test/");
	terms->amount = (struct money){ 2500, { "EUR" } };
	terms->now_s = 1795334400;
	return talker;
}

static void a_session_that_was_opened_can_be_paid(void **state)
{
	struct talker talker = opening();

	(void)state;
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	assert_int_equal(answer_with(&talker, 200, OPEN_SESSION("cs_1")), STEP_DONE);
	assert_string_equal(talker.conversation.session, "cs_1");
	assert_string_equal(talker.conversation.url, "https://pay.test/1");
}

/* Or the donor would be sent nowhere. */
static void a_session_that_is_over_when_it_opens_is_the_provider_s_failure(void **state)
{
	static const char *const answers[] = { SESSION("complete"), SESSION("expired"), SESSION("open") };

	(void)state;
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		struct talker talker = opening();

		assert_int_equal(begin_talk(&talker), STEP_MORE);
		assert_int_equal(answer_with(&talker, 200, answers[i]), STEP_FAIL);
		assert_int_equal(talker.err, ERR_PROVIDER);
		assert_string_equal(talker.conversation.session, "");
	}
}

static void a_session_that_is_read_is_the_one_that_was_asked_for(void **state)
{
	struct talker talker = { .conversation = { .talk = TALK_READ_SESSION, .session = "cs_1" } };
	struct talker other = talker;

	(void)state;
	talk_once(&talker, "GET /v1/checkout/sessions/cs_1", OPEN_SESSION("cs_1"));
	assert_string_equal(talker.conversation.url, "https://pay.test/1");
	assert_int_equal(begin_talk(&other), STEP_MORE);
	assert_int_equal(answer_with(&other, 200, OPEN_SESSION("cs_2")), STEP_FAIL);
	assert_int_equal(other.err, ERR_PROVIDER);
	assert_string_equal(other.conversation.url, "");
}

/* ---- close a session ---- */

static struct talker closing(void)
{
	struct talker talker = { .conversation = { .talk = TALK_CLOSE_SESSION, .session = "cs_1" } };

	return talker;
}

static void an_open_session_is_closed(void **state)
{
	struct talker talker = closing();

	(void)state;
	talk_once(&talker, "POST /v1/checkout/sessions/cs_1/expire", SESSION("expired"));
	assert_int_equal(talker.conversation.session_status, SESSION_EXPIRED);
}

static void a_session_that_cannot_be_closed_is_read(void **state)
{
	struct talker talker = closing();

	(void)state;
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	assert_int_equal(answer_with(&talker, 400, "{\"error\":{\"type\":\"invalid_request_error\"}}"), STEP_MORE);
	expect_question(&talker, "GET /v1/checkout/sessions/cs_1");
	assert_int_equal(answer_with(&talker, 200, SESSION("complete")), STEP_DONE);
	assert_int_equal(talker.conversation.session_status, SESSION_COMPLETE);
}

static void a_session_that_stays_open_is_the_provider_s_failure(void **state)
{
	struct talker talker = closing();

	(void)state;
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	assert_int_equal(answer_with(&talker, 400, ""), STEP_MORE);
	assert_int_equal(answer_with(&talker, 200, SESSION("open")), STEP_FAIL);
	assert_int_equal(talker.err, ERR_PROVIDER);
}

static void another_session_than_the_one_asked_for_is_refused(void **state)
{
	struct talker talker = closing();

	(void)state;
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	assert_int_equal(answer_with(&talker, 200, "{\"id\":\"cs_2\",\"livemode\":false,\"status\":\"expired\"}"), STEP_FAIL);
	assert_int_equal(talker.err, ERR_PROVIDER);
}

static void an_unknown_session_is_unknown(void **state)
{
	struct talker talker = closing();

	(void)state;
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	assert_int_equal(answer_with(&talker, 404, "{\"error\":{\"code\":\"resource_missing\"}}"), STEP_FAIL);
	assert_int_equal(talker.err, ERR_UNKNOWN);
}

/* ---- asking again ---- */

static void a_busy_provider_is_asked_again_with_growing_waits(void **state)
{
	struct talker talker = closing();
	int64_t waited = 0;

	(void)state;
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(answer_with(&talker, i == 1 ? 0 : 503, ""), STEP_MORE);
		expect_question(&talker, "POST /v1/checkout/sessions/cs_1/expire");
		assert_true(talker.call.delay_ms > waited);
		waited = talker.call.delay_ms;
	}
	assert_int_equal(answer_with(&talker, 503, "<html>"), STEP_FAIL);
	assert_int_equal(talker.err, ERR_PROVIDER);
}

static void each_question_of_a_talk_has_its_own_attempts(void **state)
{
	struct talker talker = closing();

	(void)state;
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	for (int i = 0; i < 3; i++)
		assert_int_equal(answer_with(&talker, 503, ""), STEP_MORE);
	assert_int_equal(answer_with(&talker, 400, ""), STEP_MORE);
	for (int i = 0; i < 3; i++)
		assert_int_equal(answer_with(&talker, 503, ""), STEP_MORE);
	assert_int_equal(answer_with(&talker, 200, SESSION("expired")), STEP_DONE);
}

/* ---- whose failure it is ---- */

static enum step answer_with_field(struct talker *talker, int status, const char *fields)
{
	const struct http_answer answer = { .status = status, .fields = bytes_of(fields), .failure = "" };

	return talk_on(talker, &answer);
}

static void what_has_nothing_to_do_with_the_object_is_the_account_s_failure(void **state)
{
	static const struct {
		int status;
		bool down;
	} answers[] = { { 0, true },    { 401, true },  { 403, true },  { 429, true },  { 500, true }, { 503, true },
		        { 400, false }, { 402, false }, { 404, false }, { 409, false }, { 200, false } };

	(void)state;
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		struct talker talker = { .conversation = { .talk = TALK_READ_SESSION, .session = "cs_1", .once = true } };

		assert_int_equal(begin_talk(&talker), STEP_MORE);
		assert_int_equal(answer_with(&talker, answers[i].status, ""), STEP_FAIL);
		if (talker.conversation.down != answers[i].down)
			fail_msg("%d", answers[i].status);
	}
}

static void who_asks_once_is_told_at_once(void **state)
{
	struct talker talker = closing();

	(void)state;
	talker.conversation.once = true;
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	assert_int_equal(answer_with(&talker, 503, ""), STEP_FAIL);
}

static void a_provider_that_wants_to_be_left_alone_for_long_is_not_asked_again(void **state)
{
	struct talker talker = closing();

	(void)state;
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	assert_int_equal(answer_with_field(&talker, 503, "Retry-After: 3\r\n"), STEP_MORE);
	assert_int_equal(talker.call.delay_ms, 3000);
	assert_int_equal(answer_with_field(&talker, 503, "Retry-After: 6\r\n"), STEP_FAIL);
	assert_true(talker.conversation.down);
	assert_int_equal(talker.conversation.retry_after_s, 6);
}

/* ---- refund ---- */

#define REFUND(id, status, moved, reference) \
	"{\"id\":\"" id "\",\"amount\":1000,\"currency\":\"eur\",\"charge\":\"ch_1\",\"payment_intent\":\"pi_1\",\"status\":\"" status "\"," \
	"\"balance_transaction\":" moved ",\"metadata\":{" reference "}}"
#define OURS "\"reference\":\"mistake/7\""
#define LIST(more, items) "{\"object\":\"list\",\"has_more\":" more ",\"data\":[" items "]}"
#define LOOK "GET /v1/refunds?payment_intent=pi_1&limit=100"
#define MAKE "POST /v1/refunds payment_intent=pi_1&amount=1000&metadata%5Breference%5D=mistake%2F7"

static struct talker refunding(void)
{
	struct talker talker = { .conversation = { .talk = TALK_REFUND } };
	struct event *event = &talker.conversation.event;

	strcpy(event->payment, "pi_1");
	strcpy(event->pledge, "plg_01m81hytx7eyqsnsg1xrwccg8b");
	strcpy(event->reference, "mistake/7");
	event->amount = (struct money){ 1000, { "EUR" } };
	return talker;
}

static void find_none(struct talker *talker)
{
	assert_int_equal(begin_talk(talker), STEP_MORE);
	expect_question(talker, LOOK);
	assert_int_equal(answer_with(talker, 200, LIST("false", REFUND("re_0", "succeeded", "\"txn_0\"", ""))), STEP_MORE);
	expect_question(talker, MAKE);
	assert_non_null(strstr(talker->call.fields.data, "Idempotency-Key: mistake/7-refund\n"));
}

static void a_refund_is_made(void **state)
{
	struct talker talker = refunding();
	const struct event *event = &talker.conversation.event;

	(void)state;
	find_none(&talker);
	assert_int_equal(answer_with(&talker, 200, REFUND("re_1", "succeeded", "\"txn_1\"", OURS)), STEP_DONE);
	assert_true(talker.conversation.found);
	assert_int_equal(event->kind, EVENT_REFUNDED);
	assert_string_equal(event->id, "");
	assert_string_equal(event->payment, "pi_1");
	assert_string_equal(event->pledge, "plg_01m81hytx7eyqsnsg1xrwccg8b");
	assert_string_equal(event->reference, "mistake/7");
	assert_string_equal(event_ref(event, REF_REFUND), "re_1");
	assert_int_equal(event->amount.minor, 1000);
}

static void a_refund_that_was_made_is_not_made_again(void **state)
{
	struct talker talker = refunding();

	(void)state;
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	assert_int_equal(answer_with(&talker, 200, LIST("true", REFUND("re_0", "succeeded", "\"txn_0\"", ""))), STEP_MORE);
	expect_question(&talker, LOOK "&starting_after=re_0");
	assert_int_equal(answer_with(&talker, 200, LIST("false", REFUND("re_1", "failed", "\"txn_1\"", OURS))), STEP_DONE);
	assert_true(talker.conversation.found);
	assert_int_equal(talker.conversation.event.kind, EVENT_REFUND_FAILED);
	assert_string_equal(event_ref(&talker.conversation.event, REF_BALANCE_TRANSACTION), "txn_1");
}

static void pages_that_do_not_go_on_are_refused(void **state)
{
	struct talker talker = refunding();

	(void)state;
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	assert_int_equal(answer_with(&talker, 200, LIST("true", REFUND("re_0", "succeeded", "\"txn_0\"", ""))), STEP_MORE);
	assert_int_equal(answer_with(&talker, 200, LIST("true", REFUND("re_0", "succeeded", "\"txn_0\"", ""))), STEP_FAIL);
	assert_int_equal(talker.err, ERR_PROVIDER);
}

static void a_refund_waits_until_it_has_left_the_balance(void **state)
{
	struct talker talker = refunding();

	(void)state;
	find_none(&talker);
	assert_int_equal(answer_with(&talker, 200, REFUND("re_1", "pending", "null", OURS)), STEP_DONE);
	assert_false(talker.conversation.found);
	assert_int_equal(talker.conversation.event.ref_count, 0);

	talker = refunding();
	find_none(&talker);
	assert_int_equal(answer_with(&talker, 200, REFUND("re_1", "pending", "\"txn_1\"", OURS)), STEP_DONE);
	assert_true(talker.conversation.found);
	assert_int_equal(talker.conversation.event.kind, EVENT_REFUNDED);
}

static void a_refund_that_is_refused_has_failed(void **state)
{
	struct talker talker = refunding();
	const struct event *event = &talker.conversation.event;

	(void)state;
	find_none(&talker);
	assert_int_equal(answer_with(&talker, 400, "{\"error\":{\"type\":\"invalid_request_error\",\"code\":\"charge_already_refunded\"}}"), STEP_DONE);
	assert_true(talker.conversation.found);
	assert_int_equal(event->kind, EVENT_REFUND_FAILED);
	assert_int_equal(event->reason, REASON_REFUSED);
	assert_string_equal(event->amount.currency.code, "");
	assert_string_equal(event->reference, "mistake/7");
	assert_null(event_ref(event, REF_REFUND));
}

static void a_refund_that_could_not_be_asked_for_is_still_owed(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum err err;
	} answers[] = {
		{ 400, "{\"error\":{\"type\":\"idempotency_error\"}}", ERR_PROVIDER },
		{ 401, "{\"error\":{\"type\":\"invalid_request_error\"}}", ERR_PROVIDER },
		{ 403, "{\"error\":{\"type\":\"invalid_request_error\"}}", ERR_PROVIDER },
		{ 404, "{\"error\":{\"type\":\"invalid_request_error\"}}", ERR_UNKNOWN },
		{ 429, "{\"error\":{\"type\":\"invalid_request_error\"}}", ERR_PROVIDER },
		{ 400, "no JSON", ERR_PROVIDER },
		{ 200, "{}", ERR_PROVIDER },
		{ 200, REFUND("re_1", "lent", "null", OURS), ERR_PROVIDER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		struct talker talker = refunding();

		find_none(&talker);
		assert_int_equal(answer_with(&talker, answers[i].status, answers[i].body), STEP_FAIL);
		assert_int_equal(talker.err, answers[i].err);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_that_was_opened_can_be_paid),
		cmocka_unit_test(a_session_that_is_over_when_it_opens_is_the_provider_s_failure),
		cmocka_unit_test(a_session_that_is_read_is_the_one_that_was_asked_for),
		cmocka_unit_test(an_open_session_is_closed),
		cmocka_unit_test(a_session_that_cannot_be_closed_is_read),
		cmocka_unit_test(a_session_that_stays_open_is_the_provider_s_failure),
		cmocka_unit_test(another_session_than_the_one_asked_for_is_refused),
		cmocka_unit_test(an_unknown_session_is_unknown),
		cmocka_unit_test(a_busy_provider_is_asked_again_with_growing_waits),
		cmocka_unit_test(what_has_nothing_to_do_with_the_object_is_the_account_s_failure),
		cmocka_unit_test(who_asks_once_is_told_at_once),
		cmocka_unit_test(a_provider_that_wants_to_be_left_alone_for_long_is_not_asked_again),
		cmocka_unit_test(a_refund_is_made),
		cmocka_unit_test(a_refund_that_was_made_is_not_made_again),
		cmocka_unit_test(pages_that_do_not_go_on_are_refused),
		cmocka_unit_test(a_refund_waits_until_it_has_left_the_balance),
		cmocka_unit_test(a_refund_that_is_refused_has_failed),
		cmocka_unit_test(a_refund_that_could_not_be_asked_for_is_still_owed),
		cmocka_unit_test(each_question_of_a_talk_has_its_own_attempts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
