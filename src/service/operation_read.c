#include "service/operation_read.h"

#include <stdio.h>
#include <string.h>

#include "base/moment.h"
#include "base/text.h"
#include "sys/clock.h"
#include "sys/random.h"

enum { DAY_S = 24 * 60 * 60, NOON_S = DAY_S / 2, REASONS_TAKEN_MAX = 6 };

static const char *const names[OPERATION_WISHES] = {
	[OPERATION_REF] = "ref",           [OPERATION_REASON] = "reason",   [OPERATION_TIER] = "tier",
	[OPERATION_AMOUNT] = "amount",     [OPERATION_CURRENCY] = "currency", [OPERATION_AT] = "at",
	[OPERATION_DEBIT] = "debit",       [OPERATION_CREDIT] = "credit",   [OPERATION_PAYMENT] = "payment",
	[OPERATION_PLEDGE] = "pledge",     [OPERATION_ACCOUNT] = "account", [OPERATION_SEQ] = "seq",
};

#define WISH(wish) (1u << (wish))

static const struct {
	unsigned needs;
	unsigned takes; /* besides */
	enum reason reasons[REASONS_TAKEN_MAX]; /* the first one is meant where none is needed and none is given */
} forms[OPERATIONS] = {
	[OPERATION_RECORD] = { WISH(OPERATION_REF) | WISH(OPERATION_REASON) | WISH(OPERATION_TIER),
		WISH(OPERATION_AMOUNT) | WISH(OPERATION_AT), { REASON_CASH, REASON_BANK_TRANSFER, REASON_CHEQUE } },
	[OPERATION_ADJUST] = { WISH(OPERATION_REF) | WISH(OPERATION_REASON) | WISH(OPERATION_DEBIT) | WISH(OPERATION_CREDIT)
			| WISH(OPERATION_AMOUNT) | WISH(OPERATION_CURRENCY),
		0, { REASON_CORRECTION, REASON_DUPLICATE, REASON_DONOR_REQUEST, REASON_FRAUD, REASON_FEE, REASON_ROUNDING } },
	[OPERATION_REFUND] = { WISH(OPERATION_REF),
		WISH(OPERATION_PAYMENT) | WISH(OPERATION_PLEDGE) | WISH(OPERATION_ACCOUNT) | WISH(OPERATION_AMOUNT) | WISH(OPERATION_REASON),
		{ REASON_DONOR_REQUEST, REASON_DUPLICATE, REASON_FRAUD, REASON_CORRECTION } },
	[OPERATION_RETRY] = { 0, WISH(OPERATION_SEQ), { REASON_NONE } },
	[OPERATION_DROP] = { WISH(OPERATION_SEQ) | WISH(OPERATION_REF) | WISH(OPERATION_REASON), 0,
		{ REASON_NOT_OURS, REASON_DUPLICATE, REASON_FRAUD, REASON_CORRECTION } },
};

const char *operation_wish_name(enum operation_wish wish)
{
	return names[wish];
}

bool operation_needs(enum operation operation, enum operation_wish wish)
{
	return (forms[operation].needs & WISH(wish)) != 0;
}

bool operation_takes(enum operation operation, enum operation_wish wish)
{
	return ((forms[operation].needs | forms[operation].takes) & WISH(wish)) != 0;
}

/* What is read, and what for. */
struct reading {
	struct ledger *ledger;
	const struct config *config;
	const struct operation_request *request;
	struct operator_command *command;
	struct why *why;
};

static const char *text_of(const struct reading *reading, enum operation_wish wish)
{
	return reading->request->texts[wish];
}

/* ---- single texts ---- */

static enum err read_reference(const struct reading *reading)
{
	const char *text = text_of(reading, OPERATION_REF);

	if (!reference_is_valid(bytes_of(text)))
		return why_set(reading->why, ERR_INPUT, "'%.60s' cannot be a reference: 1 to 40 of A-Z a-z 0-9 . _ / -", text);
	return bytes_copy_text(bytes_of(text), reading->command->reference, REFERENCE_SIZE);
}

