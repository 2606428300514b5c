/* What becomes of gifts later: their columns as of a period's end, and a row for each change of an earlier one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/hand_clock.h"
#include "tests/unit/books_table.h"
#include "tests/unit/claims.h"
#include "tests/unit/dice.h"

#define DAY INT64_C(86400000000)
#define SECOND_MONTH (FIRST_TIME + 30 * DAY)
#define THIRD_MONTH (FIRST_TIME + 60 * DAY)

/* The clock stands still but for a second behind each entry: when the writer tells of it does not matter. */
static int begin_by_hand(void **state)
{
	int failed = begin(state);

	on_moved = NULL;
	return failed;
}

static void booked(struct ledger *ledger, struct command command, enum entry_kind kind)
{
	book(ledger, &command, kind);
	now_us += 1000000;
}

/* ---- commands of a payment by its number ---- */

static struct command of(int number, struct command command)
{
	snprintf(command.u.event.event.payment, OBJECT_ID_SIZE, "pi_%d", number);
	command.u.event.event.at_s = now_us / 1000000;
	return command;
}

static void give(struct ledger *ledger, int number, const char *campaign, int64_t minor)
{
	char event[32];

	snprintf(event, sizeof event, "evt_%d", number);
	booked(ledger, pledging(number, campaign, "friend", money_of("EUR", minor)), ENTRY_PLEDGED);
	booked(ledger, of(number, paying(number, EVENT_SETTLED, event, money_of("EUR", minor))), ENTRY_SETTLED);
}

static struct command payout_told(enum event_kind kind, const char *id, int64_t minor)
{
	struct command command = about(claim(kind, "", 0, minor), REF_PAYOUT, id);

	command.u.event.event.payment[0] = '\0';
	command.u.event.event.at_s = now_us / 1000000;
	return command;
}

/* A payout holds a line of the balance: of a gift, or of the refund or dispute `source`. */
static struct command held(const char *payout, int number, const char *line, int64_t settlement, int64_t fee, enum ref_kind kind,
                           const char *source)
{
	struct command command = clearing(claim(EVENT_PAID_OUT, "", 0, 0), "EUR", settlement, fee, 1);

	command.u.event.event.amount = (struct money){ 0 };
	return of(number, about(about(about(command, REF_PAYOUT, payout), REF_BALANCE_TRANSACTION, line), kind, source));
}

static struct command recording(int number, int64_t minor)
{
	struct command command = { .kind = COMMAND_RECORD };
	struct operator_command *operator = &command.u.operator;

	snprintf(operator->reference, REFERENCE_SIZE, "cash/%d", number);
	operator->reason = REASON_CASH;
	operator->amount = money_of("EUR", minor);
	number_pledge(number, operator->pledge);
	strcpy(operator->campaign, "press");
	strcpy(operator->tier, "friend");
	operator->debit = ledger_account_make(ACCOUNT_CASH, "", "");
	return command;
}

static struct command adjusting(const char *reference, int64_t minor, struct ledger_account debit, struct ledger_account credit)
{
	struct command command = { .kind = COMMAND_ADJUST };
	struct operator_command *operator = &command.u.operator;

	strcpy(operator->reference, reference);
	operator->reason = REASON_CORRECTION;
	operator->amount = money_of("EUR", minor);
	operator->debit = debit;
	operator->credit = credit;
	return command;
}

/* ---- a history of three months ---- */

/*
 * First month: gift 1 of 25 with its fee, gift 2 of 40 without, 5 in cash. Second month: the fee of gift 2, a refund of
 * 10 of gift 1 that comes back later, a dispute over gift 2, gift 3 of 8 with its fee, all paid out.
 */
static struct ledger *first_month(void)
{
	struct ledger *ledger = open_ledger(0);

	now_us += 1000000;
	give(ledger, 1, "press", 2500);
	booked(ledger, of(1, clearing(claim(EVENT_CLEARED, "", 0, 2500), "EUR", 2500, 98, 1)), ENTRY_CLEARED);
	give(ledger, 2, "library", 4000);
	booked(ledger, recording(50, 500), ENTRY_RECORDED);
	return ledger;
}

