/*
 * What the index knows of a command. It runs inside the writer's batch, so that the second of two copies
 * in one batch sees the first.
 */
#include <string.h>

#include "base/text.h"
#include "ledger/index_store.h"

static struct bytes view(const void *data, size_t length)
{
	return (struct bytes){ data, length };
}

/* Not found is an answer, not a failure: whether it was found. */
static enum err found(enum err err, bool *known)
{
	*known = err == OK;
	return err == ERR_UNKNOWN ? OK : err;
}

static enum err know_alarm(struct index *index, const struct event *event, const uint8_t digest[static 32], struct knowledge *known)
{
	struct event_record record;
	struct record_key key;
	char first[68];

	first[0] = '!';
	text_hex(digest, 32, first + 1);
	enum err err = record_key_of(first, event->id, &key);

	if (err == OK)
		err = store_get_fixed(index, index->batch, TABLE_EVENTS, record_key_view(&key), &record, sizeof record);
	return found(err, &known->alarm_seen);
}

static enum err get_parked(struct index *index, uint64_t seq, struct parked *parked)
{
	struct bytes value = { 0 };
	uint8_t key[8];

	store_seq_key(seq, key);
	enum err err = store_get(index, index->batch, TABLE_PARKED, view(key, sizeof key), &value);

	return err == OK ? store_noted(index, record_get_parked(value, parked)) : err;
}

/* Other content under the same id: is one of the two unreadable? */
static enum err know_unreadable(struct index *index, const struct event *event, const struct event_record *record, struct knowledge *known)
{
	struct parked parked;
	bool waits = false;

	known->event_unreadable = event->kind == EVENT_UNREADABLE;
	if (known->event_unreadable)
		return OK;
	enum err err = event_was_unreadable(event, record->digest, sizeof record->digest, &known->event_unreadable);

	if (err == OK && known->event_unreadable)
		err = found(get_parked(index, record->seq, &parked), &waits);
	known->unreadable = waits ? record->seq : 0;
	return err;
}

static enum err know_event(struct index *index, const char *account, const struct event *event,
                           struct knowledge *known)
{
	struct event_record record;
	struct record_key key;
	uint8_t digest[32];

	if (event->id[0] == '\0')
		return OK; /* the answer to a question of ours */
	enum err err = record_key_of(account, event->id, &key);

	if (err == OK)
		err = store_get_fixed(index, index->batch, TABLE_EVENTS, record_key_view(&key), &record, sizeof record);
	err = found(err, &known->event_seen);
	if (err != OK || !known->event_seen)
		return err;
	err = event_digest(event, digest);
	if (err != OK)
		return err;
	known->event_same = memcmp(digest, record.digest, sizeof record.digest) == 0;
	if (!known->event_same)
		err = know_unreadable(index, event, &record, known);
	return err == OK ? know_alarm(index, event, digest, known) : err;
}

/* A payment by its own id, or by the first object that leads to one. */
static enum err know_payment(struct index *index, const char *account, const struct event *event, bool by_refs,
                             struct knowledge *known)
{
	enum err err = ERR_UNKNOWN;

	if (event->payment[0] != '\0')
		err = store_get_payment(index, index->batch, account, event->payment, &known->payment);
	for (size_t i = 0; by_refs && err == ERR_UNKNOWN && i < event->ref_count; i++)
		err = store_get_payment(index, index->batch, account, event->refs[i].id, &known->payment);
	return found(err, &known->payment_known);
}

/* The pledge that an object belongs to. */
static enum err pledge_of_object(struct index *index, const char *account, const char *object, struct pledge *pledge)
{
	struct known_object known;
	enum err err = store_get_known(index, index->batch, account, object, &known);

	if (err != OK || known.sort == KNOWN_OBJECT)
		return err == OK ? ERR_UNKNOWN : err;
	return store_find_pledge(index, index->batch, known.sort == KNOWN_LINK ? known.u.link.pledge : known.u.payment.pledge, pledge);
}

/* The pledge that the event names itself, or else the one that its objects lead to. */
static enum err know_pledge(struct index *index, const char *account, const struct event *event,
                            struct knowledge *known)
{
	enum err err = store_find_pledge(index, index->batch, event->pledge, &known->pledge);

