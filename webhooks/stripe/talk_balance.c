/* What Stripe's balance says: of one object, of what a payout holds, of everything. */
#include <string.h>

#include "webhooks/stripe/talk.h"

enum { LINES_MAX = 100 };

static enum err refuse(struct why *why, const char *what)
{
	return why_set(why, ERR_PROVIDER, "Stripe's answer is not %s", what);
}

/* ---- TALK_CLEAR: find the object that the lines are about, then read them ---- */

/* NULL while the payment's charge is not known. */
static const char *source_of(const struct event *event)
{
	static const enum ref_kind kinds[] = { REF_REFUND, REF_DISPUTE, REF_CHARGE };
	const char *id = NULL;

	for (size_t i = 0; id == NULL && i < sizeof kinds / sizeof kinds[0]; i++)
		id = event_ref(event, kinds[i]);
	return id;
}

static enum err ask_clear(const struct provider_account *account, const struct conversation *conversation,
                          struct http_call *call, struct why *why)
{
	const struct event *event = &conversation->event;
	const char *source = source_of(event);
	const char *intent = stripe_intent(event);

	(void)why;
	if (source != NULL) {
		stripe_ask(account, "GET", "/v1/balance_transactions", call);
		stripe_put_query(call, "source", source);
		stripe_put_query_number(call, "limit", LINES_MAX);
	} else if (intent != NULL) {
		stripe_ask_object(account, "GET", "payment_intents", intent, "", call);
	} else {
		stripe_ask_invoice(account, event->payment, call);
	}
	return OK;
}

static enum err take_charge(const struct json_text *json, struct conversation *conversation, bool *again, struct why *why)
{
	const struct json_node *root = json_text_root(json);
	char id[OBJECT_ID_SIZE];

	if (stripe_id(json, json_text_member(json, root, "id"), id) != OK || strcmp(id, stripe_intent(&conversation->event)) != 0
	    || stripe_member_id(json, root, "latest_charge", id) != OK)
		return refuse(why, "the payment intent that was asked for");
	*again = id[0] != '\0';
	return event_add_ref(&conversation->event, REF_CHARGE, bytes_of(id));
}

static enum err take_lines(const struct provider_account *account, const struct json_text *json, struct conversation *conversation,
                           struct why *why)
{
	struct event *event = &conversation->event;
	struct event cleared = *event;
	const struct json_node *lines;
	struct money amount = event->amount;
	bool more;

	if (amount.minor < 0)
		amount.minor = -amount.minor;
	cleared.clearing.lines = 0;
	if (stripe_list(json, json_text_root(json), &lines, &more) != OK || more
	    || stripe_sum_lines(json, lines, &amount, &cleared) != OK)
		return refuse(why, "the balance's lines that were asked for");
	if (cleared.clearing.lines == 0)
		return OK;
	cleared.kind = EVENT_CLEARED;
	cleared.id[0] = '\0';
	cleared.live = account->live;
	conversation->found = true;
	*event = cleared;
	return OK;
}

static enum err take_clear(const struct provider_account *account, const struct json_text *json, struct conversation *conversation,
                           bool *again, struct why *why)
{
	if (source_of(&conversation->event) != NULL)
		return take_lines(account, json, conversation, why);
	if (stripe_intent(&conversation->event) != NULL)
		return take_charge(json, conversation, again, why);
	*again = true;
	return stripe_take_intent(json, &conversation->event, why);
}

/* ---- pages of lines ---- */

static void ask_lines(const struct provider_account *account, const struct conversation *conversation, const char *filter,
                      struct http_call *call)
{
	stripe_ask(account, "GET", "/v1/balance_transactions", call);
	if (conversation->talk == TALK_EXPLAIN)
		stripe_put_query(call, filter, event_ref(&conversation->event, REF_PAYOUT));
	else
		stripe_put_query_number(call, filter, conversation->since_s);
	/* Of a payout, there is room for one more behind the last line. */
	stripe_put_query_number(call, "limit", PAGE_EVENTS - (conversation->talk == TALK_EXPLAIN));
	stripe_put_query(call, "expand[]", "data.source");
	if (conversation->cursor[0] != '\0')
		stripe_put_query(call, "starting_after", conversation->cursor);
}