static enum err read_reason(const struct reading *reading)
{
	const enum reason *reasons = forms[reading->request->operation].reasons;
	const char *text = text_of(reading, OPERATION_REASON);
	char list[WHY_SIZE] = "";
	struct buffer known = BUFFER_ON(list);

	reading->command->reason = reasons[0];
	if (text == NULL)
		return OK;
	for (size_t i = 0; i < REASONS_TAKEN_MAX && reasons[i] != REASON_NONE; i++) {
		reading->command->reason = reasons[i];
		if (strcmp(text, reason_name(reasons[i])) == 0)
			return OK;
		buffer_format(&known, "%s%s", i > 0 ? ", " : "", reason_name(reasons[i]));
	}
	return why_set(reading->why, ERR_INPUT, "the reason is one of %s, not '%.40s'", list, text);
}

static enum err read_amount(const struct reading *reading, const struct currency *currency)
{
	const char *text = text_of(reading, OPERATION_AMOUNT);
	struct why why = { "" };
	enum err err = money_parse(bytes_of(text), currency, &reading->command->amount, &why);

	if (err == OK && reading->command->amount.minor <= 0)
		return why_set(reading->why, ERR_INPUT, "an amount is above zero");
	return err == OK ? OK : why_set(reading->why, ERR_INPUT, "'%.40s' is no amount in %s: %s", text, currency->code,
	                                why.text[0] != '\0' ? why.text : "it is too large");
}

/* A day is told as its noon in UTC, which is that day in nearly every time zone. */
static enum err read_at(const struct reading *reading)
{
	const char *text = text_of(reading, OPERATION_AT);
	static const struct zone utc;
	int64_t time_us;
	int64_t at_s;

	if (text == NULL)
		return OK;
	if (text_parse_date(bytes_of(text), &at_s) == OK)
		at_s += NOON_S;
	else if (moment_parse(bytes_of(text), &utc, &time_us, reading->why) == OK)
		at_s = time_us / 1000000;
	else
		return ERR_INPUT;
	if (at_s <= 0 || at_s > clock_wall_us() / 1000000 + DAY_S)
		return why_set(reading->why, ERR_INPUT, "'%.40s' has not been yet", text);
	reading->command->at_s = at_s;
	return OK;
}

/* ---- an offline gift ---- */

static enum err mint_pledge(const struct reading *reading)
{
	uint8_t entropy[10];
	enum err err = random_bytes(entropy, sizeof entropy);

	if (err != OK)
		return why_set(reading->why, err, "there is no randomness for the pledge's id");
	token_pledge(clock_wall_us() / 1000, entropy, reading->command->pledge);
	return OK;
}

static enum err read_record(const struct reading *reading)
{
	struct operator_command *command = reading->command;
	const char *text = text_of(reading, OPERATION_TIER);
	const struct campaign *campaign = NULL;
	const struct tier *tier = config_tier(reading->config, bytes_of(text), &campaign);

	if (tier == NULL)
		return why_set(reading->why, ERR_UNKNOWN, "there is no tier '%.40s' in the configuration", text);
	memcpy(command->campaign, campaign->id, sizeof command->campaign);
	memcpy(command->tier, tier->id, sizeof command->tier);
	command->amount = tier->amount;
	command->debit = ledger_account_make(command->reason == REASON_CASH ? ACCOUNT_CASH : ACCOUNT_BANK, "", "");
	enum err err = read_at(reading);

	if (err == OK && text_of(reading, OPERATION_AMOUNT) != NULL)
		err = read_amount(reading, &tier->amount.currency);
	return err == OK ? mint_pledge(reading) : err;
}

/* ---- a correction ---- */

/* The campaign of an account that is one campaign's own. */
static const struct campaign *campaign_of(const struct config *config, const struct ledger_account *account)
{
	bool income = account->kind == ACCOUNT_DONATIONS || account->kind == ACCOUNT_REFUNDS || account->kind == ACCOUNT_CHARGEBACKS;

	return income ? config_campaign(config, bytes_of(account->first)) : NULL;
}

