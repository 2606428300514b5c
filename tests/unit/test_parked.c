/* What is parked: what lets it go, what does not, and what takes its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "service/audit.h"
#include "tests/unit/claims.h"

static struct outcome expect(struct ledger *ledger, struct command command, enum verdict verdict)
{
	struct outcome outcome = submit(ledger, &command);

	assert_int_equal(outcome.err, OK);
	assert_int_equal(outcome.verdict, verdict);
	return outcome;
}

static struct outcome booked(struct ledger *ledger, struct command command, enum entry_kind kind)
{
	struct outcome outcome = expect(ledger, command, VERDICT_BOOK);

	assert_int_equal(outcome.kind, kind);
	return outcome;
}

static void parked(struct ledger *ledger, struct command command, enum reason reason)
{
	assert_int_equal(booked(ledger, command, ENTRY_PARKED).reason, reason);
}

static void pledge_one(struct ledger *ledger)
{
	(void)booked(ledger, pledging(1, "press", "friend", money_of("EUR", 2500)), ENTRY_PLEDGED);
}

static struct command gift(void)
{
	return paying(1, EVENT_SETTLED, "evt_gift", money_of("EUR", 2500));
}

/* What an operator's retry, or a reconciliation, does. */
static struct outcome retry_first(struct ledger *ledger)
{
	struct parked waiting = { .seq = 0 };
	struct command command = { .kind = COMMAND_UNPARK };

	assert_int_equal(ledger_parked_next(ledger, &waiting), OK);
	command.u.event.event = waiting.event;
	command.u.event.parked = waiting.seq;
	memcpy(command.u.event.account, waiting.account, sizeof command.u.event.account);
	return submit(ledger, &command);
}

static void stays(struct ledger *ledger)
{
	struct outcome outcome = retry_first(ledger);

	assert_int_equal(outcome.err, OK);
	assert_int_equal(outcome.verdict, VERDICT_ALREADY);
}

static uint64_t count(struct ledger *ledger)
{
	struct ledger_status status;

	ledger_status(ledger, &status);
	return status.parked;
}

/* The lines are whole, and an index made anew has as much parked. */
static void end(struct ledger **ledger)
{
	uint64_t before = count(*ledger);
	struct audit audit;
	struct why why = { "" };

	ledger_close(ledger);
	if (audit_run(folder, &audit, &why) != OK)
		fail_msg("%s", why.text);
	shell("rm -r %s/index", folder);
	*ledger = open_ledger(0);
	assert_int_equal(count(*ledger), before);
	ledger_close(ledger);
}

static struct command refund(const char *event, const char *currency, int64_t minor)
{
	struct command command = about(claim(EVENT_REFUNDED, event, 1, minor), REF_REFUND, "re_1");

	number_pledge(1, command.u.event.event.pledge);
	command.u.event.event.amount = money_of(currency, minor);
	return command;
}

/* ---- a claim that waited for its payment ---- */

static void a_refund_that_fits_is_unparked_by_its_gift(void **state)
{
	struct ledger *ledger = open_ledger(0);

	(void)state;
	pledge_one(ledger);
	parked(ledger, refund("evt_r", "EUR", 2500), REASON_UNKNOWN_PAYMENT);
	(void)booked(ledger, gift(), ENTRY_SETTLED);
	/* The next submission finds it done. */
	(void)expect(ledger, gift(), VERDICT_ALREADY);
	assert_int_equal(count(ledger), 0);
	end(&ledger);
}

/* It is no duplicate of anything: somebody must look at it. */
static void a_refund_that_does_not_fit_its_gift_stays(void **state)
{
	struct ledger *ledger = open_ledger(0);

	(void)state;
	pledge_one(ledger);
	parked(ledger, refund("evt_r", "USD", 2500), REASON_UNKNOWN_PAYMENT);
	(void)booked(ledger, gift(), ENTRY_SETTLED);
	(void)expect(ledger, gift(), VERDICT_ALREADY);
	assert_int_equal(count(ledger), 1);
	stays(ledger);
	assert_int_equal(count(ledger), 1);
	end(&ledger);
}

static void a_refund_of_another_amount_than_it_had_stays(void **state)
{
	struct ledger *ledger = open_ledger(0);

	(void)state;
	pledge_one(ledger);
	(void)booked(ledger, gift(), ENTRY_SETTLED);
	(void)booked(ledger, refund("evt_r", "EUR", 1000), ENTRY_REFUNDED);
	parked(ledger, refund("evt_r2", "EUR", 1500), REASON_OTHER_AMOUNT);
	stays(ledger);
	assert_int_equal(count(ledger), 1);
	end(&ledger);
}