static enum err take_line(const struct provider_account *account, const struct json_text *json, const struct json_node *item,
                          struct conversation *conversation, char last[static OBJECT_ID_SIZE])
{
	struct event *event = &conversation->events[conversation->event_count];
	struct stripe_line line;
	enum err err = conversation->event_count == PAGE_EVENTS ? ERR_TOO_BIG : stripe_read_line(json, item, &line);

	if (err == OK)
		err = stripe_line_event(json, &line, event);
	if (err != OK)
		return err;
	event->live = account->live;
	memcpy(last, line.id, sizeof line.id);
	conversation->event_count++;
	return OK;
}

/* Everything that the page holds, as it is said. */
static enum err take_page(const struct provider_account *account, const struct json_text *json, struct conversation *conversation,
                          struct why *why)
{
	const struct json_node *lines;
	char last[OBJECT_ID_SIZE] = "";
	enum err err = stripe_list(json, json_text_root(json), &lines, &conversation->more);

	conversation->found = true;
	conversation->event_count = 0;
	for (const struct json_node *item = err == OK ? json_text_first(json, lines) : NULL; err == OK && item != NULL;
	     item = json_text_next(json, item))
		err = take_line(account, json, item, conversation, last);
	if (err == OK)
		err = stripe_turn_page(conversation, conversation->more, last);
	return err == OK ? OK : refuse(why, "a page of the balance's lines");
}

/* ---- TALK_LIST_BALANCE ---- */

static enum err ask_balance(const struct provider_account *account, const struct conversation *conversation,
                            struct http_call *call, struct why *why)
{
	(void)why;
	ask_lines(account, conversation, "created[gte]", call);
	return OK;
}

static enum err take_balance(const struct provider_account *account, const struct json_text *json,
                             struct conversation *conversation, bool *again, struct why *why)
{
	(void)again;
	return take_page(account, json, conversation, why);
}

/* ---- TALK_EXPLAIN: nobody can ask what is in a manual payout, nor in one that Stripe has not reconciled yet ---- */

enum { STAGE_PAYOUT, STAGE_LINES };

static enum err ask_explain(const struct provider_account *account, const struct conversation *conversation,
                            struct http_call *call, struct why *why)
{
	const char *payout = event_ref(&conversation->event, REF_PAYOUT);

	if (payout == NULL) {
		http_call_init(call, "GET");
		return why_set(why, ERR_INPUT, "there is no payout to explain");
	}
	if (conversation->stage == STAGE_PAYOUT)
		stripe_ask_object(account, "GET", "payouts", payout, "", call);
	else
		ask_lines(account, conversation, "payout", call);
	return OK;
}

static void end_explanation(const struct provider_account *account, struct conversation *conversation)
{
	struct event *event = &conversation->events[conversation->event_count++];

	*event = (struct event){ .kind = EVENT_PAYOUT_EXPLAINED, .live = account->live, .amount = conversation->event.amount };
	err_ignore(event_add_ref(event, REF_PAYOUT, bytes_of(event_ref(&conversation->event, REF_PAYOUT)))); /* the first one fits */
}

static enum err take_payout(const struct provider_account *account, const struct json_text *json, struct conversation *conversation,
                            bool *again, struct why *why)
{
	const struct json_node *root = json_text_root(json);
	const struct json_node *status = json_text_member(json, root, "status");
	bool over = json_text_is(json, status, "failed") || json_text_is(json, status, "canceled");
	char id[OBJECT_ID_SIZE];
	bool automatic;

	if (stripe_id(json, json_text_member(json, root, "id"), id) != OK
	    || strcmp(id, event_ref(&conversation->event, REF_PAYOUT)) != 0
	    || json_text_bool(json_text_member(json, root, "automatic"), &automatic) != OK
	    || stripe_member_signed(json, root, "amount", &conversation->event.amount) != OK)
		return refuse(why, "the payout that was asked for");
	if (!automatic) {
		conversation->found = true;
		end_explanation(account, conversation);
	} else if (over || json_text_is(json, json_text_member(json, root, "reconciliation_status"), "completed")) {
		conversation->stage = STAGE_LINES;
		*again = true;
	}
	return OK;
}

