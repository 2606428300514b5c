/* What an operator enters: once for each reference. */
#include <string.h>

#include "base/digest.h"
#include "domain/decide_parts.h"

/* ---- what a reference stands for ---- */

/* With the NUL, so that no two rows of texts are alike. */
static struct bytes piece(const char *text)
{
	return (struct bytes){ text, strlen(text) + 1 };
}

enum err operator_digest(enum command_kind kind, const struct operator_command *command, uint8_t digest[static 32])
{
	const uint64_t numbers[] = { (uint64_t)kind, (uint64_t)command->amount.minor, (uint64_t)command->at_s, command->parked };
	char debit[LEDGER_ACCOUNT_TEXT_SIZE];
	char credit[LEDGER_ACCOUNT_TEXT_SIZE];

	ledger_account_format(&command->debit, debit);
	ledger_account_format(&command->credit, credit);
	struct bytes pieces[] = {
		{ (const char *)numbers, sizeof numbers }, piece(reason_name(command->reason)), piece(command->amount.currency.code),
		piece(command->campaign), piece(command->tier), piece(command->account), piece(command->payment), piece(debit), piece(credit),
	};

	return digest_sha256(pieces, sizeof pieces / sizeof pieces[0], digest);
}

bool operator_command_of(const struct entry *entry, enum command_kind *kind, struct operator_command *command)
{
	*command = (struct operator_command){ .reason = entry->reason, .amount = entry->amount };
	if (entry->reference[0] == '\0')
		return false;
	if (entry->kind == ENTRY_RECORDED) {
		*kind = COMMAND_RECORD;
		command->at_s = entry->at_s;
		decide_copy(command->campaign, sizeof command->campaign, entry->campaign);
		decide_copy(command->tier, sizeof command->tier, entry->tier);
		command->debit = entry->postings[0].account;
		return true;
	}
	if (entry->kind == ENTRY_ADJUSTED) {
		*kind = COMMAND_ADJUST;
		command->debit = entry->postings[0].account;
		command->credit = entry->postings[1].account;
		return true;
	}
	if (entry->kind == ENTRY_REFUND_ASKED) {
		*kind = COMMAND_REFUND;
		decide_copy(command->account, sizeof command->account, entry->account);
		decide_copy(command->payment, sizeof command->payment, entry->payment);
		return true;
	}
	*kind = COMMAND_DROP;
	command->parked = entry->parked;
	return entry->kind == ENTRY_DROPPED;
}

/* ---- deciding ---- */

static void begin(const struct operator_command *command, enum entry_kind kind, struct decision *decision)
{
	struct entry *entry = &decision->entry;

	decision->verdict = VERDICT_BOOK;
	entry->kind = kind;
	entry->reason = command->reason;
	entry->amount = command->amount;
	decide_copy(entry->reference, sizeof entry->reference, command->reference);
}

static void post_pair(const struct operator_command *command, struct ledger_account credit, struct entry *entry)
{
	struct money out = command->amount;

	out.minor = -out.minor;
	entry->postings[0] = (struct posting){ command->debit, command->amount };
	entry->postings[1] = (struct posting){ credit, out };
	entry->posting_count = 2;
}

static void record(const struct operator_command *command, struct decision *decision)
{
	struct entry *entry = &decision->entry;

	begin(command, ENTRY_RECORDED, decision);
	entry->at_s = command->at_s;
	decide_copy(entry->pledge, sizeof entry->pledge, command->pledge);
	decide_copy(entry->campaign, sizeof entry->campaign, command->campaign);
	decide_copy(entry->tier, sizeof entry->tier, command->tier);
	entry->has_interval = true;
	entry->interval = INTERVAL_ONCE;
	post_pair(command, ledger_account_make(ACCOUNT_DONATIONS, command->campaign, command->tier), entry);
}

static void adjust(const struct operator_command *command, struct decision *decision)
{
	begin(command, ENTRY_ADJUSTED, decision);
	post_pair(command, command->credit, &decision->entry);
}

/* What was asked for and is not yet done leaves that much less to ask for. */
static void ask_refund(const struct knowledge *known, const struct operator_command *command, struct decision *decision)
{
	const struct payment *payment = &known->payment;
	int64_t left = payment_refundable(payment) - known->refunds_asked;
	bool all = command->amount.currency.code[0] == '\0';
	struct entry *entry = &decision->entry;

	if (!known->payment_known || payment->status != PAYMENT_SETTLED) {
		decide_refuse(decision, ERR_UNKNOWN);
		return;
	}
	if (!payment_is_held(payment) || left <= 0
	    || (!all && (!currency_equal(&command->amount.currency, &payment->given.currency) || command->amount.minor > left))) {
		decide_refuse(decision, ERR_CONFLICT);
		return;
	}
	begin(command, ENTRY_REFUND_ASKED, decision);
	if (all)
		entry->amount = (struct money){ left, payment->given.currency };
	decide_copy(entry->account, sizeof entry->account, command->account);
	decide_copy(entry->pledge, sizeof entry->pledge, payment->pledge);
	decide_copy(entry->payment, sizeof entry->payment, payment->id);
}

/* Money that waited goes out of the books: it is not ours. */
static void drop(const struct knowledge *known, const struct operator_command *command, struct decision *decision)
{
	struct entry *entry = &decision->entry;

	if (!known->parked_known) {
		decide_refuse(decision, ERR_UNKNOWN);
		return;
	}
	begin(command, ENTRY_DROPPED, decision);
	entry->amount = (struct money){ 0 };
	entry->parked = command->parked;
	decide_copy(entry->account, sizeof entry->account, known->parked_account);
	if (!known->payment_known)
		return;
	decide_copy(entry->pledge, sizeof entry->pledge, known->payment.pledge);
	decide_copy(entry->payment, sizeof entry->payment, known->payment.id);
	decide_post(known, decision);
}

void decide_operator(const struct knowledge *known, enum command_kind kind, const struct operator_command *command,
                     struct decision *decision)
{
	if (known->reference_known) {
		decision->verdict = VERDICT_ALREADY;
		if (!known->reference_same)
			decide_refuse(decision, ERR_CONFLICT);
		return;
	}
	bool may_be_none = kind == COMMAND_DROP || (kind == COMMAND_REFUND && command->amount.currency.code[0] == '\0');

	if (!may_be_none && command->amount.minor <= 0)
		decide_refuse(decision, ERR_INPUT);
	else if (kind == COMMAND_DROP)
		drop(known, command, decision);
	else if (kind == COMMAND_RECORD)
		record(command, decision);
	else if (kind == COMMAND_ADJUST)
		adjust(command, decision);
	else
		ask_refund(known, command, decision);
}