static void a_claim_of_the_other_mode_stays(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct command live = refund("evt_r", "EUR", 2500);

	(void)state;
	pledge_one(ledger);
	(void)booked(ledger, gift(), ENTRY_SETTLED);
	live.u.event.event.live = true;
	parked(ledger, live, REASON_OTHER_MODE);
	stays(ledger);
	assert_int_equal(count(ledger), 1);
	end(&ledger);
}

static void a_claim_that_says_nothing_new_by_now_is_let_go(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct command failed = about(about(claim(EVENT_REFUND_FAILED, "evt_f", 2, 2500), REF_REFUND, "re_1"), REF_BALANCE_TRANSACTION, "txn_1");

	(void)state;
	pledge_one(ledger);
	number_pledge(1, failed.u.event.event.pledge);
	parked(ledger, failed, REASON_UNKNOWN_PAYMENT);
	parked(ledger, refund("evt_r", "EUR", 2500), REASON_UNKNOWN_PAYMENT);
	(void)booked(ledger, gift(), ENTRY_SETTLED);
	(void)expect(ledger, gift(), VERDICT_ALREADY);
	assert_int_equal(count(ledger), 0);
	end(&ledger);
}

/* ---- what could not be read ---- */

static struct command unreadable(const char *event, const char *type)
{
	struct command command = claim(EVENT_UNREADABLE, event, 0, 0);

	command.u.event.event.payment[0] = '\0';
	command.u.event.event.amount = (struct money){ 0 };
	snprintf(command.u.event.event.type, sizeof command.u.event.event.type, "%s", type);
	number_pledge(1, command.u.event.event.pledge);
	return command;
}

static void what_can_be_read_at_last_is_booked(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct pledge pledge;

	(void)state;
	pledge_one(ledger);
	parked(ledger, unreadable("evt_gift", "checkout.session.completed"), REASON_UNREADABLE);
	stays(ledger);
	(void)booked(ledger, gift(), ENTRY_UNPARKED);
	(void)expect(ledger, gift(), VERDICT_ALREADY);
	(void)expect(ledger, unreadable("evt_gift", "checkout.session.completed"), VERDICT_ALREADY);
	assert_int_equal(ledger_pledge(ledger, gift().u.event.event.pledge, &pledge), OK);
	assert_int_equal(pledge.settled_count, 1);
	assert_int_equal(count(ledger), 0);
	end(&ledger);
}

/* Its time, or even its type, may have been what could not be read. */
static void so_is_one_of_which_nothing_but_the_id_was_known(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct command blank = unreadable("evt_gift", EVENT_TYPE_UNKNOWN);

	(void)state;
	pledge_one(ledger);
	blank.u.event.event.at_s = 0;
	parked(ledger, blank, REASON_UNREADABLE);
	(void)booked(ledger, gift(), ENTRY_UNPARKED);
	assert_int_equal(count(ledger), 0);
	end(&ledger);
}

static void the_reverse_is_no_alarm_either(void **state)
{
	struct ledger *ledger = open_ledger(0);

	(void)state;
	pledge_one(ledger);
	(void)booked(ledger, gift(), ENTRY_SETTLED);
	(void)expect(ledger, unreadable("evt_gift", "checkout.session.completed"), VERDICT_ALREADY);
	assert_int_equal(count(ledger), 0);
	end(&ledger);
}

static void another_event_of_another_time_is_an_alarm_all_the_same(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct command later = gift();

	(void)state;
	pledge_one(ledger);
	parked(ledger, unreadable("evt_gift", "checkout.session.completed"), REASON_UNREADABLE);
	later.u.event.event.at_s += 60;
	(void)booked(ledger, later, ENTRY_ALARM);
	assert_int_equal(count(ledger), 1);
	end(&ledger);
}

static void what_turns_out_to_be_nothing_new_is_let_go(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct command twin = gift();

	(void)state;
	pledge_one(ledger);
	(void)booked(ledger, gift(), ENTRY_SETTLED);
	parked(ledger, unreadable("evt_twin", "checkout.session.completed"), REASON_UNREADABLE);
	strcpy(twin.u.event.event.id, "evt_twin");
	assert_int_equal(booked(ledger, twin, ENTRY_DROPPED).reason, REASON_DUPLICATE);
	(void)expect(ledger, twin, VERDICT_ALREADY);
	assert_int_equal(count(ledger), 0);
	end(&ledger);
}

