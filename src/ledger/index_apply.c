/* What an entry changes in the index. It runs inside the writer's batch, and over all lines of a rebuild. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ledger/index_store.h"

static struct bytes view(const void *data, size_t length)
{
	return (struct bytes){ data, length };
}

/* What an entry is about, before it and after. */
struct subject {
	struct payment before;
	struct payment after;
	struct pledge pledge;
	bool pledge_known;
	bool has_object;
	struct record_key object_key;
	struct provider_object object;
};

/* ---- ids that may not come twice ---- */

static enum err put_event(struct index *index, const char *first, const char *second, uint64_t seq,
                          const uint8_t digest[static 32], struct why *why)
{
	struct event_record record = { .seq = seq };
	struct record_key key;
	enum err err = record_key_of(first, second, &key);

	memcpy(record.digest, digest, sizeof record.digest);
	return err == OK ? store_put(index, TABLE_EVENTS, record_key_view(&key), view(&record, sizeof record), why) : err;
}

static enum err apply_event(struct index *index, const struct entry *entry, struct why *why)
{
	uint8_t digest[32] = { 0 };
	char alarm[68];
	bool has_event;
	enum err err = entry_event_digest(entry, &has_event, digest);

	if (err != OK)
		return err;
	/* Alarms live beside events: their key is the content that was refused. */
	if (entry->kind == ENTRY_ALARM) {
		snprintf(alarm, sizeof alarm, "!%s", entry->digest);
		return put_event(index, alarm, entry->event, entry->seq, digest, why);
	}
	if (has_event && entry->at_s > index->newest_at_s)
		index->newest_at_s = entry->at_s;
	return has_event ? put_event(index, entry->account, entry->event, entry->seq, digest, why) : OK;
}

/*
 * A refund that was asked for is told of under the same reference: only the asking uses it up. Whoever asks again
 * may leave the amount open, as he may have at first: that is a second record.
 */
static enum err apply_reference(struct index *index, const struct entry *entry, struct why *why)
{
	struct operator_command command;
	enum command_kind kind;
	uint8_t digest[32];

	if (!operator_command_of(entry, &kind, &command))
		return OK;
	enum err err = operator_digest(kind, &command, digest);

	if (err == OK)
		err = put_event(index, "#", entry->reference, entry->seq, digest, why);
	if (err != OK || kind != COMMAND_REFUND)
		return err;
	command.amount = (struct money){ 0 };
	err = operator_digest(kind, &command, digest);
	return err == OK ? put_event(index, "#?", entry->reference, entry->seq, digest, why) : err;
}

/* ---- objects ---- */

static enum err put_known(struct index *index, const struct record_key *key, const struct known_object *known, struct why *why)
{
	char space[RECORD_BYTES_MAX];
	struct buffer record = BUFFER_ON(space);
	enum err err = record_put_known(&record, known);

	return err == OK ? store_put(index, TABLE_OBJECTS, record_key_view(key), buffer_view(&record), why) : err;
}

static enum err put_object(struct index *index, const struct record_key *key, const struct provider_object *object, struct why *why)
{
	struct known_object known = { .sort = KNOWN_OBJECT };

	known.u.object = *object;
	return put_known(index, key, &known, why);
}

static enum err put_payment(struct index *index, const struct entry *entry, const struct payment *payment, struct why *why)
{
	struct known_object known = { .sort = KNOWN_PAYMENT };
	struct record_key key;
	enum err err = record_key_of(entry->account, payment->id, &key);

	known.u.payment = *payment;
	return err == OK ? put_known(index, &key, &known, why) : err;
}

/* Sessions and subscriptions belong to a pledge; the others to one of its payments. */
static bool leads_to_payment(enum ref_kind kind)
{
	return kind == REF_PAYMENT_INTENT || kind == REF_CHARGE || kind == REF_INVOICE;
}

static enum err link_ref(struct index *index, const struct entry *entry, const struct ref *ref, struct why *why)
{
	struct known_object known;
	struct record_key key;
	const char *payment = leads_to_payment(ref->kind) ? entry->payment : "";
	enum err err = store_get_known(index, index->batch, entry->account, ref->id, &known);

