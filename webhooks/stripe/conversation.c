/*
 * How we talk with Stripe: ask, wait, ask again, understand.
 *
 * A request is repeated byte for byte (same idempotency key) when Stripe says that this may help: header
 * Stripe-Should-Retry where it is there, else no answer, 409 and 5xx. The waits double from half a second and are
 * spread by an id of what is asked about, so that many do not come back at once. A donor waits up to 60 s in all; a
 * webhook that we confirm must be answered before Stripe gives up on it, so that talk is shorter and Stripe's own
 * retry does the rest.
 */
#include <stdlib.h>
#include <string.h>

#include "webhooks/stripe/talk.h"

enum {
	TIMEOUT_MS = 12000,
	ATTEMPTS = 4,
	CONFIRM_TIMEOUT_MS = 3500,
	CONFIRM_ATTEMPTS = 2,
	FIRST_WAIT_MS = 500,
	LONGEST_WAIT_MS = 5000,
};

static const struct stripe_talk *const talks[] = {
	[TALK_OPEN_SESSION] = &stripe_open_talk,
	[TALK_READ_SESSION] = &stripe_read_talk,
	[TALK_CLOSE_SESSION] = &stripe_close_talk,
	[TALK_CONFIRM] = &stripe_confirm_talk,
	[TALK_CLEAR] = &stripe_clear_talk,
	[TALK_EXPLAIN] = &stripe_explain_talk,
	[TALK_REFUND] = &stripe_refund_talk,
	[TALK_LIST_BALANCE] = &stripe_balance_talk,
	[TALK_LIST_EVENTS] = &stripe_events_talk,
	[TALK_RECALL_SESSION] = &stripe_recall_talk,
	[TALK_READ_LINE] = &stripe_line_talk,
};

/* A donor or a delivery waits for it. */
static bool is_urgent(enum talk talk)
{
	return talk == TALK_READ_SESSION || talk == TALK_CONFIRM;
}

/* ---- asking ---- */

static enum err ask(const struct provider_account *account, const struct conversation *conversation,
                    struct http_call *call, struct why *why)
{
	enum err err = talks[conversation->talk]->ask(account, conversation, call, why);

	call->timeout_ms = is_urgent(conversation->talk) ? CONFIRM_TIMEOUT_MS : TIMEOUT_MS;
	if (err == OK)
		err = http_call_err(call);
	if (err != OK)
		http_call_free(call);
	return err;
}

static bool worth_repeating(const struct http_answer *answer)
{
	struct bytes advice;

	if (answer->status == 0)
		return true;
	if (http_answer_field(answer, "Stripe-Should-Retry", &advice))
		return bytes_is(advice, "true");
	return answer->status == 409 || answer->status >= 500;
}

/* What is asked about: a text whose last characters are random. */
static const char *subject(const struct conversation *conversation)
{
	if (conversation->talk == TALK_OPEN_SESSION)
		return conversation->terms.pledge;
	if (conversation->talk == TALK_READ_SESSION || conversation->talk == TALK_CLOSE_SESSION || conversation->talk == TALK_RECALL_SESSION)
		return conversation->session;
	if (conversation->talk == TALK_CONFIRM)
		return conversation->event.confirm;
	if (conversation->talk == TALK_CLEAR || conversation->talk == TALK_REFUND)
		return conversation->event.payment;
	return conversation->cursor;
}

/* Doubling, and up to half of it again by the last characters of the subject. */
static int64_t wait_ms(const struct conversation *conversation)
{
	const char *id = subject(conversation);
	size_t length = strlen(id);
	int64_t wait = FIRST_WAIT_MS;
	int64_t spread = length >= 2 ? (id[length - 1] * 31 + id[length - 2]) % 100 : 0;

	for (unsigned i = 1; i < conversation->attempts && wait < LONGEST_WAIT_MS; i++)
		wait *= 2;
	return (wait < LONGEST_WAIT_MS ? wait : LONGEST_WAIT_MS) * (100 + spread / 2) / 100;
}

