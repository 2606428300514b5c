/*
 * What the provider answers: the talk and its status from the first two bytes, fields up to an empty line, the
 * body. Whatever it says: one more request, an end with what was promised, or a refusal that says why.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "domain/token.h"
#include "webhooks/provider.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct provider_account account = {
	.id = "stripe",
	.provider = "stripe",
	.api_url = "https://api.stripe.com",
	.key = { "rk_test_1", 9 },
};

static const int statuses[] = { 0, 200, 201, 400, 401, 402, 404, 409, 429, 500, 503 };

static struct event page[PAGE_EVENTS];

static void begin_opening(struct conversation *conversation)
{
	strcpy(conversation->terms.pledge, "plg_01m81hytx7eyqsnsg1xrwccg8b");
	strcpy(conversation->terms.label, "Friend");
	conversation->terms.amount = (struct money){ 2500, { "EUR" } };
	conversation->terms.now_s = 1795334400;
}

/* What each talk about an event is begun with; an id that is asked for stands in the answer too, or nothing is reached. */
static void begin_event(struct conversation *conversation)
{
	struct event *event = &conversation->event;
	bool explain = conversation->talk == TALK_EXPLAIN;
	enum ref_kind kind = explain ? REF_PAYOUT : conversation->talk == TALK_READ_LINE ? REF_BALANCE_TRANSACTION : REF_INVOICE;

	*event = (struct event){ .kind = EVENT_SETTLED, .at_s = 1795334400, .recurring = true, .amount = { 2500, { "EUR" } } };
	strcpy(event->id, "evt_1");
	strcpy(event->payment, "in_1");
	strcpy(event->confirm, "in_1");
	strcpy(event->reference, "mistake/7");
	if (event_add_ref(event, kind, bytes_of(kind == REF_PAYOUT ? "po_1" : kind == REF_BALANCE_TRANSACTION ? "txn_1" : "in_1")) != OK)
		abort();
}

static void begin(struct conversation *conversation, enum talk talk)
{
	conversation->talk = talk;
	conversation->events = page;
	strcpy(conversation->session, talk == TALK_OPEN_SESSION ? "" : "cs_test_1");
	if (talk == TALK_OPEN_SESSION)
		begin_opening(conversation);
	else if (talk == TALK_RECALL_SESSION)
		conversation->by = REF_SESSION;
	else if (talk != TALK_READ_SESSION && talk != TALK_CLOSE_SESSION)
		begin_event(conversation);
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
static void check_session(const struct conversation *conversation)
{
	if (conversation->talk == TALK_OPEN_SESSION && (conversation->session[0] == '\0' || conversation->url[0] == '\0'))
		abort();
	if (conversation->url[0] != '\0' && strncmp(conversation->url, "https://", 8) != 0
	    && strncmp(conversation->url, "http://", 7) != 0)
		abort();
	if (strpbrk(conversation->url, "\r\n") != NULL)
		abort();
}

static void check_clearing(const struct clearing *clearing)
{
	struct money net;

	if (clearing->lines == 0)
		return;
	if (memchr(clearing->rate, '\0', sizeof clearing->rate) == NULL || clearing->rate[strspn(clearing->rate, "0123456789.")] != '\0')
		abort();
	if (money_subtract(&clearing->settlement, &clearing->fee, &net) != OK || net.minor != clearing->net.minor)
		abort();
}

/* What a page or a single answer says can go to the writer. */
static void check_told(const struct conversation *conversation)
{
	if (conversation->event_count > PAGE_EVENTS || (conversation->more && conversation->cursor[0] == '\0'))
		abort();
	for (size_t i = 0; i < conversation->event_count; i++) {
		check_clearing(&page[i].clearing);
		if (conversation->talk == TALK_LIST_EVENTS ? page[i].id[0] == '\0' : event_ref(&page[i], REF_PAYOUT) == NULL
		    && event_ref(&page[i], REF_BALANCE_TRANSACTION) == NULL)
			abort();
	}
	if (conversation->talk == TALK_CLEAR && conversation->found
	    && (conversation->event.kind != EVENT_CLEARED || conversation->event.clearing.lines == 0))
		abort();
	if (conversation->talk == TALK_CLEAR || conversation->talk == TALK_REFUND || conversation->talk == TALK_READ_LINE)
		check_clearing(&conversation->event.clearing);
}

/* What is found can be written as a pledge. */
static void check_recalled(const struct conversation *conversation)
{
	const struct session_terms *terms = &conversation->terms;

	if (conversation->found
	    && (!token_is_pledge(bytes_of(terms->pledge)) || !id_is_valid(bytes_of(terms->campaign)) || !id_is_valid(bytes_of(terms->tier))
	        || terms->amount.minor < 0 || terms->now_s <= 0 || conversation->session[0] == '\0'))
		abort();
}

static void check_end(const struct conversation *conversation)
{
	if (conversation->talk <= TALK_CLOSE_SESSION)
		check_session(conversation);
	else if (conversation->talk == TALK_RECALL_SESSION)
		check_recalled(conversation);
	else
		check_told(conversation);
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
