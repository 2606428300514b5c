/*
 * The rules, for a payment of G with R refunded, D disputed and L lost in its currency, of which the provider's
 * balance has said: the settlement A, the fee F, standing for Q in the payment's currency; P is paid out.
 *
 * Counted, one currency: assets:provider G - R - D - L - F - P, assets:disputed D, income:donations -G,
 * income:refunds R, income:chargebacks L, expenses:fees F, equity:other-business P.
 *
 * With a settlement currency of its own: assets:provider G - R - D - L - Q in the payment's currency, against
 * equity:conversion Q; and there assets:provider A - F - P, against equity:conversion -A.
 *
 * Parked: liabilities:unidentified stands in the place of income and fees.
 *
 * A payout of X with the share S of ours: equity:other-business -X against assets:transit X when it is sent,
 * assets:bank X when it is paid; once it failed assets:provider S against equity:other-business -S, less what of S later
 * payouts have been told to hold. What is ours in a payout comes from the payments' P, so that equity:other-business keeps what else
 * the payout held.
 */
#include "domain/statement.h"

#include <string.h>

static enum err put(struct statement *statement, enum side side, struct ledger_account account, const struct currency *currency,
                    int64_t minor)
{
	struct money amount = { side == SIDE_AFTER ? minor : -minor, *currency };

	if (minor == 0)
		return OK;
	for (size_t i = 0; i < statement->count; i++) {
		struct posting *line = &statement->lines[i];

		if (line->account.kind == account.kind && strcmp(line->account.first, account.first) == 0
		    && strcmp(line->account.second, account.second) == 0 && currency_equal(&line->amount.currency, currency))
			return money_add(&line->amount, &amount, &line->amount);
	}
	if (statement->count == STATEMENT_LINES_MAX)
		return ERR_TOO_BIG;
	statement->lines[statement->count++] = (struct posting){ account, amount };
	return OK;
}

/* What a payment's lines are put with. */
struct pen {
	struct statement *statement;
	enum side side;
	const char *account;
	const struct payment *payment;
	const struct pledge *pledge;
	enum err err; /* of the first line that failed */
};

static void write_line(struct pen *pen, struct ledger_account account, const struct currency *currency, int64_t minor)
{
	if (pen->err == OK)
		pen->err = put(pen->statement, pen->side, account, currency, minor);
}

static void write_asset(struct pen *pen, enum ledger_account_kind kind, const struct currency *currency, int64_t minor)
{
	write_line(pen, ledger_account_make(kind, pen->account, ""), currency, minor);
}

/* What a counted payment posts to its campaign and tier goes to the unidentified while it is parked. */
static void write_income(struct pen *pen, enum ledger_account_kind kind, int64_t minor)
{
	const struct currency *currency = &pen->payment->given.currency;

	if (pen->payment->standing == STANDING_PARKED)
		write_asset(pen, ACCOUNT_UNIDENTIFIED, currency, minor);
	else
		write_line(pen, ledger_account_make(kind, pen->pledge->campaign, pen->pledge->tier), currency, minor);
}

static void write_fee(struct pen *pen, int64_t minor)
{
	const struct currency *currency = &pen->payment->settlement;

	if (pen->payment->standing == STANDING_PARKED)
		write_asset(pen, ACCOUNT_UNIDENTIFIED, currency, minor);
	else
		write_line(pen, ledger_account_make(ACCOUNT_FEES, pen->account, pen->pledge->campaign), currency, minor);
}

static void write_given(struct pen *pen)
{
	const struct payment *payment = pen->payment;
	const struct currency *currency = &payment->given.currency;
	int64_t refunded = payment_refunded(payment);

	write_asset(pen, ACCOUNT_PROVIDER, currency, payment->given.minor - refunded - payment->disputed - payment->lost);
	write_asset(pen, ACCOUNT_DISPUTED, currency, payment->disputed);
	write_income(pen, ACCOUNT_DONATIONS, -payment->given.minor);
	write_income(pen, ACCOUNT_REFUNDS, refunded);
	write_income(pen, ACCOUNT_CHARGEBACKS, payment->lost);
}

static void write_settlement(struct pen *pen)
{
	const struct payment *payment = pen->payment;
	const struct currency *currency = &payment->settlement;
	int64_t fee = payment_fee(payment);

	if (currency->code[0] == '\0')
		return;
	write_asset(pen, ACCOUNT_PROVIDER, currency, -fee - payment->paid_out);
	write_fee(pen, fee);
	write_asset(pen, ACCOUNT_OTHER_BUSINESS, currency, payment->paid_out);
	if (currency_equal(currency, &payment->given.currency))
		return;
	write_asset(pen, ACCOUNT_PROVIDER, &payment->given.currency, -payment->all.converted);
	write_line(pen, ledger_account_make(ACCOUNT_CONVERSION, "", ""), &payment->given.currency, payment->all.converted);
	write_asset(pen, ACCOUNT_PROVIDER, currency, payment->all.settlement);
	write_line(pen, ledger_account_make(ACCOUNT_CONVERSION, "", ""), currency, -payment->all.settlement);
}

enum err statement_payment(struct statement *statement, enum side side, const struct payment *payment, const char *account,
                           const struct pledge *pledge)
{
	struct pen pen = { statement, side, account, payment, pledge, OK };

	if (!payment_is_held(payment))
		return OK;
	write_given(&pen);
	write_settlement(&pen);
	return pen.err;
}

enum err statement_payout(struct statement *statement, enum side side, const struct provider_object *payout, const char *account)
{
	const struct currency *currency = &payout->amount.currency;
	int64_t amount = payout->amount.minor;
	struct ledger_account other = ledger_account_make(ACCOUNT_OTHER_BUSINESS, account, "");
	struct ledger_account where = ledger_account_make(ACCOUNT_TRANSIT, account, "");

	if (payout->status == EVENT_KINDS)
		return OK;
	if (payout->status == EVENT_PAYOUT_PAID)
		where = ledger_account_make(ACCOUNT_BANK, "", "");
	if (payout->status == EVENT_PAYOUT_FAILED) {
		where = ledger_account_make(ACCOUNT_PROVIDER, account, "");
		amount = payout->share - payout->returned;
	}
	enum err err = put(statement, side, where, currency, amount);

	return err == OK ? put(statement, side, other, currency, -amount) : err;
}

enum err statement_post(const struct statement *statement, struct entry *entry)
{
	for (size_t i = 0; i < statement->count; i++) {
		if (statement->lines[i].amount.minor == 0)
			continue;
		if (entry->posting_count == POSTINGS_MAX)
			return ERR_TOO_BIG;
		entry->postings[entry->posting_count++] = statement->lines[i];
	}
	return OK;
}
