#include "sandbox/statement.h"

#include <string.h>

#include "sandbox/balance.h"
#include "sandbox/render.h"

/* The charge that a transaction is about in the end; NULL for payouts, fees, adjustments. */
static const struct charge *charge_of(const struct object *source)
{
	if (source == NULL)
		return NULL;
	switch (source->kind) {
	case KIND_CHARGE:
		return (const struct charge *)source;
	case KIND_REFUND:
		return ((const struct refund *)source)->charge;
	case KIND_DISPUTE:
		return ((const struct dispute *)source)->charge;
	case KIND_SESSION:
	case KIND_INTENT:
	case KIND_TRANSACTION:
	case KIND_INVOICE:
	case KIND_INVOICE_PAYMENT:
	case KIND_SUBSCRIPTION:
	case KIND_PAYOUT:
	case KIND_EVENT:
	case KINDS:
		break;
	}
	return NULL;
}

/* The metadata that tells whose a payment is: its own, or its subscription's. */
static void write_owner(struct json_write *w, const struct charge *charge)
{
	const struct intent *intent = charge == NULL ? NULL : charge->intent;
	const struct invoice *invoice = intent == NULL ? NULL : intent->invoice;

	json_write_text(w, "charge", charge == NULL ? NULL : charge->object.id);
	json_write_text(w, "payment_intent", intent == NULL ? NULL : intent->object.id);
	json_write_text(w, "invoice", invoice == NULL ? NULL : invoice->object.id);
	if (invoice != NULL && invoice->subscription != NULL)
		render_metadata(w, &invoice->subscription->session->form, "subscription_data[metadata]");
	else
		render_metadata(w, intent == NULL ? NULL : intent->form, "payment_intent_data[metadata]");
}

static void write_transaction(const struct state *state, const struct transaction *transaction, struct json_write *w)
{
	struct view view = { .state = state, .w = w };

	json_write_object_open(w, NULL);
	render_object(&view, "transaction", &transaction->object);
	json_write_text(w, "payout", transaction->payout == NULL ? NULL : transaction->payout->object.id);
	write_owner(w, charge_of(store_find_any(&state->store, transaction->source)));
	json_write_object_close(w);
}

static void write_balance(const struct state *state, struct json_write *w)
{
	struct pots pots;

	balance_pots(state, &pots);
	json_write_array_open(w, "balance");
	for (size_t i = 0; i < pots.count; i++) {
		json_write_object_open(w, NULL);
		json_write_text(w, "currency", pots.pot[i].currency);
		json_write_integer(w, "available", pots.pot[i].available);
		json_write_integer(w, "pending", pots.pot[i].pending);
		json_write_object_close(w);
	}
	json_write_array_close(w);
}

void statement_write(const struct state *state, struct json_write *w)
{
	json_write_object_open(w, NULL);
	write_balance(state, w);
	json_write_array_open(w, "transactions");
	for (size_t i = 0; i < store_count(&state->store, KIND_TRANSACTION); i++)
		write_transaction(state, (const struct transaction *)store_at(&state->store, KIND_TRANSACTION, i), w);
	json_write_array_close(w);
	json_write_object_close(w);
}
