/*
 * Random histories of the stand-in provider, as a pure value: whatever happens in
 * whatever order, its balance is what its gifts, refunds, disputes, payouts, fees
 * and corrections say, and each of them was told of. HISTORIES says how many
 * histories (300), SEED which.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dice.h"
#include "sandbox/balance.h"
#include "sandbox/checkout.h"
#include "sandbox/dispute.h"
#include "sandbox/events.h"
#include "sandbox/invoice.h"
#include "sandbox/other_business.h"
#include "sandbox/payout.h"
#include "sandbox/refund.h"
#include "sandbox/subscription.h"
#include "sandbox/transaction.h"

enum { STEPS = 60, HISTORIES = 300, DAY_MS = 86400 * 1000, CURRENCIES = 3 };

static const int64_t START_MS = INT64_C(1792000000000);
static const char *const currencies[CURRENCIES] = { "eur", "usd", "jpy" };
static const struct payer donor = { "Jane", "jane@example.com" };

/* A history under way, and what no object of the provider's says. */
struct history {
	struct state state;
	struct dice *dice;
	int64_t wall_ms;
	int64_t loose[CURRENCIES];   /* fees and corrections so far */
	size_t loose_count;
};

static unsigned roll(struct history *history, unsigned count)
{
	return dice_roll(history->dice, count);
}

static size_t currency_index(const char *currency)
{
	size_t i = 0;

	while (strcmp(currencies[i], currency) != 0)
		assert_true(++i < CURRENCIES);
	return i;
}

/* One of a kind; NULL when there is none yet. */
static struct object *any(struct history *history, enum kind kind)
{
	size_t count = store_count(&history->state.store, kind);

	return count == 0 ? NULL : store_at(&history->state.store, kind, roll(history, (unsigned)count));
}

/* What a step may end with. */
static void done(enum err err)
{
	assert_true(err == OK || err == ERR_CONFLICT);
}

/* ---- the steps ---- */

static void give(struct history *history)
{
	static const enum outcome outcomes[] = { OUTCOME_CARD, OUTCOME_CARD, OUTCOME_DECLINED, OUTCOME_DEBIT, OUTCOME_DEBIT_FAILS };
	struct form form = { 0 };
	struct refusal refusal = { 0 };
	struct session *session = NULL;
	char text[512];
	bool subscribes = roll(history, 3) == 0;

	snprintf(text, sizeof text, "mode=%s&line_items[0][quantity]=1&line_items[0][price_data][currency]=%s&"
	         "line_items[0][price_data][unit_amount]=%u&line_items[0][price_data][product_data][name]=Gift&"
	         "success_url=https://x.example/ok%s%s", subscribes ? "subscription" : "payment",
	         currencies[roll(history, CURRENCIES)], 50 + roll(history, 100000),
	         subscribes ? "&line_items[0][price_data][recurring][interval]=" : "",
	         !subscribes ? "" : roll(history, 3) == 0 ? "year" : "month");
	assert_int_equal(form_read(bytes_of(text), &form, NULL), OK);
	assert_true(session_create(&history->state, &form, &session, &refusal));
	form_free(&form);
	done(session_pay(&history->state, session, outcomes[roll(history, 5)], &donor));
}

static void let_time_pass(struct history *history)
{
	history->wall_ms += (int64_t)roll(history, 40) * DAY_MS / 2 + roll(history, 10000);
	state_advance(&history->state, history->wall_ms);
}

static void refund(struct history *history)
{
	struct charge *charge = (struct charge *)any(history, KIND_CHARGE);
	struct refund *made = NULL;
	struct refusal refusal = { 0 };

	if (charge == NULL)
		return;
	int64_t part = roll(history, 2) == 0 ? 0 : 1 + roll(history, (unsigned)charge->intent->price.amount);

	if (!refund_make(&history->state, charge, part, (enum refund_course)roll(history, 3), NULL, &made, &refusal))
		assert_int_equal(refusal.status, 400);
}

static void end_refund(struct history *history)
{
	struct refund *ended = (struct refund *)any(history, KIND_REFUND);

	if (ended != NULL)
		done(refund_end(&history->state, ended, (enum refund_state)roll(history, 4)));
}

static void dispute(struct history *history)
{
	struct charge *charge = (struct charge *)any(history, KIND_CHARGE);
	struct dispute *opened = NULL;

	if (charge == NULL)
		return;
	int64_t amount = charge->intent->price.amount;

	if (roll(history, 2) == 0)
		amount = 1 + roll(history, (unsigned)amount);
	done(dispute_open(&history->state, charge, amount, dispute_reason("general"), roll(history, 3) == 0, &opened));
}

