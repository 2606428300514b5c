/* The ledger as its users see it: commands in, lines out, the same after any stop. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ledger/scan.h"
#include "tests/unit/small_ledger.h"

static struct command pledge_of(int number)
{
	return pledging(number, "press", "friend", money_of("EUR", 2500));
}

static struct command news_of(int number, enum event_kind kind, const char *event_id)
{
	return paying(number, kind, event_id, money_of("EUR", 2500));
}

static void expect(struct outcome outcome, enum verdict verdict, enum entry_kind kind)
{
	assert_int_equal(outcome.err, OK);
	assert_int_equal(outcome.verdict, verdict);
	if (verdict == VERDICT_BOOK)
		assert_int_equal(outcome.kind, kind);
}

static void books_a_payment_once_whoever_tells_of_it(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct command pledge = pledge_of(1);
	struct command paid = news_of(1, EVENT_SETTLED, "evt_1");
	struct command again = news_of(1, EVENT_SETTLED, "evt_2");
	struct command late = news_of(1, EVENT_FAILED, "evt_3");
	struct pledge known;
	struct campaign_totals totals;

	(void)state;
	expect(submit(ledger, &pledge), VERDICT_BOOK, ENTRY_PLEDGED);
	expect(submit(ledger, &paid), VERDICT_BOOK, ENTRY_SETTLED);
	expect(submit(ledger, &paid), VERDICT_ALREADY, 0);
	expect(submit(ledger, &again), VERDICT_ALREADY, 0);
	expect(submit(ledger, &late), VERDICT_ALREADY, 0);
	assert_int_equal(ledger_pledge(ledger, pledge.u.pledge.pledge, &known), OK);
	assert_int_equal(known.status, PLEDGE_ENDED);
	assert_int_equal(known.settled_count, 1);
	assert_int_equal(ledger_totals(ledger, "press", &(struct currency){ "EUR" }, &totals), OK);
	assert_int_equal(totals.settled.minor, 2500);
	assert_int_equal(totals.gifts, 1);
	ledger_close(&ledger);
	ledger = open_ledger(0);
	expect(submit(ledger, &paid), VERDICT_ALREADY, 0);
	expect(submit(ledger, &again), VERDICT_ALREADY, 0);
	ledger_close(&ledger);
}

static void check_what_a_reconciler_asks(struct ledger *ledger)
{
	struct pledge pledge = { .id = "" };
	char id[TOKEN_SIZE];

	for (int number = 1; number <= 3; number++) {
		assert_int_equal(ledger_pledge_next(ledger, &pledge), OK);
		number_pledge(number, id);
		assert_string_equal(pledge.id, id);
	}
	assert_int_equal(ledger_pledge_next(ledger, &pledge), ERR_UNKNOWN);
	assert_true(ledger_knows_event(ledger, "stripe", &(struct event){ .id = "evt_1" }));
	assert_false(ledger_knows_event(ledger, "stripe", &(struct event){ .id = "evt_2" }));
	assert_false(ledger_knows_event(ledger, "other", &(struct event){ .id = "evt_1" }));
	assert_int_equal(ledger_newest_event_s(ledger), 1795334460);
}

static void pledges_can_be_walked_in_order_and_the_newest_event_is_remembered(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct command paid = news_of(2, EVENT_SETTLED, "evt_1");
	struct command older = news_of(1, EVENT_SETTLED, "evt_0");
	struct pledge pledge = { .id = "" };

	(void)state;
	assert_int_equal(ledger_newest_event_s(ledger), 0);
	assert_int_equal(ledger_pledge_next(ledger, &pledge), ERR_UNKNOWN);
	for (int number = 3; number > 0; number--) {
		struct command command = pledge_of(number);

		expect(submit(ledger, &command), VERDICT_BOOK, ENTRY_PLEDGED);
	}
	paid.u.event.event.at_s += 60;
	expect(submit(ledger, &paid), VERDICT_BOOK, ENTRY_SETTLED);
	expect(submit(ledger, &older), VERDICT_BOOK, ENTRY_SETTLED);
	check_what_a_reconciler_asks(ledger);
	ledger_close(&ledger);
	ledger = open_ledger(0);
	check_what_a_reconciler_asks(ledger);
	ledger_close(&ledger);
}

static void the_same_event_id_with_other_content_is_an_alarm_once(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct command pledge = pledge_of(2);
	struct command paid = news_of(2, EVENT_SETTLED, "evt_a");
	struct command forged = paid;

	(void)state;
	forged.u.event.event.amount = money_of("EUR", 250000);
	expect(submit(ledger, &pledge), VERDICT_BOOK, ENTRY_PLEDGED);
	expect(submit(ledger, &paid), VERDICT_BOOK, ENTRY_SETTLED);
	expect(submit(ledger, &forged), VERDICT_BOOK, ENTRY_ALARM);
	expect(submit(ledger, &forged), VERDICT_ALREADY, 0);
	ledger_close(&ledger);
}

static void money_that_fits_nothing_is_parked_and_never_counted(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct command pledge = pledge_of(3);
	struct command amount = news_of(3, EVENT_SETTLED, "evt_b");
	struct command mode = news_of(3, EVENT_SETTLED, "evt_c");
	struct command nobody = news_of(4, EVENT_SETTLED, "evt_d");
	struct command expiry = news_of(4, EVENT_EXPIRED, "evt_e");
	struct command other = news_of(4, EVENT_SETTLED, "evt_f");
	struct campaign_totals totals;
	struct ledger_status status;

	(void)state;
	amount.u.event.event.amount = money_of("EUR", 2400);
	mode.u.event.event.live = true;
	strcpy(mode.u.event.event.payment, "pi_live");
	other.u.event.event.pledge[0] = '\0';
	other.u.event.event.ref_count = 0;
	expect(submit(ledger, &pledge), VERDICT_BOOK, ENTRY_PLEDGED);
	expect(submit(ledger, &amount), VERDICT_BOOK, ENTRY_PARKED);
	expect(submit(ledger, &mode), VERDICT_BOOK, ENTRY_PARKED);
	expect(submit(ledger, &nobody), VERDICT_BOOK, ENTRY_PARKED);
	expect(submit(ledger, &expiry), VERDICT_NOT_OURS, 0);
	expect(submit(ledger, &other), VERDICT_NOT_OURS, 0);
	assert_int_equal(ledger_totals(ledger, "press", &(struct currency){ "EUR" }, &totals), OK);
	assert_int_equal(totals.settled.minor, 0);
	ledger_status(ledger, &status);
	assert_int_equal(status.parked, 3);
	ledger_close(&ledger);
}

static void a_payment_told_before_its_pledge_is_booked_when_the_pledge_comes(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct command paid = news_of(5, EVENT_SETTLED, "evt_early");
	struct command pledge = pledge_of(5);
	struct command next = pledge_of(6);
	struct campaign_totals totals;
	struct ledger_status status;

	(void)state;
	expect(submit(ledger, &paid), VERDICT_BOOK, ENTRY_PARKED);
	expect(submit(ledger, &pledge), VERDICT_BOOK, ENTRY_PLEDGED);
	expect(submit(ledger, &next), VERDICT_BOOK, ENTRY_PLEDGED); /* the unparking came before it */
	expect(submit(ledger, &paid), VERDICT_ALREADY, 0);
	assert_int_equal(ledger_totals(ledger, "press", &(struct currency){ "EUR" }, &totals), OK);
	assert_int_equal(totals.settled.minor, 2500);
	ledger_status(ledger, &status);
	assert_int_equal(status.parked, 0);
	ledger_close(&ledger);
}

