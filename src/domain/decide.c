/*
 * The good road of an event: not seen before → ours → of our mode → for a pledge that we know, at
 * the account that it was opened at → of the pledged amount → a legal move of the payment → one
 * entry. The bad ones: seen (already), seen with other content (alarm), nobody's (not ours), money
 * that fits nothing (parked, posted as unidentified so that the provider's balance still agrees).
 */
#include "domain/decide.h"

#include <assert.h>
#include <string.h>

#include "base/digest.h"
#include "base/text.h"

/* Both sides have the same bound by their types; a text that does not fit is a mistake of ours. */
static void copy_text(char *to, size_t size, const char *from)
{
	size_t length = strlen(from);

	assert(length < size);
	memcpy(to, from, length + 1);
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
	copy_text(entry->ledger, sizeof entry->ledger, command->ledger);
	copy_text(entry->organisation, sizeof entry->organisation, command->organisation);
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
		decision->verdict = VERDICT_REFUSE;
		decision->err = ERR_CONFLICT;
		return;
	}
	decision->verdict = VERDICT_BOOK;
	entry->kind = ENTRY_PLEDGED;
	copy_text(entry->account, sizeof entry->account, command->account);
	copy_text(entry->pledge, sizeof entry->pledge, command->pledge);
	entry->refs[0].kind = REF_SESSION;
	copy_text(entry->refs[0].id, sizeof entry->refs[0].id, command->session);
	entry->ref_count = 1;
	copy_text(entry->campaign, sizeof entry->campaign, command->campaign);
	copy_text(entry->tier, sizeof entry->tier, command->tier);
	entry->has_interval = true;
	entry->interval = command->interval;
	entry->amount = command->amount;
	copy_text(entry->key, sizeof entry->key, command->key);
}

/* What every entry that an event leads to says of it. */
static void begin_entry(const struct knowledge *known, const struct event_command *command, enum entry_kind kind,
                        struct decision *decision)
{
	const struct event *event = &command->event;
	struct entry *entry = &decision->entry;

	decision->verdict = VERDICT_BOOK;
	entry->kind = kind;
	entry->at_s = event->at_s;
	copy_text(entry->account, sizeof entry->account, command->account);
	copy_text(entry->event, sizeof entry->event, event->id);
	copy_text(entry->pledge, sizeof entry->pledge, known->pledge_known ? known->pledge.id : event->pledge);
	if (kind != ENTRY_EXPIRED) {
		copy_text(entry->payment, sizeof entry->payment, event->payment);
		entry->amount = event->amount;
	}
	memcpy(entry->refs, event->refs, sizeof entry->refs);
	entry->ref_count = event->ref_count;
}

static void post(struct entry *entry, struct ledger_account debit, struct ledger_account credit)
{
	struct money credited = entry->amount;

	credited.minor = -credited.minor;
	entry->postings[0] = (struct posting){ debit, entry->amount };
	entry->postings[1] = (struct posting){ credit, credited };
	entry->posting_count = 2;
}

/* Keep what cannot be booked; money that came in is posted, so that the balance at the provider agrees. */
static void park(const struct knowledge *known, const struct event_command *command, enum reason reason,
                 struct decision *decision)
{
	struct entry *entry = &decision->entry;
	bool moves_money = command->event.kind == EVENT_SETTLED && reason != REASON_OTHER_MODE;

	if (known->payment_parked) {
		decision->verdict = VERDICT_ALREADY;
		return;
	}
	begin_entry(known, command, ENTRY_PARKED, decision);
	entry->reason = reason;
	entry->has_status = true;
	entry->status = command->event.kind;
	copy_text(entry->type, sizeof entry->type, command->event.type);
	if (moves_money)
		post(entry, ledger_account_make(ACCOUNT_PROVIDER, command->account, ""),
		     ledger_account_make(ACCOUNT_UNIDENTIFIED, command->account, ""));
}