static void move_dispute(struct history *history)
{
	struct dispute *moved = (struct dispute *)any(history, KIND_DISPUTE);

	if (moved != NULL)
		done(dispute_move(&history->state, moved, (enum dispute_state)roll(history, DISPUTE_WARNING_CLOSED + 1),
		                  roll(history, 2) == 0));
}

static void pay_out(struct history *history)
{
	struct payout *payout = NULL;
	struct price price = { .amount = 1 + roll(history, 5000) };
	const char *currency = currencies[roll(history, CURRENCIES)];

	memcpy(price.currency, currency, sizeof price.currency);
	if (roll(history, 3) == 0)
		done(payout_manual(&history->state, &price, &payout));
	else
		done(payout_automatic(&history->state, currency, &payout));
}

static void end_payout(struct history *history)
{
	struct payout *payout = (struct payout *)any(history, KIND_PAYOUT);

	if (payout != NULL)
		done(payout_end(&history->state, payout, (enum payout_state)roll(history, 4)));
}

static void charge_a_fee(struct history *history)
{
	struct transaction *transaction = NULL;
	struct price price = { .amount = 1 + roll(history, 500) };
	size_t i = roll(history, CURRENCIES);
	bool fee = roll(history, 2) == 0;

	memcpy(price.currency, currencies[i], sizeof price.currency);
	done(fee ? transaction_fee(&history->state, &price, &transaction)
	         : transaction_adjust(&history->state, &price, &transaction));
	history->loose[i] += fee ? -price.amount : price.amount;
	history->loose_count++;
}

/* Another rate between two currencies, or none any more. */
static void move_rate(struct history *history)
{
	struct rate rate = { .millionths = 1 + roll(history, 3 * RATE_ONE) };

	memcpy(rate.from, currencies[roll(history, CURRENCIES)], sizeof rate.from);
	memcpy(rate.to, currencies[roll(history, CURRENCIES)], sizeof rate.to);
	assert_int_equal(exchange_set(&history->state.exchange, &rate), OK);
}

static void renew(struct history *history)
{
	struct subscription *subscription = (struct subscription *)any(history, KIND_SUBSCRIPTION);
	struct invoice *invoice = NULL;

	if (subscription == NULL || subscription->state == SUBSCRIPTION_CANCELED)
		return;
	switch (roll(history, 4)) {
	case 0:
		done(subscription_end_later(&history->state, subscription, roll(history, 2) == 0));
		break;
	case 1:
		done(subscription_end(&history->state, subscription, "cancellation_requested"));
		break;
	default:
		done(subscription_renew(&history->state, subscription, roll(history, 3) != 0, &invoice));
	}
}

static void retry(struct history *history)
{
	struct invoice *invoice = (struct invoice *)any(history, KIND_INVOICE);

	if (invoice != NULL && invoice_can_be_tried(invoice))
		done(invoice_attempt(&history->state, invoice, roll(history, 2) == 0));
}

static void trade_elsewhere(struct history *history)
{
	const struct other_business wanted = {
		.payments = roll(history, 2), .sessions = roll(history, 2), .subscriptions = roll(history, 2),
		.invoices = roll(history, 2), .refunds = roll(history, 2), .disputes = roll(history, 2),
	};

	done(other_business_make(&history->state, &wanted));
}

static void turn_knobs(struct history *history)
{
	struct knobs *knobs = &history->state.knobs;

	knobs->renewal_fails = roll(history, 4);
	knobs->slow_refund = roll(history, 4);
	knobs->refund_fails = roll(history, 3);
	knobs->slow_balance_ms = roll(history, 2) == 0 ? 0 : DAY_MS;
	done(payouts_schedule(&history->state, (enum payout_interval)roll(history, PAYOUTS_MONTHLY + 1)));
}

/* ---- what must hold ---- */

/* What the objects say is on the balance, and how many transactions that takes. */
struct account {
	int64_t net[CURRENCIES];
	size_t transactions;
};

static void count(struct account *account, const struct transaction *transaction, const struct object *source,
                  int64_t gross, int64_t fee)
{
	assert_string_equal(transaction->source, source->id);
	assert_int_equal(transaction->gross.amount, gross);
	assert_int_equal(transaction->fee, fee);
	account->net[currency_index(transaction->gross.currency)] += gross - fee;
	account->transactions++;
}

