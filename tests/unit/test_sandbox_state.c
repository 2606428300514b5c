#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "sandbox/agenda.h"
#include "sandbox/calendar.h"
#include "sandbox/checkout.h"
#include "sandbox/invoice.h"
#include "sandbox/knobs.h"
#include "sandbox/store.h"
#include "sandbox/subscription.h"

static const int64_t START_MS = INT64_C(1792000000000);

static struct state *fresh(void)
{
	static struct state state;

	state = (struct state){ .ids = { 7 }, .knobs = knobs_init(), .now_ms = START_MS };
	snprintf(state.base_url, sizeof state.base_url, "http://127.0.0.1:1");
	snprintf(state.merchant, sizeof state.merchant, "Test");
	return &state;
}

static struct session *session_of(struct state *state, const char *text)
{
	struct form form;
	struct why why;
	struct refusal refusal = { 0 };
	struct session *session = NULL;

	assert_int_equal(form_read(bytes_of(text), &form, &why), OK);
	assert_true(params_check(&form, checkout_params, &refusal));
	assert_true(session_create(state, &form, &session, &refusal));
	form_free(&form);
	return session;
}

#define LINE "line_items[0][quantity]=1&line_items[0][price_data][currency]=eur&" \
	"line_items[0][price_data][unit_amount]=2500&line_items[0][price_data][product_data][name]=Gift&" \
	"success_url=https://x.example/ok"
#define ONCE "mode=payment&" LINE
#define MONTHLY "mode=subscription&line_items[0][price_data][recurring][interval]=month&" \
	"subscription_data[metadata][pledge]=plg_1&" LINE

/* The types of the events told so far, in order. */
static void told(const struct state *state, const char *expected)
{
	char all[2048] = "";

	for (size_t i = 0; i < state->outbox_count; i++) {
		size_t length = strlen(all);

		snprintf(all + length, sizeof all - length, "%s%s", i > 0 ? " " : "", state->outbox[i].type);
	}
	assert_string_equal(all, expected);
}

static const struct payer donor = { "Jane", "jane@example.com" };

static void a_card_pays_at_once(void **unused)
{
	struct state *state = fresh();
	struct session *session = session_of(state, ONCE);

	(void)unused;
	assert_int_equal(session_pay(state, session, OUTCOME_CARD, &donor), OK);
	told(state, "payment_intent.created charge.succeeded payment_intent.succeeded checkout.session.completed");
	assert_true(session->paid);
	assert_int_equal(session->intent->latest_charge->transaction->fee, 63);
	assert_int_equal(session_expire(state, session), OK);
	assert_int_equal(session->state, SESSION_IS_COMPLETE);
	state_free(state);
}

static void a_declined_card_leaves_the_session_open(void **unused)
{
	struct state *state = fresh();
	struct session *session = session_of(state, ONCE);

	(void)unused;
	assert_int_equal(session_pay(state, session, OUTCOME_DECLINED, &donor), OK);
	told(state, "payment_intent.created charge.failed payment_intent.payment_failed");
	assert_int_equal(session->state, SESSION_IS_OPEN);
	assert_int_equal(session_pay(state, session, OUTCOME_CARD, &donor), OK);
	assert_ptr_equal(session->intent, session->tried);
	assert_int_equal(store_count(&state->store, KIND_CHARGE), 2);
	state_free(state);
}

static void a_slow_debit_arrives_by_the_clock(void **unused)
{
	struct state *state = fresh();
	struct session *session = session_of(state, ONCE);

	(void)unused;
	assert_int_equal(session_pay(state, session, OUTCOME_DEBIT, &donor), OK);
	told(state, "payment_intent.created charge.pending payment_intent.processing checkout.session.completed");
	assert_int_equal(session->state, SESSION_IS_COMPLETE);
	assert_false(session->paid);
	state_advance(state, START_MS + SLOW_DEBIT_MS - 1);
	assert_false(session->paid);
	state_advance(state, START_MS + SLOW_DEBIT_MS);
	assert_true(session->paid);
	assert_string_equal(state->outbox[state->outbox_count - 1].type, "checkout.session.async_payment_succeeded");
	state_free(state);
}

