/* What an operator enters is booked once for each reference, and never for more than there is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "ledger/index.h"
#include "service/audit.h"
#include "tests/unit/small_ledger.h"

/* ---- commands ---- */

static struct command entering(enum command_kind kind, const char *reference, enum reason reason, int64_t minor)
{
	struct command command = { .kind = kind };
	struct operator_command *operator = &command.u.operator;

	snprintf(operator->reference, sizeof operator->reference, "%s", reference);
	operator->reason = reason;
	if (minor != 0)
		operator->amount = money_of("EUR", minor);
	return command;
}

static struct command recording(int number, const char *reference, int64_t minor)
{
	struct command command = entering(COMMAND_RECORD, reference, REASON_CASH, minor);
	struct operator_command *operator = &command.u.operator;

	number_pledge(number, operator->pledge);
	strcpy(operator->campaign, "press");
	strcpy(operator->tier, "friend");
	operator->debit = ledger_account_make(ACCOUNT_CASH, "", "");
	return command;
}

static struct command adjusting(const char *reference, enum ledger_account_kind to, int64_t minor)
{
	struct command command = entering(COMMAND_ADJUST, reference, REASON_CORRECTION, minor);

	command.u.operator.debit = ledger_account_make(to, "", "");
	command.u.operator.credit = ledger_account_make(ACCOUNT_DONATIONS, "press", "friend");
	return command;
}

static struct command refunding(const char *reference, int64_t minor)
{
	struct command command = entering(COMMAND_REFUND, reference, REASON_DONOR_REQUEST, minor);

	strcpy(command.u.operator.account, "stripe");
	strcpy(command.u.operator.payment, "pi_1");
	return command;
}

static struct command dropping(const char *reference, uint64_t parked, enum reason reason)
{
	struct command command = entering(COMMAND_DROP, reference, reason, 0);

	command.u.operator.parked = parked;
	return command;
}

/* The provider tells of a refund that was asked for. */
static struct command refunded(const char *reference, const char *refund, enum event_kind kind, int64_t minor)
{
	struct command command = { .kind = COMMAND_EVENT };
	struct event *event = &command.u.event.event;

	strcpy(command.u.event.account, "stripe");
	event->kind = kind;
	event->at_s = 1795334500;
	strcpy(event->payment, "pi_1");
	snprintf(event->reference, sizeof event->reference, "%s", reference);
	if (refund != NULL)
		assert_int_equal(event_add_ref(event, REF_REFUND, bytes_of(refund)), OK);
	if (minor != 0)
		event->amount = money_of("EUR", minor);
	return command;
}

static void booked(struct ledger *ledger, struct command command, enum entry_kind kind)
{
	book(ledger, &command, kind);
}

static void already(struct ledger *ledger, struct command command, uint64_t seq)
{
	struct outcome outcome = submit(ledger, &command);

	assert_int_equal(outcome.err, OK);
	assert_int_equal(outcome.verdict, VERDICT_ALREADY);
	assert_int_equal(outcome.seq, seq);
}

static void refused(struct ledger *ledger, struct command command, enum err err)
{
	assert_int_equal(submit(ledger, &command).err, err);
}

static void give(struct ledger *ledger)
{
	booked(ledger, pledging(1, "press", "friend", money_of("EUR", 2500)), ENTRY_PLEDGED);
	booked(ledger, paying(1, EVENT_SETTLED, "evt_gift", money_of("EUR", 2500)), ENTRY_SETTLED);
}

/* Close, check every line, and open with an index that is made anew. */
static void make_anew(struct ledger **ledger)
{
	struct audit audit;
	struct why why = { "" };

	ledger_close(ledger);
	if (audit_run(folder, &audit, &why) != OK)
		fail_msg("%s", why.text);
	shell("rm -r %s/index", folder);
	*ledger = open_ledger(0);
}

/* ---- tests ---- */

static void a_reference_is_used_once_and_for_one_thing(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct command other[6];

	(void)state;
	booked(ledger, recording(1, "cash/7", 2500), ENTRY_RECORDED);
	booked(ledger, adjusting("fix-1", ACCOUNT_BANK, 100), ENTRY_ADJUSTED);
	for (size_t i = 0; i < 4; i++)
		other[i] = recording(1, "cash/7", 2500);
	other[0].u.operator.amount.minor = 2501;
	strcpy(other[1].u.operator.tier, "patron");
	other[2].u.operator.at_s = 1795334400;
	other[3].u.operator.reason = REASON_CHEQUE;
	other[4] = adjusting("fix-1", ACCOUNT_CASH, 100);
	other[5] = adjusting("cash/7", ACCOUNT_CASH, 2500);
	for (int round = 0; round < 2; round++) {
		/* Another pledge was minted for the repetition. */
		already(ledger, recording(2, "cash/7", 2500), 2);
		already(ledger, adjusting("fix-1", ACCOUNT_BANK, 100), 3);
		for (size_t i = 0; i < 6; i++)
			refused(ledger, other[i], ERR_CONFLICT);
		make_anew(&ledger);
	}
	ledger_close(&ledger);
}

static void an_offline_gift_counts(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct campaign_totals totals;
	const struct currency euro = money_of("EUR", 0).currency;

	(void)state;
	booked(ledger, recording(1, "cash/7", 2500), ENTRY_RECORDED);
	make_anew(&ledger);
	assert_int_equal(ledger_totals(ledger, "press", &euro, &totals), OK);
	assert_int_equal(totals.settled.minor, 2500);
	assert_int_equal(totals.gifts, 1);
	refused(ledger, recording(2, "cash/8", 0), ERR_INPUT);
	refused(ledger, recording(2, "cash/8", -1), ERR_INPUT);
	ledger_close(&ledger);
}

