/* A pledge is recalled from its session: what is asked, what is believed of the answer, and the seal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "domain/seal.h"
#include "stripe_talk.h"

#define PLEDGE "plg_01m88fenffe8ys7xxr8mtk6rcj"
#define SEAL "5ea1"
#define METADATA "{\"pledge\":\"" PLEDGE "\",\"campaign\":\"box\",\"tier\":\"box-100\",\"interval\":\"once\",\"seal\":\"" SEAL "\"}"
#define SESSION(id, live, status, mode, amount, metadata) \
	"{\"id\":\"" id "\",\"livemode\":" live ",\"status\":\"" status "\",\"mode\":\"" mode "\",\"amount_total\":" amount \
	",\"currency\":\"usd\",\"created\":1795334400,\"payment_intent\":\"pi_1\",\"subscription\":null,\"metadata\":" metadata "}"
#define GOOD SESSION("cs_1", "false", "complete", "payment", "10000", METADATA)
#define LIST(of) "{\"data\":[" of "],\"has_more\":false}"

static struct talker recalling(enum ref_kind by, const char *id)
{
	struct talker talker = { .conversation = { .talk = TALK_RECALL_SESSION, .by = by } };

	strcpy(talker.conversation.session, id);
	return talker;
}

static void assert_recalled(const struct talker *talker)
{
	const struct session_terms *terms = &talker->conversation.terms;

	assert_true(talker->conversation.found);
	assert_string_equal(talker->conversation.session, "cs_1");
	assert_string_equal(terms->pledge, PLEDGE);
	assert_string_equal(terms->campaign, "box");
	assert_string_equal(terms->tier, "box-100");
	assert_string_equal(terms->seal, SEAL);
	assert_int_equal(terms->interval, INTERVAL_ONCE);
	assert_int_equal(terms->amount.minor, 10000);
	assert_string_equal(terms->amount.currency.code, "USD");
	assert_int_equal(terms->now_s, 1795334400);
}

static void a_session_is_recalled_by_its_id(void **state)
{
	struct talker talker = recalling(REF_SESSION, "cs_1");

	(void)state;
	talk_once(&talker, "GET /v1/checkout/sessions/cs_1", GOOD);
	assert_recalled(&talker);
}

static void a_session_is_recalled_by_what_it_led_to(void **state)
{
	struct talker talker = recalling(REF_PAYMENT_INTENT, "pi_1");

	(void)state;
	talk_once(&talker, "GET /v1/checkout/sessions?payment_intent=pi_1&limit=1", LIST(GOOD));
	assert_recalled(&talker);

	talker = recalling(REF_SUBSCRIPTION, "sub_1");
	talk_once(&talker, "GET /v1/checkout/sessions?subscription=sub_1&limit=1", LIST(""));
	assert_false(talker.conversation.found);
}

static void what_cannot_lead_to_a_session_is_not_asked(void **state)
{
	struct talker talker = recalling(REF_CHARGE, "ch_1");

	(void)state;
	assert_int_equal(begin_talk(&talker), STEP_FAIL);
	assert_int_equal(talker.err, ERR_INPUT);
}

static void what_does_not_carry_a_pledge_of_ours_is_not_found(void **state)
{
	static const char *const bodies[] = {
		SESSION("cs_1", "false", "open", "payment", "10000", METADATA),
		SESSION("cs_1", "false", "expired", "payment", "10000", METADATA),
		SESSION("cs_1", "false", "complete", "subscription", "10000", METADATA),
		SESSION("cs_1", "false", "complete", "payment", "-1", METADATA),
		SESSION("cs_1", "false", "complete", "payment", "1e4", METADATA),
		SESSION("cs_1", "false", "complete", "payment", "99999999999999999999", METADATA),
		SESSION("cs_1", "false", "complete", "payment", "10000", "{}"),
		SESSION("cs_1", "false", "complete", "payment", "10000", "null"),
		SESSION("cs_1", "false", "complete", "payment", "10000", "{\"pledge\":\"plg_short\",\"campaign\":\"box\",\"tier\":\"box-100\",\"interval\":\"once\"}"),
		SESSION("cs_1", "false", "complete", "payment", "10000", "{\"pledge\":\"" PLEDGE "\",\"campaign\":\"../box\",\"tier\":\"box-100\",\"interval\":\"once\"}"),
		SESSION("cs_1", "false", "complete", "payment", "10000", "{\"pledge\":\"" PLEDGE "\",\"campaign\":\"box\",\"tier\":\"box-100\",\"interval\":\"week\"}"),
		SESSION("cs_1", "false", "complete", "payment", "10000", "{\"pledge\":[\"" PLEDGE "\"],\"campaign\":{},\"tier\":7,\"interval\":true}"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
		struct talker talker = recalling(REF_SESSION, "cs_1");

		talk_once(&talker, "GET /v1/checkout/sessions/cs_1", bodies[i]);
		if (talker.conversation.found)
			fail_msg("%s", bodies[i]);
	}
}

static void a_session_without_a_seal_has_an_empty_one(void **state)
{
	struct talker talker = recalling(REF_SESSION, "cs_1");

	(void)state;
	talk_once(&talker, "GET /v1/checkout/sessions/cs_1",
	          SESSION("cs_1", "false", "complete", "payment", "10000", "{\"pledge\":\"" PLEDGE "\",\"campaign\":\"box\",\"tier\":\"box-100\",\"interval\":\"once\"}"));
	assert_true(talker.conversation.found);
	assert_string_equal(talker.conversation.terms.seal, "");
}

static void another_answer_than_what_was_asked_for_is_refused(void **state)
{
	static const char *const bodies[] = {
		SESSION("cs_2", "false", "complete", "payment", "10000", METADATA),
		SESSION("cs_1", "true", "complete", "payment", "10000", METADATA),
		"{}",
		LIST(GOOD),
	};
	struct talker talker;

	(void)state;
	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
		talker = recalling(REF_SESSION, "cs_1");
		assert_int_equal(begin_talk(&talker), STEP_MORE);
		assert_int_equal(answer_with(&talker, 200, bodies[i]), STEP_FAIL);
		assert_int_equal(talker.err, ERR_PROVIDER);
	}
	talker = recalling(REF_PAYMENT_INTENT, "pi_2");
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	assert_int_equal(answer_with(&talker, 200, LIST(GOOD)), STEP_FAIL);
	talker = recalling(REF_PAYMENT_INTENT, "pi_1");
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	assert_int_equal(answer_with(&talker, 200, GOOD), STEP_FAIL);
}

static void a_session_that_the_provider_does_not_know_is_not_found(void **state)
{
	struct talker talker = recalling(REF_SESSION, "cs_1");

	(void)state;
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	assert_int_equal(answer_with(&talker, 404, "{\"error\":{\"type\":\"invalid_request_error\",\"code\":\"resource_missing\"}}"), STEP_DONE);
	assert_false(talker.conversation.found);
	assert_false(talker.conversation.down);

	talker = recalling(REF_SESSION, "cs_1");
	assert_int_equal(begin_talk(&talker), STEP_MORE);
	assert_int_equal(answer_with(&talker, 403, ""), STEP_FAIL);
	assert_true(talker.conversation.down);
}

/* ---- the seal ---- */