static bool is_configured(const struct config *config, const struct ledger_account *account)
{
	const struct campaign *campaign = NULL;

	switch (account->kind) {
	case ACCOUNT_BANK:
	case ACCOUNT_CASH:
	case ACCOUNT_CONVERSION:
		return true;
	case ACCOUNT_PROVIDER:
	case ACCOUNT_TRANSIT:
	case ACCOUNT_DISPUTED:
	case ACCOUNT_UNIDENTIFIED:
	case ACCOUNT_OTHER_BUSINESS:
		return config_account(config, bytes_of(account->first)) != NULL;
	case ACCOUNT_DONATIONS:
	case ACCOUNT_REFUNDS:
	case ACCOUNT_CHARGEBACKS:
		return config_tier(config, bytes_of(account->second), &campaign) != NULL && campaign == campaign_of(config, account);
	case ACCOUNT_FEES:
		return config_account(config, bytes_of(account->first)) != NULL && config_campaign(config, bytes_of(account->second)) != NULL;
	}
	return false;
}

static bool is_same(const struct ledger_account *a, const struct ledger_account *b)
{
	return a->kind == b->kind && strcmp(a->first, b->first) == 0 && strcmp(a->second, b->second) == 0;
}

/* One that left the configuration still has its entries. */
static bool has_entries(struct ledger *ledger, const struct ledger_account *account)
{
	struct account_balance balance = { .sum = { .minor = 0 } };

	while (ledger_balance_next(ledger, &balance) == OK)
		if (is_same(&balance.account, account))
			return true;
	return false;
}

static enum err read_account(const struct reading *reading, enum operation_wish wish, struct ledger_account *account)
{
	const char *text = text_of(reading, wish);

	if (ledger_account_parse(bytes_of(text), account) != OK)
		return why_set(reading->why, ERR_INPUT, "'%.80s' is no account of the books; see 'pledger balance'", text);
	if (!is_configured(reading->config, account) && !has_entries(reading->ledger, account))
		return why_set(reading->why, ERR_UNKNOWN, "neither the configuration nor the books know the account '%.80s'", text);
	const struct campaign *campaign = campaign_of(reading->config, account);

	if (campaign != NULL && strcmp(campaign->currency.code, text_of(reading, OPERATION_CURRENCY)) != 0)
		return why_set(reading->why, ERR_INPUT, "the campaign '%s' is in %s", campaign->id, campaign->currency.code);
	return OK;
}

static enum err read_adjust(const struct reading *reading)
{
	struct operator_command *command = reading->command;
	const char *text = text_of(reading, OPERATION_CURRENCY);
	struct currency currency;

	if (currency_parse(bytes_of(text), &currency) != OK)
		return why_set(reading->why, ERR_INPUT, "there is no currency '%.40s'", text);
	enum err err = read_amount(reading, &currency);

	if (err == OK)
		err = read_account(reading, OPERATION_DEBIT, &command->debit);
	if (err == OK)
		err = read_account(reading, OPERATION_CREDIT, &command->credit);
	if (err == OK && is_same(&command->debit, &command->credit))
		err = why_set(reading->why, ERR_INPUT, "debit and credit are the same account: nothing would change");
	return err;
}

/* ---- a refund ---- */

static enum err take_payment(const struct reading *reading, const char *account, const char *object, struct payment *payment)
{
	enum err err = ledger_payment(reading->ledger, account, object, payment);

	if (err == OK) {
		memcpy(reading->command->payment, payment->id, sizeof reading->command->payment);
		snprintf(reading->command->account, sizeof reading->command->account, "%s", account);
	}
	return err;
}

static enum err find_pledge(const struct reading *reading, struct payment *payment)
{
	const char *text = text_of(reading, OPERATION_PLEDGE);
	struct pledge pledge;

	if (!token_is_pledge(bytes_of(text)))
		return why_set(reading->why, ERR_INPUT, "'%.60s' is no pledge's id", text);
	enum err err = ledger_pledge(reading->ledger, text, &pledge);

