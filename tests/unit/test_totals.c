/* The sums of a campaign: of all time, and since the beginning of a month. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/small_ledger.h"

enum { DAY_S = 86400 }; /* paying() is of 22 November 2026 */

static struct command claim(enum event_kind kind, const char *id, int64_t days, int64_t minor, enum ref_kind ref, const char *object)
{
	struct command command = paying(1, kind, id, money_of("EUR", minor));
	struct event *event = &command.u.event.event;

	event->at_s += days * DAY_S;
	event->ref_count = 0;
	assert_int_equal(event_add_ref(event, ref, bytes_of(object)), OK);
	return command;
}

static struct command cash(const char *reference, const char *campaign, int64_t minor, int64_t at_s)
{
	struct command command = { .kind = COMMAND_RECORD };
	struct operator_command *gift = &command.u.operator;

	snprintf(gift->reference, sizeof gift->reference, "%s", reference);
	number_pledge(100 + reference[0], gift->pledge);
	snprintf(gift->campaign, sizeof gift->campaign, "%s", campaign);
	strcpy(gift->tier, "friend");
	gift->reason = REASON_CASH;
	gift->amount = money_of("EUR", minor);
	gift->at_s = at_s;
	gift->debit = ledger_account_make(ACCOUNT_CASH, "", "");
	return command;
}

static void booked(struct ledger *ledger, struct command command, enum entry_kind kind)
{
	book(ledger, &command, kind);
}

static struct campaign_totals since(struct ledger *ledger, const char *campaign, const char *month)
{
	const struct currency currency = { "EUR" };
	struct campaign_totals totals;

	assert_int_equal(month == NULL ? ledger_totals(ledger, campaign, &currency, &totals)
	                               : ledger_totals_since(ledger, campaign, &currency, month, &totals), OK);
	return totals;
}

static void assert_sums(struct campaign_totals totals, int64_t settled, int64_t refunded, uint64_t gifts)
{
	assert_int_equal(totals.settled.minor, settled);
	assert_int_equal(totals.refunded.minor, refunded);
	assert_int_equal(totals.gifts, gifts);
	assert_string_equal(totals.settled.currency.code, "EUR");
	assert_string_equal(totals.fees.currency.code, "EUR");
}

static struct ledger *reopened(struct ledger *ledger)
{

	ledger_close(&ledger);
	shell("rm -r %s/index", folder);
	return open_ledger(0);
}

/* A gift of November is refunded in December, and another one comes. */
static void a_sum_is_of_the_month_in_which_it_happened(void **state)
{
	struct ledger *ledger = open_ledger(0);

	(void)state;
	booked(ledger, pledging(1, "press", "friend", money_of("EUR", 2500)), ENTRY_PLEDGED);
	booked(ledger, paying(1, EVENT_SETTLED, "evt_1", money_of("EUR", 2500)), ENTRY_SETTLED);
	booked(ledger, claim(EVENT_REFUNDED, "evt_2", 20, 1000, REF_REFUND, "re_1"), ENTRY_REFUNDED);
	for (int i = 0; i < 2; i++) {
		assert_sums(since(ledger, "press", NULL), 2500, 1000, 1);
		assert_sums(since(ledger, "press", "2026-11"), 2500, 1000, 1);
		assert_sums(since(ledger, "press", "2026-12"), 0, 1000, 0);
		assert_sums(since(ledger, "press", "2027-01"), 0, 0, 0);
		ledger = reopened(ledger); /* an index made anew says the same */
	}
	ledger_close(&ledger);
}

static void what_is_on_its_way_or_disputed_is_so_in_every_month(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct command late = paying(2, EVENT_PENDING, "evt_p", money_of("EUR", 700));

	(void)state;
	booked(ledger, pledging(1, "press", "friend", money_of("EUR", 2500)), ENTRY_PLEDGED);
	booked(ledger, pledging(2, "press", "friend", money_of("EUR", 700)), ENTRY_PLEDGED);
	booked(ledger, paying(1, EVENT_SETTLED, "evt_1", money_of("EUR", 2500)), ENTRY_SETTLED);
	booked(ledger, late, ENTRY_PENDING);
	booked(ledger, claim(EVENT_DISPUTED, "evt_d", 2, 2500, REF_DISPUTE, "dp_1"), ENTRY_DISPUTED);
	assert_int_equal(since(ledger, "press", "2027-01").pending.minor, 700);
	assert_int_equal(since(ledger, "press", "2027-01").disputed.minor, 2500);
	booked(ledger, claim(EVENT_DISPUTE_LOST, "evt_l", 50, 2500, REF_DISPUTE, "dp_1"), ENTRY_DISPUTE_LOST);
	assert_int_equal(since(ledger, "press", NULL).disputed.minor, 0);
	assert_int_equal(since(ledger, "press", "2027-01").disputed.minor, 0);
	assert_int_equal(since(ledger, "press", "2027-01").lost.minor, 2500);
	assert_int_equal(since(ledger, "press", "2027-02").lost.minor, 0);
	ledger_close(&ledger);
}

static void a_gift_by_hand_counts_in_its_own_campaign_and_month(void **state)
{
	struct ledger *ledger = open_ledger(0);

	(void)state;
	booked(ledger, cash("a", "press", 5000, 1793491200 /* 1 November 2026 */), ENTRY_RECORDED);
	booked(ledger, cash("b", "press", 300, 1793491199 /* 31 October, its last second */), ENTRY_RECORDED);
	booked(ledger, cash("c", "press-room", 90, 1793491200), ENTRY_RECORDED);
	assert_sums(since(ledger, "press", NULL), 5300, 0, 2);
	assert_sums(since(ledger, "press", "2026-11"), 5000, 0, 1);
	assert_sums(since(ledger, "press-room", "2026-11"), 90, 0, 1);
	assert_sums(since(ledger, "pres", NULL), 0, 0, 0);
	ledger_close(&ledger);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_sum_is_of_the_month_in_which_it_happened, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(what_is_on_its_way_or_disputed_is_so_in_every_month, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_gift_by_hand_counts_in_its_own_campaign_and_month, make_folder, remove_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