static void second_month(struct ledger *ledger)
{
	now_us = SECOND_MONTH;
	booked(ledger, of(2, clearing(claim(EVENT_CLEARED, "", 0, 4000), "EUR", 4000, 142, 1)), ENTRY_CLEARED);
	booked(ledger, of(1, about(claim(EVENT_REFUNDED, "evt_r", 0, 1000), REF_REFUND, "re_1")), ENTRY_REFUNDED);
	booked(ledger, of(1, about(clearing(claim(EVENT_CLEARED, "", 0, -1000), "EUR", -1000, 0, 1), REF_REFUND, "re_1")), ENTRY_CLEARED);
	booked(ledger, of(2, about(clearing(claim(EVENT_DISPUTED, "evt_d", 0, 4000), "EUR", -4000, 1500, 1), REF_DISPUTE, "dp_1")), ENTRY_DISPUTED);
	give(ledger, 3, "press", 800);
	booked(ledger, of(3, clearing(claim(EVENT_CLEARED, "", 0, 800), "EUR", 800, 53, 1)), ENTRY_CLEARED);
	booked(ledger, payout_told(EVENT_PAYOUT_SENT, "po_1", 2300), ENTRY_PAYOUT);
	booked(ledger, held("po_1", 1, "txn_1", 2500, 98, REF_CHARGE, "ch_1"), ENTRY_PAID_OUT);
	booked(ledger, held("po_1", 1, "txn_2", -1000, 0, REF_REFUND, "re_1"), ENTRY_PAID_OUT);
	booked(ledger, held("po_1", 3, "txn_3", 800, 53, REF_CHARGE, "ch_3"), ENTRY_PAID_OUT);
	booked(ledger, payout_told(EVENT_PAYOUT_EXPLAINED, "po_1", 2300), ENTRY_PAYOUT);
}

static void third_month(struct ledger *ledger)
{
	now_us = THIRD_MONTH;
	booked(ledger, payout_told(EVENT_PAYOUT_PAID, "po_1", 2300), ENTRY_PAYOUT);
	booked(ledger, of(1, about(about(claim(EVENT_REFUND_FAILED, "evt_rf", 0, 1000), REF_REFUND, "re_1"), REF_BALANCE_TRANSACTION, "txn_9")),
	       ENTRY_REFUND_FAILED);
	booked(ledger, of(1, about(clearing(claim(EVENT_CLEARED, "", 0, 0), "EUR", 0, 0, 2), REF_REFUND, "re_1")), ENTRY_CLEARED);
	booked(ledger, of(2, about(claim(EVENT_DISPUTE_LOST, "evt_dl", 0, 4000), REF_DISPUTE, "dp_1")), ENTRY_DISPUTE_LOST);
	booked(ledger, adjusting("wrong-tier", 500, ledger_account_make(ACCOUNT_DONATIONS, "press", "friend"),
	                         ledger_account_make(ACCOUNT_DONATIONS, "press", "box")), ENTRY_ADJUSTED);
}

/* ---- rows as one sees them ---- */

/* Some columns of each row, one row a line. */
static void assert_shown(const struct export_options *options, const char *const *names, const char *expected)
{
	struct buffer out = BUFFER(1 << 22);
	struct buffer text = BUFFER(1 << 20);
	struct why why = { "" };

	if (export_whole(options, &out, NULL, NULL, &why) != OK)
		fail_msg("%s", why.text);
	for (const char *row = row_behind(out.data); row != NULL; row = row_behind(row)) {
		for (size_t i = 0; names[i] != NULL; i++)
			buffer_format(&text, "%s%s", i > 0 ? "|" : "", cell_of(out.data, row, names[i]));
		buffer_char(&text, '\n');
	}
	buffer_free(&out);
	assert_string_equal(text.length > 0 ? text.data : "", expected);
	buffer_free(&text);
}

static const char *const money_columns[] = {
	"kind", "payment", "campaign", "gross", "refunded", "disputed", "charged_back", "settlement", "fee", "net", "status", "payout", NULL,
};