static void a_delayed_payment_is_pending_then_settled_or_failed(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct command pledge = pledge_of(7);
	struct command pending = news_of(7, EVENT_PENDING, "evt_p");
	struct command settled = news_of(7, EVENT_SETTLED, "evt_s");
	struct command expired = news_of(7, EVENT_EXPIRED, "evt_x");
	struct campaign_totals totals;

	(void)state;
	expect(submit(ledger, &pledge), VERDICT_BOOK, ENTRY_PLEDGED);
	expect(submit(ledger, &pending), VERDICT_BOOK, ENTRY_PENDING);
	assert_int_equal(ledger_totals(ledger, "press", &(struct currency){ "EUR" }, &totals), OK);
	assert_int_equal(totals.pending.minor, 2500);
	expect(submit(ledger, &settled), VERDICT_BOOK, ENTRY_SETTLED);
	expect(submit(ledger, &pending), VERDICT_ALREADY, 0);
	expect(submit(ledger, &expired), VERDICT_ALREADY, 0);
	assert_int_equal(ledger_totals(ledger, "press", &(struct currency){ "EUR" }, &totals), OK);
	assert_int_equal(totals.pending.minor, 0);
	assert_int_equal(totals.settled.minor, 2500);
	ledger_close(&ledger);
}

static void refuses_a_second_process_another_owner_and_another_mode(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct ledger *second = NULL;
	struct ledger_options options = { .data_dir = folder, .organisation = "example" };
	struct why why;

	(void)state;
	assert_int_equal(ledger_open(&second, &options, &why), ERR_BUSY);
	ledger_close(&ledger);
	options.live = true;
	assert_int_equal(ledger_open(&second, &options, &why), ERR_CONFLICT);
	options.live = false;
	options.organisation = "other";
	assert_int_equal(ledger_open(&second, &options, &why), ERR_CONFLICT);
}

