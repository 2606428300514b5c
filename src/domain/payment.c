#include "domain/payment.h"

#include <string.h>

void payment_none(struct payment *payment)
{
	memset(payment, 0, sizeof *payment);
}

void object_none(struct provider_object *object)
{
	memset(object, 0, sizeof *object);
	object->status = EVENT_KINDS;
}

/* ---- sums ---- */

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

bool payment_is_gift(const struct payment *payment)
{
	return payment->status == PAYMENT_SETTLED && payment->standing == STANDING_COUNTED;
}

bool payment_is_held(const struct payment *payment)
{
	return payment->status == PAYMENT_SETTLED && (payment->standing == STANDING_COUNTED || payment->standing == STANDING_PARKED);
}

int64_t payment_refunded(const struct payment *payment)
{
	return larger(payment->refunds, payment->refunds_total) - payment->refunds_failed;
}

enum payment_rest payment_rest(const struct payment *payment)
{
	int64_t gone = payment_refunded(payment) + payment->lost;

	if (gone >= payment->given.minor)
		return REST_NOTHING;
	if (payment->disputed > 0)
		return REST_HELD;
	return gone > 0 ? REST_PART : REST_WHOLE;
}

int64_t payment_fee(const struct payment *payment)
{
	return payment->all.fee + payment->adjusted;
}

int64_t payment_refundable(const struct payment *payment)
{
	return larger(payment->given.minor - payment_refunded(payment) - payment->disputed - payment->lost, 0);
}

/* Amounts are those of one payment: far below this, and sums of a few of them cannot overflow. */
static const int64_t sum_max = INT64_MAX / 64;

static enum err add(int64_t *sum, int64_t amount)
{
	if (amount > sum_max || amount < -sum_max || *sum > sum_max || *sum < -sum_max)
		return ERR_TOO_BIG;
	*sum += amount;
	return OK;
}

/* ---- ranks ---- */

int object_rank(enum event_kind kind)
{
	switch (kind) {
	case EVENT_REFUNDED:
	case EVENT_DISPUTE_OPENED:
	case EVENT_PAYOUT_SENT:
	case EVENT_PAID_OUT:
	case EVENT_ADJUSTED:
		return 1;
	case EVENT_REFUND_FAILED:
	case EVENT_DISPUTED:
	case EVENT_PAYOUT_PAID:
		return 2;
	case EVENT_DISPUTE_WON:
	case EVENT_DISPUTE_LOST:
	case EVENT_PAYOUT_FAILED:
		return 3;
	case EVENT_PENDING:
	case EVENT_SETTLED:
	case EVENT_FAILED:
	case EVENT_EXPIRED:
	case EVENT_UNREADABLE:
	case EVENT_APPROVED:
	case EVENT_CLEARED:
	case EVENT_ENDED:
	case EVENT_PAYOUT_EXPLAINED:
	case EVENT_KINDS:
		break;
	}
	return 0;
}

bool object_may_become(const struct provider_object *before, enum event_kind kind, int64_t at_s)
{
	if (before->status == EVENT_KINDS)
		return true;
	if (object_rank(kind) != object_rank(before->status))
		return object_rank(kind) > object_rank(before->status);
	if (kind == before->status)
		return false;
	return at_s != before->at_s ? at_s > before->at_s : kind > before->status;
}

/* ---- what an entry changes ---- */

static enum err apply_status(struct payment *payment, const struct entry *entry, enum payment_status status)
{
	memcpy(payment->id, entry->payment, sizeof payment->id);
	memcpy(payment->pledge, entry->pledge, sizeof payment->pledge);
	payment->status = status;
	if (status == PAYMENT_SETTLED)
		payment->given_s = entry->at_s != 0 ? entry->at_s : entry->time_us / 1000000;
	if (entry->amount.currency.code[0] != '\0')
		payment->given = entry->amount;
	payment->standing = entry->kind == ENTRY_PARKED ? STANDING_PARKED : STANDING_COUNTED;
	return add(&payment->given.minor, 0);
}

/* A refund counts once it left the balance; one that failed left it and came back. */
static enum err apply_refund(struct payment *payment, struct provider_object *object, const struct entry *entry,
                             enum event_kind kind)
{
	int64_t amount = entry->amount.minor;
	enum err err = OK;

	if (entry->total) {
		payment->refunds_total = larger(payment->refunds_total, amount);
		return add(&payment->refunds_total, 0);
	}
	if (entry->amount.currency.code[0] == '\0' || kind == object->status)
		return OK; /* the provider made none, or nothing new */
	if (object->status == EVENT_KINDS)
		err = add(&payment->refunds, amount);
	if (err == OK && kind == EVENT_REFUND_FAILED)
		err = add(&payment->refunds_failed, amount);
	return err;
}

static int64_t *dispute_sum(struct payment *payment, enum event_kind status)
{
	if (status == EVENT_DISPUTED)
		return &payment->disputed;
	return status == EVENT_DISPUTE_LOST ? &payment->lost : NULL;
}

static enum err apply_dispute(struct payment *payment, const struct provider_object *object, const struct entry *entry,
                              enum event_kind kind)
{
	int64_t *before = dispute_sum(payment, object->status);
	int64_t *after = dispute_sum(payment, kind);
	enum err err = before != NULL ? add(before, -object->amount.minor) : OK;

	return err == OK && after != NULL ? add(after, entry->amount.minor) : err;
}

/* Sums over more lines stand for those over fewer. */
static enum err apply_clearing(struct payment *payment, struct cleared *own, const struct entry *entry)
{
	const struct clearing *clearing = &entry->clearing;
	const struct cleared now = { clearing->lines, clearing->settlement.minor, clearing->fee.minor, entry->amount.minor };