static void a_gift_is_shown_as_of_the_period_s_end(void **state)
{
	struct ledger *ledger = first_month();
	struct export_options options = { .data_dir = folder, .profile = EXPORT_GIFTS, .to_us = SECOND_MONTH };
	const char *month =
		"gift|pi_1|press|25.00|0.00|0.00|0.00|25.00|0.98|24.02|settled|\n"
		"gift|pi_2|library|40.00|0.00|0.00|0.00||||settled|\n"
		"gift||press|5.00|0.00|0.00|0.00|5.00|0.00|5.00|settled|\n";

	(void)state;
	assert_shown(&options, money_columns, month);
	second_month(ledger);
	third_month(ledger);
	assert_shown(&options, money_columns, month);
	options.to_us = 0;
	assert_shown(&options, money_columns,
		"gift|pi_1|press|25.00|0.00|0.00|0.00|25.00|0.98|24.02|settled|po_1\n"
		"gift|pi_2|library|40.00|0.00|0.00|40.00|0.00|16.42|-16.42|charged_back|\n"
		"gift||press|5.00|0.00|0.00|0.00|5.00|0.00|5.00|settled|\n"
		"gift|pi_3|press|8.00|0.00|0.00|0.00|8.00|0.53|7.47|settled|po_1\n"
		"adjusted||press|-5.00|0.00|0.00|0.00|-5.00|0.00|-5.00||\n"
		"adjusted||press|5.00|0.00|0.00|0.00|5.00|0.00|5.00||\n");
	ledger_close(&ledger);
}

static void each_later_change_is_a_row_of_its_own_period(void **state)
{
	struct ledger *ledger = first_month();
	struct export_options options = { .data_dir = folder, .profile = EXPORT_GIFTS, .from_us = SECOND_MONTH, .to_us = THIRD_MONTH };

	(void)state;
	second_month(ledger);
	third_month(ledger);
	ledger_close(&ledger);
	assert_shown(&options, money_columns,
		"cleared|pi_2|library|0.00|0.00|0.00|0.00|40.00|1.42|38.58|settled|\n"
		"refunded|pi_1|press|0.00|10.00|0.00|0.00|0.00|0.00|0.00|partly_refunded|\n"
		"cleared|pi_1|press|0.00|0.00|0.00|0.00|-10.00|0.00|-10.00|partly_refunded|\n"
		"disputed|pi_2|library|0.00|0.00|40.00|0.00|-40.00|15.00|-55.00|disputed|\n"
		"gift|pi_3|press|8.00|0.00|0.00|0.00|8.00|0.53|7.47|settled|po_1\n"
		"paid_out|pi_1|press|0.00|0.00|0.00|0.00|0.00|0.00|0.00|partly_refunded|po_1\n");
	options.from_us = THIRD_MONTH;
	options.to_us = 0;
	assert_shown(&options, money_columns,
		"refund_failed|pi_1|press|0.00|-10.00|0.00|0.00|0.00|0.00|0.00|settled|po_1\n"
		"cleared|pi_1|press|0.00|0.00|0.00|0.00|10.00|0.00|10.00|settled|po_1\n"
		"dispute_lost|pi_2|library|0.00|0.00|-40.00|40.00|0.00|0.00|0.00|charged_back|\n"
		"adjusted||press|-5.00|0.00|0.00|0.00|-5.00|0.00|-5.00||\n"
		"adjusted||press|5.00|0.00|0.00|0.00|5.00|0.00|5.00||\n");
}

static void a_change_s_row_repeats_what_its_gift_was(void **state)
{
	static const char *const names[] = {
		"kind", "date", "pledged_at", "settled_at", "campaign", "tier", "interval", "currency", "settlement_currency", "refund", NULL,
	};
	struct ledger *ledger = first_month();
	struct export_options options = { .data_dir = folder, .profile = EXPORT_GIFTS, .from_us = SECOND_MONTH, .to_us = SECOND_MONTH + 3000000 };

	(void)state;
	second_month(ledger);
	ledger_close(&ledger);
	assert_shown(&options, names,
		"cleared|2026-12-22|2026-11-22T08:00:04.000000Z|2026-11-22T08:00:05.000000Z|library|friend|once|EUR|EUR|\n"
		"refunded|2026-12-22|2026-11-22T08:00:01.000000Z|2026-11-22T08:00:02.000000Z|press|friend|once|EUR|EUR|re_1\n"
		"cleared|2026-12-22|2026-11-22T08:00:01.000000Z|2026-11-22T08:00:02.000000Z|press|friend|once|EUR|EUR|re_1\n");
}