/* LMDB makes the file as long again, with zeros, and believes in them. */
static void an_index_cut_short_behind_its_stamp_is_made_again(void **state)
{
	char index[96];
	struct command pledge;

	(void)state;
	snprintf(index, sizeof index, "%s/index/data.mdb", folder);
	for (int pages = 0; pages < 24; pages++) {
		struct ledger *ledger = open_ledger(0);

		pledge = pledge_of(200 + pages);
		expect(submit(ledger, &pledge), VERDICT_BOOK, ENTRY_PLEDGED);
		ledger_close(&ledger);
		assert_int_equal(truncate(index, pages * 4096), 0);
		ledger = open_ledger(0);
		expect(submit(ledger, &pledge), VERDICT_ALREADY, 0);
		ledger_close(&ledger);
	}
}

static void a_scan_reads_every_line_and_the_chain_holds(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct scan *scan;
	struct entry entry;
	struct why why = { "" };
	bool more = true;
	uint64_t count = 0;

	(void)state;
	for (int i = 0; i < 100; i++) {
		struct command pledge = pledge_of(100 + i);

		expect(submit(ledger, &pledge), VERDICT_BOOK, ENTRY_PLEDGED);
	}
	for (int round = 0; round < 2; round++) {
		assert_int_equal(scan_open(&scan, folder, &why), OK);
		for (count = 0, more = true; more; count += more)
			if (scan_next(scan, &entry, &more, &why) != OK)
				fail_msg("%s", why.text);
		assert_int_equal(count, 101); /* the first time beside the service, then without it */
		scan_close(&scan);
		if (round == 0)
			ledger_close(&ledger);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(books_a_payment_once_whoever_tells_of_it, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(pledges_can_be_walked_in_order_and_the_newest_event_is_remembered, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(the_same_event_id_with_other_content_is_an_alarm_once, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(money_that_fits_nothing_is_parked_and_never_counted, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_payment_told_before_its_pledge_is_booked_when_the_pledge_comes, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_delayed_payment_is_pending_then_settled_or_failed, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(refuses_a_second_process_another_owner_and_another_mode, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(an_index_cut_short_behind_its_stamp_is_made_again, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_scan_reads_every_line_and_the_chain_holds, make_folder, remove_folder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
