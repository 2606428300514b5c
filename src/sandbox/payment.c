#include "sandbox/payment.h"

#include <string.h>

#include "sandbox/events.h"
#include "sandbox/transaction.h"

enum { AVAILABLE_AFTER_S = 2 * 86400 };

enum err intent_create(struct state *state, const struct price *price, const struct form *form,
                       const char *description, const char *customer, struct intent **intent)
{
	struct object *stored = NULL;
	enum err err = state_add(state, KIND_INTENT, "pi_3", 23, &stored);

	if (err != OK)
		return err;
	struct intent *created = (struct intent *)stored;

	created->price = *price;
	created->form = form;
	created->description = description;
	memcpy(created->customer, customer, strlen(customer) + 1);
	*intent = created;
	return event_tell(state, "payment_intent.created", stored);
}

static enum err charge_create(struct state *state, struct intent *intent, const struct payer *payer,
                              enum charge_state charge_state)
{
	struct object *stored = NULL;
	enum err err = state_add(state, KIND_CHARGE, intent->debit ? "py_3" : "ch_3", 23, &stored);

	if (err != OK)
		return err;
	struct charge *charge = (struct charge *)stored;

	charge->intent = intent;
	charge->payer = *payer;
	charge->state = charge_state;
	id_mint(&state->ids, "pm_1", 23, charge->method);
	intent->latest_charge = charge;
	return OK;
}

/* The money of a charge comes onto the balance, less the fee. */
static enum err book(struct state *state, struct charge *charge)
{
	struct booking booking = {
		.type = charge->intent->debit ? "payment" : "charge",
		.category = "charge",
		.description = charge->intent->description,
		.source = &charge->object,
	};

	transaction_value(state, charge, charge->intent->price.amount, &booking);
	booking.fee = currency_fee(booking.price.currency, booking.price.amount);
	booking.available_s = state_now_s(state) + AVAILABLE_AFTER_S;
	return transaction_book(state, &booking, &charge->transaction);
}

enum err charge_book(struct state *state, struct charge *charge)
{
	enum err err = book(state, charge);

	return err != OK ? err : event_tell_change(state, "charge.updated", &charge->object, "balance_transaction=null");
}

static enum err book_in_time(struct state *state, struct charge *charge)
{
	int64_t due_ms = state->now_ms + state->knobs.slow_balance_ms;

	if (state->knobs.slow_balance_ms == 0)
		return book(state, charge);
	return agenda_add(&state->agenda, due_ms, DUE_BOOKING, charge);
}

static enum err succeed(struct state *state, struct intent *intent)
{
	struct charge *charge = intent->latest_charge;
	enum err err = book_in_time(state, charge);

	if (err != OK)
		return err;
	charge->state = CHARGE_SUCCEEDED;
	intent->state = INTENT_SUCCEEDED;
	intent->declined = false;
	err = event_tell(state, "charge.succeeded", &charge->object);
	return err != OK ? err : event_tell(state, "payment_intent.succeeded", &intent->object);
}

static enum err fail(struct state *state, struct intent *intent)
{
	struct charge *charge = intent->latest_charge;

	charge->state = CHARGE_FAILED;
	intent->state = INTENT_NEEDS_METHOD;
	intent->declined = true;
	enum err err = event_tell(state, "charge.failed", &charge->object);

	return err != OK ? err : event_tell(state, "payment_intent.payment_failed", &intent->object);
}

enum err intent_succeed(struct state *state, struct intent *intent, const struct payer *payer)
{
	intent->debit = false;
	enum err err = charge_create(state, intent, payer, CHARGE_PENDING);

	return err != OK ? err : succeed(state, intent);
}

enum err intent_decline(struct state *state, struct intent *intent, const struct payer *payer)
{
	intent->debit = false;
	enum err err = charge_create(state, intent, payer, CHARGE_PENDING);

	return err != OK ? err : fail(state, intent);
}

enum err intent_process(struct state *state, struct intent *intent, const struct payer *payer)
{
	intent->debit = true;
	enum err err = charge_create(state, intent, payer, CHARGE_PENDING);

	if (err != OK)
		return err;
	intent->state = INTENT_PROCESSING;
	intent->declined = false;
	err = event_tell(state, "charge.pending", &intent->latest_charge->object);
	return err != OK ? err : event_tell(state, "payment_intent.processing", &intent->object);
}

enum err intent_arrive(struct state *state, struct intent *intent)
{
	return succeed(state, intent);
}

enum err intent_bounce(struct state *state, struct intent *intent)
{
	return fail(state, intent);
}