static void a_campaign_s_changes_are_shown_alone(void **state)
{
	struct ledger *ledger = first_month();
	struct export_options options = { .data_dir = folder, .profile = EXPORT_GIFTS, .from_us = SECOND_MONTH, .to_us = THIRD_MONTH };

	(void)state;
	second_month(ledger);
	ledger_close(&ledger);
	strcpy(options.campaign, "library");
	assert_shown(&options, money_columns,
		"cleared|pi_2|library|0.00|0.00|0.00|0.00|40.00|1.42|38.58|settled|\n"
		"disputed|pi_2|library|0.00|0.00|40.00|0.00|-40.00|15.00|-55.00|disputed|\n");
}

static void an_explicit_as_of_tells_what_became_of_a_period_s_gifts(void **state)
{
	struct ledger *ledger = first_month();
	struct export_options options = { .data_dir = folder, .profile = EXPORT_GIFTS, .to_us = SECOND_MONTH, .as_of = 18 };

	(void)state;
	second_month(ledger);
	ledger_close(&ledger);
	assert_shown(&options, money_columns,
		"gift|pi_1|press|25.00|10.00|0.00|0.00|15.00|0.98|14.02|partly_refunded|po_1\n"
		"gift|pi_2|library|40.00|0.00|40.00|0.00|0.00|16.42|-16.42|disputed|\n"
		"gift||press|5.00|0.00|0.00|0.00|5.00|0.00|5.00|settled|\n");
}

static void the_first_version_says_that_the_second_one_can(void **state)
{
	struct ledger *ledger = first_month();
	struct export_options options = { .data_dir = folder, .profile = EXPORT_GIFTS_1 };
	struct buffer out = BUFFER(1 << 20);
	struct why why = { "" };

	(void)state;
	ledger_close(&ledger);
	assert_int_equal(export_whole(&options, &out, NULL, NULL, &why), ERR_UNKNOWN);
	assert_non_null(strstr(why.text, "gifts/2 can"));
	buffer_free(&out);
}

/* ---- payouts ---- */

static const char *const payout_columns[] = {
	"kind", "payout", "status", "sent_at", "paid_at", "amount", "deposited", "gross", "refunded", "fee", "ours", "other_business",
	"explained", "lines", NULL,
};

static void a_deposit_is_a_row_with_the_sums_that_explain_it(void **state)
{
	struct ledger *ledger = first_month();
	struct export_options options = { .data_dir = folder, .profile = EXPORT_PAYOUTS };

	(void)state;
	second_month(ledger);
	third_month(ledger);
	ledger_close(&ledger);
	assert_shown(&options, payout_columns,
		"payout|po_1|paid|2026-12-22T08:00:07Z|2027-01-21T08:00:00Z|23.00|23.00|33.00|10.00|1.51|21.49|1.51|yes|3\n");
	options.to_us = THIRD_MONTH;
	assert_shown(&options, payout_columns,
		"payout|po_1|sent|2026-12-22T08:00:07Z||23.00|0.00|33.00|10.00|1.51|21.49|1.51|yes|3\n");
	options.from_us = THIRD_MONTH;
	options.to_us = 0;
	assert_shown(&options, payout_columns,
		"change|po_1|paid|2026-12-22T08:00:07Z|2027-01-21T08:00:00Z|0.00|23.00|0.00|0.00|0.00|0.00|0.00|yes|0\n");
	strcpy(options.currency, "USD");
	assert_shown(&options, payout_columns, "");
}

/* ---- journal entries ---- */

static const char *const entry_columns[] = { "JournalNo", "AccountName", "Debits", "Credits", "Currency", NULL };

