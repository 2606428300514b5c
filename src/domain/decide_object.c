/*
 * What stands beneath a payment (refunds, disputes, lines of the provider's balance) and beside it (payouts).
 * News of a payment that has not settled is parked until it has; news that the object's rank has passed is
 * already known.
 */
#include <string.h>

#include "domain/decide_parts.h"
#include "domain/statement.h"

static enum entry_kind entry_kind_of(enum event_kind kind)
{
	if (kind == EVENT_CLEARED)
		return ENTRY_CLEARED;
	if (kind == EVENT_REFUNDED)
		return ENTRY_REFUNDED;
	if (kind == EVENT_REFUND_FAILED)
		return ENTRY_REFUND_FAILED;
	if (kind == EVENT_DISPUTE_WON)
		return ENTRY_DISPUTE_WON;
	if (kind == EVENT_DISPUTE_LOST)
		return ENTRY_DISPUTE_LOST;
	return kind == EVENT_ADJUSTED ? ENTRY_ADJUSTED : ENTRY_DISPUTED;
}

/* Whether the event says nothing that is not known. */
static bool is_old(const struct knowledge *known, const struct event *event)
{
	const struct payment *payment = &known->payment;
	bool own = strcmp(event_object(event), payment->id) == 0;

	if (event->kind == EVENT_CLEARED)
		return event->clearing.lines <= (own ? payment->own.lines : known->object.cleared.lines);
	if (event->total)
		return event->amount.minor <= payment->refunds || event->amount.minor <= payment->refunds_total;
	/* The provider would not make the refund that was asked for. */
	if (event->kind == EVENT_REFUND_FAILED && event_ref(event, REF_REFUND) == NULL)
		return !known->refund_owed;
	return !object_may_become(&known->object, event->kind, event->at_s);
}

/* A refund's amount never changes; what a balance says in the payment's own currency is the payment's. */
static enum reason misfit(const struct knowledge *known, const struct event *event)
{
	const struct payment *payment = &known->payment;
	const struct clearing *clearing = &event->clearing;
	bool is_refund = event->kind == EVENT_REFUNDED || event->kind == EVENT_REFUND_FAILED;
	bool has_amount = event->amount.currency.code[0] != '\0';

	if (event->live != known->live)
		return REASON_OTHER_MODE;
	if (!known->payment_known || payment->status != PAYMENT_SETTLED)
		return REASON_UNKNOWN_PAYMENT;
	if (has_amount && !currency_equal(&event->amount.currency, &payment->given.currency))
		return REASON_OTHER_CURRENCY;
	if (clearing->lines > 0 && payment->settlement.code[0] != '\0'
	    && !currency_equal(&clearing->settlement.currency, &payment->settlement))
		return REASON_OTHER_CURRENCY;
	if (is_refund && !event->total && known->object.status != EVENT_KINDS && event->amount.minor != known->object.amount.minor)
		return REASON_OTHER_AMOUNT;
	return REASON_NONE;
}

void decide_claim(const struct knowledge *known, const struct event_command *command, struct decision *decision)
{
	const struct event *event = &command->event;
	bool asked = event->id[0] == '\0';

	if (event->pledge[0] == '\0' && !known->pledge_known && !known->payment_known) {
		decision->verdict = VERDICT_NOT_OURS;
		return;
	}
	enum reason reason = misfit(known, event);

	/* What we asked about can be asked again: nothing of it is kept. */
	if (reason != REASON_NONE && asked && command->parked == 0)
		decide_refuse(decision, reason == REASON_UNKNOWN_PAYMENT ? ERR_UNKNOWN : ERR_CONFLICT);
	else if (reason != REASON_NONE)
		decide_park(known, command, reason, decision);
	else if (is_old(known, event))
		decision->verdict = VERDICT_ALREADY;
	else {
		decide_begin(known, command, entry_kind_of(event->kind), decision);
		decide_post(known, decision);
	}
}

/* ---- payouts ---- */

static void post_payouts(struct decision *decision, struct statement *statement, const struct provider_object *before,
                         const struct provider_object *after)
{
	struct entry *entry = &decision->entry;
	enum err err = statement_payout(statement, SIDE_AFTER, after, entry->account);

	if (err == OK)
		err = statement_payout(statement, SIDE_BEFORE, before, entry->account);
	if (err != OK)
		decide_refuse(decision, err);
}