	for (size_t i = 0; err == ERR_UNKNOWN && event->pledge[0] == '\0' && i < event->ref_count; i++)
		err = pledge_of_object(index, account, event->refs[i].id, &known->pledge);
	return found(err, &known->pledge_known);
}

static enum err know_object(struct index *index, const char *account, const struct event *event, struct knowledge *known)
{
	struct known_object record;
	struct record_key key;
	struct bytes value = { 0 };
	enum err err = store_object_key(account, event->kind, event->refs, event->ref_count, &key);

	if (err == OK)
		err = store_get(index, index->batch, TABLE_OBJECTS, record_key_view(&key), &value);
	if (err == OK)
		err = store_noted(index, record_get_known(value, &record));
	if (err == OK && record.sort == KNOWN_OBJECT)
		known->object = record.u.object;
	return err == ERR_UNKNOWN ? OK : err;
}

static enum err know_refund_owed(struct index *index, const char *account, const struct event *event, struct knowledge *known)
{
	struct record_key key;
	struct bytes value;

	if (event->reference[0] == '\0')
		return OK;
	enum err err = work_owed_key(OWED_REFUND, account, event->reference, &key);

	if (err == OK)
		err = store_get(index, index->batch, TABLE_OWED, record_key_view(&key), &value);
	return found(err, &known->refund_owed);
}

/* Of what stands beneath a payment, the payment says whose pledge it is. */
static enum err know_claim(struct index *index, const char *account, const struct event *event, struct knowledge *known)
{
	enum err err = know_payment(index, account, event, true, known);

	if (err == OK && known->payment_known)
		err = found(store_find_pledge(index, index->batch, known->payment.pledge, &known->pledge), &known->pledge_known);
	else if (err == OK)
		err = know_pledge(index, account, event, known);
	if (err == OK)
		err = know_object(index, account, event, known);
	return err == OK ? know_refund_owed(index, account, event, known) : err;
}

/* A line of the balance in a payout: its source is a payment, something beneath one, or a failed payout. */
static enum err know_paid_out(struct index *index, const char *account, const struct event *event, struct knowledge *known)
{
	const char *payout = event_ref(event, REF_PAYOUT);
	struct known_object record;
	enum err err = payout == NULL ? ERR_UNKNOWN : store_get_known(index, index->batch, account, payout, &record);

	if (err == OK && record.sort == KNOWN_OBJECT)
		known->payout = record.u.object;
	if (err == OK || err == ERR_UNKNOWN)
		err = store_get_known(index, index->batch, account, event->payment, &record);
	if (err == OK && record.sort == KNOWN_OBJECT) {
		known->source_known = true;
		known->source = record.u.object;
		return know_object(index, account, event, known);
	}
	return err == OK || err == ERR_UNKNOWN ? know_claim(index, account, event, known) : err;
}

static enum err know_subject(struct index *index, const struct event_command *command, struct knowledge *known)
{
	const struct event *event = &command->event;
	enum err err;

	switch (event->kind) {
	case EVENT_PENDING:
	case EVENT_SETTLED:
	case EVENT_FAILED:
	case EVENT_EXPIRED:
	case EVENT_UNREADABLE:
	case EVENT_APPROVED:
	case EVENT_ENDED:
		err = know_pledge(index, command->account, event, known);
		return err == OK ? know_payment(index, command->account, event, false, known) : err;
	case EVENT_CLEARED:
	case EVENT_REFUNDED:
	case EVENT_REFUND_FAILED:
	case EVENT_DISPUTE_OPENED:
	case EVENT_DISPUTED:
	case EVENT_DISPUTE_WON:
	case EVENT_DISPUTE_LOST:
	case EVENT_ADJUSTED:
		return know_claim(index, command->account, event, known);
	case EVENT_PAYOUT_SENT:
	case EVENT_PAYOUT_PAID:
	case EVENT_PAYOUT_FAILED:
	case EVENT_PAYOUT_EXPLAINED:
		return know_object(index, command->account, event, known);
	case EVENT_PAID_OUT:
		return know_paid_out(index, command->account, event, known);
	case EVENT_KINDS:
		break;
	}
	return OK;
}

static enum err know_pledging(struct index *index, const struct pledge_command *command, struct knowledge *known)
{
	uint8_t token[TOKEN_BYTES];
	uint8_t digest[32];
	enum err err = found(store_find_pledge(index, index->batch, command->pledge, &known->pledge), &known->pledge_known);

