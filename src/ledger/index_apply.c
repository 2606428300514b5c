/*
 * What an entry changes in the index, and what the index knows of a command. Both run inside the
 * writer's batch, so that the second of two copies in one batch sees the first.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ledger/index_store.h"

static struct bytes view(const void *data, size_t length)
{
	return (struct bytes){ data, length };
}

/* Alarms live beside events: their key is the content that was refused. */
static enum err alarm_key(const char *event, const char *digest_hex, struct record_key *key)
{
	char first[68];

	snprintf(first, sizeof first, "!%s", digest_hex);
	return record_key_of(first, event, key);
}

/* ---- what is known ---- */

static enum err know_event(struct index *index, const char *account, const struct event *event,
                           struct knowledge *known)
{
	struct event_record record;
	struct record_key key;
	uint8_t digest[32];
	char hex[65];
	enum err err = record_key_of(account, event->id, &key);

	if (err == OK)
		err = store_get_fixed(index, index->batch, TABLE_EVENTS, record_key_view(&key), &record, sizeof record);
	if (err != OK)
		return err == ERR_UNKNOWN ? OK : err;
	known->event_seen = true;
	err = event_digest(event, digest);
	if (err != OK)
		return err;
	known->event_same = memcmp(digest, record.digest, sizeof record.digest) == 0;
	text_hex(digest, sizeof digest, hex);
	err = alarm_key(event->id, hex, &key);
	if (err == OK)
		err = store_get_fixed(index, index->batch, TABLE_EVENTS, record_key_view(&key), &record, sizeof record);
	known->alarm_seen = err == OK;
	return err == ERR_UNKNOWN ? OK : err;
}

static enum err find_object(struct index *index, const char *account, const char *object, struct object_record *record)
{
	struct record_key key;
	enum err err = record_key_of(account, object, &key);

	return err == OK ? store_get_fixed(index, index->batch, TABLE_OBJECTS, record_key_view(&key), record, sizeof *record) : err;
}

/* The pledge that the event names itself, or else the one that its objects lead to. */
static enum err know_pledge(struct index *index, const char *account, const struct event *event,
                            struct knowledge *known)
{
	struct object_record record;
	uint8_t token[TOKEN_BYTES];
	enum err err = ERR_UNKNOWN;

	if (event->pledge[0] != '\0') {
		token_bytes(event->pledge, token);
		err = store_get_pledge(index, index->batch, token, &known->pledge);
	}
	for (size_t i = 0; err == ERR_UNKNOWN && event->pledge[0] == '\0' && i < event->ref_count; i++) {
		err = find_object(index, account, event->refs[i].id, &record);
		if (err == OK)
			err = store_get_pledge(index, index->batch, record.pledge, &known->pledge);
	}
	known->pledge_known = err == OK;
	return err == ERR_UNKNOWN ? OK : err;
}

static enum err know_payment(struct index *index, const char *account, const struct event *event,
                             struct knowledge *known)
{
	struct object_record record;
	uint8_t token[TOKEN_BYTES];

	if (event->payment[0] == '\0')
		return OK;
	enum err err = find_object(index, account, event->payment, &record);

	if (err != OK)
		return err == ERR_UNKNOWN ? OK : err;
	known->payment = (enum payment_status)record.status;
	known->payment_parked = record.parked != 0;
	if (known->pledge_known) {
		token_bytes(known->pledge.id, token);
		known->payment_other_pledge = memcmp(token, record.pledge, sizeof token) != 0;
	}
	return OK;
}

static enum err know_pledging(struct index *index, const struct pledge_command *command, struct knowledge *known)
{
	uint8_t token[TOKEN_BYTES];
	uint8_t digest[32];

	token_bytes(command->pledge, token);
	enum err err = store_get_pledge(index, index->batch, token, &known->pledge);

	known->pledge_known = err == OK;
	if (err != OK && err != ERR_UNKNOWN)
		return err;
	if (command->key[0] == '\0')
		return OK;
	if (text_unhex(bytes_of(command->key), digest, sizeof digest) != OK)
		return ERR_INPUT;
	err = store_get_fixed(index, index->batch, TABLE_KEYS, view(digest, DIGEST_KEY_BYTES), token, sizeof token);
	if (err == OK)
		err = store_get_pledge(index, index->batch, token, &known->key_pledge);
	known->key_known = err == OK;
	return err == ERR_UNKNOWN ? OK : err;
}

enum err index_know(struct index *index, const struct command *command, struct knowledge *known, struct why *why)
{
	const struct event_command *event = &command->u.event;
	enum err err = OK;

	memset(known, 0, sizeof *known);
	known->opened = index->opened;
	known->live = index->live;
	switch (command->kind) {
	case COMMAND_OPEN:
	case COMMAND_RESTORE:
		break;
	case COMMAND_PLEDGE:
		err = know_pledging(index, &command->u.pledge, known);
		break;
	case COMMAND_EVENT:
	case COMMAND_UNPARK:
		err = know_event(index, event->account, &event->event, known);
		if (err == OK)
			err = know_pledge(index, event->account, &event->event, known);
		if (err == OK)
			err = know_payment(index, event->account, &event->event, known);
		break;
	}
	return err == OK ? OK : why_set(why, err, "the index cannot be read");
}