/* A gift of 10 EUR that the provider keeps in USD. */
static void a_journal_entry_of_quickbooks_has_one_currency_and_balances(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct export_options options = { .data_dir = folder, .profile = EXPORT_QUICKBOOKS };

	(void)state;
	now_us += 1000000;
	give(ledger, 1, "press", 1000);
	booked(ledger, of(1, clearing(claim(EVENT_CLEARED, "", 0, 1000), "USD", 1156, 47, 1)), ENTRY_CLEARED);
	ledger_close(&ledger);
	assert_shown(&options, entry_columns,
		"3-EUR|Assets:Provider:Stripe|10.00||EUR\n"
		"3-EUR|Income:Donations:Press:Friend||10.00|EUR\n"
		"4-EUR|Assets:Provider:Stripe||10.00|EUR\n"
		"4-EUR|Equity:Conversion|10.00||EUR\n"
		"4-USD|Assets:Provider:Stripe|11.09||USD\n"
		"4-USD|Expenses:Fees:Stripe:Press|0.47||USD\n"
		"4-USD|Equity:Conversion||11.56|USD\n");
	strcpy(options.currency, "USD");
	assert_shown(&options, entry_columns,
		"4-USD|Assets:Provider:Stripe|11.09||USD\n"
		"4-USD|Expenses:Fees:Stripe:Press|0.47||USD\n"
		"4-USD|Equity:Conversion||11.56|USD\n");
}

/* ---- a closed period ---- */

static void a_closed_period_gives_the_same_bytes_for_ever_in_every_profile(void **state)
{
	struct ledger *ledger = first_month();
	struct buffer before[EXPORT_PROFILES];

	(void)state;
	now_us = SECOND_MONTH;
	booked(ledger, payout_told(EVENT_PAYOUT_SENT, "po_0", 700), ENTRY_PAYOUT);
	for (int i = 0; i < EXPORT_PROFILES; i++) {
		/* The first version cannot show this ledger. */
		const struct export_options options = { .data_dir = folder, .profile = (enum export_profile)i, .to_us = SECOND_MONTH };

		before[i] = BUFFER(1 << 20);
		assert_int_equal(export_whole(&options, &before[i], NULL, NULL, NULL), i == EXPORT_GIFTS_1 ? ERR_UNKNOWN : OK);
	}
	now_us = SECOND_MONTH;
	second_month(ledger);
	third_month(ledger);
	for (int month = 3; month < 15; month++) {
		now_us = FIRST_TIME + month * 30 * DAY;
		give(ledger, month + 100, "press", 1000);
	}
	ledger_close(&ledger);
	for (int i = 0; i < EXPORT_PROFILES; i++) {
		const struct export_options options = { .data_dir = folder, .profile = (enum export_profile)i, .to_us = SECOND_MONTH };
		struct buffer after = BUFFER(1 << 20);

		assert_int_equal(export_whole(&options, &after, NULL, NULL, NULL), i == EXPORT_GIFTS_1 ? ERR_UNKNOWN : OK);
		assert_int_equal(after.length, before[i].length);
		assert_memory_equal(after.data, before[i].data, after.length);
		buffer_free(&after);
		buffer_free(&before[i]);
	}
}

/* ---- any history ---- */

enum { PAYMENTS = 12, MONTHS = 4, MOVES = 60 };

/* What was told of each payment so far, so that what comes next makes sense; the ledger has the last word. */
struct told {
	bool settled;
	bool pledged;
	int refunds;
	bool refund_failed;
	int disputes; /* 1: the money is out, 2: decided */
	bool cleared;
	bool foreign; /* settles in another currency */
};

static void tell(struct ledger *ledger, struct command command)
{
	struct outcome outcome = submit(ledger, &command);

	now_us += 1000000;
	if (outcome.err != OK && outcome.err != ERR_CONFLICT && outcome.err != ERR_UNKNOWN)
		fail_msg("%s", err_name(outcome.err));
}

static const char *currency_of(const struct told *told)
{
	return told->foreign ? "USD" : "EUR";
}

static void move_money_in(struct ledger *ledger, struct dice *dice, int number, struct told *told)
{
	struct command command = pledging(number, number % 2 == 0 ? "press" : "library", "friend", money_of("EUR", 1000 + number));
	char event[32];

	snprintf(event, sizeof event, "evt_s%d", number);
	if (!told->pledged && (told->settled || dice_roll(dice, 4) > 0)) {
		tell(ledger, command);
		told->pledged = true;
	} else if (!told->settled) {
		tell(ledger, of(number, paying(number, EVENT_SETTLED, event, money_of("EUR", 1000 + number))));
		told->settled = true;
		told->foreign = dice_roll(dice, 3) == 0;
	}
}

