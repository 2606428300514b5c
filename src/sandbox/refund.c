#include "sandbox/refund.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sandbox/dispute.h"
#include "sandbox/events.h"
#include "sandbox/transaction.h"

enum { CHANGE_SIZE = 160 };

const struct param refund_params[] = {
	{ "amount", PARAM_INTEGER, NULL },
	{ "charge", PARAM_TEXT, NULL },
	{ "expand[#]", PARAM_TEXT, NULL },
	{ "metadata", PARAM_METADATA, NULL },
	{ "payment_intent", PARAM_TEXT, NULL },
	{ "reason", PARAM_CHOICE, "duplicate fraudulent requested_by_customer" },
	{ NULL, PARAM_TEXT, NULL },
};

const char *refund_state_name(enum refund_state state)
{
	switch (state) {
	case REFUND_PENDING:
		return "pending";
	case REFUND_SUCCEEDED:
		return "succeeded";
	case REFUND_FAILED:
		return "failed";
	case REFUND_CANCELED:
		return "canceled";
	}
	return NULL;
}

/* ---- what is asked for ---- */

static bool find_charge(const struct state *state, const struct form *form, struct charge **charge,
                        struct refusal *refusal)
{
	const char *charge_id = form_get(form, "charge");
	const char *intent_id = form_get(form, "payment_intent");

	if (charge_id == NULL && intent_id == NULL)
		return refuse(refusal, 400, "parameter_missing", "payment_intent",
		              "One of the following params should be provided for this request: payment_intent or charge.");
	if (charge_id != NULL) {
		*charge = (struct charge *)store_find(&state->store, KIND_CHARGE, charge_id);
		return *charge != NULL || refuse_missing(refusal, "charge", "charge", charge_id);
	}
	const struct intent *intent = (const struct intent *)store_find(&state->store, KIND_INTENT, intent_id);

	if (intent == NULL)
		return refuse_missing(refusal, "payment_intent", "payment_intent", intent_id);
	*charge = intent->latest_charge;
	if (*charge != NULL && (*charge)->state == CHARGE_SUCCEEDED)
		return true;
	return refuse(refusal, 400, NULL, "payment_intent",
	              "This PaymentIntent (%s) does not have a successful charge to refund.", intent_id);
}

bool refund_read(const struct state *state, const struct form *form, struct charge **charge, int64_t *amount,
                 struct refusal *refusal)
{
	const char *wish = form_get(form, "amount");

	if (!find_charge(state, form, charge, refusal))
		return false;
	*amount = params_integer(wish, 0);
	if (wish != NULL && *amount < 1)
		return refuse(refusal, 400, "parameter_invalid_integer", "amount",
		              "This value must be greater than or equal to 1.");
	return true;
}

static bool check(const struct charge *charge, int64_t amount, struct refusal *refusal)
{
	int64_t left = charge->intent->price.amount - charge->refunded;

	if (charge->state != CHARGE_SUCCEEDED)
		return refuse(refusal, 400, NULL, "charge", "Charge %s has not succeeded and cannot be refunded.",
		              charge->object.id);
	if (charge->dispute != NULL && !dispute_lets_refund(charge->dispute))
		return refuse(refusal, 400, "charge_disputed", "charge",
		              "Charge %s has been charged back; cannot issue a refund.", charge->object.id);
	if (left <= 0)
		return refuse(refusal, 400, "charge_already_refunded", "charge", "Charge %s has already been refunded.",
		              charge->object.id);
	if (amount > left)
		return refuse(refusal, 400, NULL, "amount",
		              "Refund amount (%" PRId64 ") is greater than unrefunded amount on charge (%" PRId64 ")", amount, left);
	return true;
}

/* ---- what happens ---- */

static enum err book(struct state *state, struct refund *refund)
{
	bool debit = refund->charge->intent->debit;
	struct booking booking = {
		.type = debit ? "payment_refund" : "refund",
		.category = "refund",
		.description = "REFUND",
		.source = &refund->object,
	};

	transaction_value(state, refund->charge, -refund->amount, &booking);
	refund->waits = false;
	return transaction_book(state, &booking, &refund->transaction);
}

/* Both names under which a change of a refund is told. */
static enum err tell_change(struct state *state, const struct refund *refund, const char *previous)
{
	enum err err = event_tell_change(state, "refund.updated", &refund->object, previous);

	return err != OK ? err : event_tell_change(state, "charge.refund.updated", &refund->object, previous);
}

/* The charge says how much of it is refunded by now. */
static enum err tell_charge(struct state *state, const struct refund *refund)
{
	const struct charge *charge = refund->charge;
	char previous[CHANGE_SIZE];