static void a_slow_debit_may_fail(void **unused)
{
	struct state *state = fresh();
	struct session *session = session_of(state, MONTHLY);

	(void)unused;
	assert_int_equal(session_pay(state, session, OUTCOME_DEBIT_FAILS, &donor), OK);
	state_advance(state, START_MS + SLOW_DEBIT_MS);
	assert_false(session->paid);
	assert_string_equal(state->outbox[state->outbox_count - 1].type, "checkout.session.async_payment_failed");
	assert_int_equal(session->subscription->state, SUBSCRIPTION_PAST_DUE);
	assert_int_equal(session->invoice->state, INVOICE_OPEN);
	state_free(state);
}

static void an_open_session_expires_by_the_clock(void **unused)
{
	struct state *state = fresh();
	struct session *session = session_of(state, ONCE);

	(void)unused;
	state_advance(state, START_MS + INT64_C(1000) * EXPIRES_MAX_S);
	told(state, "checkout.session.expired");
	assert_int_equal(session->state, SESSION_IS_EXPIRED);
	state_free(state);
}

static void a_moved_clock_does_not_shorten_new_sessions(void **unused)
{
	struct state *state = fresh();
	struct session *session;
	char text[1024];

	(void)unused;
	state->shift_ms = INT64_C(40) * 86400 * 1000;
	state_advance(state, START_MS);
	snprintf(text, sizeof text, "%s&expires_at=%lld", ONCE, (long long)(START_MS / 1000 + 3600));
	session = session_of(state, text);
	state_advance(state, START_MS + 3599 * 1000);
	assert_int_equal(session->state, SESSION_IS_OPEN);
	state_advance(state, START_MS + 3600 * 1000);
	assert_int_equal(session->state, SESSION_IS_EXPIRED);
	state_free(state);
}

static void a_subscription_renews_month_by_month(void **unused)
{
	struct state *state = fresh();
	struct session *session = session_of(state, MONTHLY);
	struct subscription *subscription;
	struct invoice *invoice = NULL;

	(void)unused;
	assert_int_equal(session_pay(state, session, OUTCOME_CARD, &donor), OK);
	told(state, "payment_intent.created invoice.finalized customer.subscription.created charge.succeeded "
	            "payment_intent.succeeded invoice.paid invoice.payment_succeeded invoice_payment.paid "
	            "checkout.session.completed");
	subscription = session->subscription;
	assert_string_equal(session->invoice->reason, "subscription_create");
	assert_int_equal(subscription_renew(state, subscription, true, &invoice), OK);
	assert_string_equal(invoice->reason, "subscription_cycle");
	assert_int_equal(invoice->period_start_s, calendar_add(START_MS / 1000, "month", 1));
	/* Renewed by hand once, so that of the next two ends one is left to the clock. */
	state_advance(state, calendar_add(START_MS / 1000, "month", 2) * 1000);
	assert_int_equal(store_count(&state->store, KIND_INVOICE), 3);
	state_free(state);
}

static void a_failed_renewal_makes_the_subscription_past_due(void **unused)
{
	struct state *state = fresh();
	struct session *session = session_of(state, MONTHLY);
	struct invoice *invoice = NULL;

	(void)unused;
	assert_int_equal(session_pay(state, session, OUTCOME_CARD, &donor), OK);
	assert_int_equal(subscription_renew(state, session->subscription, false, &invoice), OK);
	assert_int_equal(invoice->state, INVOICE_OPEN);
	assert_int_equal(session->subscription->state, SUBSCRIPTION_PAST_DUE);
	state_free(state);
}

static void a_misbehaving_provider_charges_another_amount(void **unused)
{
	struct state *state = fresh();
	struct session *one = session_of(state, ONCE);
	struct session *two = session_of(state, ONCE);
	struct why why;

	(void)unused;
	assert_int_equal(knobs_read(&state->knobs, BYTES_LITERAL("{\"wrong_amount\":1,\"wrong_currency\":1}"), &why), OK);
	assert_int_equal(session_pay(state, one, OUTCOME_CARD, &donor), OK);
	assert_int_equal(session_pay(state, two, OUTCOME_CARD, &donor), OK);
	assert_int_equal(one->intent->price.amount, 2600);
	assert_string_equal(one->intent->price.currency, "usd");
	assert_int_equal(two->intent->price.amount, 2500);
	assert_string_equal(two->intent->price.currency, "eur");
	state_free(state);
}

