/* What comes after a gift: fees, refunds, disputes and payouts, in any order, and what the books say of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "service/audit.h"
#include "tests/unit/claims.h"

static void known(struct ledger *ledger, struct command command)
{
	struct outcome outcome = submit(ledger, &command);

	assert_int_equal(outcome.err, OK);
	assert_int_equal(outcome.verdict, VERDICT_ALREADY);
}

static void booked(struct ledger *ledger, struct command command, enum entry_kind kind)
{
	book(ledger, &command, kind);
}

static void give(struct ledger *ledger)
{
	booked(ledger, pledging(1, "press", "friend", money_of("EUR", 2500)), ENTRY_PLEDGED);
	booked(ledger, paying(1, EVENT_SETTLED, "evt_gift", money_of("EUR", 2500)), ENTRY_SETTLED);
}

/* ---- what the books say ---- */

static void assert_balance(struct ledger *ledger, const char *account, const char *currency, int64_t minor)
{
	struct account_balance balance = { .sum = { .minor = 0 } };
	char name[LEDGER_ACCOUNT_TEXT_SIZE];
	int64_t found = 0;

	while (ledger_balance_next(ledger, &balance) == OK) {
		ledger_account_format(&balance.account, name);
		if (strcmp(name, account) == 0 && strcmp(balance.sum.currency.code, currency) == 0)
			found = balance.sum.minor;
	}
	if (found != minor)
		fail_msg("%s %s: %lld, not %lld", account, currency, (long long)found, (long long)minor);
}

/* The lines are whole, and an index made anew says the same of the payment. */
static void end(struct ledger **ledger)
{
	struct payment before;
	struct payment after;
	struct audit audit;
	struct why why = { "" };

	assert_int_equal(ledger_payment(*ledger, "stripe", "pi_1", &before), OK);
	ledger_close(ledger);
	if (audit_run(folder, &audit, &why) != OK)
		fail_msg("%s", why.text);
	shell("rm -r %s/index", folder);
	*ledger = open_ledger(0);
	assert_int_equal(ledger_payment(*ledger, "stripe", "pi_1", &after), OK);
	assert_int_equal(after.given.minor, before.given.minor);
	assert_int_equal(payment_refunded(&after), payment_refunded(&before));
	assert_int_equal(after.disputed, before.disputed);
	assert_int_equal(after.lost, before.lost);
	assert_int_equal(payment_fee(&after), payment_fee(&before));
	assert_int_equal(after.paid_out, before.paid_out);
	ledger_close(ledger);
}

static void a_fee_is_an_expense_of_the_campaign(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct command fee = clearing(claim(EVENT_CLEARED, "", 0, 2500), "EUR", 2500, 98, 1);

	(void)state;
	give(ledger);
	booked(ledger, fee, ENTRY_CLEARED);
	known(ledger, fee);
	assert_balance(ledger, "assets:provider:stripe", "EUR", 2402);
	assert_balance(ledger, "expenses:fees:stripe:press", "EUR", 98);
	assert_balance(ledger, "income:donations:press:friend", "EUR", -2500);
	end(&ledger);
}

static void another_settlement_currency_keeps_both_amounts(void **state)
{
	struct ledger *ledger = open_ledger(0);

	(void)state;
	give(ledger);
	booked(ledger, clearing(claim(EVENT_CLEARED, "", 0, 2500), "USD", 2750, 110, 1), ENTRY_CLEARED);
	assert_balance(ledger, "assets:provider:stripe", "EUR", 0);
	assert_balance(ledger, "assets:provider:stripe", "USD", 2640);
	assert_balance(ledger, "equity:conversion", "EUR", 2500);
	assert_balance(ledger, "equity:conversion", "USD", -2750);
	assert_balance(ledger, "expenses:fees:stripe:press", "USD", 110);
	end(&ledger);
}

static void refunds_count_once_by_themselves_and_in_all(void **state)
{
	struct ledger *ledger = open_ledger(0);

	(void)state;
	give(ledger);
	booked(ledger, about(claim(EVENT_REFUNDED, "evt_r1", 1, 1000), REF_REFUND, "re_1"), ENTRY_REFUNDED);
	known(ledger, refunded_in_all("evt_c1", 1000));
	known(ledger, about(claim(EVENT_REFUNDED, "evt_r1b", 1, 1000), REF_REFUND, "re_1"));
	booked(ledger, refunded_in_all("evt_c2", 1500), ENTRY_REFUNDED);
	assert_balance(ledger, "income:refunds:press:friend", "EUR", 1500);
	/* It tells of what the sum already held: news of the refund, none of the money. */
	booked(ledger, about(claim(EVENT_REFUNDED, "evt_r2", 2, 500), REF_REFUND, "re_2"), ENTRY_REFUNDED);
	assert_balance(ledger, "income:refunds:press:friend", "EUR", 1500);
	assert_balance(ledger, "assets:provider:stripe", "EUR", 1000);
	end(&ledger);
}