static void move_refund(struct ledger *ledger, struct dice *dice, int number, struct told *told)
{
	char object[32];
	char event[40];
	int refund = told->refunds > 0 && dice_roll(dice, 2) == 0 ? told->refunds : ++told->refunds;
	bool fails = refund == 1 && dice_roll(dice, 3) == 0;
	uint32_t lines = fails ? 2 : 1;
	struct command command = of(number, claim(fails ? EVENT_REFUND_FAILED : EVENT_REFUNDED, "", 0, 10 * refund));

	snprintf(object, sizeof object, "re_%d_%d", number, refund);
	snprintf(event, sizeof event, "evt_%s_%u", object, lines);
	strcpy(command.u.event.event.id, event);
	number_pledge(number, command.u.event.event.pledge);
	command = about(command, REF_REFUND, object);
	tell(ledger, fails ? about(command, REF_BALANCE_TRANSACTION, "txn_f") : command);
	command = of(number, claim(EVENT_CLEARED, "", 0, fails ? 0 : -10 * refund));
	tell(ledger, about(clearing(command, currency_of(told), fails ? 0 : -11 * refund, 0, lines), REF_REFUND, object));
}

static void move_dispute(struct ledger *ledger, struct dice *dice, int number, struct told *told)
{
	enum event_kind kind = told->disputes == 0 ? EVENT_DISPUTED : dice_roll(dice, 2) == 0 ? EVENT_DISPUTE_WON : EVENT_DISPUTE_LOST;
	char event[48];
	char object[32];
	struct command command = of(number, claim(kind, "", 0, 500));

	if (!told->pledged || told->disputes++ == 2)
		return;
	snprintf(object, sizeof object, "dp_%d", number);
	snprintf(event, sizeof event, "evt_%s_%d", object, told->disputes);
	strcpy(command.u.event.event.id, event);
	if (kind != EVENT_DISPUTE_LOST)
		command = clearing(command, currency_of(told), kind == EVENT_DISPUTED ? -550 : 0, 1500, kind == EVENT_DISPUTED ? 1 : 2);
	tell(ledger, about(command, REF_DISPUTE, object));
}

static void move_by_provider(struct ledger *ledger, struct dice *dice, int number, struct told *told)
{
	char line[32];
	struct command command = of(number, clearing(claim(EVENT_ADJUSTED, "", 0, 0), currency_of(told), -7, 0, 1));

	if (!told->cleared) {
		told->cleared = true;
		tell(ledger, of(number, clearing(claim(EVENT_CLEARED, "", 0, 1000 + number), currency_of(told), 1100 + number, 30, 1)));
		return;
	}
	snprintf(line, sizeof line, "txn_%d_%u", number, dice_roll(dice, 5));
	command.u.event.event.amount = money_of(currency_of(told), 7);
	command.u.event.event.reason = REASON_FEE;
	tell(ledger, about(command, REF_BALANCE_TRANSACTION, line));
}

static void move_by_operator(struct ledger *ledger, struct dice *dice, int move)
{
	char reference[32];

	snprintf(reference, sizeof reference, "move-%d", move);
	if (dice_roll(dice, 2) == 0)
		tell(ledger, recording(200 + move, 300));
	else if (dice_roll(dice, 2) == 0)
		tell(ledger, adjusting(reference, 12, ledger_account_make(ACCOUNT_FEES, "stripe", "press"), ledger_account_make(ACCOUNT_BANK, "", "")));
	else
		tell(ledger, adjusting(reference, 20, ledger_account_make(ACCOUNT_REFUNDS, "press", "friend"), ledger_account_make(ACCOUNT_CASH, "", "")));
}

static void move(struct ledger *ledger, struct dice *dice, struct told told[static PAYMENTS], int turn)
{
	int number = (int)dice_roll(dice, PAYMENTS);
	struct told *one = &told[number];
	unsigned what = dice_roll(dice, 6);

	now_us += (int64_t)dice_roll(dice, 3600) * 1000000;
	if (what == 0)
		move_by_operator(ledger, dice, turn);
	else if (!one->settled || !one->pledged)
		move_money_in(ledger, dice, number, one);
	else if (what == 1)
		move_dispute(ledger, dice, number, one);
	else if (what == 2)
		move_by_provider(ledger, dice, number, one);
	else
		move_refund(ledger, dice, number, one);
	/* Parked money may be refunded too. */
	if (one->settled && !one->pledged && what == 3)
		move_refund(ledger, dice, number, one);
}