static void what_turns_out_to_be_nobody_s_is_let_go(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct command others = claim(EVENT_SETTLED, "evt_others", 0, 100);

	(void)state;
	pledge_one(ledger);
	parked(ledger, unreadable("evt_others", "test"), REASON_UNREADABLE);
	assert_int_equal(booked(ledger, others, ENTRY_DROPPED).reason, REASON_NOT_OURS);
	(void)expect(ledger, others, VERDICT_ALREADY);
	end(&ledger);
}

static void what_must_still_wait_waits_with_what_it_says(void **state)
{
	struct ledger *ledger = open_ledger(0);

	(void)state;
	pledge_one(ledger);
	struct command blank = unreadable("evt_r", "test");

	blank.u.event.event.at_s = refund("evt_r", "EUR", 2500).u.event.event.at_s;
	parked(ledger, blank, REASON_UNREADABLE);
	parked(ledger, refund("evt_r", "EUR", 2500), REASON_UNKNOWN_PAYMENT);
	(void)expect(ledger, refund("evt_r", "EUR", 2500), VERDICT_ALREADY);
	(void)booked(ledger, gift(), ENTRY_SETTLED);
	(void)expect(ledger, gift(), VERDICT_ALREADY);
	/* The refund is booked; that something was unreadable is a person's to drop. */
	assert_int_equal(count(ledger), 1);
	end(&ledger);
}

static void payouts_and_ends_can_be_read_at_last_too(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct command payout = about(claim(EVENT_PAYOUT_SENT, "evt_p", 0, 1000), REF_PAYOUT, "po_1");
	struct command expiry = paying(1, EVENT_EXPIRED, "evt_x", money_of("EUR", 0));
	struct owed owed = { .seq = 0 };
	struct pledge pledge;

	(void)state;
	pledge_one(ledger);
	payout.u.event.event.payment[0] = '\0';
	parked(ledger, unreadable("evt_p", "test"), REASON_UNREADABLE);
	(void)booked(ledger, payout, ENTRY_UNPARKED);
	assert_int_equal(ledger_owed_next(ledger, &owed), OK);
	assert_int_equal(owed.verb, OWED_EXPLAIN);
	assert_string_equal(owed.object, "po_1");
	parked(ledger, unreadable("evt_x", "checkout.session.completed"), REASON_UNREADABLE);
	(void)booked(ledger, expiry, ENTRY_UNPARKED);
	assert_int_equal(ledger_pledge(ledger, expiry.u.event.event.pledge, &pledge), OK);
	assert_int_equal(pledge.status, PLEDGE_EXPIRED);
	assert_int_equal(count(ledger), 0);
	end(&ledger);
}

/* ---- what was paid past the provider ---- */

static void what_was_paid_past_the_provider_waits_for_a_person_and_has_no_postings(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct command past = gift();
	struct account_balance balance = { .sum = { .minor = 0 } };
	struct owed owed = { .seq = 0 };
	struct pledge pledge;

	(void)state;
	pledge_one(ledger);
	past.u.event.event.elsewhere = true;
	parked(ledger, past, REASON_NOT_AT_PROVIDER);
	stays(ledger);
	assert_int_equal(ledger_pledge(ledger, past.u.event.event.pledge, &pledge), OK);
	assert_int_equal(pledge.settled_count, 0);
	assert_int_equal(ledger_balance_next(ledger, &balance), ERR_UNKNOWN);
	assert_int_equal(ledger_owed_next(ledger, &owed), ERR_UNKNOWN);
	assert_int_equal(count(ledger), 1);
	end(&ledger);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_refund_that_fits_is_unparked_by_its_gift),
		TEST(a_refund_that_does_not_fit_its_gift_stays),
		TEST(a_refund_of_another_amount_than_it_had_stays),
		TEST(a_claim_of_the_other_mode_stays),
		TEST(a_claim_that_says_nothing_new_by_now_is_let_go),
		TEST(what_can_be_read_at_last_is_booked),
		TEST(so_is_one_of_which_nothing_but_the_id_was_known),
		TEST(the_reverse_is_no_alarm_either),
		TEST(another_event_of_another_time_is_an_alarm_all_the_same),
		TEST(what_turns_out_to_be_nothing_new_is_let_go),
		TEST(what_turns_out_to_be_nobody_s_is_let_go),
		TEST(what_must_still_wait_waits_with_what_it_says),
		TEST(payouts_and_ends_can_be_read_at_last_too),
		TEST(what_was_paid_past_the_provider_waits_for_a_person_and_has_no_postings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
