/* What waits to be done: parked events, and what we owe a provider. */
#include <string.h>

#include "ledger/index_store.h"

static struct bytes seq_view(const uint8_t key[static 8])
{
	return (struct bytes){ (const char *)key, 8 };
}

/* ---- parked ---- */

static bool waits_for_an_entry(const struct entry *entry)
{
	return entry->reason == REASON_UNKNOWN_PLEDGE || entry->reason == REASON_UNKNOWN_PAYMENT;
}

static enum err park(struct index *index, const struct entry *entry, struct why *why)
{
	char space[RECORD_BYTES_MAX];
	struct buffer record = BUFFER_ON(space);
	uint8_t key[8];

	store_seq_key(entry->seq, key);
	enum err err = record_put_parked(&record, entry);

	if (err == OK)
		err = store_put(index, TABLE_PARKED, seq_view(key), buffer_view(&record), why);
	if (err == OK && waits_for_an_entry(entry))
		err = store_put(index, TABLE_WAITING, seq_view(key), BYTES_LITERAL("w"), why);
	return err;
}

static enum err unpark(struct index *index, uint64_t seq, struct why *why)
{
	uint8_t key[8];

	store_seq_key(seq, key);
	enum err err = store_delete(index, TABLE_PARKED, seq_view(key), why);

	return err == OK ? store_delete(index, TABLE_WAITING, seq_view(key), why) : err;
}

/* ---- owed ---- */

enum err work_owed_key(enum owed_verb verb, const char *account, const char *object, struct record_key *key)
{
	char first[ID_SIZE + 1] = { (char)verb };
	enum err err = bytes_copy_text(bytes_of(account), first + 1, ID_SIZE);

	return err == OK ? record_key_of(first, object, key) : err;
}

static enum err owe(struct index *index, const struct entry *entry, enum owed_verb verb, const char *object, uint32_t lines,
                    struct why *why)
{
	struct owed owed = { .verb = verb, .seq = entry->seq, .lines = lines, .amount = entry->amount, .ref_count = entry->ref_count };
	char space[RECORD_BYTES_MAX];
	struct buffer record = BUFFER_ON(space);
	struct record_key key;

	memcpy(owed.account, entry->account, sizeof owed.account);
	memcpy(owed.object, object, strlen(object) + 1);
	memcpy(owed.pledge, entry->pledge, sizeof owed.pledge);
	memcpy(owed.payment, entry->payment, sizeof owed.payment);
	memcpy(owed.refs, entry->refs, sizeof owed.refs);
	enum err err = work_owed_key(verb, entry->account, object, &key);

	if (err == OK)
		err = record_put_owed(&record, &owed);
	return err == OK ? store_put(index, TABLE_OWED, record_key_view(&key), buffer_view(&record), why) : err;
}

static enum err done(struct index *index, const char *account, enum owed_verb verb, const char *object, struct why *why)
{
	struct record_key key;
	enum err err = work_owed_key(verb, account, object, &key);

	return err == OK ? store_delete(index, TABLE_OWED, record_key_view(&key), why) : err;
}

/* Done when as many lines were read as the latest entry about the object asked for. */
static enum err cleared(struct index *index, const struct entry *entry, uint32_t lines, struct why *why)
{
	struct owed owed;
	struct record_key key;
	struct bytes value = { 0 };
	enum err err = work_owed_key(OWED_CLEAR, entry->account, entry_object(entry), &key);

	if (err == OK)
		err = store_get(index, index->batch, TABLE_OWED, record_key_view(&key), &value);
	if (err == OK)
		err = store_noted(index, record_get_owed(value, &owed));
	if (err != OK)
		return err == ERR_UNKNOWN ? OK : err;
	return owed.lines <= lines ? done(index, entry->account, OWED_CLEAR, entry_object(entry), why) : OK;
}

static enum err owed_of_event(struct index *index, const struct entry *entry, enum event_kind kind, uint32_t lines, struct why *why)
{
	bool refund = kind == EVENT_REFUNDED || kind == EVENT_REFUND_FAILED;
	uint32_t wanted = entry_lines_owed(entry);

