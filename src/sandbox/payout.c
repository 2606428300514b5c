#include "sandbox/payout.h"

#include <stdio.h>
#include <string.h>

#include "sandbox/balance.h"
#include "sandbox/calendar.h"
#include "sandbox/events.h"
#include "sandbox/transaction.h"

enum { DAY_S = 86400, ARRIVES_AFTER_S = 2 * DAY_S };

const char *payout_state_name(enum payout_state state)
{
	switch (state) {
	case PAYOUT_PENDING:
		return "pending";
	case PAYOUT_PAID:
		return "paid";
	case PAYOUT_FAILED:
		return "failed";
	case PAYOUT_CANCELED:
		return "canceled";
	}
	return NULL;
}

/* ---- what is paid out ---- */

static struct transaction *transaction_at(const struct state *state, size_t i)
{
	return (struct transaction *)store_at(&state->store, KIND_TRANSACTION, i);
}

/* Available, of the currency, and in no automatic payout yet. */
static bool is_left(const struct state *state, const struct transaction *transaction, const char *currency)
{
	return transaction->payout == NULL && transaction->available_s <= state_now_s(state) &&
	       strcmp(transaction->gross.currency, currency) == 0;
}

static int64_t sum_of_left(const struct state *state, const char *currency)
{
	int64_t sum = 0;

	for (size_t i = 0; i < store_count(&state->store, KIND_TRANSACTION); i++)
		if (is_left(state, transaction_at(state, i), currency))
			sum += transaction_net(transaction_at(state, i));
	return sum;
}

static void mark_left(struct state *state, struct payout *payout)
{
	for (size_t i = 0; i < store_count(&state->store, KIND_TRANSACTION); i++)
		if (is_left(state, transaction_at(state, i), payout->price.currency))
			transaction_at(state, i)->payout = payout;
}

/* ---- the way to the bank ---- */

static enum err begin(struct state *state, const struct price *price, bool automatic, struct payout **payout)
{
	struct object *stored = NULL;
	enum err err = state_add(state, KIND_PAYOUT, "po_1", 23, &stored);

	if (err != OK)
		return err;
	struct payout *begun = (struct payout *)stored;
	struct booking booking = {
		.type = "payout",
		.category = "payout",
		.description = "STRIPE PAYOUT",
		.source = stored,
		.price = *price,
		.available_s = state_now_s(state),
	};

	begun->price = *price;
	begun->automatic = automatic;
	begun->arrival_s = stored->created_s + ARRIVES_AFTER_S;
	booking.price.amount = -price->amount;
	err = transaction_book(state, &booking, &begun->transaction);
	if (err == OK && automatic)
		mark_left(state, begun);
	if (err == OK)
		err = agenda_add(&state->agenda, begun->arrival_s * 1000, DUE_ARRIVAL, begun);
	*payout = begun;
	return err != OK ? err : event_tell(state, "payout.created", stored);
}

enum err payout_automatic(struct state *state, const char *currency, struct payout **payout)
{
	struct price price = { .amount = sum_of_left(state, currency) };

	*payout = NULL;
	memcpy(price.currency, currency, strlen(currency) + 1);
	return price.amount > 0 ? begin(state, &price, true, payout) : OK;
}

enum err payout_manual(struct state *state, const struct price *price, struct payout **payout)
{
	if (price->amount < 1 || price->amount > balance_available(state, price->currency))
		return ERR_CONFLICT;
	return begin(state, price, false, payout);
}

static enum err arrive(struct state *state, struct payout *payout)
{
	payout->state = PAYOUT_PAID;
	payout->reconciled = payout->automatic;
	enum err err = event_tell_change(state, "payout.paid", &payout->object, "status=\"pending\"");

	if (err != OK || !payout->automatic)
		return err;
	return event_tell(state, "payout.reconciliation_completed", &payout->object);
}

static enum err come_back(struct state *state, struct payout *payout, enum payout_state end)
{
	bool failed = end == PAYOUT_FAILED;
	const char *type = failed ? "payout_failure" : "payout_cancel";
	const char *category = failed ? "payout_reversal" : "payout";
	enum err err = transaction_undo(state, payout->transaction, type, category, &payout->failure);

	payout->state = end;
	return err != OK ? err : event_tell(state, failed ? "payout.failed" : "payout.canceled", &payout->object);
}

enum err payout_end(struct state *state, struct payout *payout, enum payout_state end)
{
	bool pending = payout->state == PAYOUT_PENDING;

	switch (end) {
	case PAYOUT_PAID:
		return pending ? arrive(state, payout) : ERR_CONFLICT;
	case PAYOUT_FAILED:
		return pending || payout->state == PAYOUT_PAID ? come_back(state, payout, end) : ERR_CONFLICT;
	case PAYOUT_CANCELED:
		return pending ? come_back(state, payout, end) : ERR_CONFLICT;
	case PAYOUT_PENDING:
		break;
	}
	return ERR_CONFLICT;
}

enum err payout_come_due(struct state *state, struct payout *payout)
{
	return payout->state == PAYOUT_PENDING ? arrive(state, payout) : OK;
}

/* ---- by the clock ---- */

static int64_t next_after(const struct state *state)
{
	int64_t midnight_s = state_now_s(state) / DAY_S * DAY_S;

	switch (state->payout_interval) {
	case PAYOUTS_MANUAL:
		break;
	case PAYOUTS_DAILY:
		return calendar_add(midnight_s, "day", 1);
	case PAYOUTS_WEEKLY:
		return calendar_add(midnight_s, "week", 1);
	case PAYOUTS_MONTHLY:
		return calendar_add(midnight_s, "month", 1);
	}
	return 0;
}

static enum err plan_next(struct state *state)
{
	state->next_payouts_s = next_after(state);
	if (state->next_payouts_s == 0)
		return OK;
	return agenda_add(&state->agenda, state->next_payouts_s * 1000, DUE_PAYOUTS, NULL);
}

enum err payouts_schedule(struct state *state, enum payout_interval interval)
{
	state->payout_interval = interval;
	return plan_next(state);
}

enum err payouts_come_due(struct state *state)
{
	struct pots pots;
	struct payout *payout;
	enum err err = OK;

	/* Another schedule has come since. */
	if (state->next_payouts_s == 0 || state_now_s(state) < state->next_payouts_s)
		return OK;
	balance_pots(state, &pots);
	for (size_t i = 0; i < pots.count && err == OK; i++)
		err = payout_automatic(state, pots.pot[i].currency, &payout);
	return err != OK ? err : plan_next(state);
}