	if (err == OK && command->stock > 0)
		err = stock_taken(index, index->batch, command->tier, &known->taken);
	if (err != OK || command->key[0] == '\0')
		return err;
	if (text_unhex(bytes_of(command->key), digest, sizeof digest) != OK)
		return ERR_INPUT;
	err = store_get_fixed(index, index->batch, TABLE_KEYS, view(digest, DIGEST_KEY_BYTES), token, sizeof token);
	if (err == OK)
		err = store_get_pledge(index, index->batch, token, &known->key_pledge);
	return found(err, &known->key_known);
}

static enum err know_unpark(struct index *index, const struct event_command *command, struct knowledge *known)
{
	struct parked parked;
	enum err err = found(get_parked(index, command->parked, &parked), &known->parked_known);

	return err == OK ? know_subject(index, command, known) : err;
}

/* Of a drop, the payment is the one whose money waits. */
static enum err know_drop(struct index *index, const struct operator_command *command, struct knowledge *known)
{
	struct parked parked;
	enum err err = found(get_parked(index, command->parked, &parked), &known->parked_known);

	if (err != OK || !known->parked_known)
		return err;
	memcpy(known->parked_account, parked.account, sizeof known->parked_account);
	if (parked.event.kind != EVENT_SETTLED)
		return OK;
	err = know_payment(index, parked.account, &parked.event, false, known);
	known->payment_known = known->payment_known && known->payment.standing == STANDING_PARKED;
	return err;
}

/* What the reference was used for; a refund of all that is left is looked up as such. */
static enum err know_reference(struct index *index, enum command_kind kind, const struct operator_command *command,
                               struct knowledge *known)
{
	bool open = kind == COMMAND_REFUND && command->amount.currency.code[0] == '\0';
	struct event_record record;
	struct record_key key;
	uint8_t digest[32];
	enum err err = record_key_of("#", command->reference, &key);

	if (err == OK)
		err = store_get_fixed(index, index->batch, TABLE_EVENTS, record_key_view(&key), &record, sizeof record);
	err = found(err, &known->reference_known);
	if (err != OK || !known->reference_known)
		return err;
	known->reference_seq = record.seq;
	err = record_key_of(open ? "#?" : "#", command->reference, &key);
	if (err == OK)
		err = store_get_fixed(index, index->batch, TABLE_EVENTS, record_key_view(&key), &record, sizeof record);
	err = found(err, &known->reference_same);
	if (err == OK && known->reference_same)
		err = operator_digest(kind, command, digest);
	known->reference_same = err == OK && known->reference_same && memcmp(digest, record.digest, sizeof record.digest) == 0;
	return err;
}

static enum err know_refund(struct index *index, const struct operator_command *command, struct knowledge *known)
{
	enum err err = found(store_get_payment(index, index->batch, command->account, command->payment, &known->payment),
	                     &known->payment_known);

	return err == OK && known->payment_known ? work_refunds_owed(index, command->account, known->payment.id, &known->refunds_asked) : err;
}

static enum err know_operator(struct index *index, enum command_kind kind, const struct operator_command *command,
                              struct knowledge *known)
{
	enum err err = know_reference(index, kind, command, known);

	if (err == OK && kind == COMMAND_DROP)
		err = know_drop(index, command, known);
	if (err == OK && kind == COMMAND_REFUND)
		err = know_refund(index, command, known);
	return err;
}

enum err index_know(struct index *index, const struct command *command, struct knowledge *known, struct why *why)
{
	enum err err = OK;

	memset(known, 0, sizeof *known);
	object_none(&known->object);
	object_none(&known->payout);
	object_none(&known->source);
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
		err = know_event(index, command->u.event.account, &command->u.event.event, known);
		if (err == OK && (!known->event_seen || known->unreadable != 0))
			err = know_subject(index, &command->u.event, known);
		break;
	case COMMAND_UNPARK:
		err = know_unpark(index, &command->u.event, known);
		break;
	case COMMAND_DROP:
	case COMMAND_RECORD:
	case COMMAND_ADJUST:
	case COMMAND_REFUND:
		err = know_operator(index, command->kind, &command->u.operator, known);
		break;
	}
	return err == OK ? OK : why_set(why, err, "the index cannot be read");
}
