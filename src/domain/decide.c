#include "domain/decide.h"

#include <assert.h>
#include <string.h>

#include "base/digest.h"
#include "base/text.h"
#include "domain/decide_parts.h"
#include "domain/statement.h"

void decide_copy(char *to, size_t size, const char *from)
{
	size_t length = strlen(from);

	assert(length < size);
	memcpy(to, from, length + 1);
}

void decide_refuse(struct decision *decision, enum err err)
{
	decision->verdict = VERDICT_REFUSE;
	decision->err = err;
}

static void decide_open(const struct knowledge *known, const struct open_command *command, struct decision *decision)
{
	struct entry *entry = &decision->entry;

	if (known->opened) {
		decision->verdict = VERDICT_ALREADY;
		return;
	}
	decision->verdict = VERDICT_BOOK;
	entry->kind = ENTRY_OPENED;
	decide_copy(entry->ledger, sizeof entry->ledger, command->ledger);
	decide_copy(entry->organisation, sizeof entry->organisation, command->organisation);
	entry->live = command->live;
	entry->format = 1;
}

static void decide_pledge(const struct knowledge *known, const struct pledge_command *command,
                          struct decision *decision)
{
	struct entry *entry = &decision->entry;

	if (known->pledge_known) {
		decision->verdict = VERDICT_ALREADY;
		return;
	}
	if (known->key_known) {
		decide_refuse(decision, ERR_CONFLICT);
		return;
	}
	if (command->stock > 0 && known->taken >= command->stock) {
		decide_refuse(decision, ERR_GONE);
		return;
	}
	decision->verdict = VERDICT_BOOK;
	entry->kind = ENTRY_PLEDGED;
	decide_copy(entry->account, sizeof entry->account, command->account);
	decide_copy(entry->pledge, sizeof entry->pledge, command->pledge);
	entry->refs[0].kind = REF_SESSION;
	decide_copy(entry->refs[0].id, sizeof entry->refs[0].id, command->session);
	entry->ref_count = 1;
	decide_copy(entry->campaign, sizeof entry->campaign, command->campaign);
	decide_copy(entry->tier, sizeof entry->tier, command->tier);
	entry->has_interval = true;
	entry->interval = command->interval;
	entry->amount = command->amount;
	decide_copy(entry->key, sizeof entry->key, command->key);
	entry->at_s = command->recalled_s;
	entry->reason = command->recalled_s != 0 ? REASON_RECALLED : REASON_NONE;
}

/* ---- what events have in common ---- */

/* The pledge that an entry names: the known one, the payment's, or the one that the event carries. */
static const char *pledge_named(const struct knowledge *known, const struct event *event)
{
	if (known->pledge_known)
		return known->pledge.id;
	return known->payment_known ? known->payment.pledge : event->pledge;
}

void decide_begin(const struct knowledge *known, const struct event_command *command, enum entry_kind kind,
                  struct decision *decision)
{
	const struct event *event = &command->event;
	struct entry *entry = &decision->entry;

	memset(decision, 0, sizeof *decision);
	decision->verdict = VERDICT_BOOK;
	entry->kind = kind;
	if (command->parked != 0) {
		entry->kind = ENTRY_UNPARKED;
		entry->parked = command->parked;
	}
	struct entry_shape shape = entry_shape(kind);
	unsigned may = shape.required | shape.allowed;

	if (command->parked != 0 || (shape.required & MEMBER_STATUS) != 0) {
		entry->has_status = true;
		entry->status = event->kind;
	}
	entry->at_s = event->at_s;
	decide_copy(entry->account, sizeof entry->account, command->account);
	decide_copy(entry->event, sizeof entry->event, event->id);
	if ((may & MEMBER_PLEDGE) != 0)
		decide_copy(entry->pledge, sizeof entry->pledge, pledge_named(known, event));
	if ((may & MEMBER_PAYMENT) != 0)
		decide_copy(entry->payment, sizeof entry->payment, known->payment_known ? known->payment.id : event->payment);
	if ((may & MEMBER_AMOUNT) != 0)
		entry->amount = event->amount;
	entry->total = event->total && (may & MEMBER_TOTAL) != 0;
	if ((may & MEMBER_CLEARING) != 0)
		entry->clearing = event->clearing;
	if ((may & MEMBER_REFERENCE) != 0)
		decide_copy(entry->reference, sizeof entry->reference, event->reference);
	if ((may & MEMBER_REASON) != 0)
		entry->reason = event->reason;
	memcpy(entry->refs, event->refs, sizeof entry->refs);
	entry->ref_count = event->ref_count;
}