static void refunds_asked_for_never_exceed_the_gift(void **state)
{
	struct ledger *ledger = open_ledger(0);

	(void)state;
	refused(ledger, refunding("r-1", 100), ERR_UNKNOWN);
	give(ledger);
	refused(ledger, refunding("r-1", 2501), ERR_CONFLICT);
	booked(ledger, refunding("r-1", 1500), ENTRY_REFUND_ASKED);
	refused(ledger, refunding("r-2", 1001), ERR_CONFLICT);
	booked(ledger, refunding("r-2", 1000), ENTRY_REFUND_ASKED);
	refused(ledger, refunding("r-3", 1), ERR_CONFLICT);
	refused(ledger, refunding("r-3", 0), ERR_CONFLICT);
	make_anew(&ledger);
	refused(ledger, refunding("r-3", 1), ERR_CONFLICT);
	/* What is done counts as refunded, no more as asked for. */
	booked(ledger, refunded("r-1", "re_1", EVENT_REFUNDED, 1500), ENTRY_REFUNDED);
	refused(ledger, refunding("r-3", 1), ERR_CONFLICT);
	/* What the provider would not do may be asked for again. */
	booked(ledger, refunded("r-2", NULL, EVENT_REFUND_FAILED, 0), ENTRY_REFUND_FAILED);
	refused(ledger, refunding("r-3", 1001), ERR_CONFLICT);
	booked(ledger, refunding("r-3", 1000), ENTRY_REFUND_ASKED);
	ledger_close(&ledger);
}

static void a_refund_without_amount_is_of_all_that_is_left(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct owed owed = { .verb = OWED_REFUND };

	(void)state;
	give(ledger);
	booked(ledger, refunding("r-1", 900), ENTRY_REFUND_ASKED);
	booked(ledger, refunding("r-2", 0), ENTRY_REFUND_ASKED);
	strcpy(owed.account, "stripe");
	strcpy(owed.object, "r-1");
	assert_int_equal(ledger_owed_next(ledger, &owed), OK);
	assert_string_equal(owed.object, "r-2");
	assert_int_equal(owed.amount.minor, 1600);
	/* Asked again in either way it is the same; with another amount or reason it is not. */
	already(ledger, refunding("r-2", 0), 5);
	already(ledger, refunding("r-2", 1600), 5);
	already(ledger, refunding("r-1", 0), 4);
	refused(ledger, refunding("r-2", 1599), ERR_CONFLICT);
	struct command other = refunding("r-2", 0);

	other.u.operator.reason = REASON_FRAUD;
	refused(ledger, other, ERR_CONFLICT);
	ledger_close(&ledger);
}

static void another_currency_is_not_refunded(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct command command = refunding("r-1", 100);

	(void)state;
	give(ledger);
	strcpy(command.u.operator.amount.currency.code, "USD");
	refused(ledger, command, ERR_CONFLICT);
	ledger_close(&ledger);
}

static void parked_money_may_be_refunded_until_it_is_dropped(void **state)
{
	struct ledger *ledger = open_ledger(0);

	(void)state;
	booked(ledger, paying(1, EVENT_SETTLED, "evt_gift", money_of("EUR", 2500)), ENTRY_PARKED);
	booked(ledger, refunding("r-1", 500), ENTRY_REFUND_ASKED);
	refused(ledger, dropping("d-1", 3, REASON_NOT_OURS), ERR_UNKNOWN);
	booked(ledger, dropping("d-1", 2, REASON_NOT_OURS), ENTRY_DROPPED);
	already(ledger, dropping("d-1", 2, REASON_NOT_OURS), 4);
	refused(ledger, dropping("d-1", 2, REASON_FRAUD), ERR_CONFLICT);
	refused(ledger, dropping("d-2", 2, REASON_NOT_OURS), ERR_UNKNOWN);
	refused(ledger, refunding("r-2", 500), ERR_CONFLICT);
	make_anew(&ledger);
	already(ledger, dropping("d-1", 2, REASON_NOT_OURS), 4);
	ledger_close(&ledger);
}

/* The donations that were entered taken back. */
static struct command taking_back(const char *reference, int64_t minor)
{
	struct command command = entering(COMMAND_ADJUST, reference, REASON_CORRECTION, minor);

	command.u.operator.debit = ledger_account_make(ACCOUNT_DONATIONS, "press", "friend");
	command.u.operator.credit = ledger_account_make(ACCOUNT_CASH, "", "");
	return command;
}

static void a_balance_that_cannot_be_reckoned_with_is_refused_and_the_ledger_goes_on(void **state)
{
	struct ledger *ledger = open_ledger(0);

	(void)state;
	refused(ledger, recording(2, "big/1", INT64_MAX), ERR_TOO_BIG);
	booked(ledger, recording(3, "big/2", BALANCE_MINOR_MAX), ENTRY_RECORDED);
	refused(ledger, recording(4, "big/3", 1), ERR_TOO_BIG);
	refused(ledger, recording(4, "big/3", 1), ERR_TOO_BIG);
	booked(ledger, taking_back("back/1", BALANCE_MINOR_MAX - 1), ENTRY_ADJUSTED);
	booked(ledger, recording(4, "big/3", 1), ENTRY_RECORDED);
	give(ledger);
	make_anew(&ledger);
	ledger_close(&ledger);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_reference_is_used_once_and_for_one_thing, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(an_offline_gift_counts, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(refunds_asked_for_never_exceed_the_gift, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_refund_without_amount_is_of_all_that_is_left, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_balance_that_cannot_be_reckoned_with_is_refused_and_the_ledger_goes_on, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(another_currency_is_not_refunded, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(parked_money_may_be_refunded_until_it_is_dropped, make_folder, remove_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
