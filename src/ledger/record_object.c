/* What is known of a provider's object as bytes: a link to what it belongs to, a payment, or an object with a state. */
#include <string.h>

#include "ledger/record.h"
#include "ledger/record_cursor.h"

static void put_cleared(struct buffer *out, const struct cleared *cleared)
{
	put_small(out, cleared->lines);
	put_small(out, cleared->settlement);
	put_small(out, cleared->fee);
	put_small(out, cleared->converted);
}

static void get_cleared(struct cursor *cursor, struct cleared *cleared)
{
	cleared->lines = (uint32_t)get_small(cursor);
	cleared->settlement = get_small(cursor);
	cleared->fee = get_small(cursor);
	cleared->converted = get_small(cursor);
}

static void put_payment(struct buffer *out, const struct payment *payment)
{
	put_text(out, payment->id);
	put_pledge_id(out, payment->pledge);
	put_small(out, (int64_t)payment->status);
	put_small(out, (int64_t)payment->standing);
	put_money(out, &payment->given);
	put_number(out, payment->given_s);
	put_small(out, payment->refunds);
	put_small(out, payment->refunds_total);
	put_small(out, payment->refunds_failed);
	put_small(out, payment->disputed);
	put_small(out, payment->lost);
	put_text(out, payment->settlement.code);
	put_cleared(out, &payment->own);
	put_cleared(out, &payment->all);
	put_small(out, payment->adjusted);
	put_small(out, payment->paid_out);
	put_text(out, payment->payout);
}

static void get_payment(struct cursor *cursor, struct payment *payment)
{
	get_text(cursor, payment->id, sizeof payment->id);
	get_pledge_id(cursor, payment->pledge);
	payment->status = (enum payment_status)get_small(cursor);
	payment->standing = (enum standing)get_small(cursor);
	get_money(cursor, &payment->given);
	payment->given_s = get_number(cursor);
	payment->refunds = get_small(cursor);
	payment->refunds_total = get_small(cursor);
	payment->refunds_failed = get_small(cursor);
	payment->disputed = get_small(cursor);
	payment->lost = get_small(cursor);
	get_text(cursor, payment->settlement.code, sizeof payment->settlement.code);
	get_cleared(cursor, &payment->own);
	get_cleared(cursor, &payment->all);
	payment->adjusted = get_small(cursor);
	payment->paid_out = get_small(cursor);
	get_text(cursor, payment->payout, sizeof payment->payout);
}

static void put_object(struct buffer *out, const struct provider_object *object)
{
	put_small(out, (int64_t)object->status);
	put_number(out, object->at_s);
	put_money(out, &object->amount);
	put_text(out, object->payment);
	put_cleared(out, &object->cleared);
	put_small(out, object->share);
	put_small(out, (int64_t)object->explained);
	put_small(out, object->returned);
}

static void get_object(struct cursor *cursor, struct provider_object *object)
{
	object->status = (enum event_kind)get_small(cursor);
	object->at_s = get_number(cursor);
	get_money(cursor, &object->amount);
	get_text(cursor, object->payment, sizeof object->payment);
	get_cleared(cursor, &object->cleared);
	object->share = get_small(cursor);
	object->explained = get_small(cursor) != 0;
	object->returned = get_small(cursor);
}

enum err record_put_known(struct buffer *out, const struct known_object *known)
{
	buffer_char(out, (char)known->sort);
	switch (known->sort) {
	case KNOWN_LINK:
		put_pledge_id(out, known->u.link.pledge);
		put_text(out, known->u.link.payment);
		break;
	case KNOWN_PAYMENT:
		put_payment(out, &known->u.payment);
		break;
	case KNOWN_OBJECT:
		put_object(out, &known->u.object);
		break;
	}
	return buffer_err(out);
}

enum err record_get_known(struct bytes bytes, struct known_object *known)
{
	struct cursor cursor = { .rest = { bytes.data + 1, bytes.length - 1 } };

	if (bytes.length == 0)
		return ERR_CORRUPT;
	memset(known, 0, sizeof *known);
	known->sort = (enum known_sort)bytes.data[0];
	switch (known->sort) {
	case KNOWN_LINK:
		get_pledge_id(&cursor, known->u.link.pledge);
		get_text(&cursor, known->u.link.payment, sizeof known->u.link.payment);
		break;
	case KNOWN_PAYMENT:
		get_payment(&cursor, &known->u.payment);
		break;
	case KNOWN_OBJECT:
		get_object(&cursor, &known->u.object);
		break;
	default:
		return ERR_CORRUPT;
	}
	return cursor_finish(&cursor);
}