	snprintf(previous, sizeof previous, "amount_refunded=%" PRId64 "%s", charge->refunded - refund->amount,
	         charge->refunded == charge->intent->price.amount ? " refunded=false" : "");
	return event_tell_change(state, "charge.refunded", &charge->object, previous);
}

/* The bank of a card gives a reference shortly after: the refund is told of once more, and nothing else changes. */
static enum err succeed_at_once(struct state *state, struct refund *refund)
{
	refund->referenced = true;
	return tell_change(state, refund, "destination_details={\"card\":{\"reference_status\":\"pending\"}}");
}

static enum err await(struct state *state, struct refund *refund)
{
	enum due due = knob_strikes(&state->knobs.refund_fails) ? DUE_REFUND_FAILS : DUE_REFUND_SUCCEEDS;

	return agenda_add(&state->agenda, state->now_ms + state->knobs.slow_refund_ms, (int)due, refund);
}

static enum err begin(struct state *state, struct refund *refund, enum refund_course course)
{
	enum err err = course == REFUND_WAITS ? OK : book(state, refund);

	refund->waits = course == REFUND_WAITS;
	refund->state = course == REFUND_AT_ONCE ? REFUND_SUCCEEDED : REFUND_PENDING;
	refund->charge->refunded += refund->amount;
	if (err == OK)
		err = tell_charge(state, refund);
	if (err == OK)
		err = event_tell(state, "refund.created", &refund->object);
	if (err != OK)
		return err;
	return course == REFUND_AT_ONCE ? succeed_at_once(state, refund) : await(state, refund);
}

enum refund_course refund_course_of(struct state *state, const struct charge *charge)
{
	return knob_strikes(&state->knobs.slow_refund) || charge->intent->debit ? REFUND_PENDS : REFUND_AT_ONCE;
}

bool refund_make(struct state *state, struct charge *charge, int64_t amount, enum refund_course course,
                 struct form *form, struct refund **refund, struct refusal *refusal)
{
	struct object *stored = NULL;

	if (!check(charge, amount, refusal))
		return false;
	enum err err = state_add(state, KIND_REFUND, charge->intent->debit ? "pyr_1" : "re_3", 23, &stored);

	if (err != OK)
		return refuse_failure(refusal, err);
	struct refund *made = (struct refund *)stored;

	made->charge = charge;
	made->amount = amount == 0 ? charge->intent->price.amount - charge->refunded : amount;
	if (form != NULL) {
		made->form = *form;
		*form = (struct form){ 0 };
	}
	*refund = made;
	err = begin(state, made, course);
	return err == OK || refuse_failure(refusal, err);
}

/* ---- how it ends ---- */

static enum err succeed(struct state *state, struct refund *refund)
{
	bool waited = refund->waits;
	enum err err = waited ? book(state, refund) : OK;

	refund->state = REFUND_SUCCEEDED;
	refund->referenced = true;
	return err != OK ? err : tell_change(state, refund, waited ? "balance_transaction=null status=\"pending\""
	                                                           : "status=\"pending\"");
}

/* What had left the balance comes back. */
static enum err come_to_nothing(struct state *state, struct refund *refund, enum refund_state end)
{
	char previous[CHANGE_SIZE];
	enum err err = OK;

	snprintf(previous, sizeof previous, "status=\"%s\"", refund_state_name(refund->state));
	refund->state = end;
	refund->waits = false;
	refund->charge->refunded -= refund->amount;
	if (refund->transaction != NULL)
		err = transaction_undo(state, refund->transaction, "refund_failure", "refund_failure", &refund->failure);
	if (err == OK && end == REFUND_FAILED)
		err = event_tell_change(state, "refund.failed", &refund->object, previous);
	return err != OK ? err : tell_change(state, refund, previous);
}

enum err refund_end(struct state *state, struct refund *refund, enum refund_state end)
{
	bool pending = refund->state == REFUND_PENDING;

	switch (end) {
	case REFUND_SUCCEEDED:
		return pending ? succeed(state, refund) : ERR_CONFLICT;
	case REFUND_FAILED:
		return pending || refund->state == REFUND_SUCCEEDED ? come_to_nothing(state, refund, end) : ERR_CONFLICT;
	case REFUND_CANCELED:
		return pending ? come_to_nothing(state, refund, end) : ERR_CONFLICT;
	case REFUND_PENDING:
		break;
	}
	return ERR_CONFLICT;
}

enum err refund_come_due(struct state *state, struct refund *refund, enum refund_state end)
{
	return refund->state == REFUND_PENDING ? refund_end(state, refund, end) : OK;
}