static void park_unreadable(const struct knowledge *known, const struct event_command *command,
                            struct decision *decision)
{
	begin_entry(known, command, ENTRY_PARKED, decision);
	decision->entry.reason = REASON_UNREADABLE;
	decision->entry.has_status = true;
	decision->entry.status = EVENT_UNREADABLE;
	copy_text(decision->entry.type, sizeof decision->entry.type, command->event.type);
	text_hex(command->event.body_digest, sizeof command->event.body_digest, decision->entry.digest);
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
		decision->verdict = VERDICT_REFUSE;
		decision->err = ERR_MEMORY;
		return;
	}
	begin_entry(known, command, ENTRY_ALARM, decision);
	decision->entry.reason = REASON_SAME_ID_OTHER_CONTENT;
	copy_text(decision->entry.type, sizeof decision->entry.type, command->event.type);
	text_hex(digest, sizeof digest, decision->entry.digest);
}

/* Why an event cannot be booked for its pledge; REASON_NONE when it can. */
static enum reason misfit(const struct knowledge *known, const struct event_command *command)
{
	const struct event *event = &command->event;

	if (event->live != known->live)
		return REASON_OTHER_MODE;
	if (!known->pledge_known)
		return REASON_UNKNOWN_PLEDGE;
	if (strcmp(known->pledge.account, command->account) != 0)
		return REASON_OTHER_ACCOUNT;
	if (event->kind == EVENT_EXPIRED)
		return REASON_NONE;
	if (known->payment_other_pledge)
		return REASON_NOT_LEGAL;
	if (!currency_equal(&event->amount.currency, &known->pledge.amount.currency))
		return REASON_OTHER_CURRENCY;
	if (event->amount.minor != known->pledge.amount.minor)
		return REASON_OTHER_AMOUNT;
	if (event->kind == EVENT_SETTLED && known->pledge.interval == INTERVAL_ONCE && known->pledge.settled_count > 0
	    && known->payment != PAYMENT_SETTLED)
		return REASON_SECOND_PAYMENT;
	return REASON_NONE;
}

static void book_payment(const struct knowledge *known, const struct event_command *command,
                         enum payment_status status, enum entry_kind kind, struct decision *decision)
{
	const struct pledge *pledge = &known->pledge;

	if (!payment_may_become(known->payment, status)) {
		decision->verdict = VERDICT_ALREADY;
		return;
	}
	/* Its money waits as unidentified: only the unparking may move it on. */
	if (known->payment_parked) {
		decision->verdict = VERDICT_ALREADY;
		return;
	}
	begin_entry(known, command, kind, decision);
	if (kind == ENTRY_SETTLED)
		post(&decision->entry, ledger_account_make(ACCOUNT_PROVIDER, command->account, ""),
		     ledger_account_make(ACCOUNT_DONATIONS, pledge->campaign, pledge->tier));
}

static void book_event(const struct knowledge *known, const struct event_command *command,
                       struct decision *decision)
{
	switch (command->event.kind) {
	case EVENT_PENDING:
		book_payment(known, command, PAYMENT_PENDING, ENTRY_PENDING, decision);
		break;
	case EVENT_SETTLED:
		book_payment(known, command, PAYMENT_SETTLED, ENTRY_SETTLED, decision);
		break;
	case EVENT_FAILED:
		book_payment(known, command, PAYMENT_FAILED, ENTRY_FAILED, decision);
		break;
	case EVENT_EXPIRED:
		if (pledge_may_become(known->pledge.status, PLEDGE_EXPIRED))
			begin_entry(known, command, ENTRY_EXPIRED, decision);
		else
			decision->verdict = VERDICT_ALREADY;
		break;
	case EVENT_UNREADABLE:
		park_unreadable(known, command, decision);
		break;
	case EVENT_APPROVED:
	case EVENT_CLEARED:
	case EVENT_REFUNDED:
	case EVENT_REFUND_FAILED:
	case EVENT_DISPUTE_OPENED:
	case EVENT_DISPUTED:
	case EVENT_DISPUTE_WON:
	case EVENT_DISPUTE_LOST:
	case EVENT_ENDED:
	case EVENT_PAYOUT_SENT:
	case EVENT_PAYOUT_PAID:
	case EVENT_PAYOUT_FAILED:
	case EVENT_PAYOUT_EXPLAINED:
	case EVENT_PAID_OUT:
	case EVENT_ADJUSTED:
	case EVENT_KINDS:
		decision->verdict = VERDICT_NOT_OURS;
		break;
	}
}

static void decide_event(const struct knowledge *known, const struct event_command *command,
                         struct decision *decision)
{
	const struct event *event = &command->event;