void decide_post(const struct knowledge *known, struct decision *decision)
{
	struct entry *entry = &decision->entry;
	struct payment after = known->payment;
	struct provider_object object = known->object;
	struct statement statement = { .count = 0 };
	enum err err = payment_apply(&after, &object, entry);

	if (err == OK)
		err = statement_payment(&statement, SIDE_AFTER, &after, entry->account, &known->pledge);
	if (err == OK)
		err = statement_payment(&statement, SIDE_BEFORE, &known->payment, entry->account, &known->pledge);
	if (err == OK)
		err = statement_post(&statement, entry);
	if (err != OK)
		decide_refuse(decision, err);
}

/* Money that came in is posted as unidentified, so that the balance at the provider agrees. */
void decide_park(const struct knowledge *known, const struct event_command *command, enum reason reason,
                 struct decision *decision)
{
	const struct event *event = &command->event;
	bool is_money = event->kind == EVENT_SETTLED && !event->elsewhere && reason != REASON_OTHER_MODE && reason != REASON_UNREADABLE;
	struct entry *entry = &decision->entry;

	/* It waits already: nothing new. */
	if (command->parked != 0 || (is_money && known->payment_known && known->payment.status == PAYMENT_SETTLED)) {
		decision->verdict = VERDICT_ALREADY;
		decision->waits = command->parked != 0;
		return;
	}
	decide_begin(known, command, ENTRY_PARKED, decision);
	entry->reason = reason;
	decide_copy(entry->type, sizeof entry->type, event->type);
	if (event->kind == EVENT_UNREADABLE)
		text_hex(event->body_digest, sizeof event->body_digest, entry->digest);
	if (!is_money)
		return;
	/* What has postings is money: payment_apply passes over a parked entry without. */
	struct money out = entry->amount;

	out.minor = -out.minor;
	entry->postings[0] = (struct posting){ ledger_account_make(ACCOUNT_PROVIDER, command->account, ""), entry->amount };
	entry->postings[1] = (struct posting){ ledger_account_make(ACCOUNT_UNIDENTIFIED, command->account, ""), out };
	entry->posting_count = 2;
}

static void raise_alarm(const struct knowledge *known, const struct event_command *command,
                        struct decision *decision)
{
	uint8_t digest[DIGEST_BYTES];

	if (known->alarm_seen) {
		decision->verdict = VERDICT_ALREADY;
		return;
	}
	if (event_digest(&command->event, digest) != OK) {
		decide_refuse(decision, ERR_MEMORY);
		return;
	}
	decide_begin(known, command, ENTRY_ALARM, decision);
	decision->entry.reason = REASON_SAME_ID_OTHER_CONTENT;
	decide_copy(decision->entry.type, sizeof decision->entry.type, command->event.type);
	text_hex(digest, sizeof digest, decision->entry.digest);
}

/* A parked event says nothing new, or nothing of ours: let it go. */
static void decide_let_go(const struct event_command *command, enum reason reason, struct decision *decision)
{
	struct entry *entry = &decision->entry;

	memset(decision, 0, sizeof *decision);
	decision->verdict = VERDICT_BOOK;
	entry->kind = ENTRY_DROPPED;
	decide_copy(entry->account, sizeof entry->account, command->account);
	entry->parked = command->parked;
	entry->reason = reason;
}

/*
 * What was parked because it could not be read can be read now (the provider tells it in another form): it takes the
 * place of what waits. Once an operator has dropped that, it is done.
 */
static void decide_readable(const struct knowledge *known, const struct event_command *command, struct decision *decision)
{
	struct event_command waiting = *command;

	decision->verdict = VERDICT_ALREADY;
	if (known->unreadable == 0)
		return;
	waiting.parked = known->unreadable;
	decide_event(known, &waiting, decision);
	if (decision->waits) {
		memset(decision, 0, sizeof *decision);
		decide_event(known, command, decision); /* it is parked by itself, with what it says */
	} else if (decision->verdict == VERDICT_ALREADY) {
		decide_let_go(&waiting, REASON_DUPLICATE, decision);
	} else if (decision->verdict == VERDICT_NOT_OURS) {
		decide_let_go(&waiting, REASON_NOT_OURS, decision);
	}
}

static void decide_news(const struct knowledge *known, const struct event_command *command, struct decision *decision)
{
	if (!known->event_seen)
		decide_event(known, command, decision);
	else if (known->event_same)
		decision->verdict = VERDICT_ALREADY;
	else if (known->event_unreadable)
		decide_readable(known, command, decision);
	else
		raise_alarm(known, command, decision);
}

