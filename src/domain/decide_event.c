/*
 * The good road of an event: ours → of our mode → for a pledge that we know, at the account that it was
 * opened at → of the pledged amount → a legal move of the payment → one entry. The bad ones: nobody's (not
 * ours), money that fits nothing (parked, posted as unidentified so that the provider's balance agrees).
 */
#include <string.h>

#include "domain/decide_parts.h"

/* Why an event cannot be booked for its pledge; REASON_NONE when it can. */
static enum reason misfit(const struct knowledge *known, const struct event_command *command)
{
	const struct event *event = &command->event;
	bool settled = known->payment.status == PAYMENT_SETTLED && known->payment.standing == STANDING_COUNTED;

	if (event->live != known->live)
		return REASON_OTHER_MODE;
	if (event->elsewhere)
		return REASON_NOT_AT_PROVIDER;
	if (!known->pledge_known)
		return REASON_UNKNOWN_PLEDGE;
	if (strcmp(known->pledge.account, command->account) != 0)
		return REASON_OTHER_ACCOUNT;
	if (event->kind == EVENT_EXPIRED || event->kind == EVENT_ENDED)
		return REASON_NONE;
	if (known->payment_known && strcmp(known->payment.pledge, known->pledge.id) != 0)
		return REASON_NOT_LEGAL;
	if (!currency_equal(&event->amount.currency, &known->pledge.amount.currency))
		return REASON_OTHER_CURRENCY;
	if (event->amount.minor != known->pledge.amount.minor)
		return REASON_OTHER_AMOUNT;
	if (event->kind == EVENT_SETTLED && known->pledge.interval == INTERVAL_ONCE && known->pledge.settled_count > 0 && !settled)
		return REASON_SECOND_PAYMENT;
	return REASON_NONE;
}

static void book_payment(const struct knowledge *known, const struct event_command *command, enum payment_status status,
                         enum entry_kind kind, struct decision *decision)
{
	bool waits = known->payment.status == PAYMENT_SETTLED && known->payment.standing == STANDING_PARKED;

	/* Money that waits as unidentified is moved on by its unparking only. */
	if (waits ? command->parked == 0 || kind != ENTRY_SETTLED : !payment_may_become(known->payment.status, status)) {
		decision->verdict = VERDICT_ALREADY;
		return;
	}
	decide_begin(known, command, kind, decision);
	decide_post(known, decision);
}

static void book_expiry(const struct knowledge *known, const struct event_command *command, struct decision *decision)
{
	if (pledge_may_become(known->pledge.status, PLEDGE_EXPIRED))
		decide_begin(known, command, ENTRY_EXPIRED, decision);
	else
		decision->verdict = VERDICT_ALREADY;
}

static void book_end(const struct knowledge *known, const struct event_command *command, struct decision *decision)
{
	if (known->pledge.ended)
		decision->verdict = VERDICT_ALREADY;
	else
		decide_begin(known, command, ENTRY_ENDED, decision);
}

static void book(const struct knowledge *known, const struct event_command *command, struct decision *decision)
{
	enum event_kind kind = command->event.kind;

	if (kind == EVENT_PENDING)
		book_payment(known, command, PAYMENT_PENDING, ENTRY_PENDING, decision);
	else if (kind == EVENT_APPROVED)
		book_payment(known, command, PAYMENT_PENDING, ENTRY_APPROVED, decision);
	else if (kind == EVENT_SETTLED)
		book_payment(known, command, PAYMENT_SETTLED, ENTRY_SETTLED, decision);
	else if (kind == EVENT_FAILED)
		book_payment(known, command, PAYMENT_FAILED, ENTRY_FAILED, decision);
	else if (kind == EVENT_EXPIRED)
		book_expiry(known, command, decision);
	else
		book_end(known, command, decision);
}

/* About a payment, its session or its subscription. */
static void decide_payment(const struct knowledge *known, const struct event_command *command, struct decision *decision)
{
	enum event_kind kind = command->event.kind;

	if (command->event.pledge[0] == '\0' && !known->pledge_known) {
		decision->verdict = VERDICT_NOT_OURS;
		return;
	}
	enum reason reason = misfit(known, command);

	if (reason == REASON_NONE)
		book(known, command, decision);
	else if (kind == EVENT_SETTLED || (known->pledge_known && kind != EVENT_EXPIRED && kind != EVENT_ENDED))
		decide_park(known, command, reason, decision);
	else
		decision->verdict = VERDICT_NOT_OURS; /* moves no money, for a pledge that we do not know */
}

void decide_event(const struct knowledge *known, const struct event_command *command, struct decision *decision)
{
	switch (command->event.kind) {
	case EVENT_PENDING:
	case EVENT_SETTLED:
	case EVENT_FAILED:
	case EVENT_EXPIRED:
	case EVENT_APPROVED:
	case EVENT_ENDED:
		decide_payment(known, command, decision);
		break;
	case EVENT_UNREADABLE:
		decide_park(known, command, REASON_UNREADABLE, decision);
		break;
	case EVENT_CLEARED:
	case EVENT_REFUNDED:
	case EVENT_REFUND_FAILED:
	case EVENT_DISPUTE_OPENED:
	case EVENT_DISPUTED:
	case EVENT_DISPUTE_WON:
	case EVENT_DISPUTE_LOST:
	case EVENT_ADJUSTED:
		decide_claim(known, command, decision);
		break;
	case EVENT_PAYOUT_SENT:
	case EVENT_PAYOUT_PAID:
	case EVENT_PAYOUT_FAILED:
	case EVENT_PAYOUT_EXPLAINED:
		decide_payout(known, command, decision);
		break;
	case EVENT_PAID_OUT:
		decide_paid_out(known, command, decision);
		break;
	case EVENT_KINDS:
		decision->verdict = VERDICT_NOT_OURS;
		break;
	}
}
