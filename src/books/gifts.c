/*
 * The columns of a gift's row are as of the period's end; a change's row has what it changed, so that the columns of
 * consecutive periods sum to the accounts of the books.
 */
#include "books/profile.h"

#include <string.h>

#include "books/payments.h"

static const char *const columns[] = {
	"seq", "kind", "date", "booked_at", "occurred_at", "pledged_at", "settled_at", "pledge", "payment", "campaign", "tier",
	"interval", "currency", "gross", "refunded", "disputed", "charged_back", "settlement_currency", "settlement", "fee", "net",
	"status", "provider_account", "session", "payment_intent", "charge", "invoice", "subscription", "refund", "dispute",
	"payout", "payout_at", "event", "reference", "reason",
};

static void put_header(struct sheet *sheet)
{
	sheet_put_header(&sheet->csv, columns, sizeof columns / sizeof columns[0]);
}

/* What a row says besides what its entry does. */
struct gift_row {
	const char *kind;
	int64_t pledged_us;       /* 0: not known, as the next two */
	bool has_interval;
	enum interval interval;
	int64_t settled_us;
	const char *campaign;
	const char *tier;
	struct currency currency;
	int64_t gross;            /* in that currency */
	int64_t refunded;
	int64_t disputed;
	int64_t charged_back;
	bool has_settlement;      /* the provider's balance has told of it */
	struct currency settled_in;
	int64_t settlement;       /* in the settlement currency */
	int64_t fee;
	const char *status;
	const char *payout;
	int64_t payout_at_s;
};

/* ---- a row ---- */

static void put_moment(struct csv *csv, int64_t time_us)
{
	if (time_us != 0)
		sheet_put_time(csv, time_us);
	else
		csv_empty(csv);
}

static void put_given(struct csv *csv, const struct gift_row *row)
{
	csv_word(csv, row->currency.code);
	if (row->currency.code[0] == '\0') {
		for (int i = 0; i < 4; i++)
			csv_empty(csv);
		return;
	}
	sheet_put_amount(csv, row->gross, &row->currency);
	sheet_put_amount(csv, row->refunded, &row->currency);
	sheet_put_amount(csv, row->disputed, &row->currency);
	sheet_put_amount(csv, row->charged_back, &row->currency);
}

static void put_settlement(struct csv *csv, const struct gift_row *row)
{
	if (!row->has_settlement) {
		for (int i = 0; i < 4; i++)
			csv_empty(csv);
		return;
	}
	csv_word(csv, row->settled_in.code);
	sheet_put_amount(csv, row->settlement, &row->settled_in);
	sheet_put_amount(csv, row->fee, &row->settled_in);
	sheet_put_amount(csv, row->settlement - row->fee, &row->settled_in);
}

static void put_ids(struct csv *csv, const struct entry *entry)
{
	static const enum ref_kind kinds[] = {
		REF_SESSION, REF_PAYMENT_INTENT, REF_CHARGE, REF_INVOICE, REF_SUBSCRIPTION, REF_REFUND, REF_DISPUTE,
	};

	csv_word(csv, entry->account);
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		csv_text(csv, entry_ref(entry, kinds[i]));
}

static void put_row(struct sheet *sheet, const struct entry *entry, const struct gift_row *row)
{
	struct csv *csv = &sheet->csv;

	csv_unsigned(csv, entry->seq);
	csv_text(csv, row->kind);
	sheet_put_booked(sheet, entry->time_us);
	sheet_put_time_s(csv, entry->at_s);
	put_moment(csv, row->pledged_us);
	put_moment(csv, row->settled_us);
	csv_word(csv, entry->pledge);
	csv_text(csv, entry->payment);
	csv_word(csv, row->campaign);
	csv_word(csv, row->tier);
	csv_word(csv, row->has_interval ? interval_name(row->interval) : NULL);
	put_given(csv, row);
	put_settlement(csv, row);
	csv_word(csv, row->status);
	put_ids(csv, entry);
	csv_text(csv, row->payout);
	sheet_put_time_s(csv, row->payout_at_s);
	csv_text(csv, entry->event);
	csv_text(csv, entry->reference);
	csv_text(csv, reason_name(entry->reason));
	sheet_row_end(sheet);
}