	if (kind == EVENT_CLEARED)
		return cleared(index, entry, lines, why);
	if (kind == EVENT_PAYOUT_EXPLAINED)
		return done(index, entry->account, OWED_EXPLAIN, entry_object(entry), why);
	if (kind == EVENT_PAYOUT_SENT || kind == EVENT_PAYOUT_PAID || kind == EVENT_PAYOUT_FAILED)
		return lines == 0 ? owe(index, entry, OWED_EXPLAIN, entry_object(entry), 0, why) : OK;
	enum err err = refund && entry->reference[0] != '\0' ? done(index, entry->account, OWED_REFUND, entry->reference, why) : OK;

	return err == OK && wanted > lines ? owe(index, entry, OWED_CLEAR, entry_object(entry), wanted, why) : err;
}

enum err work_refunds_owed(struct index *index, const char *account, const char *payment, int64_t *sum)
{
	struct record_key from;
	struct bytes key;
	struct bytes value = { 0 };
	enum err err = work_owed_key(OWED_REFUND, account, "", &from);
	char behind[KEY_BYTES_MAX + 1] = { 0 };
	struct bytes at = { behind, from.length };

	*sum = 0;
	memcpy(behind, from.bytes, from.length);
	while (err == OK && (err = store_seek(index, index->batch, TABLE_OWED, at, &key, &value)) == OK) {
		struct owed owed;

		if (memcmp(key.data, from.bytes, from.length) != 0)
			break;
		err = store_noted(index, record_get_owed(value, &owed));
		if (err == OK && strcmp(owed.payment, payment) == 0)
			*sum += owed.amount.minor; /* each was found to fit what the payment may still give back */
		/* The first key behind another one is that one with a NUL. */
		memcpy(behind, key.data, key.length);
		behind[key.length] = '\0';
		at.length = key.length + 1;
	}
	return err == ERR_UNKNOWN ? OK : err;
}

enum err work_apply(struct index *index, const struct entry *entry, uint32_t lines, struct why *why)
{
	enum event_kind kind;
	enum err err = OK;

	if (entry->kind == ENTRY_PARKED)
		err = park(index, entry, why);
	if (entry->kind == ENTRY_UNPARKED || entry->kind == ENTRY_DROPPED)
		err = unpark(index, entry->parked, why);
	if (err == OK && entry->kind == ENTRY_REFUND_ASKED)
		err = owe(index, entry, OWED_REFUND, entry->reference, 0, why);
	if (err != OK || entry->kind == ENTRY_ALARM || !entry_event_kind(entry, &kind))
		return err;
	return entry->kind == ENTRY_PARKED && entry->posting_count == 0 ? OK : owed_of_event(index, entry, kind, lines, why);
}

/* ---- what the writer asks ---- */

/* Whether what a parked event waited for has come. */
static bool is_ready(struct index *index, MDB_txn *txn, const struct parked *parked)
{
	const struct event *event = &parked->event;
	struct payment payment;
	struct pledge pledge;
	enum err err = ERR_UNKNOWN;

	if (parked->reason == REASON_UNKNOWN_PLEDGE)
		return store_find_pledge(index, txn, event->pledge, &pledge) == OK;
	if (event->payment[0] != '\0')
		err = store_get_payment(index, txn, parked->account, event->payment, &payment);
	for (size_t i = 0; err == ERR_UNKNOWN && i < event->ref_count; i++)
		err = store_get_payment(index, txn, parked->account, event->refs[i].id, &payment);
	return err == OK && payment.status == PAYMENT_SETTLED;
}

/* The next parked event behind *seq, from `table`, which has it or names it. */
static enum err next_parked(struct index *index, MDB_txn *txn, enum table table, struct parked *parked)
{
	struct bytes key;
	struct bytes value = { 0 };
	uint8_t behind[9] = { 0 };