/* ---- what an entry changes ---- */

static enum err apply_event(struct index *index, const struct entry *entry, struct why *why)
{
	struct event_record record = { .seq = entry->seq };
	struct record_key key;
	uint8_t digest[32];
	bool has_event;
	enum err err = entry_event_digest(entry, &has_event, digest);

	if (err == OK && entry->kind == ENTRY_ALARM)
		err = alarm_key(entry->event, entry->digest, &key);
	else if (err == OK && !has_event)
		return OK;
	else if (err == OK) {
		memcpy(record.digest, digest, sizeof record.digest);
		err = record_key_of(entry->account, entry->event, &key);
	}
	return err == OK ? store_put(index, TABLE_EVENTS, record_key_view(&key), view(&record, sizeof record), why) : err;
}

static enum payment_status status_after(const struct entry *entry, enum payment_status before)
{
	if (entry->kind == ENTRY_PENDING)
		return PAYMENT_PENDING;
	if (entry->kind == ENTRY_FAILED)
		return PAYMENT_FAILED;
	if (entry->kind == ENTRY_SETTLED || entry->kind == ENTRY_UNPARKED)
		return PAYMENT_SETTLED;
	return before;
}

static enum err apply_object(struct index *index, const struct entry *entry, const char *id, bool is_payment,
                             struct why *why)
{
	struct object_record record = { .status = PAYMENT_NONE };
	struct record_key key;
	enum err err = record_key_of(entry->account, id, &key);

	if (err == OK)
		err = store_get_fixed(index, index->batch, TABLE_OBJECTS, record_key_view(&key), &record, sizeof record);
	if (err != OK && err != ERR_UNKNOWN)
		return err;
	if (err == OK && !is_payment)
		return OK; /* known: a mere mention changes nothing */
	if (err == ERR_UNKNOWN)
		token_bytes(entry->pledge, record.pledge);
	if (is_payment) {
		record.status = (uint8_t)status_after(entry, (enum payment_status)record.status);
		record.parked = entry->kind == ENTRY_PARKED && entry->posting_count > 0;
	}
	return store_put(index, TABLE_OBJECTS, record_key_view(&key), view(&record, sizeof record), why);
}

static enum err apply_objects(struct index *index, const struct entry *entry, struct why *why)
{
	enum err err = OK;

	if (entry->pledge[0] == '\0' || entry->kind == ENTRY_ALARM)
		return OK;
	for (size_t i = 0; err == OK && i < entry->ref_count; i++)
		if (strcmp(entry->refs[i].id, entry->payment) != 0)
			err = apply_object(index, entry, entry->refs[i].id, false, why);
	if (err == OK && entry->payment[0] != '\0')
		err = apply_object(index, entry, entry->payment, true, why);
	return err;
}

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

static enum err apply_totals(struct index *index, const struct entry *entry, const struct pledge *pledge,
                             enum payment_status before, struct why *why)
{
	enum payment_status after = status_after(entry, before);
	const struct money *amount = &entry->amount;
	struct campaign_totals totals;
	struct record_key key;
	enum err err = record_key_of(pledge->campaign, amount->currency.code, &key);

	if (err == OK)
		err = store_get_fixed(index, index->batch, TABLE_TOTALS, record_key_view(&key), &totals, sizeof totals);
	if (err == ERR_UNKNOWN) {
		memset(&totals, 0, sizeof totals);
		totals.settled.currency = amount->currency;
		totals.pending.currency = amount->currency;
		err = OK;
	}
	if (err == OK && after == PAYMENT_SETTLED) {
		err = money_add(&totals.settled, amount, &totals.settled);
		totals.gifts++;
	}
	if (err == OK && after == PAYMENT_PENDING)
		err = money_add(&totals.pending, amount, &totals.pending);
	if (err == OK && before == PAYMENT_PENDING && after != PAYMENT_PENDING)
		err = money_subtract(&totals.pending, amount, &totals.pending);
	if (err != OK)
		return why_set(why, err, "the totals of a campaign cannot be kept");
	return store_put(index, TABLE_TOTALS, record_key_view(&key), view(&totals, sizeof totals), why);
}

static bool moves_payment(const struct entry *entry)
{
	return entry->kind == ENTRY_PENDING || entry->kind == ENTRY_SETTLED || entry->kind == ENTRY_FAILED
	       || entry->kind == ENTRY_UNPARKED;
}

static enum err apply_pledge(struct index *index, const struct entry *entry, struct why *why)
{
	char space[RECORD_BYTES_MAX];
	struct buffer record = BUFFER_ON(space);
	struct object_record object = { .status = PAYMENT_NONE };
	struct pledge pledge = { .status = PLEDGE_OPEN };
	uint8_t token[TOKEN_BYTES];