	if (known->event_seen && known->event_same) {
		decision->verdict = VERDICT_ALREADY;
		return;
	}
	if (known->event_seen) {
		raise_alarm(known, command, decision);
		return;
	}
	if (event->kind == EVENT_UNREADABLE) {
		park_unreadable(known, command, decision);
		return;
	}
	if (event->pledge[0] == '\0' && !known->pledge_known) {
		decision->verdict = VERDICT_NOT_OURS;
		return;
	}
	enum reason reason = misfit(known, command);

	if (reason == REASON_NONE)
		book_event(known, command, decision);
	else if (event->kind == EVENT_SETTLED || (known->pledge_known && event->kind != EVENT_EXPIRED))
		park(known, command, reason, decision);
	else
		decision->verdict = VERDICT_NOT_OURS; /* moves no money, for a pledge that we do not know */
}

static void decide_unpark(const struct knowledge *known, const struct event_command *command,
                          struct decision *decision)
{
	if (!known->payment_parked || misfit(known, command) != REASON_NONE
	    || !payment_may_become(known->payment, PAYMENT_SETTLED)) {
		decision->verdict = VERDICT_ALREADY;
		return;
	}
	begin_entry(known, command, ENTRY_UNPARKED, decision);
	decision->entry.has_status = true;
	decision->entry.status = command->event.kind;
	decision->entry.parked = command->parked;
	post(&decision->entry, ledger_account_make(ACCOUNT_UNIDENTIFIED, command->account, ""),
	     ledger_account_make(ACCOUNT_DONATIONS, known->pledge.campaign, known->pledge.tier));
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
		decide_event(known, &command->u.event, decision);
		break;
	case COMMAND_UNPARK:
		decide_unpark(known, &command->u.event, decision);
		break;
	case COMMAND_RESTORE:
		decision->verdict = VERDICT_BOOK;
		decision->entry.kind = ENTRY_RESTORED;
		decision->entry.was = command->u.restore.was;
		copy_text(decision->entry.digest, sizeof decision->entry.digest, command->u.restore.chain);
		break;
	}
}

/* ---- what an entry makes of a pledge ---- */

static void apply_pledged(struct pledge *pledge, const struct entry *entry)
{
	const char *session = entry_ref(entry, REF_SESSION);

	memset(pledge, 0, sizeof *pledge);
	copy_text(pledge->id, sizeof pledge->id, entry->pledge);
	copy_text(pledge->account, sizeof pledge->account, entry->account);
	copy_text(pledge->campaign, sizeof pledge->campaign, entry->campaign);
	copy_text(pledge->tier, sizeof pledge->tier, entry->tier);
	copy_text(pledge->session, sizeof pledge->session, session != NULL ? session : "");
	pledge->interval = entry->interval;
	pledge->amount = entry->amount;
	pledge->status = PLEDGE_OPEN;
	pledge->pledged_us = entry->time_us;
}

static void become(struct pledge *pledge, enum pledge_status status)
{
	if (pledge_may_become(pledge->status, status))
		pledge->status = status;
}

static void apply_payment(struct pledge *pledge, const struct entry *entry, enum payment_status status)
{
	copy_text(pledge->payment, sizeof pledge->payment, entry->payment);
	pledge->payment_status = status;
	if (status == PAYMENT_SETTLED)
		pledge->settled_count++;
}

void pledge_apply(struct pledge *pledge, const struct entry *entry)
{
	if (entry->kind == ENTRY_PLEDGED)
		apply_pledged(pledge, entry);
	else if (entry->kind == ENTRY_PENDING) {
		apply_payment(pledge, entry, PAYMENT_PENDING);
		become(pledge, PLEDGE_PENDING);
	} else if (entry->kind == ENTRY_SETTLED || entry->kind == ENTRY_UNPARKED) {
		apply_payment(pledge, entry, PAYMENT_SETTLED);
		become(pledge, pledge->interval == INTERVAL_ONCE ? PLEDGE_ENDED : PLEDGE_ACTIVE);
	} else if (entry->kind == ENTRY_FAILED) {
		apply_payment(pledge, entry, PAYMENT_FAILED);
		if (pledge->status != PLEDGE_ACTIVE)
			become(pledge, PLEDGE_ENDED);
	} else if (entry->kind == ENTRY_EXPIRED) {
		become(pledge, PLEDGE_EXPIRED);
	}
	pledge->changed_us = entry->time_us;
}
