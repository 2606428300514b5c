/* What the adapter asks of Stripe and makes of the answers. */
#include "tests/unit/stripe_talk.h"

#define SESSION(status) "{\"id\":\"cs_1\",\"livemode\":false,\"url\":null,\"status\":\"" status "\"}"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_open_session_is_closed),
		cmocka_unit_test(a_session_that_cannot_be_closed_is_read),
		cmocka_unit_test(a_session_that_stays_open_is_the_provider_s_failure),
		cmocka_unit_test(another_session_than_the_one_asked_for_is_refused),
		cmocka_unit_test(an_unknown_session_is_unknown),
		cmocka_unit_test(a_busy_provider_is_asked_again_with_growing_waits),
		cmocka_unit_test(each_question_of_a_talk_has_its_own_attempts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