static void decide_unpark(const struct knowledge *known, const struct event_command *command, struct decision *decision)
{
	bool is_money = command->event.kind == EVENT_SETTLED;
	bool has_settled = known->payment_known && known->payment.status == PAYMENT_SETTLED;

	if (!known->parked_known || command->event.kind == EVENT_UNREADABLE) {
		decision->verdict = VERDICT_ALREADY;
		return;
	}
	decide_event(known, command, decision);
	if (decision->verdict == VERDICT_ALREADY && !decision->waits && !is_money && has_settled)
		decide_let_go(command, REASON_DUPLICATE, decision);
	else if (decision->verdict == VERDICT_NOT_OURS)
		decision->verdict = VERDICT_ALREADY;
}

void decide(const struct knowledge *known, const struct command *command, struct decision *decision)
{
	memset(decision, 0, sizeof *decision);
	switch (command->kind) {
	case COMMAND_OPEN:
		decide_open(known, &command->u.open, decision);
		break;
	case COMMAND_PLEDGE:
		decide_pledge(known, &command->u.pledge, decision);
		break;
	case COMMAND_EVENT:
		decide_news(known, &command->u.event, decision);
		break;
	case COMMAND_UNPARK:
		decide_unpark(known, &command->u.event, decision);
		break;
	case COMMAND_RESTORE:
		decision->verdict = VERDICT_BOOK;
		decision->entry.kind = ENTRY_RESTORED;
		decision->entry.was = command->u.restore.was;
		decide_copy(decision->entry.digest, sizeof decision->entry.digest, command->u.restore.chain);
		break;
	case COMMAND_DROP:
	case COMMAND_RECORD:
	case COMMAND_ADJUST:
	case COMMAND_REFUND:
		decide_operator(known, command->kind, &command->u.operator, decision);
		break;
	}
}

/* ---- what an entry makes of a pledge ---- */

static void apply_pledged(struct pledge *pledge, const struct entry *entry)
{
	const char *session = entry_ref(entry, REF_SESSION);

	memset(pledge, 0, sizeof *pledge);
	decide_copy(pledge->id, sizeof pledge->id, entry->pledge);
	decide_copy(pledge->account, sizeof pledge->account, entry->account);
	decide_copy(pledge->campaign, sizeof pledge->campaign, entry->campaign);
	decide_copy(pledge->tier, sizeof pledge->tier, entry->tier);
	decide_copy(pledge->session, sizeof pledge->session, session != NULL ? session : "");
	pledge->interval = entry->interval;
	pledge->amount = entry->amount;
	pledge->pledged_us = entry_pledged_us(entry);
}

static bool is_counted(const struct payment *payment)
{
	return payment->status == PAYMENT_SETTLED && payment->standing == STANDING_COUNTED;
}

/* The furthest payment is the one to show; of two that are as far, any one, but the same in every order. */
static void show_payment(struct pledge *pledge, const struct payment *payment)
{
	bool same = strcmp(pledge->payment, payment->id) == 0;

	if (pledge->payment[0] != '\0' && !same
	    && (payment->status < pledge->payment_status
	        || (payment->status == pledge->payment_status && strcmp(payment->id, pledge->payment) < 0)))
		return;
	memcpy(pledge->payment, payment->id, sizeof pledge->payment);
	pledge->payment_status = payment->status;
}

/* What waits for a person is not shown, though it was while it was on its way. */
static void hide_payment(struct pledge *pledge, const struct payment *payment)
{
	if (strcmp(pledge->payment, payment->id) != 0)
		return;
	pledge->payment[0] = '\0';
	pledge->payment_status = PAYMENT_NONE;
}

void pledge_apply(struct pledge *pledge, const struct entry *entry, const struct payment *before, const struct payment *after)
{
	if (entry->kind == ENTRY_PLEDGED)
		apply_pledged(pledge, entry);
	pledge->expired |= entry_books(entry, EVENT_EXPIRED);
	pledge->ended |= entry_books(entry, EVENT_ENDED);
	pledge->settled_count += (uint32_t)is_counted(after) - (uint32_t)is_counted(before);
	pledge->pending_count += (uint32_t)(after->status == PAYMENT_PENDING) - (uint32_t)(before->status == PAYMENT_PENDING);
	pledge->failed |= after->status == PAYMENT_FAILED;
	if (after->id[0] != '\0' && after->standing == STANDING_COUNTED)
		show_payment(pledge, after);
	else if (after->id[0] != '\0')
		hide_payment(pledge, after);
	pledge->status = pledge_status_of(pledge);
	pledge->changed_us = entry->time_us;
}