/* ---- payments ---- */

static const char *status_of(const struct payment *payment)
{
	int64_t refunded = payment_refunded(payment);

	if (payment->disputed > 0)
		return "disputed";
	if (payment->lost > 0)
		return "charged_back";
	if (refunded <= 0)
		return "settled";
	return refunded >= payment->given.minor ? "refunded" : "partly_refunded";
}

/* Zero is the provider's word only once it has told of lines of its balance. */
static bool has_settlement(const struct payment *payment)
{
	return payment->all.lines > 0 || payment_fee(payment) != 0;
}

static void fill(struct gift_row *row, const struct known_payment *known)
{
	const struct payment *payment = &known->payment;

	row->pledged_us = known->pledged_us;
	row->has_interval = known->pledged_us != 0;
	row->interval = known->interval;
	row->settled_us = known->settled_us;
	row->currency = payment->given.currency;
	row->settled_in = payment->settlement;
	row->status = status_of(payment);
	row->payout = payment->payout;
	row->payout_at_s = known->payout_at_s;
}

static const struct posting *find_donation(const struct entry *entry)
{
	for (size_t i = 0; i < entry->posting_count; i++)
		if (entry->postings[i].account.kind == ACCOUNT_DONATIONS)
			return &entry->postings[i];
	return NULL;
}

static void put_gift(struct sheet *sheet, const struct entry *entry)
{
	const struct known_payment *known = payments_after(sheet->payments);
	const struct payment *payment = &known->payment;
	const struct posting *donation = find_donation(entry);
	struct gift_row row = {
		.kind = "gift",
		.campaign = donation != NULL ? donation->account.first : "",
		.tier = donation != NULL ? donation->account.second : "",
		.gross = payment->given.minor,
		.refunded = payment_refunded(payment),
		.disputed = payment->disputed,
		.charged_back = payment->lost,
		.has_settlement = has_settlement(payment),
		.settlement = payment->all.settlement,
		.fee = payment_fee(payment),
	};

	fill(&row, known);
	put_row(sheet, entry, &row);
}

static void put_change(struct sheet *sheet, const struct entry *entry)
{
	const struct known_payment *known = payments_after(sheet->payments);
	const struct payment *after = &known->payment;
	const struct payment *before = &payments_before(sheet->payments)->payment;
	struct gift_row row = {
		.kind = sheet_kind(entry),
		.campaign = known->campaign,
		.tier = known->tier,
		.refunded = payment_refunded(after) - payment_refunded(before),
		.disputed = after->disputed - before->disputed,
		.charged_back = after->lost - before->lost,
		.has_settlement = has_settlement(after),
		.settlement = after->all.settlement - before->all.settlement,
		.fee = payment_fee(after) - payment_fee(before),
	};

	fill(&row, known);
	put_row(sheet, entry, &row);
}

/* ---- entries without a payment: offline gifts, and operators' corrections ---- */

static void put_recorded(struct sheet *sheet, const struct entry *entry)
{
	const struct gift_row row = {
		.kind = "gift", .pledged_us = entry->time_us, .has_interval = true, .interval = entry->interval,
		.settled_us = entry->time_us, .campaign = entry->campaign, .tier = entry->tier, .currency = entry->amount.currency,
		.gross = entry->amount.minor, .has_settlement = true, .settled_in = entry->amount.currency,
		.settlement = entry->amount.minor, .status = "settled",
	};

	put_row(sheet, entry, &row);
}