void decide_payout(const struct knowledge *known, const struct event_command *command, struct decision *decision)
{
	const struct event *event = &command->event;
	struct provider_object after = known->object;
	struct payment none;
	struct statement statement = { .count = 0 };
	bool explained = event->kind == EVENT_PAYOUT_EXPLAINED;

	if (event->live != known->live) {
		decision->verdict = VERDICT_NOT_OURS;
		return;
	}
	if (explained ? known->object.explained : !object_may_become(&known->object, event->kind, event->at_s)) {
		decision->verdict = VERDICT_ALREADY;
		return;
	}
	decide_begin(known, command, event->kind == EVENT_PAYOUT_FAILED ? ENTRY_PAYOUT_FAILED : ENTRY_PAYOUT, decision);
	payment_none(&none);
	enum err err = payment_apply(&none, &after, &decision->entry);

	if (err != OK) {
		decide_refuse(decision, err);
		return;
	}
	post_payouts(decision, &statement, &known->object, &after);
	if (decision->verdict == VERDICT_BOOK && statement_post(&statement, &decision->entry) != OK)
		decide_refuse(decision, ERR_TOO_BIG);
}

/* The line, its payout and what it comes from are of one currency. */
static bool currencies_agree(const struct knowledge *known, const struct event *event)
{
	const struct currency *currency = &event->clearing.settlement.currency;
	bool of_payment = !known->payment_known || known->payment.settlement.code[0] == '\0'
	                  || currency_equal(currency, &known->payment.settlement);
	bool of_source = !known->source_known || currency_equal(currency, &known->source.amount.currency);

	return currency_equal(currency, &known->payout.amount.currency) && of_payment && of_source;
}

/* A payout that came back gives back what of ours it held: all of that must be known. */
static bool may_return(const struct provider_object *payout)
{
	return payout->status == EVENT_PAYOUT_FAILED && payout->explained;
}

/* A gift that was heard of late makes the share of its payout larger when that has already come back and gone out again. */
static int64_t left_to_return(const struct provider_object *payout)
{
	return payout->share - payout->returned;
}

/* A line of the balance that is ours, in a payout: of a payment, or giving back a payout that failed. */
void decide_paid_out(const struct knowledge *known, const struct event_command *command, struct decision *decision)
{
	const struct event *event = &command->event;
	struct provider_object payout = known->payout;
	struct provider_object source = known->source;
	struct statement statement = { .count = 0 };
	struct payment after = known->payment;
	struct provider_object line = known->object;

	if (!known->source_known && known->object.status != EVENT_KINDS) {
		decision->verdict = VERDICT_ALREADY;
		return;
	}
	if (!known->source_known && (!known->payment_known || known->payment.standing == STANDING_FOREIGN)) {
		decision->verdict = VERDICT_NOT_OURS;
		return;
	}
	if (known->payout.status == EVENT_KINDS || (known->source_known && !may_return(&known->source))
	    || (known->payment_known && known->payment.status != PAYMENT_SETTLED)) {
		decide_refuse(decision, ERR_UNKNOWN);
		return;
	}
	if (known->source_known && left_to_return(&known->source) == 0) {
		decision->verdict = VERDICT_ALREADY;
		return;
	}
	if (!currencies_agree(known, event)) {
		decide_refuse(decision, ERR_CONFLICT);
		return;
	}
	decide_begin(known, command, ENTRY_PAID_OUT, decision);
	struct entry *entry = &decision->entry;

	/* Of a payout that failed, our share comes back, whatever the line's amount. */
	if (known->source_known) {
		decide_copy(entry->payment, sizeof entry->payment, event->payment);
		entry->clearing.settlement.minor = entry->clearing.net.minor = left_to_return(&known->source);
		entry->clearing.fee.minor = 0;
	}
	enum err err = paid_out_apply(&payout, &source, known->source_known, entry);

	if (err == OK && known->payment_known)
		err = payment_apply(&after, &line, entry);
	if (err == OK && known->payment_known)
		err = statement_payment(&statement, SIDE_AFTER, &after, entry->account, &known->pledge);
	if (err == OK && known->payment_known)
		err = statement_payment(&statement, SIDE_BEFORE, &known->payment, entry->account, &known->pledge);
	if (err != OK) {
		decide_refuse(decision, err);
		return;
	}
	post_payouts(decision, &statement, &known->payout, &payout);
	post_payouts(decision, &statement, &known->source, &source);
	if (decision->verdict == VERDICT_BOOK && statement_post(&statement, entry) != OK)
		decide_refuse(decision, ERR_TOO_BIG);
}