	if (err != OK && err != ERR_UNKNOWN)
		return err;
	/* Known: it changes only when it leads to a payment now. */
	if (err == OK && (known.sort != KNOWN_LINK || payment[0] == '\0' || strcmp(known.u.link.payment, payment) == 0))
		return OK;
	memset(&known, 0, sizeof known);
	known.sort = KNOWN_LINK;
	memcpy(known.u.link.pledge, entry->pledge, sizeof known.u.link.pledge);
	memcpy(known.u.link.payment, payment, strlen(payment) + 1);
	err = record_key_of(entry->account, ref->id, &key);
	return err == OK ? put_known(index, &key, &known, why) : err;
}

static enum err link_refs(struct index *index, const struct entry *entry, struct why *why)
{
	enum err err = OK;

	if (entry->pledge[0] == '\0' || entry->kind == ENTRY_PAID_OUT)
		return OK;
	for (size_t i = 0; err == OK && i < entry->ref_count; i++) {
		const struct ref *ref = &entry->refs[i];
		bool links = leads_to_payment(ref->kind) || ref->kind == REF_SESSION || ref->kind == REF_SUBSCRIPTION;

		if (links && strcmp(ref->id, entry->payment) != 0)
			err = link_ref(index, entry, ref, why);
	}
	return err;
}

static enum err load_object(struct index *index, const struct entry *entry, enum event_kind kind, struct subject *subject)
{
	struct known_object known;
	struct bytes value = { 0 };
	enum err err = store_object_key(entry->account, kind, entry->refs, entry->ref_count, &subject->object_key);

	subject->has_object = err == OK && !entry->total;
	if (!subject->has_object)
		return err == ERR_UNKNOWN ? OK : err;
	err = store_get(index, index->batch, TABLE_OBJECTS, record_key_view(&subject->object_key), &value);
	if (err == OK)
		err = store_noted(index, record_get_known(value, &known));
	if (err == OK && known.sort == KNOWN_OBJECT)
		subject->object = known.u.object;
	return err == ERR_UNKNOWN ? OK : err;
}

static enum err load(struct index *index, const struct entry *entry, struct subject *subject)
{
	enum event_kind kind;
	enum err err = ERR_UNKNOWN;

	payment_none(&subject->before);
	object_none(&subject->object);
	if (entry->payment[0] != '\0')
		err = store_get_payment(index, index->batch, entry->account, entry->payment, &subject->before);
	if (err == OK || err == ERR_UNKNOWN)
		err = store_find_pledge(index, index->batch, entry->pledge, &subject->pledge);
	subject->pledge_known = err == OK;
	if (err != OK && err != ERR_UNKNOWN)
		return err;
	return entry_event_kind(entry, &kind) ? load_object(index, entry, kind, subject) : OK;
}

/* The payout that holds a line, and the failed one that the line gives back. */
static enum err apply_paid_out(struct index *index, const struct entry *entry, struct why *why)
{
	const char *id = entry_ref(entry, REF_PAYOUT);
	struct known_object payout;
	struct known_object source;
	struct record_key key;
	enum err err = id == NULL ? ERR_CORRUPT : store_get_known(index, index->batch, entry->account, id, &payout);

	if (err != OK)
		return why_set(why, ERR_CORRUPT, "seq %llu: a payout holds something before it was sent", (unsigned long long)entry->seq);
	memset(&source, 0, sizeof source);
	err = store_get_known(index, index->batch, entry->account, entry->payment, &source);
	bool returns = err == OK && source.sort == KNOWN_OBJECT && source.u.object.status == EVENT_PAYOUT_FAILED;

	err = paid_out_apply(&payout.u.object, &source.u.object, returns, entry);
	if (err == OK)
		err = record_key_of(entry->account, id, &key);
	if (err == OK)
		err = put_known(index, &key, &payout, why);
	if (err == OK && returns)
		err = record_key_of(entry->account, entry->payment, &key);
	return err == OK && returns ? put_known(index, &key, &source, why) : err;
}

/* ---- pledges ---- */

static enum err apply_new_pledge(struct index *index, const struct entry *entry,
                                 const uint8_t token[static TOKEN_BYTES], struct why *why)
{
	char receipt[TOKEN_SIZE];
	uint8_t key[32];
	enum err err = token_receipt(index->secret, entry->pledge, "", receipt);

	if (err == OK) {
		token_bytes(receipt, key);
		err = store_put(index, TABLE_RECEIPTS, view(key, TOKEN_BYTES), view(token, TOKEN_BYTES), why);
	}
	if (err == OK && entry->key[0] != '\0' && text_unhex(bytes_of(entry->key), key, sizeof key) == OK)
		err = store_put(index, TABLE_KEYS, view(key, DIGEST_KEY_BYTES), view(token, TOKEN_BYTES), why);
	return err;
}

