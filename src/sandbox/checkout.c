#include "sandbox/checkout.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox/events.h"
#include "sandbox/invoice.h"
#include "sandbox/payment.h"
#include "sandbox/subscription.h"

enum { QUANTITY_MAX = 999999, INTERVALS_MAX = 36, REFERENCE_MAX = 200 };

/* ---- reading what is asked for ---- */

static const char *line_value(const struct form *form, size_t i, const char *rest, struct refusal *refusal)
{
	const char *value = form_get_at(form, "line_items", i, rest);
	char name[FORM_NAME_SIZE];

	if (value == NULL && refusal != NULL) {
		snprintf(name, sizeof name, "line_items[%zu]%s", i, rest);
		refuse(refusal, 400, "parameter_missing", name, "Missing required param: %s.", name);
	}
	return value;
}

static bool read_recurring(const struct form *form, size_t i, bool subscribes, struct line *line,
                           struct refusal *refusal)
{
	char name[FORM_NAME_SIZE];

	snprintf(name, sizeof name, "line_items[%zu][price_data][recurring]", i);
	line->interval = NULL;
	if (!form_has(form, name))
		return true;
	if (!subscribes)
		return refuse(refusal, 400, NULL, name,
		              "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode "
		              "or use only one-time prices.");
	line->interval = line_value(form, i, "[price_data][recurring][interval]", refusal);
	line->interval_count =
		params_integer(line_value(form, i, "[price_data][recurring][interval_count]", NULL), 1);
	if (line->interval == NULL)
		return false;
	return (line->interval_count >= 1 && line->interval_count <= INTERVALS_MAX) ||
	       refuse(refusal, 400, NULL, name, "The interval count must be between 1 and %d.", INTERVALS_MAX);
}

static bool read_unit(const struct form *form, size_t i, struct line *line, struct refusal *refusal)
{
	const char *currency = line_value(form, i, "[price_data][currency]", refusal);
	char name[FORM_NAME_SIZE];

	if (currency == NULL)
		return false;
	snprintf(name, sizeof name, "line_items[%zu][price_data][currency]", i);
	if (!currency_is_known(currency))
		return refuse(refusal, 400, NULL, name, "Invalid currency: %.20s", currency);
	const char *amount = line_value(form, i, "[price_data][unit_amount]", refusal);

	if (amount == NULL)
		return false;
	memcpy(line->unit.currency, currency, sizeof line->unit.currency);
	line->unit.amount = params_integer(amount, 0);
	snprintf(name, sizeof name, "line_items[%zu][price_data][unit_amount]", i);
	return currency_check_unit(currency, line->unit.amount, name, refusal);
}

static bool read_line(struct state *state, const struct form *form, size_t i, bool subscribes,
                      struct line *line, struct refusal *refusal)
{
	const char *quantity = line_value(form, i, "[quantity]", refusal);

	if (quantity == NULL || !read_unit(form, i, line, refusal))
		return false;
	line->name = line_value(form, i, "[price_data][product_data][name]", refusal);
	if (line->name == NULL || !read_recurring(form, i, subscribes, line, refusal))
		return false;
	line->quantity = params_integer(quantity, 0);
	if (line->quantity < 1 || line->quantity > QUANTITY_MAX)
		return refuse(refusal, 400, "parameter_invalid_integer", "line_items", "Invalid quantity: %.20s", quantity);
	id_mint(&state->ids, "li_1", 23, line->id);
	id_mint(&state->ids, "price_1", 23, line->price_id);
	id_mint(&state->ids, "prod_", 14, line->product_id);
	return true;
}

static bool add_up(const struct line *lines, size_t count, bool subscribes, struct price *total,
                   struct refusal *refusal)
{
	bool recurs = false;

