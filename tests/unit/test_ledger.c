/* The ledger as its users see it: commands in, lines out, the same after any stop. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ledger/ledger.h"
#include "ledger/scan.h"

static char folder[64];

static int make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/pledger-test-XXXXXX");
	return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command);
}

/* ---- a submitter that waits ---- */

struct waiter {
	pthread_mutex_t mutex;
	pthread_cond_t told;
	int count;
	struct outcome outcome;
};

static void on_done(void *context, const struct outcome *outcome)
{
	struct waiter *waiter = context;

	pthread_mutex_lock(&waiter->mutex);
	waiter->outcome = *outcome;
	waiter->count++;
	pthread_cond_signal(&waiter->told);
	pthread_mutex_unlock(&waiter->mutex);
}

static struct outcome submit(struct ledger *ledger, const struct command *command)
{
	struct waiter waiter = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, { 0 } };
	enum err err = ledger_submit(ledger, command, on_done, &waiter);

	if (err != OK)
		return (struct outcome){ .err = err };
	pthread_mutex_lock(&waiter.mutex);
	while (waiter.count == 0)
		pthread_cond_wait(&waiter.told, &waiter.mutex);
	pthread_mutex_unlock(&waiter.mutex);
	return waiter.outcome;
}

static struct ledger *open_ledger(void)
{
	const struct ledger_options options = { .data_dir = folder, .organisation = "example" };
	struct ledger *ledger = NULL;
	struct why why = { "" };
	enum err err = ledger_open(&ledger, &options, &why);

	if (err != OK)
		fail_msg("%s: %s", err_name(err), why.text);
	return ledger;
}

static struct money euros(int64_t cents)
{
	return (struct money){ cents, { "EUR" } };
}

static void number_pledge(int number, char id[static TOKEN_SIZE])
{
	uint8_t entropy[10] = { (uint8_t)(number >> 8), (uint8_t)number };

	token_pledge(1795334400000, entropy, id);
}

static struct command pledging(int number)
{
	struct command command = { .kind = COMMAND_PLEDGE };
	struct pledge_command *pledge = &command.u.pledge;

	number_pledge(number, pledge->pledge);
	strcpy(pledge->account, "stripe");
	strcpy(pledge->campaign, "press");
	strcpy(pledge->tier, "friend");
	pledge->amount = euros(2500);
	snprintf(pledge->session, sizeof pledge->session, "cs_test_%d", number);
	return command;
}

static struct command paying(int number, enum event_kind kind, const char *event_id)
{
	struct command command = { .kind = COMMAND_EVENT };
	struct event *event = &command.u.event.event;
	char object[64];

	strcpy(command.u.event.account, "stripe");
	event->kind = kind;
	snprintf(event->id, sizeof event->id, "%s", event_id);
	strcpy(event->type, "checkout.session.completed");
	event->at_s = 1795334400;
	number_pledge(number, event->pledge);
	snprintf(object, sizeof object, "cs_test_%d", number);
	assert_int_equal(event_add_ref(event, REF_SESSION, bytes_of(object)), OK);
	if (kind == EVENT_EXPIRED)
		return command;
	snprintf(event->payment, sizeof event->payment, "pi_%d", number);
	assert_int_equal(event_add_ref(event, REF_PAYMENT_INTENT, bytes_of(event->payment)), OK);
	event->amount = euros(2500);
	return command;
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
	struct ledger *ledger = open_ledger();
	struct command pledge = pledging(1);
	struct command paid = paying(1, EVENT_SETTLED, "evt_1");
	struct command again = paying(1, EVENT_SETTLED, "evt_2");
	struct command late = paying(1, EVENT_FAILED, "evt_3");
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
	ledger = open_ledger();
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
	assert_true(ledger_knows_event(ledger, "stripe", "evt_1"));
	assert_false(ledger_knows_event(ledger, "stripe", "evt_2"));
	assert_false(ledger_knows_event(ledger, "other", "evt_1"));
	assert_int_equal(ledger_newest_event_s(ledger), 1795334460);
}