/* `amount` of a charge where it settles, by an arithmetic of our own: half away from zero. */
static int64_t settled(const struct transaction *transaction, int64_t amount)
{
	int64_t rate = transaction->rate == 0 ? RATE_ONE : transaction->rate;
	int64_t twice = 2 * amount * rate;

	return amount < 0 ? (twice - RATE_ONE) / (2 * RATE_ONE) : (twice + RATE_ONE) / (2 * RATE_ONE);
}

static void audit_charge(struct account *account, const struct charge *charge)
{
	const struct transaction *transaction = charge->transaction;
	const struct price *price = &charge->intent->price;

	assert_true(charge->refunded >= 0 && charge->refunded <= price->amount);
	if (transaction == NULL)
		return;
	assert_int_equal(charge->state, CHARGE_SUCCEEDED);
	assert_true((transaction->rate == 0) == (strcmp(transaction->gross.currency, price->currency) == 0));
	int64_t gross = settled(transaction, price->amount);
	int64_t fee = (gross * 15 + 500) / 1000 + 25;

	count(account, transaction, &charge->object, gross, fee < gross ? fee : gross);
}

static void audit_refund(struct account *account, const struct refund *refund)
{
	bool came_back = refund->state == REFUND_FAILED || refund->state == REFUND_CANCELED;
	const struct transaction *gone = refund->transaction;

	assert_true(gone != NULL || refund->waits || came_back);
	assert_true((refund->failure != NULL) == (came_back && gone != NULL));
	if (gone != NULL)
		count(account, gone, &refund->object, settled(gone, -refund->amount), 0);
	if (refund->failure != NULL)
		count(account, refund->failure, &refund->object, -gone->gross.amount, 0);
}

static void audit_dispute(struct account *account, const struct dispute *dispute)
{
	const struct transaction *gone = dispute->withdrawal;
	const struct transaction *back = dispute->reinstatement;

	assert_true((back != NULL) == (dispute->state == DISPUTE_WON));
	if (gone == NULL)
		return;
	count(account, gone, &dispute->object, settled(gone, -dispute->amount), 1500);
	if (back != NULL)
		count(account, back, &dispute->object, -gone->gross.amount, back->fee == 0 ? 0 : -1500);
}

/* What an automatic payout holds, itself included, sums to nothing. */
static void audit_contents(const struct state *state, const struct payout *payout)
{
	int64_t sum = 0;

	for (size_t i = 0; i < store_count(&state->store, KIND_TRANSACTION); i++) {
		const struct transaction *transaction = (const struct transaction *)store_at(&state->store, KIND_TRANSACTION, i);

		if (transaction->payout == payout)
			sum += transaction->gross.amount - transaction->fee;
	}
	assert_int_equal(sum, 0);
}

static void audit_payout(struct account *account, const struct state *state, const struct payout *payout)
{
	bool came_back = payout->state == PAYOUT_FAILED || payout->state == PAYOUT_CANCELED;

	assert_true((payout->failure != NULL) == came_back);
	count(account, payout->transaction, &payout->object, -payout->price.amount, 0);
	if (came_back)
		count(account, payout->failure, &payout->object, payout->price.amount, 0);
	audit_contents(state, payout);
}

/* A charge's refunds that stand are what it says is refunded. */
static void audit_refunded(const struct state *state)
{
	int64_t balance = 0;

	for (size_t i = 0; i < store_count(&state->store, KIND_CHARGE); i++)
		balance += ((const struct charge *)store_at(&state->store, KIND_CHARGE, i))->refunded;
	for (size_t i = 0; i < store_count(&state->store, KIND_REFUND); i++) {
		const struct refund *each = (const struct refund *)store_at(&state->store, KIND_REFUND, i);

		if (each->state == REFUND_PENDING || each->state == REFUND_SUCCEEDED)
			balance -= each->amount;
	}
	assert_int_equal(balance, 0);
}

static struct account account_of(const struct history *history)
{
	const struct state *state = &history->state;
	struct account account = { .transactions = history->loose_count };

	memcpy(account.net, history->loose, sizeof account.net);
	for (size_t i = 0; i < store_count(&state->store, KIND_CHARGE); i++)
		audit_charge(&account, (const struct charge *)store_at(&state->store, KIND_CHARGE, i));
	for (size_t i = 0; i < store_count(&state->store, KIND_REFUND); i++)
		audit_refund(&account, (const struct refund *)store_at(&state->store, KIND_REFUND, i));
	for (size_t i = 0; i < store_count(&state->store, KIND_DISPUTE); i++)
		audit_dispute(&account, (const struct dispute *)store_at(&state->store, KIND_DISPUTE, i));
	for (size_t i = 0; i < store_count(&state->store, KIND_PAYOUT); i++)
		audit_payout(&account, state, (const struct payout *)store_at(&state->store, KIND_PAYOUT, i));
	return account;
}