/* A correction of a column's account; there is no provider who would have to tell of it. */
static void put_correction(struct sheet *sheet, const struct entry *entry, const struct posting *posting)
{
	const struct ledger_account *account = &posting->account;
	int64_t minor = posting->amount.minor;
	bool is_fee = account->kind == ACCOUNT_FEES;
	struct gift_row row = {
		.kind = sheet_kind(entry),
		.campaign = is_fee ? account->second : account->kind == ACCOUNT_DISPUTED ? "" : account->first,
		.tier = is_fee || account->kind == ACCOUNT_DISPUTED ? "" : account->second,
		.currency = posting->amount.currency, .settled_in = posting->amount.currency, .has_settlement = true,
		.gross = account->kind == ACCOUNT_DONATIONS ? -minor : 0,
		.refunded = account->kind == ACCOUNT_REFUNDS ? minor : 0,
		.charged_back = account->kind == ACCOUNT_CHARGEBACKS ? minor : 0,
		.disputed = account->kind == ACCOUNT_DISPUTED ? minor : 0,
		.fee = is_fee ? minor : 0,
		.settlement = is_fee ? 0 : -minor,
	};

	put_row(sheet, entry, &row);
}

static bool has_column(const struct ledger_account *account)
{
	enum ledger_account_kind kind = account->kind;

	return kind == ACCOUNT_DONATIONS || kind == ACCOUNT_REFUNDS || kind == ACCOUNT_CHARGEBACKS || kind == ACCOUNT_FEES
	       || kind == ACCOUNT_DISPUTED;
}

static enum err put_corrections(struct sheet *sheet, const struct entry *entry, struct why *why)
{
	const char *campaign = sheet->options->campaign;

	for (size_t i = 0; i < entry->posting_count; i++) {
		const struct posting *posting = &entry->postings[i];

		if (!has_column(&posting->account) || (campaign[0] != '\0' && !sheet_is_of(&posting->account, campaign)))
			continue;
		/* A row without what a later version knows of it would be a wrong sum: better none at all. */
		if (entry->kind != ENTRY_ADJUSTED)
			return why_set(why, ERR_UNKNOWN, "seq %llu is of a kind (%s) that this version of pledger cannot show as a gift",
			               (unsigned long long)entry->seq, sheet_kind(entry));
		put_correction(sheet, entry, posting);
	}
	return OK;
}

/* ---- the profile ---- */

static enum err explain(enum err err, const struct entry *entry, struct why *why)
{
	if (err == ERR_TOO_BIG)
		return why_set(why, err, "seq %llu: there are too many payments for one export, or a sum is too large",
		               (unsigned long long)entry->seq);
	return err;
}

/* What becomes of a payment up to `as_of`; by the provider's time, up to the period's end too. */
static enum err foresee(struct sheet *sheet, const struct entry *entry, enum sheet_when when, struct why *why)
{
	bool counts = when != SHEET_BEHIND || !sheet->options->by_at;
	enum err err = sheet->payments == NULL ? payments_new(&sheet->payments) : OK;

	if (err == OK)
		err = payments_foresee(sheet->payments, entry, when == SHEET_WITHIN, counts);
	return explain(err, entry, why);
}

static enum err learn(struct sheet *sheet, const struct entry *entry, enum sheet_when when, struct why *why)
{
	return explain(payments_learn(sheet->payments, entry, when == SHEET_BEFORE, &sheet->news), entry, why);
}

static enum err put_rows(struct sheet *sheet, const struct entry *entry, struct why *why)
{
	const char *campaign = sheet->options->campaign;

	if (sheet->news == PAYMENT_IS_GIFT) {
		if (sheet_is_wanted(sheet, entry))
			put_gift(sheet, entry);
	} else if (sheet->news == PAYMENT_CHANGES) {
		if (campaign[0] == '\0' || strcmp(payments_after(sheet->payments)->campaign, campaign) == 0)
			put_change(sheet, entry);
	} else if (entry->kind == ENTRY_RECORDED) {
		if (sheet_is_wanted(sheet, entry))
			put_recorded(sheet, entry);
	} else if (entry->payment[0] == '\0') {
		return put_corrections(sheet, entry, why);
	}
	return OK;
}

const struct profile profile_gifts = {
	.name = "gifts/2",
	.extension = "csv",
	.media_type = "text/csv; charset=utf-8; header=present",
	.header = put_header,
	.foresee = foresee,
	.learn = learn,
	.rows = put_rows,
	.chooses = true,
};