	*total = (struct price){ 0 };
	memcpy(total->currency, lines[0].unit.currency, sizeof total->currency);
	for (size_t i = 0; i < count; i++) {
		/* Units and quantities are bounded so that a product and the sum of LINES_MAX of them fit. */
		total->amount += lines[i].unit.amount * lines[i].quantity;
		recurs = recurs || lines[i].interval != NULL;
		if (strcmp(lines[i].unit.currency, total->currency) != 0)
			return refuse(refusal, 400, NULL, "line_items", "All line items must have the same currency.");
	}
	if (subscribes && !recurs)
		return refuse(refusal, 400, NULL, "line_items",
		              "You must provide at least one recurring price in `subscription` mode when using prices.");
	if (subscribes && count != 1)
		return refuse(refusal, 400, NULL, "line_items", "The sandbox knows subscriptions of one line only.");
	return currency_check_total(total->currency, total->amount, "line_items", refusal);
}

static bool read_lines(struct state *state, const struct form *form, struct session *draft, struct refusal *refusal)
{
	size_t count = form_list_count(form, "line_items");

	if (count == 0)
		return refuse(refusal, 400, "parameter_missing", "line_items", "Missing required param: line_items.");
	if (count > LINES_MAX)
		return refuse(refusal, 400, NULL, "line_items", "At most %d line items are allowed.", LINES_MAX);
	draft->lines = calloc(count, sizeof *draft->lines);
	if (draft->lines == NULL)
		return refuse_failure(refusal, ERR_MEMORY);
	draft->line_count = count;
	for (size_t i = 0; i < count; i++)
		if (!read_line(state, form, i, draft->subscribes, &draft->lines[i], refusal))
			return false;
	return add_up(draft->lines, count, draft->subscribes, &draft->total, refusal);
}

/*
 * The bounds are judged by everybody else's clock: whoever asks does not know
 * that this one was moved.
 */
static bool read_expiry(const struct state *state, const struct form *form, int64_t *expires_s,
                        struct refusal *refusal)
{
	int64_t now_s = (state->now_ms - state->shift_ms) / 1000;

	*expires_s = params_integer(form_get(form, "expires_at"), now_s + EXPIRES_MAX_S);
	if (*expires_s > now_s + EXPIRES_MAX_S)
		return refuse(refusal, 400, NULL, "expires_at",
		              "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.");
	if (*expires_s < now_s + state->knobs.expires_min_s)
		return refuse(refusal, 400, NULL, "expires_at",
		              "The `expires_at` timestamp must be at least %" PRId64 " minutes from Checkout Session creation.",
		              state->knobs.expires_min_s / 60);
	return true;
}

static bool read_mode(const struct form *form, bool *subscribes, struct refusal *refusal)
{
	const char *mode = params_need(form, "mode", refusal);
	const char *reference = form_get(form, "client_reference_id");

	if (mode == NULL)
		return false;
	if (strcmp(mode, "setup") == 0)
		return refuse(refusal, 400, NULL, "mode", "The sandbox does not know setup mode.");
	*subscribes = strcmp(mode, "subscription") == 0;
	if (*subscribes && form_has(form, "payment_intent_data"))
		return refuse(refusal, 400, NULL, "payment_intent_data",
		              "You can not pass `payment_intent_data` in `subscription` mode.");
	if (!*subscribes && form_has(form, "subscription_data"))
		return refuse(refusal, 400, NULL, "subscription_data",
		              "You can not pass `subscription_data` in `payment` mode.");
	if (reference != NULL && strlen(reference) > REFERENCE_MAX)
		return refuse(refusal, 400, NULL, "client_reference_id", "Invalid string: must be at most %d characters",
		              REFERENCE_MAX);
	return params_need(form, "success_url", refusal) != NULL;
}

static enum err store_session(struct state *state, struct form *form, struct session *draft, struct session **session)
{
	struct object *stored = NULL;
	int64_t due_ms = draft->expires_s * 1000 + state->shift_ms;
	enum err err = state_add(state, KIND_SESSION, state->live ? "cs_live_a1" : "cs_test_a1", 58, &stored);

	if (err != OK)
		return err;
	draft->object = *stored;
	draft->form = *form;
	*form = (struct form){ 0 };
	*(struct session *)stored = *draft;
	*draft = (struct session){ 0 };
	*session = (struct session *)stored;
	return agenda_add(&state->agenda, due_ms, DUE_EXPIRY, stored);
}