static struct pledge_command pledged(void)
{
	struct pledge_command pledge = { .interval = INTERVAL_ONCE, .amount = { 10000, { "USD" } } };

	assert_int_equal(currency_parse(bytes_of("USD"), &pledge.amount.currency), OK);
	strcpy(pledge.pledge, PLEDGE);
	strcpy(pledge.account, "stripe");
	strcpy(pledge.campaign, "box");
	strcpy(pledge.tier, "box-100");
	return pledge;
}

static bool holds(const uint8_t *secret, const struct pledge_command *pledge, const char *seal)
{
	bool answer = true;

	assert_int_equal(seal_holds(secret, pledge, seal, &answer), OK);
	return answer;
}

static void a_seal_holds_for_its_very_terms_only(void **state)
{
	const uint8_t secret[RECEIPT_SECRET_BYTES] = { 1 };
	const uint8_t other[RECEIPT_SECRET_BYTES] = { 2 };
	struct pledge_command pledge = pledged();
	char seal[SEAL_SIZE];

	(void)state;
	assert_int_equal(seal_make(secret, &pledge, seal), OK);
	assert_true(holds(secret, &pledge, seal));
	assert_false(holds(other, &pledge, seal));
	assert_false(holds(secret, &pledge, ""));

	for (int i = 0; i < 7; i++) {
		struct pledge_command changed = pledged();
		struct currency euro;

		assert_int_equal(currency_parse(bytes_of("EUR"), &euro), OK);
		switch (i) {
		case 0: changed.pledge[10] = '0'; break;
		case 1: strcpy(changed.account, "stripe-2"); break;
		case 2: strcpy(changed.campaign, "boxb"); break;
		case 3: strcpy(changed.tier, "box-1000"); break;
		case 4: changed.interval = INTERVAL_YEAR; break;
		case 5: changed.amount.minor = 10001; break;
		default: changed.amount.currency = euro; break;
		}
		if (holds(secret, &changed, seal))
			fail_msg("change %d", i);
	}
	/* What is no part of the terms is not sealed. */
	struct pledge_command later = pledged();

	strcpy(later.session, "cs_9");
	later.recalled_s = 1795334400;
	assert_true(holds(secret, &later, seal));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_is_recalled_by_its_id),
		cmocka_unit_test(a_session_is_recalled_by_what_it_led_to),
		cmocka_unit_test(what_cannot_lead_to_a_session_is_not_asked),
		cmocka_unit_test(what_does_not_carry_a_pledge_of_ours_is_not_found),
		cmocka_unit_test(a_session_without_a_seal_has_an_empty_one),
		cmocka_unit_test(another_answer_than_what_was_asked_for_is_refused),
		cmocka_unit_test(a_session_that_the_provider_does_not_know_is_not_found),
		cmocka_unit_test(a_seal_holds_for_its_very_terms_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