/* The sums of columns over several exports, and the accounts that they must come to. */
struct ledger_sums {
	int64_t gross;
	int64_t refunded;
	int64_t disputed;
	int64_t charged_back;
	int64_t fee_eur;
	int64_t fee_usd;
};

static void add_rows(const struct export_options *options, struct ledger_sums *sums)
{
	struct buffer out = BUFFER(1 << 22);
	struct why why = { "" };

	if (export_whole(options, &out, NULL, NULL, &why) != OK)
		fail_msg("%s", why.text);
	for (const char *row = row_behind(out.data); row != NULL; row = row_behind(row)) {
		const char *currency = cell_of(out.data, row, "settlement_currency");
		int64_t fee = minor_of(cell_of(out.data, row, "fee"));

		sums->gross += minor_of(cell_of(out.data, row, "gross"));
		sums->refunded += minor_of(cell_of(out.data, row, "refunded"));
		sums->disputed += minor_of(cell_of(out.data, row, "disputed"));
		sums->charged_back += minor_of(cell_of(out.data, row, "charged_back"));
		*(strcmp(currency, "USD") == 0 ? &sums->fee_usd : &sums->fee_eur) += fee;
	}
	buffer_free(&out);
}

static void add_balances(void *context, const struct export_totals *totals)
{
	struct ledger_sums *sums = context;

	for (size_t i = 0; i < totals->closing->count; i++) {
		const struct balance *balance = &totals->closing->balances[i];
		bool usd = strcmp(balance->sum.currency.code, "USD") == 0;

		sums->gross -= balance->account.kind == ACCOUNT_DONATIONS ? balance->sum.minor : 0;
		sums->refunded += balance->account.kind == ACCOUNT_REFUNDS ? balance->sum.minor : 0;
		sums->disputed += balance->account.kind == ACCOUNT_DISPUTED ? balance->sum.minor : 0;
		sums->charged_back += balance->account.kind == ACCOUNT_CHARGEBACKS ? balance->sum.minor : 0;
		*(usd ? &sums->fee_usd : &sums->fee_eur) += balance->account.kind == ACCOUNT_FEES ? balance->sum.minor : 0;
	}
}

static void assert_same_sums(const struct ledger_sums *rows, const struct ledger_sums *books, const char *what)
{
	if (memcmp(rows, books, sizeof *rows) != 0)
		fail_msg("%s: gross %lld %lld, refunded %lld %lld, disputed %lld %lld, charged back %lld %lld, fees %lld %lld and %lld %lld", what,
		         (long long)rows->gross, (long long)books->gross, (long long)rows->refunded, (long long)books->refunded,
		         (long long)rows->disputed, (long long)books->disputed, (long long)rows->charged_back, (long long)books->charged_back,
		         (long long)rows->fee_eur, (long long)books->fee_eur, (long long)rows->fee_usd, (long long)books->fee_usd);
}

static void check_sums(const char *campaign, const int64_t ends[static MONTHS])
{
	struct export_options options = { .data_dir = folder, .profile = EXPORT_GIFTS };
	struct ledger_sums months = { 0 };
	struct ledger_sums whole = { 0 };
	struct ledger_sums books = { 0 };
	struct buffer out = BUFFER(1 << 22);

	strcpy(options.campaign, campaign);
	add_rows(&options, &whole);
	for (int month = 0; month < MONTHS; month++) {
		options.from_us = month == 0 ? 0 : ends[month - 1];
		options.to_us = month == MONTHS - 1 ? 0 : ends[month];
		add_rows(&options, &months);
	}
	options.from_us = options.to_us = 0;
	options.profile = EXPORT_JOURNAL;
	assert_int_equal(export_whole(&options, &out, add_balances, &books, NULL), OK);
	buffer_free(&out);
	if (campaign[0] != '\0')
		books.disputed = whole.disputed; /* its account is of no campaign */
	assert_same_sums(&whole, &books, "as one period");
	assert_same_sums(&months, &books, "month by month");
}

