#include "sandbox/transaction.h"

#include <string.h>

enum err transaction_book(struct state *state, const struct booking *booking, struct transaction **transaction)
{
	struct object *stored = NULL;
	enum err err = state_add(state, KIND_TRANSACTION, "txn_1", 23, &stored);

	if (err != OK)
		return err;
	struct transaction *booked = (struct transaction *)stored;

	booked->type = booking->type;
	booked->category = booking->category;
	booked->description = booking->description;
	booked->fee_type = booking->fee_type == NULL ? "stripe_fee" : booking->fee_type;
	if (booking->source != NULL)
		memcpy(booked->source, booking->source->id, sizeof booked->source);
	booked->gross = booking->price;
	booked->rate = booking->rate;
	booked->fee = booking->fee;
	booked->available_s = booking->available_s;
	*transaction = booked;
	return OK;
}

/* Today's rate, or what the charge itself was changed at where there is none into its currency any more. */
static struct rate rate_of(const struct state *state, const struct charge *charge)
{
	const struct rate *today = exchange_find(&state->exchange, charge->intent->price.currency);
	const struct transaction *first = charge->transaction;
	struct rate rate = { .millionths = 0 };

	if (first == NULL)
		return today == NULL ? rate : *today;
	memcpy(rate.to, first->gross.currency, sizeof rate.to);
	rate.millionths = first->rate;
	return today != NULL && first->rate != 0 && strcmp(today->to, rate.to) == 0 ? *today : rate;
}

void transaction_value(const struct state *state, const struct charge *charge, int64_t amount,
                       struct booking *booking)
{
	struct rate rate = rate_of(state, charge);

	booking->rate = rate.millionths;
	booking->price = charge->intent->price;
	booking->price.amount = amount;
	if (rate.millionths != 0)
		booking->price = exchange_convert(&rate, amount);
	booking->available_s = state_now_s(state);
	if (charge->transaction != NULL && charge->transaction->available_s > booking->available_s)
		booking->available_s = charge->transaction->available_s;
}

enum err transaction_undo(struct state *state, const struct transaction *undone, const char *type,
                          const char *category, struct transaction **transaction)
{
	struct booking booking = {
		.type = type,
		.category = category,
		.source = store_find_any(&state->store, undone->source),
		.price = undone->gross,
		.rate = undone->rate,
		.available_s = state_now_s(state),
	};

	booking.price.amount = -undone->gross.amount;
	return transaction_book(state, &booking, transaction);
}

int64_t transaction_net(const struct transaction *transaction)
{
	return transaction->gross.amount - transaction->fee;
}

enum err transaction_fee(struct state *state, const struct price *price, struct transaction **transaction)
{
	struct booking booking = {
		.type = "stripe_fee",
		.category = "fee",
		.description = "Billing - Usage Fee",
		.price = *price,
		.available_s = state_now_s(state),
	};

	booking.price.amount = -price->amount;
	return transaction_book(state, &booking, transaction);
}

enum err transaction_adjust(struct state *state, const struct price *price, struct transaction **transaction)
{
	const struct booking booking = {
		.type = "adjustment",
		.category = "other_adjustment",
		.description = "Correction",
		.price = *price,
		.available_s = state_now_s(state),
	};

	return transaction_book(state, &booking, transaction);
}