/* Who wants to be left alone for longer than we wait is not asked again. */
static bool may_repeat(const struct conversation *conversation, const struct http_answer *answer)
{
	unsigned most = conversation->once ? 1 : conversation->talk == TALK_CONFIRM ? CONFIRM_ATTEMPTS : ATTEMPTS;

	return conversation->attempts < most && http_answer_retry_after(answer) * 1000 <= LONGEST_WAIT_MS;
}

static int64_t wait_for(const struct conversation *conversation, const struct http_answer *answer)
{
	int64_t own = wait_ms(conversation);
	int64_t theirs = http_answer_retry_after(answer) * 1000;

	return own > theirs ? own : theirs;
}

/* ---- understanding the answer ---- */

static void read_refusal(const struct http_answer *answer, struct stripe_refusal *refusal)
{
	struct why ignored = { "" };
	struct json_text json;

	*refusal = (struct stripe_refusal){ .status = answer->status };
	if (stripe_json_read(&json, answer->body, &ignored) != OK)
		return;
	const struct json_node *error = json_text_member(&json, json_text_root(&json), "error");

	if (json_text_string(&json, json_text_member(&json, error, "type"), refusal->type, sizeof refusal->type) != OK)
		refusal->type[0] = '\0';
	if (json_text_string(&json, json_text_member(&json, error, "code"), refusal->code, sizeof refusal->code) != OK)
		refusal->code[0] = '\0';
	free(json.nodes);
}

static enum err explain(const struct http_answer *answer, const struct stripe_refusal *refusal, struct why *why)
{
	struct bytes request = { "", 0 };
	bool has_code = refusal->code[0] != '\0';

	(void)http_answer_field(answer, "Request-Id", &request);
	return why_set(why, answer->status == 404 ? ERR_UNKNOWN : ERR_PROVIDER,
	               "Stripe answered %d (%.60s%s%.60s), request %.*s", answer->status,
	               refusal->type[0] != '\0' ? refusal->type : "no reason given", has_code ? ", " : "", refusal->code,
	               (int)(request.length < 64 ? request.length : 64), request.data);
}

/* What has nothing to do with the object that was asked about. */
static bool is_down(int status)
{
	return status == 0 || status == 401 || status == 403 || status == 429 || status >= 500;
}

static enum err understand(const struct provider_account *account, const struct http_answer *answer,
                           struct conversation *conversation, bool *again, struct why *why)
{
	const struct stripe_talk *talk = talks[conversation->talk];
	struct stripe_refusal refusal;
	struct json_text json;

	conversation->down = is_down(answer->status);
	conversation->retry_after_s = http_answer_retry_after(answer);
	if (answer->status == 0)
		return why_set(why, ERR_PROVIDER, "Stripe did not answer: %s", answer->failure);
	if (answer->status != 200) {
		read_refusal(answer, &refusal);
		if (talk->refused != NULL && talk->refused(account, &refusal, conversation, again)) {
			conversation->down = false;
			return OK;
		}
		return explain(answer, &refusal, why);
	}
	enum err err = stripe_json_read(&json, answer->body, why);

	if (err != OK)
		return err == ERR_MEMORY ? err : ERR_PROVIDER;
	err = talk->take(account, &json, conversation, again, why);
	free(json.nodes);
	return err;
}

static enum step send(const struct provider_account *account, struct conversation *conversation, int64_t delay_ms,
                      struct http_call *next, enum err *err, struct why *why)
{
	*err = ask(account, conversation, next, why);
	if (*err != OK)
		return STEP_FAIL;
	next->delay_ms = delay_ms;
	conversation->attempts++;
	conversation->waited_ms += delay_ms;
	return STEP_MORE;
}

enum step stripe_step(const struct provider_account *account, struct conversation *conversation,
                      const struct http_answer *last, struct http_call *next, enum err *err, struct why *why)
{
	bool again = false;

	if (last != NULL && worth_repeating(last) && may_repeat(conversation, last))
		return send(account, conversation, wait_for(conversation, last), next, err, why);
	conversation->attempts = 0;
	if (last == NULL)
		return send(account, conversation, 0, next, err, why);
	*err = understand(account, last, conversation, &again, why);
	if (*err != OK)
		return STEP_FAIL;
	return again ? send(account, conversation, 0, next, err, why) : STEP_DONE;
}