static void a_refund_that_fails_comes_back(void **state)
{
	struct ledger *ledger = open_ledger(0);

	(void)state;
	give(ledger);
	booked(ledger, about(claim(EVENT_REFUNDED, "evt_r1", 1, 2500), REF_REFUND, "re_1"), ENTRY_REFUNDED);
	assert_balance(ledger, "assets:provider:stripe", "EUR", 0);
	booked(ledger, about(about(claim(EVENT_REFUND_FAILED, "evt_r2", 2, 2500), REF_REFUND, "re_1"), REF_BALANCE_TRANSACTION, "txn_1"),
	       ENTRY_REFUND_FAILED);
	assert_balance(ledger, "assets:provider:stripe", "EUR", 2500);
	assert_balance(ledger, "income:refunds:press:friend", "EUR", 0);
	known(ledger, about(claim(EVENT_REFUNDED, "evt_r3", 3, 2500), REF_REFUND, "re_1"));
	end(&ledger);
}

static void a_refund_that_comes_first_waits_for_its_payment(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct command refund = about(claim(EVENT_REFUNDED, "evt_r1", 1, 1000), REF_REFUND, "re_1");

	(void)state;
	booked(ledger, pledging(1, "press", "friend", money_of("EUR", 2500)), ENTRY_PLEDGED);
	number_pledge(1, refund.u.event.event.pledge);
	booked(ledger, refund, ENTRY_PARKED);
	assert_balance(ledger, "assets:provider:stripe", "EUR", 0);
	booked(ledger, paying(1, EVENT_SETTLED, "evt_gift", money_of("EUR", 2500)), ENTRY_SETTLED);
	/* Whatever is asked next comes behind the unparking. */
	known(ledger, refund);
	assert_balance(ledger, "assets:provider:stripe", "EUR", 1500);
	assert_balance(ledger, "income:refunds:press:friend", "EUR", 1000);
	end(&ledger);
}

static void a_dispute_is_won_or_lost(void **state)
{
	struct ledger *ledger = open_ledger(0);

	(void)state;
	give(ledger);
	booked(ledger, about(claim(EVENT_DISPUTED, "evt_d1", 1, 2500), REF_DISPUTE, "dp_1"), ENTRY_DISPUTED);
	assert_balance(ledger, "assets:disputed:stripe", "EUR", 2500);
	assert_balance(ledger, "assets:provider:stripe", "EUR", 0);
	booked(ledger, about(claim(EVENT_DISPUTE_LOST, "evt_d2", 2, 2500), REF_DISPUTE, "dp_1"), ENTRY_DISPUTE_LOST);
	assert_balance(ledger, "assets:disputed:stripe", "EUR", 0);
	assert_balance(ledger, "income:chargebacks:press:friend", "EUR", 2500);
	known(ledger, about(claim(EVENT_DISPUTED, "evt_d3", 1, 2500), REF_DISPUTE, "dp_1"));
	end(&ledger);
}

static void a_dispute_that_is_won_brings_the_money_back(void **state)
{
	struct ledger *ledger = open_ledger(0);

	(void)state;
	give(ledger);
	booked(ledger, about(claim(EVENT_DISPUTED, "evt_d1", 1, 2500), REF_DISPUTE, "dp_1"), ENTRY_DISPUTED);
	booked(ledger, about(claim(EVENT_DISPUTE_WON, "evt_d2", 2, 2500), REF_DISPUTE, "dp_1"), ENTRY_DISPUTE_WON);
	assert_balance(ledger, "assets:disputed:stripe", "EUR", 0);
	assert_balance(ledger, "assets:provider:stripe", "EUR", 2500);
	assert_balance(ledger, "income:chargebacks:press:friend", "EUR", 0);
	end(&ledger);
}

/* ---- what waits to be done ---- */

static void a_fee_is_owed_from_the_gift_until_it_is_heard_of(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct owed owed = { .seq = 0 };

	(void)state;
	assert_int_equal(ledger_owed_next(ledger, &owed), ERR_UNKNOWN);
	give(ledger);
	assert_int_equal(ledger_owed_next(ledger, &owed), OK);
	assert_int_equal(owed.verb, OWED_CLEAR);
	assert_string_equal(owed.account, "stripe");
	assert_string_equal(owed.object, "pi_1");
	assert_int_equal(owed.seq, 3);
	assert_int_equal(owed.amount.minor, 2500);
	assert_int_equal(ledger_owed_next(ledger, &owed), ERR_UNKNOWN);
	booked(ledger, clearing(claim(EVENT_CLEARED, "", 0, 2500), "EUR", 2500, 98, 1), ENTRY_CLEARED);
	owed = (struct owed){ .seq = 0 };
	assert_int_equal(ledger_owed_next(ledger, &owed), ERR_UNKNOWN);
	end(&ledger);
}

/* Its key in the index is a digest; what is owed is still told whole. */
static void a_payment_with_a_long_id_is_owed_like_any_other(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct command gift = paying(1, EVENT_SETTLED, "evt_gift", money_of("EUR", 2500));
	struct owed owed = { .seq = 0 };

	(void)state;
	memset(gift.u.event.event.payment, 'x', 150);
	booked(ledger, pledging(1, "press", "friend", money_of("EUR", 2500)), ENTRY_PLEDGED);
	booked(ledger, gift, ENTRY_SETTLED);
	assert_int_equal(ledger_owed_next(ledger, &owed), OK);
	assert_int_equal(owed.verb, OWED_CLEAR);
	assert_string_equal(owed.account, "stripe");
	assert_string_equal(owed.object, gift.u.event.event.payment);
	assert_int_equal(ledger_owed_next(ledger, &owed), ERR_UNKNOWN);
	ledger_close(&ledger);
}