	if (clearing->lines <= own->lines)
		return OK;
	enum err err = add(&payment->all.settlement, now.settlement - own->settlement);

	if (err == OK)
		err = add(&payment->all.fee, now.fee - own->fee);
	if (err == OK)
		err = add(&payment->all.converted, now.converted - own->converted);
	payment->all.lines += now.lines - own->lines;
	payment->settlement = clearing->settlement.currency;
	*own = now;
	return err;
}

static enum err apply_paid_out(struct payment *payment, const struct entry *entry)
{
	const char *payout = entry_ref(entry, REF_PAYOUT);

	payment->settlement = entry->clearing.settlement.currency;
	if (payout != NULL)
		memcpy(payment->payout, payout, strlen(payout) + 1);
	return add(&payment->paid_out, entry->clearing.net.minor);
}

static enum err apply_adjusted(struct payment *payment, const struct entry *entry)
{
	payment->settlement = entry->clearing.settlement.currency;
	return add(&payment->adjusted, -entry->clearing.net.minor);
}

/* Of a dispute the balance's lines come with the event; their sum in the payment's currency is what is out. */
static enum err apply_dispute_clearing(struct payment *payment, struct provider_object *object, const struct entry *entry,
                                       enum event_kind kind)
{
	struct entry signed_entry = { .clearing = entry->clearing, .amount = entry->amount };

	if (entry->clearing.settlement.currency.code[0] == '\0')
		return OK;
	signed_entry.amount.minor = kind == EVENT_DISPUTE_WON ? 0 : -entry->amount.minor;
	return apply_clearing(payment, &object->cleared, &signed_entry);
}

static void object_take(struct provider_object *object, const struct entry *entry, enum event_kind kind)
{
	object->status = kind;
	object->at_s = entry->at_s;
	if (entry->amount.currency.code[0] != '\0')
		object->amount = entry->amount;
	memcpy(object->payment, entry->payment, sizeof object->payment);
}

static enum err apply_payout(struct provider_object *payout, const struct entry *entry, enum event_kind kind)
{
	if (kind == EVENT_PAYOUT_EXPLAINED)
		payout->explained = true;
	else
		object_take(payout, entry, kind);
	return OK;
}

static enum err apply_event(struct payment *payment, struct provider_object *object, const struct entry *entry,
                            enum event_kind kind)
{
	enum err err = OK;
	bool own;

	switch (kind) {
	case EVENT_PENDING:
	case EVENT_APPROVED:
		return apply_status(payment, entry, PAYMENT_PENDING);
	case EVENT_SETTLED:
		return apply_status(payment, entry, PAYMENT_SETTLED);
	case EVENT_FAILED:
		return apply_status(payment, entry, PAYMENT_FAILED);
	case EVENT_CLEARED:
		own = strcmp(entry_object(entry), entry->payment) == 0;
		return apply_clearing(payment, own ? &payment->own : &object->cleared, entry);
	case EVENT_REFUNDED:
	case EVENT_REFUND_FAILED:
		err = apply_refund(payment, object, entry, kind);
		if (!entry->total)
			object_take(object, entry, kind);
		return err;
	case EVENT_DISPUTE_OPENED:
	case EVENT_DISPUTED:
	case EVENT_DISPUTE_WON:
	case EVENT_DISPUTE_LOST:
		err = apply_dispute(payment, object, entry, kind);
		if (err == OK)
			err = apply_dispute_clearing(payment, object, entry, kind);
		object_take(object, entry, kind);
		return err;
	case EVENT_PAYOUT_SENT:
	case EVENT_PAYOUT_PAID:
	case EVENT_PAYOUT_FAILED:
	case EVENT_PAYOUT_EXPLAINED:
		return apply_payout(object, entry, kind);
	case EVENT_PAID_OUT:
		object_take(object, entry, kind);
		return apply_paid_out(payment, entry);
	case EVENT_ADJUSTED:
		object_take(object, entry, kind);
		return apply_adjusted(payment, entry);
	case EVENT_EXPIRED:
	case EVENT_UNREADABLE:
	case EVENT_ENDED:
	case EVENT_KINDS:
		break;
	}
	return OK;
}

enum err payment_apply(struct payment *payment, struct provider_object *object, const struct entry *entry)
{
	enum event_kind kind;

	if (entry->kind == ENTRY_DROPPED && entry->payment[0] != '\0')
		payment->standing = entry->reason == REASON_NOT_OURS ? STANDING_FOREIGN : STANDING_DROPPED;
	/* What is parked changes nothing but that its money is there. */
	if (entry->kind == ENTRY_PARKED && entry->posting_count == 0)
		return OK;
	return entry_event_kind(entry, &kind) ? apply_event(payment, object, entry, kind) : OK;
}

enum err paid_out_apply(struct provider_object *payout, struct provider_object *source, bool has_source,
                        const struct entry *entry)
{
	enum err err = has_source ? add(&source->returned, entry->clearing.net.minor) : OK;

	return err == OK ? add(&payout->share, entry->clearing.net.minor) : err;
}

uint32_t entry_lines_owed(const struct entry *entry)
{
	enum event_kind kind;

	if (!entry_event_kind(entry, &kind) || entry->account[0] == '\0' || (entry->kind == ENTRY_PARKED && entry->posting_count == 0))
		return 0;
	if (kind == EVENT_SETTLED || (kind == EVENT_REFUNDED && !entry->total))
		return 1;
	/* One that never left the balance has no line there. */
	return kind == EVENT_REFUND_FAILED && entry_ref(entry, REF_BALANCE_TRANSACTION) != NULL ? 2 : 0;
}