/* The rows of a number stand together, are of one currency and sum to zero. */
static void check_journal_entries(void)
{
	const struct export_options options = { .data_dir = folder, .profile = EXPORT_QUICKBOOKS };
	struct buffer out = BUFFER(1 << 22);
	char last[40] = "";
	char currency[CURRENCY_SIZE] = "";
	int64_t sum = 0;

	assert_int_equal(export_whole(&options, &out, NULL, NULL, NULL), OK);
	for (const char *row = row_behind(out.data); row != NULL; row = row_behind(row)) {
		const char *number = cell_of(out.data, row, "JournalNo");

		if (strcmp(number, last) != 0) {
			assert_int_equal(sum, 0);
			snprintf(last, sizeof last, "%s", number);
			snprintf(currency, sizeof currency, "%s", cell_of(out.data, row, "Currency"));
		}
		assert_string_equal(cell_of(out.data, row, "Currency"), currency);
		assert_string_equal(strchr(number, '-') + 1, currency);
		sum += minor_of(cell_of(out.data, row, "Debits")) - minor_of(cell_of(out.data, row, "Credits"));
	}
	assert_int_equal(sum, 0);
	buffer_free(&out);
}

static void in_any_history_the_columns_sum_to_the_accounts(void **state)
{
	struct dice dice = dice_from_environment();
	struct told told[PAYMENTS] = { { 0 } };
	int64_t ends[MONTHS];
	struct ledger *ledger = open_ledger(0);

	(void)state;
	for (int month = 0; month < MONTHS; month++) {
		for (int i = 0; i < MOVES; i++)
			move(ledger, &dice, told, month * MOVES + i);
		/* What was made possible by the last one is booked before the month ends. */
		tell(ledger, recording(1000 + month, 100));
		ends[month] = now_us;
	}
	ledger_close(&ledger);
	check_sums("", ends);
	check_sums("press", ends);
	check_journal_entries();
}

/* ---- zones ---- */

/* The first entries of 08:00 UTC are of the next day where it is 16 hours later. */
static void dates_are_the_zone_s_in_every_profile(void **state)
{
	struct ledger *ledger = first_month();

	(void)state;
	second_month(ledger);
	ledger_close(&ledger);
	for (int i = 0; i < EXPORT_PROFILES; i++) {
		struct export_options options = { .data_dir = folder, .profile = (enum export_profile)i, .zone = { .first_offset = 16 * 3600 } };
		struct buffer out = BUFFER(1 << 20);
		bool american = i == EXPORT_QUICKBOOKS || i == EXPORT_QUICKBOOKS_1;

		if (i == EXPORT_GIFTS_1)
			options.as_of = 3;
		assert_int_equal(export_whole(&options, &out, NULL, NULL, NULL), OK);
		assert_non_null(strstr(out.data, american ? "12/23/2026" : i == EXPORT_GIFTS_1 ? "2026-11-23" : "2026-12-23"));
		assert_null(strstr(out.data, american ? "12/22/2026" : ",2026-12-22,"));
		assert_null(strstr(out.data, "\n2026-12-22 "));
		buffer_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_gift_is_shown_as_of_the_period_s_end, begin_by_hand, remove_folder),
		cmocka_unit_test_setup_teardown(each_later_change_is_a_row_of_its_own_period, begin_by_hand, remove_folder),
		cmocka_unit_test_setup_teardown(a_change_s_row_repeats_what_its_gift_was, begin_by_hand, remove_folder),
		cmocka_unit_test_setup_teardown(a_campaign_s_changes_are_shown_alone, begin_by_hand, remove_folder),
		cmocka_unit_test_setup_teardown(an_explicit_as_of_tells_what_became_of_a_period_s_gifts, begin_by_hand, remove_folder),
		cmocka_unit_test_setup_teardown(the_first_version_says_that_the_second_one_can, begin_by_hand, remove_folder),
		cmocka_unit_test_setup_teardown(a_deposit_is_a_row_with_the_sums_that_explain_it, begin_by_hand, remove_folder),
		cmocka_unit_test_setup_teardown(a_journal_entry_of_quickbooks_has_one_currency_and_balances, begin_by_hand, remove_folder),
		cmocka_unit_test_setup_teardown(a_closed_period_gives_the_same_bytes_for_ever_in_every_profile, begin_by_hand, remove_folder),
		cmocka_unit_test_setup_teardown(dates_are_the_zone_s_in_every_profile, begin_by_hand, remove_folder),
		cmocka_unit_test_setup_teardown(in_any_history_the_columns_sum_to_the_accounts, begin_by_hand, remove_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