	if (entry->kind != ENTRY_PLEDGED && entry->kind != ENTRY_EXPIRED && !moves_payment(entry))
		return OK;
	token_bytes(entry->pledge, token);
	enum err err = store_get_pledge(index, index->batch, token, &pledge);

	if (err == ERR_UNKNOWN && entry->kind == ENTRY_PLEDGED)
		err = apply_new_pledge(index, entry, token, why);
	if (err == OK && moves_payment(entry)) {
		err = find_object(index, entry->account, entry->payment, &object);
		if (err == OK || err == ERR_UNKNOWN)
			err = apply_totals(index, entry, &pledge, (enum payment_status)object.status, why);
	}
	if (err != OK)
		return err;
	pledge_apply(&pledge, entry);
	err = record_put_pledge(&record, &pledge);
	return err == OK ? store_put(index, TABLE_PLEDGES, view(token, sizeof token), buffer_view(&record), why) : err;
}

/* Big-endian, so that LMDB's order is the ledger's. */
static void seq_key(uint64_t seq, uint8_t key[static 8])
{
	for (int i = 7; i >= 0; i--) {
		key[i] = (uint8_t)seq;
		seq >>= 8;
	}
}

/* The parked record of a payment that is parked no longer. */
static enum err forget_parked(struct index *index, const struct entry *entry, struct why *why)
{
	struct event_command command;
	MDB_cursor *cursor;
	MDB_val key;
	MDB_val value;
	int result = mdb_cursor_open(index->batch, index->tables[TABLE_PARKED], &cursor);

	if (result != 0)
		return why_set(why, ERR_STORAGE, "index: %s", mdb_strerror(result));
	while ((result = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) {
		if (record_get_parked((struct bytes){ value.mv_data, value.mv_size }, &command) == OK
		    && strcmp(command.account, entry->account) == 0 && strcmp(command.event.id, entry->event) == 0) {
			result = mdb_cursor_del(cursor, 0);
			break;
		}
	}
	mdb_cursor_close(cursor);
	return result == 0 || result == MDB_NOTFOUND ? OK : why_set(why, ERR_STORAGE, "index: %s", mdb_strerror(result));
}

static enum err apply_parked(struct index *index, const struct entry *entry, struct why *why)
{
	char space[RECORD_BYTES_MAX];
	struct buffer record = BUFFER_ON(space);
	uint8_t key[8];

	if (entry->kind == ENTRY_UNPARKED)
		return forget_parked(index, entry, why);
	if (entry->kind != ENTRY_PARKED)
		return OK;
	seq_key(entry->seq, key);
	enum err err = record_put_parked(&record, entry);

	return err == OK ? store_put(index, TABLE_PARKED, view(key, sizeof key), buffer_view(&record), why) : err;
}

static enum err apply_opened(struct index *index, const struct entry *entry, struct why *why)
{
	if (entry->kind != ENTRY_OPENED)
		return OK;
	index->opened = true;
	index->live = entry->live;
	return store_put(index, TABLE_META, BYTES_LITERAL("mode"), bytes_of(entry->live ? "live" : "test"), why);
}

enum err index_apply(struct index *index, const struct entry *entry, struct why *why)
{
	enum err err = apply_opened(index, entry, why);

	if (err == OK)
		err = apply_event(index, entry, why);
	/* Before the objects, whose old status the totals need. */
	if (err == OK)
		err = apply_pledge(index, entry, why);
	if (err == OK)
		err = apply_objects(index, entry, why);
	return err == OK ? apply_parked(index, entry, why) : err;
}

enum err index_next_unpark(struct index *index, uint64_t *cursor_seq, struct command *command)
{
	struct pledge pledge;
	MDB_cursor *cursor;
	MDB_txn *txn;
	MDB_val key;
	MDB_val value;
	uint8_t from[8];
	enum err err = store_read_begin(index, &txn);

	if (err != OK)
		return err;
	seq_key(*cursor_seq + 1, from);
	key = (MDB_val){ sizeof from, from };
	int result = mdb_cursor_open(txn, index->tables[TABLE_PARKED], &cursor);

	if (result != 0) {
		store_read_end(index, txn);
		return ERR_STORAGE;
	}
	err = ERR_UNKNOWN;
	for (result = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE); result == 0 && err == ERR_UNKNOWN;
	     result = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
		uint8_t token[TOKEN_BYTES];
		const uint8_t *seq = key.mv_data;

		*cursor_seq = 0;
		for (int i = 0; i < 8; i++)
			*cursor_seq = *cursor_seq << 8 | seq[i];
		command->kind = COMMAND_UNPARK;
		err = record_get_parked((struct bytes){ value.mv_data, value.mv_size }, &command->u.event);
		command->u.event.parked = *cursor_seq;
		if (err != OK || command->u.event.event.pledge[0] == '\0' || command->u.event.event.kind != EVENT_SETTLED) {
			err = err == OK ? ERR_UNKNOWN : err;
			continue;
		}
		token_bytes(command->u.event.event.pledge, token);
		err = store_get_pledge(index, txn, token, &pledge);
	}
	mdb_cursor_close(cursor);
	store_read_end(index, txn);
	return err;
}