	/* The first key behind another one is that one with a NUL. */
	store_seq_key(parked->seq, behind);
	enum err err = store_seek(index, txn, table, (struct bytes){ (const char *)behind, sizeof behind }, &key, &value);

	if (err == OK && key.length != 8)
		err = store_noted(index, ERR_CORRUPT);
	if (err != OK)
		return err;
	memcpy(behind, key.data, key.length);
	parked->seq = store_key_seq(behind);
	if (table != TABLE_PARKED)
		err = store_get(index, txn, TABLE_PARKED, seq_view(behind), &value);
	if (err == OK)
		err = store_noted(index, record_get_parked(value, parked));
	parked->event.live = index->live != (parked->reason == REASON_OTHER_MODE);
	parked->event.elsewhere = parked->reason == REASON_NOT_AT_PROVIDER;
	return err;
}

enum err index_parked_next(struct index *index, struct parked *parked)
{
	MDB_txn *txn;
	enum err err = store_read_begin(index, &txn);

	if (err != OK)
		return err;
	err = next_parked(index, txn, TABLE_PARKED, parked);
	store_read_end(index, txn);
	return err;
}

enum err index_next_unpark(struct index *index, uint64_t *cursor, struct command *command)
{
	struct parked parked = { .seq = *cursor };
	MDB_txn *txn;
	enum err err = store_read_begin(index, &txn);

	if (err != OK)
		return err;
	do {
		err = next_parked(index, txn, TABLE_WAITING, &parked);
	} while (err == OK && !is_ready(index, txn, &parked));
	store_read_end(index, txn);
	if (err != OK)
		return err;
	*cursor = parked.seq;
	command->kind = COMMAND_UNPARK;
	command->u.event.event = parked.event;
	command->u.event.parked = parked.seq;
	memcpy(command->u.event.account, parked.account, sizeof command->u.event.account);
	return OK;
}

enum err index_is_owed(struct index *index, enum owed_verb verb, const char *account, const char *object)
{
	struct record_key key;
	struct bytes value;
	MDB_txn *txn;
	enum err err = work_owed_key(verb, account, object, &key);

	if (err == OK)
		err = store_read_begin(index, &txn);
	if (err != OK)
		return err;
	err = store_get(index, txn, TABLE_OWED, record_key_view(&key), &value);
	store_read_end(index, txn);
	return err;
}

/* Behind a thing; or behind all of its verb and account: a byte that no object's id begins with. */
static enum err owed_from(const struct owed *owed, bool pass_kind, struct record_key *from)
{
	bool passes = pass_kind && strlen(owed->account) + strlen(owed->object) + 2 <= KEY_BYTES_MAX;

	return owed->verb == 0 ? OK : work_owed_key(owed->verb, owed->account, passes ? "\xff" : owed->object, from);
}

/* One of another key would lead the walk elsewhere. */
static enum err take_owed(struct bytes key, struct bytes value, struct owed *owed)
{
	struct record_key same;

	memset(owed, 0, sizeof *owed);
	enum err err = record_get_owed(value, owed);

	if (err == OK)
		err = work_owed_key(owed->verb, owed->account, owed->object, &same);
	return err == OK && bytes_equal(key, record_key_view(&same)) ? OK : ERR_CORRUPT;
}

enum err index_owed_next(struct index *index, struct owed *owed, bool pass_kind)
{
	struct bytes key;
	struct bytes value = { 0 };
	struct record_key from = { .length = 0 };
	MDB_txn *txn;
	enum err err = owed_from(owed, pass_kind, &from);

	if (err == OK)
		err = store_read_begin(index, &txn);
	if (err != OK)
		return err;
	/* The first key behind another one is that one with a NUL. */
	char behind[KEY_BYTES_MAX + 1] = { 0 };

	memcpy(behind, from.bytes, from.length);
	err = store_seek(index, txn, TABLE_OWED, (struct bytes){ behind, from.length + 1 }, &key, &value);
	if (err == OK)
		err = store_noted(index, take_owed(key, value, owed));
	store_read_end(index, txn);
	return err;
}