static void pledges_can_be_walked_in_order_and_the_newest_event_is_remembered(void **state)
{
	struct ledger *ledger = open_ledger();
	struct command paid = paying(2, EVENT_SETTLED, "evt_1");
	struct command older = paying(1, EVENT_SETTLED, "evt_0");
	struct pledge pledge = { .id = "" };

	(void)state;
	assert_int_equal(ledger_newest_event_s(ledger), 0);
	assert_int_equal(ledger_pledge_next(ledger, &pledge), ERR_UNKNOWN);
	for (int number = 3; number > 0; number--) {
		struct command command = pledging(number);

		expect(submit(ledger, &command), VERDICT_BOOK, ENTRY_PLEDGED);
	}
	paid.u.event.event.at_s += 60;
	expect(submit(ledger, &paid), VERDICT_BOOK, ENTRY_SETTLED);
	expect(submit(ledger, &older), VERDICT_BOOK, ENTRY_SETTLED);
	check_what_a_reconciler_asks(ledger);
	ledger_close(&ledger);
	ledger = open_ledger();
	check_what_a_reconciler_asks(ledger);
	ledger_close(&ledger);
}

static void the_same_event_id_with_other_content_is_an_alarm_once(void **state)
{
	struct ledger *ledger = open_ledger();
	struct command pledge = pledging(2);
	struct command paid = paying(2, EVENT_SETTLED, "evt_a");
	struct command forged = paid;

	(void)state;
	forged.u.event.event.amount = euros(250000);
	expect(submit(ledger, &pledge), VERDICT_BOOK, ENTRY_PLEDGED);
	expect(submit(ledger, &paid), VERDICT_BOOK, ENTRY_SETTLED);
	expect(submit(ledger, &forged), VERDICT_BOOK, ENTRY_ALARM);
	expect(submit(ledger, &forged), VERDICT_ALREADY, 0);
	ledger_close(&ledger);
}

static void money_that_fits_nothing_is_parked_and_never_counted(void **state)
{
	struct ledger *ledger = open_ledger();
	struct command pledge = pledging(3);
	struct command amount = paying(3, EVENT_SETTLED, "evt_b");
	struct command mode = paying(3, EVENT_SETTLED, "evt_c");
	struct command nobody = paying(4, EVENT_SETTLED, "evt_d");
	struct command expiry = paying(4, EVENT_EXPIRED, "evt_e");
	struct command other = paying(4, EVENT_SETTLED, "evt_f");
	struct campaign_totals totals;
	struct ledger_status status;

	(void)state;
	amount.u.event.event.amount = euros(2400);
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
	struct ledger *ledger = open_ledger();
	struct command paid = paying(5, EVENT_SETTLED, "evt_early");
	struct command pledge = pledging(5);
	struct command next = pledging(6);
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
	struct ledger *ledger = open_ledger();
	struct command pledge = pledging(7);
	struct command pending = paying(7, EVENT_PENDING, "evt_p");
	struct command settled = paying(7, EVENT_SETTLED, "evt_s");
	struct command expired = paying(7, EVENT_EXPIRED, "evt_x");
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
	struct ledger *ledger = open_ledger();
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
		struct ledger *ledger = open_ledger();

		pledge = pledging(200 + pages);
		expect(submit(ledger, &pledge), VERDICT_BOOK, ENTRY_PLEDGED);
		ledger_close(&ledger);
		assert_int_equal(truncate(index, pages * 4096), 0);
		ledger = open_ledger();
		expect(submit(ledger, &pledge), VERDICT_ALREADY, 0);
		ledger_close(&ledger);
	}
}

static void a_scan_reads_every_line_and_the_chain_holds(void **state)
{
	struct ledger *ledger = open_ledger();
	struct scan *scan;
	struct entry entry;
	struct why why = { "" };
	bool more = true;
	uint64_t count = 0;

	(void)state;
	for (int i = 0; i < 100; i++) {
		struct command pledge = pledging(100 + i);

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
