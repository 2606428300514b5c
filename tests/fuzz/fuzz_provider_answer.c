/*
 * What the provider answers: the talk and its status from the first two bytes, fields up to an empty line, the
 * body. Whatever it says: one more request, an end with what was promised, or a refusal that says why.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "webhooks/provider.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct provider_account account = {
	.id = "stripe",
	.provider = "stripe",
	.api_url = "https://api.stripe.com",
	.key = { "rk_test_1", 9 },
};

static const int statuses[] = { 0, 200, 201, 400, 401, 402, 404, 409, 429, 500, 503 };

static void begin(struct conversation *conversation, enum talk talk)
{
	conversation->talk = talk;
	strcpy(conversation->session, talk == TALK_OPEN_SESSION ? "" : "cs_test_1");
	strcpy(conversation->terms.pledge, "plg_01m81hytx7eyqsnsg1xrwccg8b");
	strcpy(conversation->terms.label, "Friend");
	conversation->terms.amount = (struct money){ 2500, { "EUR" } };
	conversation->terms.now_s = 1795334400;
	conversation->event = (struct event){ .kind = EVENT_SETTLED, .at_s = 1795334400, .recurring = true };
	strcpy(conversation->event.id, "evt_1");
	strcpy(conversation->event.payment, "in_1");
	strcpy(conversation->event.confirm, "in_1");
	conversation->event.amount = conversation->terms.amount;
}

static enum step next(struct conversation *conversation, const struct http_answer *answer)
{
	struct http_call call;
	struct why why = { "" };
	enum err err = OK;
	enum step step = providers[0]->step(&account, conversation, answer, &call, &err, &why);

	if (step == STEP_MORE) {
		if (http_call_err(&call) != OK || call.delay_ms < 0 || call.timeout_ms <= 0)
			abort();
		http_call_free(&call);
	}
	if (step == STEP_FAIL && (err == OK || why.text[0] == '\0'))
		abort();
	return step;
}

/* The donor is sent to a URL of the web only. */
static void check_end(const struct conversation *conversation)
{
	if (conversation->talk == TALK_OPEN_SESSION && (conversation->session[0] == '\0' || conversation->url[0] == '\0'))
		abort();
	if (conversation->url[0] != '\0' && strncmp(conversation->url, "https://", 8) != 0
	    && strncmp(conversation->url, "http://", 7) != 0)
		abort();
	if (strpbrk(conversation->url, "\r\n") != NULL)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct conversation conversation;

	if (size < 2)
		return 0;
	char *exact = malloc(size - 2 + 1);

	if (exact == NULL)
		return 0;
	memcpy(exact, data + 2, size - 2);
	struct bytes text = { exact, size - 2 };
	const char *empty = memmem(text.data, text.length, "\r\n\r\n", 4);
	size_t used = empty != NULL ? (size_t)(empty - text.data) : 0;
	size_t skipped = empty != NULL ? used + 4 : 0;
	const struct http_answer answer = {
		.status = statuses[data[1] % (sizeof statuses / sizeof statuses[0])],
		.fields = { text.data, used },
		.body = { text.data + skipped, text.length - skipped },
		.failure = "",
	};

	memset(&conversation, 0, sizeof conversation);
	begin(&conversation, (enum talk)(data[0] % TALKS));
	enum step step = next(&conversation, NULL);

	for (int i = 0; step == STEP_MORE; i++) {
		if (i > 20) /* a conversation ends */
			abort();
		step = next(&conversation, &answer);
	}
	if (step == STEP_DONE)
		check_end(&conversation);
	free(exact);
	return 0;
}