	if (err == ERR_UNKNOWN || (err == OK && pledge.settled_count == 0))
		return why_set(reading->why, ERR_UNKNOWN, "no provider has money of the pledge %s", text);
	if (err == OK && pledge.settled_count > 1)
		return why_set(reading->why, ERR_CONFLICT, "the pledge %s has %u payments: name the one that is meant", text,
		               pledge.settled_count);
	return err == OK ? take_payment(reading, pledge.account, pledge.payment, payment) : err;
}

/* At the account that is named, else at the first that knows it. */
static enum err find_payment(const struct reading *reading, struct payment *payment)
{
	const char *text = text_of(reading, OPERATION_PAYMENT);
	const char *account = text_of(reading, OPERATION_ACCOUNT);
	enum err err = account != NULL ? take_payment(reading, account, text, payment) : ERR_UNKNOWN;

	for (size_t i = 0; account == NULL && err == ERR_UNKNOWN && i < reading->config->account_count; i++)
		err = take_payment(reading, reading->config->accounts[i].id, text, payment);
	if (err == ERR_UNKNOWN && account != NULL && config_account(reading->config, bytes_of(account)) == NULL)
		return why_set(reading->why, err, "there is no account '%.80s'", account);
	return err == ERR_UNKNOWN ? why_set(reading->why, err, "no payment is known by '%.80s'", text) : err;
}

static enum err read_refund(const struct reading *reading)
{
	const char *account = text_of(reading, OPERATION_ACCOUNT);
	bool by_pledge = text_of(reading, OPERATION_PLEDGE) != NULL;
	struct payment payment;

	if (by_pledge == (text_of(reading, OPERATION_PAYMENT) != NULL))
		return why_set(reading->why, ERR_INPUT, "either \"payment\" or \"pledge\" says what is to be refunded");
	if (account != NULL && !id_is_valid(bytes_of(account)))
		return why_set(reading->why, ERR_INPUT, "'%.40s' cannot be a provider account's id", account);
	enum err err = by_pledge ? find_pledge(reading, &payment) : find_payment(reading, &payment);

	return err == OK && text_of(reading, OPERATION_AMOUNT) != NULL ? read_amount(reading, &payment.given.currency) : err;
}

/* ---- all ---- */

enum err operation_read_seq(const struct operation_request *request, uint64_t *seq, struct why *why)
{
	const char *text = request->texts[OPERATION_SEQ];

	*seq = 0;
	if (text == NULL)
		return OK;
	if (text_unsigned(bytes_of(text), INT64_MAX, seq) != OK || *seq == 0)
		return why_set(why, ERR_INPUT, "'%.40s' is not the seq of an entry", text);
	return OK;
}

enum err operation_read(struct ledger *ledger, const struct config *config, const struct operation_request *request,
                        struct command *command, struct why *why)
{
	static const enum command_kind kinds[OPERATIONS] = {
		[OPERATION_RECORD] = COMMAND_RECORD, [OPERATION_ADJUST] = COMMAND_ADJUST, [OPERATION_REFUND] = COMMAND_REFUND,
		[OPERATION_RETRY] = COMMAND_UNPARK,  [OPERATION_DROP] = COMMAND_DROP,
	};
	const struct reading reading = { ledger, config, request, &command->u.operator, why };

	memset(&command->u.operator, 0, sizeof command->u.operator);
	command->kind = kinds[request->operation];
	for (int i = 0; i < OPERATION_WISHES; i++)
		if (request->texts[i] == NULL && operation_needs(request->operation, (enum operation_wish)i))
			return why_set(why, ERR_INPUT, "\"%s\" is missing", names[i]);
	enum err err = read_reference(&reading);

	if (err == OK)
		err = read_reason(&reading);
	if (err != OK)
		return err;
	if (request->operation == OPERATION_RECORD)
		return read_record(&reading);
	if (request->operation == OPERATION_ADJUST)
		return read_adjust(&reading);
	return request->operation == OPERATION_REFUND ? read_refund(&reading)
	                                              : operation_read_seq(request, &command->u.operator.parked, why);
}