/* A line that gives back a failed payout is about that one; the ref is the payout that holds the line. */
static enum err put_into_payout(struct event *event, const char *payout)
{
	bool returns = event->kind == EVENT_PAYOUT_FAILED;

	event->kind = EVENT_PAID_OUT;
	if (!returns)
		return event_add_ref(event, REF_PAYOUT, bytes_of(payout));
	event->amount = (struct money){ 0 };
	for (size_t i = 0; i < event->ref_count; i++)
		if (event->refs[i].kind == REF_PAYOUT) {
			memcpy(event->payment, event->refs[i].id, sizeof event->payment);
			memcpy(event->refs[i].id, payout, strlen(payout) + 1);
		}
	return OK;
}

/* A payout's own line, also that of a manual one which this one holds, is of no payment. */
static enum err sort_lines(struct conversation *conversation)
{
	const char *payout = event_ref(&conversation->event, REF_PAYOUT);
	size_t kept = 0;
	enum err err = OK;

	for (size_t i = 0; err == OK && i < conversation->event_count; i++) {
		struct event *event = &conversation->events[i];

		if (event->kind == EVENT_PAYOUT_SENT)
			continue;
		err = put_into_payout(event, payout);
		if (kept != i)
			conversation->events[kept] = *event;
		kept++;
	}
	conversation->event_count = kept;
	return err;
}

static enum err take_explain(const struct provider_account *account, const struct json_text *json,
                             struct conversation *conversation, bool *again, struct why *why)
{
	if (conversation->stage == STAGE_PAYOUT)
		return take_payout(account, json, conversation, again, why);
	enum err err = take_page(account, json, conversation, why);

	if (err != OK)
		return err;
	err = sort_lines(conversation);
	if (err == OK && !conversation->more)
		end_explanation(account, conversation);
	return err;
}

/* ---- TALK_READ_LINE ---- */

static enum err ask_one_line(const struct provider_account *account, const struct conversation *conversation, struct http_call *call,
                         struct why *why)
{
	const char *line = event_ref(&conversation->event, REF_BALANCE_TRANSACTION);

	if (line == NULL) {
		http_call_init(call, "GET");
		return why_set(why, ERR_INPUT, "there is no line to read");
	}
	stripe_ask_object(account, "GET", "balance_transactions", line, "?expand[]=source", call);
	return OK;
}

static enum err take_one_line(const struct provider_account *account, const struct json_text *json, struct conversation *conversation,
                          bool *again, struct why *why)
{
	const char *wanted = event_ref(&conversation->event, REF_BALANCE_TRANSACTION);
	struct stripe_line line;
	struct event event;

	(void)again;
	if (stripe_read_line(json, json_text_root(json), &line) != OK || strcmp(line.id, wanted) != 0
	    || stripe_line_event(json, &line, &event) != OK)
		return refuse(why, "the line of the balance that was asked for");
	event.live = account->live;
	conversation->event = event;
	conversation->found = true;
	return OK;
}

static bool one_line_refused(const struct provider_account *account, const struct stripe_refusal *refusal,
                         struct conversation *conversation, bool *again)
{
	(void)account;
	(void)again;
	conversation->found = false;
	return refusal->status == 404;
}

const struct stripe_talk stripe_line_talk = { ask_one_line, take_one_line, one_line_refused };
const struct stripe_talk stripe_clear_talk = { ask_clear, take_clear, NULL };
const struct stripe_talk stripe_explain_talk = { ask_explain, take_explain, NULL };
const struct stripe_talk stripe_balance_talk = { ask_balance, take_balance, NULL };
