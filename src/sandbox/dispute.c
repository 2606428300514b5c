#include "sandbox/dispute.h"

#include <stdio.h>
#include <string.h>

#include "sandbox/events.h"
#include "sandbox/transaction.h"

enum { CHANGE_SIZE = 64, STATES = DISPUTE_WARNING_CLOSED + 1 };

static const char *const state_names[STATES] = {
	[DISPUTE_NEEDS_RESPONSE] = "needs_response",
	[DISPUTE_UNDER_REVIEW] = "under_review",
	[DISPUTE_WON] = "won",
	[DISPUTE_LOST] = "lost",
	[DISPUTE_WARNING_NEEDS_RESPONSE] = "warning_needs_response",
	[DISPUTE_WARNING_UNDER_REVIEW] = "warning_under_review",
	[DISPUTE_WARNING_CLOSED] = "warning_closed",
};

const char *dispute_state_name(enum dispute_state state)
{
	return state_names[state];
}

bool dispute_state_parse(const char *name, enum dispute_state *state)
{
	for (int i = 0; i < STATES; i++) {
		if (strcmp(state_names[i], name) != 0)
			continue;
		*state = (enum dispute_state)i;
		return true;
	}
	return false;
}

const char *dispute_reason(const char *name)
{
	static const char *const reasons[] = {
		"bank_cannot_process", "credit_not_processed", "debit_not_authorized", "duplicate", "fraudulent", "general",
		"incorrect_account_details", "insufficient_funds", "noncompliant", "product_not_received",
		"product_unacceptable", "subscription_canceled", "unrecognized",
	};

	for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
		if (strcmp(reasons[i], name) == 0)
			return reasons[i];
	return NULL;
}

static bool is_inquiry(enum dispute_state state)
{
	return state == DISPUTE_WARNING_NEEDS_RESPONSE || state == DISPUTE_WARNING_UNDER_REVIEW ||
	       state == DISPUTE_WARNING_CLOSED;
}

bool dispute_lets_refund(const struct dispute *dispute)
{
	return dispute->state == DISPUTE_WON || is_inquiry(dispute->state);
}

bool dispute_is_over(const struct dispute *dispute)
{
	return dispute->state == DISPUTE_WON || dispute->state == DISPUTE_LOST || dispute->state == DISPUTE_WARNING_CLOSED;
}

/* ---- money ---- */

static enum err withdraw(struct state *state, struct dispute *dispute)
{
	struct booking booking = {
		.type = "adjustment",
		.category = "dispute",
		.description = "Chargeback withdrawal",
		.source = &dispute->object,
	};

	transaction_value(state, dispute->charge, -dispute->amount, &booking);
	booking.fee = currency_dispute_fee(booking.price.currency);
	return transaction_book(state, &booking, &dispute->withdrawal);
}

static enum err tell_withdrawal(struct state *state, const struct dispute *dispute)
{
	return event_tell(state, "charge.dispute.funds_withdrawn", &dispute->object);
}

static enum err reinstate(struct state *state, struct dispute *dispute, bool fee_returned)
{
	const struct transaction *withdrawal = dispute->withdrawal;
	enum err err = transaction_undo(state, withdrawal, "adjustment", "dispute_reversal", &dispute->reinstatement);

	if (err != OK)
		return err;
	dispute->reinstatement->description = "Chargeback reversal";
	dispute->reinstatement->fee = fee_returned ? -withdrawal->fee : 0;
	return event_tell(state, "charge.dispute.funds_reinstated", &dispute->object);
}

/* ---- steps ---- */

enum err dispute_open(struct state *state, struct charge *charge, int64_t amount, const char *reason, bool inquiry,
                      struct dispute **dispute)
{
	struct object *stored = NULL;

	if (charge->state != CHARGE_SUCCEEDED || charge->dispute != NULL || amount < 1 ||
	    amount > charge->intent->price.amount)
		return ERR_CONFLICT;
	enum err err = state_add(state, KIND_DISPUTE, charge->intent->debit ? "du_1" : "dp_1", 23, &stored);

	if (err != OK)
		return err;
	struct dispute *opened = (struct dispute *)stored;

	opened->charge = charge;
	opened->amount = amount;
	opened->reason = reason;
	opened->state = inquiry ? DISPUTE_WARNING_NEEDS_RESPONSE : DISPUTE_NEEDS_RESPONSE;
	charge->dispute = opened;
	*dispute = opened;
	err = inquiry ? OK : withdraw(state, opened);
	if (err == OK)
		err = event_tell(state, "charge.dispute.created", stored);
	return err != OK || inquiry ? err : tell_withdrawal(state, opened);
}

static bool step_exists(enum dispute_state from, enum dispute_state to)
{
	static const bool steps[STATES][STATES] = {
		[DISPUTE_NEEDS_RESPONSE] = { [DISPUTE_UNDER_REVIEW] = true, [DISPUTE_WON] = true, [DISPUTE_LOST] = true },
		[DISPUTE_UNDER_REVIEW] = { [DISPUTE_WON] = true, [DISPUTE_LOST] = true },
		[DISPUTE_WARNING_NEEDS_RESPONSE] = { [DISPUTE_WARNING_UNDER_REVIEW] = true, [DISPUTE_WARNING_CLOSED] = true,
		                                     [DISPUTE_NEEDS_RESPONSE] = true },
		[DISPUTE_WARNING_UNDER_REVIEW] = { [DISPUTE_WARNING_CLOSED] = true, [DISPUTE_NEEDS_RESPONSE] = true },
	};

	return steps[from][to];
}

enum err dispute_move(struct state *state, struct dispute *dispute, enum dispute_state to, bool fee_returned)
{
	char previous[CHANGE_SIZE];
	bool escalates = is_inquiry(dispute->state) && !is_inquiry(to);

	if (!step_exists(dispute->state, to))
		return ERR_CONFLICT;
	snprintf(previous, sizeof previous, "status=\"%s\"", dispute_state_name(dispute->state));
	dispute->state = to;
	dispute->answered = dispute->answered || to == DISPUTE_UNDER_REVIEW || to == DISPUTE_WARNING_UNDER_REVIEW;
	enum err err = escalates ? withdraw(state, dispute) : OK;

	if (err == OK)
		err = event_tell_change(state, dispute_is_over(dispute) ? "charge.dispute.closed" : "charge.dispute.updated",
		                        &dispute->object, previous);
	if (err == OK && escalates)
		err = tell_withdrawal(state, dispute);
	if (err == OK && to == DISPUTE_WON)
		err = reinstate(state, dispute, fee_returned);
	return err;
}