static void what_waits_is_listed_until_it_is_booked(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct command refund = about(claim(EVENT_REFUNDED, "evt_r1", 1, 1000), REF_REFUND, "re_1");
	struct parked parked = { .seq = 0 };

	(void)state;
	booked(ledger, pledging(1, "press", "friend", money_of("EUR", 2500)), ENTRY_PLEDGED);
	number_pledge(1, refund.u.event.event.pledge);
	booked(ledger, refund, ENTRY_PARKED);
	assert_int_equal(ledger_parked_next(ledger, &parked), OK);
	assert_int_equal(parked.seq, 3);
	assert_string_equal(parked.account, "stripe");
	assert_int_equal(parked.reason, REASON_UNKNOWN_PAYMENT);
	assert_int_equal(parked.event.kind, EVENT_REFUNDED);
	assert_string_equal(event_object(&parked.event), "re_1");
	assert_int_equal(ledger_parked_next(ledger, &parked), ERR_UNKNOWN);
	booked(ledger, paying(1, EVENT_SETTLED, "evt_gift", money_of("EUR", 2500)), ENTRY_SETTLED);
	known(ledger, refund);
	parked = (struct parked){ .seq = 0 };
	assert_int_equal(ledger_parked_next(ledger, &parked), ERR_UNKNOWN);
	end(&ledger);
}

static void how_far_a_refund_has_come_is_known(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct provider_object refund;

	(void)state;
	give(ledger);
	assert_int_equal(ledger_provider_object(ledger, "stripe", "re_1", &refund), ERR_UNKNOWN);
	booked(ledger, about(claim(EVENT_REFUNDED, "evt_r1", 1, 1000), REF_REFUND, "re_1"), ENTRY_REFUNDED);
	assert_int_equal(ledger_provider_object(ledger, "stripe", "re_1", &refund), OK);
	assert_int_equal(refund.status, EVENT_REFUNDED);
	assert_int_equal(refund.amount.minor, 1000);
	assert_string_equal(refund.payment, "pi_1");
	end(&ledger);
}

static struct command paid_out(const char *currency, int64_t net)
{
	struct command command = about(about(claim(EVENT_PAID_OUT, "", 5, 0), REF_PAYOUT, "po_1"), REF_BALANCE_TRANSACTION, "txn_1");

	command.u.event.event.amount = (struct money){ 0 };
	return clearing(command, currency, net, 0, 1);
}

static void a_payout_holds_lines_of_its_own_currency_only(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct command payout = about(claim(EVENT_PAYOUT_PAID, "evt_p1", 4, 2402), REF_PAYOUT, "po_1");
	struct command line = paid_out("USD", 2640);

	(void)state;
	give(ledger);
	booked(ledger, clearing(claim(EVENT_CLEARED, "", 0, 2500), "EUR", 2500, 98, 1), ENTRY_CLEARED);
	payout.u.event.event.payment[0] = '\0';
	booked(ledger, payout, ENTRY_PAYOUT);
	assert_int_equal(submit(ledger, &line).err, ERR_CONFLICT);
	assert_balance(ledger, "equity:other-business:stripe", "EUR", -2402);
	booked(ledger, paid_out("EUR", 2402), ENTRY_PAID_OUT);
	known(ledger, paid_out("EUR", 2402));
	assert_balance(ledger, "equity:other-business:stripe", "EUR", 0);
	assert_balance(ledger, "assets:provider:stripe", "EUR", 0);
	assert_balance(ledger, "assets:bank", "EUR", 2402);
	end(&ledger);
}

static void news_of_nobody_s_payment_is_not_ours(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct command refund = about(claim(EVENT_REFUNDED, "evt_r1", 1, 1000), REF_REFUND, "re_1");
	struct outcome outcome;

	(void)state;
	outcome = submit(ledger, &refund);
	assert_int_equal(outcome.err, OK);
	assert_int_equal(outcome.verdict, VERDICT_NOT_OURS);
	ledger_close(&ledger);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_fee_is_an_expense_of_the_campaign, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(another_settlement_currency_keeps_both_amounts, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(refunds_count_once_by_themselves_and_in_all, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_refund_that_fails_comes_back, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_refund_that_comes_first_waits_for_its_payment, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_dispute_is_won_or_lost, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_dispute_that_is_won_brings_the_money_back, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_fee_is_owed_from_the_gift_until_it_is_heard_of, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_payment_with_a_long_id_is_owed_like_any_other, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(what_waits_is_listed_until_it_is_booked, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(how_far_a_refund_has_come_is_known, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_payout_holds_lines_of_its_own_currency_only, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(news_of_nobody_s_payment_is_not_ours, make_folder, remove_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