static void months_keep_the_day_of_their_anchor(void **unused)
{
	/* 2024-01-31T12:00:00Z */
	int64_t anchor = INT64_C(1706702400);

	(void)unused;
	assert_int_equal(calendar_add(anchor, "month", 1), INT64_C(1709208000));  /* 02-29 */
	assert_int_equal(calendar_add(anchor, "month", 2), INT64_C(1711886400));  /* 03-31 */
	assert_int_equal(calendar_add(anchor, "month", 13), INT64_C(1740744000)); /* 2025-02-28 */
	assert_int_equal(calendar_add(anchor, "year", 1), INT64_C(1738324800));   /* 2025-01-31 */
	assert_int_equal(calendar_add(anchor, "week", 1), anchor + 7 * 86400);
}

static void the_agenda_keeps_time_and_order(void **unused)
{
	struct agenda agenda = { 0 };
	struct agenda_item item;
	static const int64_t times[] = { 50, 10, 30, 10, 20, 50, 40, 10 };
	int64_t last = 0;
	int last_what = -1;
	size_t taken = 0;

	(void)unused;
	for (int i = 0; i < 8; i++)
		assert_int_equal(agenda_add(&agenda, times[i], i, NULL), OK);
	assert_false(agenda_take(&agenda, 9, &item));
	assert_int_equal(agenda_next_ms(&agenda), 10);
	while (agenda_take(&agenda, 45, &item)) {
		assert_true(item.due_ms > last || (item.due_ms == last && item.what > last_what));
		last = item.due_ms;
		last_what = item.what;
		taken++;
	}
	assert_int_equal(taken, 6);
	agenda_free(&agenda);
}

static void the_oldest_events_make_room(void **unused)
{
	struct store store = { 0 };
	struct object *object;
	char id[32];

	(void)unused;
	for (int i = 0; i < EVENTS_KEPT_MAX + 5000; i++) {
		snprintf(id, sizeof id, "evt_%d", i);
		assert_int_equal(store_add(&store, KIND_EVENT, id, i, &object), OK);
	}
	assert_int_equal(store_count(&store, KIND_EVENT), EVENTS_KEPT_MAX);
	assert_null(store_find(&store, KIND_EVENT, "evt_4999"));
	for (int i = 5000; i < EVENTS_KEPT_MAX + 5000; i++) {
		snprintf(id, sizeof id, "evt_%d", i);
		assert_non_null(store_find(&store, KIND_EVENT, id));
	}
	assert_null(store_find(&store, KIND_CHARGE, "evt_5000"));
	store_free(&store);
}

static void a_misbehaviour_that_is_not_known_is_refused(void **unused)
{
	struct knobs knobs = knobs_init();
	struct why why;

	(void)unused;
	assert_int_equal(knobs_read(&knobs, BYTES_LITERAL("{\"drop\":true,\"api_stage\":\"after\",\"reorder\":true}"), &why), OK);
	assert_int_equal(knobs.drop, -1);
	assert_int_equal(knobs.api_stage, API_AFTER);
	assert_int_equal(knobs_read(&knobs, BYTES_LITERAL("{\"forge\":3,\"nonsense\":1}"), &why), ERR_INPUT);
	assert_int_equal(knobs.forge, 0);
	assert_int_equal(knobs_read(&knobs, BYTES_LITERAL("{\"delay_ms\":-1}"), &why), ERR_INPUT);
	assert_int_equal(knobs_read(&knobs, BYTES_LITERAL("{\"reorder\":1}"), &why), ERR_INPUT);
	assert_int_equal(knobs_read(&knobs, BYTES_LITERAL("[]"), &why), ERR_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_card_pays_at_once),
		cmocka_unit_test(a_declined_card_leaves_the_session_open),
		cmocka_unit_test(a_slow_debit_arrives_by_the_clock),
		cmocka_unit_test(a_slow_debit_may_fail),
		cmocka_unit_test(an_open_session_expires_by_the_clock),
		cmocka_unit_test(a_moved_clock_does_not_shorten_new_sessions),
		cmocka_unit_test(a_subscription_renews_month_by_month),
		cmocka_unit_test(a_failed_renewal_makes_the_subscription_past_due),
		cmocka_unit_test(a_misbehaving_provider_charges_another_amount),
		cmocka_unit_test(months_keep_the_day_of_their_anchor),
		cmocka_unit_test(the_agenda_keeps_time_and_order),
		cmocka_unit_test(the_oldest_events_make_room),
		cmocka_unit_test(a_misbehaviour_that_is_not_known_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
