/*
 * stripe_talk.h -- a conversation with Stripe, both sides by hand: what the adapter asks, and what it is answered.
 */
#ifndef TESTS_STRIPE_TALK_H
#define TESTS_STRIPE_TALK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "webhooks/provider.h"

static const struct provider_account test_account = {
	.id = "stripe",
	.provider = "stripe",
	.api_url = "https://api.test",
	.key = { "rk_test_1", 9 },
};

struct talker {
	struct conversation conversation;
	struct http_call call; /* the question that waits for an answer */
	bool asking;
	enum err err;
	struct why why;
};

static inline enum step talk_on(struct talker *talker, const struct http_answer *answer)
{
	struct http_call next;
	enum step step = providers[0]->step(&test_account, &talker->conversation, answer, &next, &talker->err, &talker->why);

	if (talker->asking)
		http_call_free(&talker->call);
	talker->asking = step == STEP_MORE;
	if (talker->asking)
		talker->call = next;
	return step;
}

/* The adapter asks this: "GET /v1/…" or "POST /v1/… BODY". */
static inline void expect_question(const struct talker *talker, const char *question)
{
	char asked[4096];

	assert_true(talker->asking);
	snprintf(asked, sizeof asked, "%s %s%s%.*s", talker->call.method, talker->call.url.data + strlen(test_account.api_url),
	         talker->call.body.length > 0 ? " " : "", (int)talker->call.body.length,
	         talker->call.body.length > 0 ? talker->call.body.data : "");
	assert_string_equal(asked, question);
}

static inline enum step begin_talk(struct talker *talker)
{
	return talk_on(talker, NULL);
}

static inline enum step answer_with(struct talker *talker, int status, const char *body)
{
	const struct http_answer answer = { .status = status, .body = bytes_of(body), .failure = status == 0 ? "gone" : "" };

	return talk_on(talker, &answer);
}

/* Begun, answered once with success, and done. */
static inline void talk_once(struct talker *talker, const char *question, const char *body)
{
	assert_int_equal(begin_talk(talker), STEP_MORE);
	expect_question(talker, question);
	if (answer_with(talker, 200, body) != STEP_DONE)
		fail_msg("%s", talker->why.text);
}

#endif