bool session_create(struct state *state, struct form *form, struct session **session, struct refusal *refusal)
{
	struct session draft = { 0 };
	bool good = read_mode(form, &draft.subscribes, refusal) && read_lines(state, form, &draft, refusal) &&
	            read_expiry(state, form, &draft.expires_s, refusal);

	if (good) {
		enum err err = store_session(state, form, &draft, session);

		if (err != OK)
			good = refuse_failure(refusal, err);
	}
	free(draft.lines);
	return good;
}

/* ---- what happens to it ---- */

static void misprice(struct state *state, struct price *price)
{
	if (knob_strikes(&state->knobs.wrong_amount))
		price->amount += 100;
	if (knob_strikes(&state->knobs.wrong_currency))
		memcpy(price->currency, strcmp(price->currency, "usd") == 0 ? "eur" : "usd", STRIPE_CURRENCY_SIZE);
}

/* The intent of earlier attempts, or a new one. */
static enum err intent_of(struct state *state, struct session *session)
{
	if (session->tried != NULL)
		return OK;
	return intent_create(state, &session->total, session->subscribes ? NULL : &session->form,
	                     session->subscribes ? "Subscription creation" : NULL, "", &session->tried);
}

/* What is to be paid: the intent itself, or the first invoice of a new subscription. */
static enum err begin(struct state *state, struct session *session, bool debit)
{
	enum err err = OK;

	if (session->subscribes) {
		err = subscription_begin(state, session, debit);
		session->intent = session->invoice == NULL ? NULL : session->invoice->intent;
		return err;
	}
	err = intent_of(state, session);
	if (err == OK) {
		session->intent = session->tried;
		session->intent->price = session->total;
	}
	return err;
}

static enum err complete(struct state *state, struct session *session)
{
	session->state = SESSION_IS_COMPLETE;
	return event_tell(state, "checkout.session.completed", &session->object);
}

static enum err pay_by_card(struct state *state, struct session *session)
{
	enum err err = intent_succeed(state, session->intent, &session->payer);

	if (err == OK && session->invoice != NULL)
		err = invoice_paid(state, session->invoice);
	session->paid = true;
	return err != OK ? err : complete(state, session);
}

static enum err pay_by_debit(struct state *state, struct session *session, bool succeeds)
{
	enum err err = intent_process(state, session->intent, &session->payer);

	if (err != OK)
		return err;
	session->settling = true;
	err = agenda_add(&state->agenda, state->now_ms + state->knobs.slow_debit_ms,
	                 succeeds ? DUE_DEBIT_SUCCEEDS : DUE_DEBIT_FAILS, session);
	return err != OK ? err : complete(state, session);
}

enum err session_pay(struct state *state, struct session *session, enum outcome outcome, const struct payer *payer)
{
	bool debit = outcome == OUTCOME_DEBIT || outcome == OUTCOME_DEBIT_FAILS;
	enum err err;

	session->payer = *payer;
	if (outcome == OUTCOME_DECLINED) {
		err = intent_of(state, session);
		return err != OK ? err : intent_decline(state, session->tried, payer);
	}
	misprice(state, &session->total);
	err = begin(state, session, debit);
	if (err != OK)
		return err;
	return debit ? pay_by_debit(state, session, outcome == OUTCOME_DEBIT) : pay_by_card(state, session);
}

enum err session_settle(struct state *state, struct session *session, bool succeeds)
{
	enum err err;

	if (!session->settling)
		return OK;
	session->settling = false;
	session->paid = succeeds;
	err = succeeds ? intent_arrive(state, session->intent) : intent_bounce(state, session->intent);
	if (err == OK && session->invoice != NULL)
		err = succeeds ? invoice_paid(state, session->invoice) : invoice_failed(state, session->invoice);
	if (err != OK)
		return err;
	return event_tell(state, succeeds ? "checkout.session.async_payment_succeeded"
	                                  : "checkout.session.async_payment_failed", &session->object);
}

enum err session_expire(struct state *state, struct session *session)
{
	if (session->state != SESSION_IS_OPEN)
		return OK;
	session->state = SESSION_IS_EXPIRED;
	return event_tell(state, "checkout.session.expired", &session->object);
}