static bool changes_pledge(const struct entry *entry, const struct subject *subject)
{
	return entry->kind == ENTRY_PLEDGED || entry_books(entry, EVENT_EXPIRED) || entry_books(entry, EVENT_ENDED)
	       || subject->before.status != subject->after.status || subject->before.standing != subject->after.standing;
}

static enum err apply_pledge(struct index *index, const struct entry *entry, struct subject *subject, struct why *why)
{
	char space[RECORD_BYTES_MAX];
	struct buffer record = BUFFER_ON(space);
	uint8_t token[TOKEN_BYTES];
	enum err err = OK;

	if (!changes_pledge(entry, subject) || (!subject->pledge_known && entry->kind != ENTRY_PLEDGED))
		return OK;
	bool took = pledge_takes(&subject->pledge);

	token_bytes(entry->pledge, token);
	if (entry->kind == ENTRY_PLEDGED)
		err = apply_new_pledge(index, entry, token, why);
	pledge_apply(&subject->pledge, entry, &subject->before, &subject->after);
	if (err == OK)
		err = stock_apply(index, subject->pledge.tier, took, pledge_takes(&subject->pledge), why);
	if (err == OK)
		err = gifts_apply(index, &subject->pledge, &subject->after, why);
	if (err == OK)
		err = record_put_pledge(&record, &subject->pledge);
	return err == OK ? store_put(index, TABLE_PLEDGES, view(token, sizeof token), buffer_view(&record), why) : err;
}

/* ---- the entry ---- */

static enum err apply_opened(struct index *index, const struct entry *entry, struct why *why)
{
	if (entry->kind != ENTRY_OPENED)
		return OK;
	index->opened = true;
	index->live = entry->live;
	return store_put(index, TABLE_META, BYTES_LITERAL("mode"), bytes_of(entry->live ? "live" : "test"), why);
}

static enum err put_subject(struct index *index, const struct entry *entry, struct subject *subject, struct why *why)
{
	bool has_payment = subject->after.id[0] != '\0';
	enum err err = has_payment ? put_payment(index, entry, &subject->after, why) : OK;

	if (err == OK && subject->has_object)
		err = put_object(index, &subject->object_key, &subject->object, why);
	if (err == OK && entry->kind == ENTRY_PAID_OUT)
		err = apply_paid_out(index, entry, why);
	if (err == OK)
		err = link_refs(index, entry, why);
	return err;
}

/* Lines of the balance that were read for what the entry is about; of a payout 1 when it is explained. */
static uint32_t lines_known(const struct entry *entry, const struct subject *subject)
{
	if (subject->object.explained)
		return 1;
	return subject->has_object && strcmp(entry_object(entry), entry->payment) != 0 ? subject->object.cleared.lines : subject->after.own.lines;
}

static enum err apply_subject(struct index *index, const struct entry *entry, struct why *why)
{
	struct subject subject = { .pledge_known = false };
	bool kept_only = entry->kind == ENTRY_PARKED && entry->posting_count == 0;
	enum err err = load(index, entry, &subject);

	subject.after = subject.before;
	if (err == OK && !kept_only)
		err = payment_apply(&subject.after, &subject.object, entry);
	if (err == OK)
		err = apply_pledge(index, entry, &subject, why);
	if (err == OK && !kept_only)
		err = put_subject(index, entry, &subject, why);
	if (err == OK)
		err = totals_apply(index, entry, &subject.pledge, &subject.before, &subject.after, why);
	if (err == OK)
		err = told_apply(index, entry, &subject.before, &subject.after, why);
	return err == OK ? work_apply(index, entry, lines_known(entry, &subject), why) : err;
}

enum err index_apply(struct index *index, const struct entry *entry, struct why *why)
{
	enum err err = apply_opened(index, entry, why);

	if (err == OK)
		err = apply_event(index, entry, why);
	if (err == OK)
		err = apply_reference(index, entry, why);
	if (err == OK && entry->kind != ENTRY_ALARM)
		err = apply_subject(index, entry, why);
	return err == OK ? balances_add(index, entry, why) : err;
}