static void audit_balance(const struct history *history)
{
	struct account account = account_of(history);
	struct pots pots;

	assert_int_equal(account.transactions, store_count(&history->state.store, KIND_TRANSACTION));
	audit_refunded(&history->state);
	balance_pots(&history->state, &pots);
	for (size_t i = 0; i < pots.count; i++) {
		size_t at = currency_index(pots.pot[i].currency);

		assert_int_equal(pots.pot[i].available + pots.pot[i].pending, account.net[at]);
		account.net[at] = 0;
	}
	for (size_t i = 0; i < CURRENCIES; i++)
		assert_int_equal(account.net[i], 0);
}

static size_t told(const struct state *state, const char *type)
{
	size_t times = 0;

	for (size_t i = 0; i < state->outbox_count; i++)
		times += strcmp(state->outbox[i].type, type) == 0;
	return times;
}

/* Each object was told of once when it came to be, and once when it ended. */
static void audit_events(const struct state *state)
{
	size_t paid = 0;
	size_t over = 0;
	size_t ended = 0;

	for (size_t i = 0; i < store_count(&state->store, KIND_INVOICE); i++)
		paid += ((const struct invoice *)store_at(&state->store, KIND_INVOICE, i))->state == INVOICE_PAID;
	for (size_t i = 0; i < store_count(&state->store, KIND_DISPUTE); i++)
		over += dispute_is_over((const struct dispute *)store_at(&state->store, KIND_DISPUTE, i));
	for (size_t i = 0; i < store_count(&state->store, KIND_SUBSCRIPTION); i++)
		ended += ((const struct subscription *)store_at(&state->store, KIND_SUBSCRIPTION, i))->state == SUBSCRIPTION_CANCELED;
	assert_int_equal(told(state, "refund.created"), store_count(&state->store, KIND_REFUND));
	assert_int_equal(told(state, "charge.refunded"), store_count(&state->store, KIND_REFUND));
	assert_int_equal(told(state, "charge.dispute.created"), store_count(&state->store, KIND_DISPUTE));
	assert_int_equal(told(state, "charge.dispute.closed"), over);
	assert_int_equal(told(state, "payout.created"), store_count(&state->store, KIND_PAYOUT));
	assert_int_equal(told(state, "invoice.finalized"), store_count(&state->store, KIND_INVOICE));
	assert_int_equal(told(state, "invoice.paid"), paid);
	assert_int_equal(told(state, "customer.subscription.created"), store_count(&state->store, KIND_SUBSCRIPTION));
	assert_int_equal(told(state, "customer.subscription.deleted"), ended);
}

/* ---- the histories ---- */

static void live(struct dice *dice, uint64_t ids)
{
	static void (*const steps[])(struct history *) = {
		give, give, give, let_time_pass, let_time_pass, refund, refund, end_refund, dispute, move_dispute, pay_out,
		end_payout, charge_a_fee, move_rate, renew, retry, trade_elsewhere, turn_knobs,
	};
	struct history history = {
		.state = { .ids = { ids }, .knobs = knobs_init(), .now_ms = START_MS },
		.dice = dice,
		.wall_ms = START_MS,
	};

	for (int i = 0; i < STEPS; i++)
		steps[roll(&history, sizeof steps / sizeof steps[0])](&history);
	audit_balance(&history);
	audit_events(&history.state);
	/* Whatever is still under way ends. */
	history.state.knobs = knobs_init();
	state_advance(&history.state, history.wall_ms + INT64_C(60) * DAY_MS);
	audit_balance(&history);
	audit_events(&history.state);
	state_free(&history.state);
}

static void after_any_history_the_balance_is_what_happened(void **state)
{
	struct dice dice = dice_from_environment();
	const char *given = getenv("HISTORIES");
	unsigned long histories = given != NULL ? strtoul(given, NULL, 10) : HISTORIES;

	(void)state;
	for (unsigned long i = 0; i < histories; i++)
		live(&dice, i + 1);
	printf("n=%lu histories of %d steps\n", histories, STEPS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(after_any_history_the_balance_is_what_happened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
