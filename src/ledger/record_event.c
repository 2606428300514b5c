/* Parked events and owed work as bytes. */
#include <string.h>

#include "ledger/record.h"
#include "ledger/record_cursor.h"

/* One of them is often `known`: the payment intent is the payment. */
static void put_refs(struct buffer *out, const struct ref *refs, size_t count, const char *known)
{
	put_small(out, (int64_t)count);
	for (size_t i = 0; i < count; i++) {
		put_small(out, (int64_t)refs[i].kind);
		put_text_but(out, refs[i].id, known);
	}
}

static size_t get_refs(struct cursor *cursor, struct ref refs[static REFS_MAX], const char *known)
{
	int64_t count = get_small(cursor);

	if (count < 0 || count > REFS_MAX)
		cursor->failed = true;
	for (int64_t i = 0; i < count && !cursor->failed; i++) {
		refs[i].kind = (enum ref_kind)get_small(cursor);
		get_text_but(cursor, refs[i].id, sizeof refs[i].id, known);
	}
	return cursor->failed ? 0 : (size_t)count;
}

static void put_clearing(struct buffer *out, const struct clearing *clearing)
{
	put_small(out, clearing->lines);
	if (clearing->lines == 0)
		return;
	put_money(out, &clearing->settlement);
	put_small(out, clearing->fee.minor);
	put_small(out, clearing->net.minor);
	put_text(out, clearing->rate);
}

static void get_clearing(struct cursor *cursor, struct clearing *clearing)
{
	clearing->lines = (uint32_t)get_small(cursor);
	if (clearing->lines == 0)
		return;
	get_money(cursor, &clearing->settlement);
	clearing->fee = clearing->net = clearing->settlement;
	clearing->fee.minor = get_small(cursor);
	clearing->net.minor = get_small(cursor);
	get_text(cursor, clearing->rate, sizeof clearing->rate);
}

enum err record_put_parked(struct buffer *out, const struct entry *entry)
{
	put_small(out, (int64_t)entry->reason);
	put_small(out, (int64_t)entry->status);
	put_small(out, entry->total);
	put_number(out, entry->at_s);
	put_money(out, &entry->amount);
	put_clearing(out, &entry->clearing);
	put_text(out, entry->reference);
	put_text(out, entry->account);
	put_text(out, entry->event);
	put_text(out, entry->type);
	put_text(out, entry->pledge);
	put_text(out, entry->payment);
	put_refs(out, entry->refs, entry->ref_count, entry->payment);
	return buffer_err(out);
}

enum err record_get_parked(struct bytes bytes, struct parked *parked)
{
	struct cursor cursor = { .rest = bytes };
	struct event *event = &parked->event;

	memset(event, 0, sizeof *event);
	parked->reason = (enum reason)get_small(&cursor);
	event->kind = (enum event_kind)get_small(&cursor);
	event->total = get_small(&cursor) != 0;
	event->at_s = get_number(&cursor);
	get_money(&cursor, &event->amount);
	get_clearing(&cursor, &event->clearing);
	get_text(&cursor, event->reference, sizeof event->reference);
	get_text(&cursor, parked->account, sizeof parked->account);
	get_text(&cursor, event->id, sizeof event->id);
	get_text(&cursor, event->type, sizeof event->type);
	get_text(&cursor, event->pledge, sizeof event->pledge);
	get_text(&cursor, event->payment, sizeof event->payment);
	event->ref_count = get_refs(&cursor, event->refs, event->payment);
	return cursor_finish(&cursor);
}

enum err record_put_owed(struct buffer *out, const struct owed *owed)
{
	put_small(out, owed->verb);
	put_text(out, owed->account);
	put_text(out, owed->object);
	put_number(out, (int64_t)owed->seq);
	put_small(out, owed->lines);
	put_money(out, &owed->amount);
	put_pledge_id(out, owed->pledge);
	put_text_but(out, owed->payment, owed->object);
	put_refs(out, owed->refs, owed->ref_count, owed->payment);
	return buffer_err(out);
}

enum err record_get_owed(struct bytes bytes, struct owed *owed)
{
	struct cursor cursor = { .rest = bytes };

	owed->verb = (enum owed_verb)get_small(&cursor);
	get_text(&cursor, owed->account, sizeof owed->account);
	get_text(&cursor, owed->object, sizeof owed->object);
	owed->seq = (uint64_t)get_number(&cursor);
	owed->lines = (uint32_t)get_small(&cursor);
	get_money(&cursor, &owed->amount);
	get_pledge_id(&cursor, owed->pledge);
	get_text_but(&cursor, owed->payment, sizeof owed->payment, owed->object);
	owed->ref_count = get_refs(&cursor, owed->refs, owed->payment);
	return cursor_finish(&cursor);
}
