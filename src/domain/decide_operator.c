/* What an operator enters: once for each reference. */
#include <string.h>

#include "base/digest.h"
#include "domain/decide_parts.h"

enum err operator_digest(enum entry_kind kind, const struct money *amount, const char *object, uint64_t parked,
                         uint8_t digest[static 32])
{
	struct bytes pieces[] = {
		bytes_of(entry_kind_name(kind)),
		{ amount->currency.code, strlen(amount->currency.code) + 1 },
		{ (const char *)&amount->minor, sizeof amount->minor },
		{ (const char *)&parked, sizeof parked },
		bytes_of(object),
	};

	return digest_sha256(pieces, sizeof pieces / sizeof pieces[0], digest);
}

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

static void ask_refund(const struct knowledge *known, const struct operator_command *command, struct decision *decision)
{
	struct entry *entry = &decision->entry;

	if (!known->payment_known || known->payment.status != PAYMENT_SETTLED) {
		decide_refuse(decision, ERR_UNKNOWN);
		return;
	}
	if (!currency_equal(&command->amount.currency, &known->payment.given.currency)
	    || command->amount.minor > payment_refundable(&known->payment)) {
		decide_refuse(decision, ERR_CONFLICT);
		return;
	}
	begin(command, ENTRY_REFUND_ASKED, decision);
	decide_copy(entry->account, sizeof entry->account, command->account);
	decide_copy(entry->pledge, sizeof entry->pledge, known->payment.pledge);
	decide_copy(entry->payment, sizeof entry->payment, known->payment.id);
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
	if (kind != COMMAND_DROP && command->amount.minor <= 0)
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
