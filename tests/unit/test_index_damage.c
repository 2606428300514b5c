/*
 * An index that is not what was put there: every walk over one of its tables ends, the ledger takes nothing more and
 * says why, and the next start makes the index anew. LMDB's answers are ours: mdb_cursor_get here takes the place of
 * the library's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>

#include <cmocka.h>
#include <dlfcn.h>
#include <lmdb.h>

#include "tests/unit/claims.h"

enum { GIFTS = 3, STEPS_MAX = 1000 };

/* What a seek answers. */
enum answer {
	ANSWER_TRUE,
	ANSWER_FIRST_KEY,   /* the table's first key, whatever was asked for */
	ANSWER_FIRST_VALUE, /* the right key, with the first one's value */
	ANSWER_LONG_KEY,    /* a key of more bytes than any that was put */
	ANSWER_TORN,        /* that a page is none */
};

static _Atomic enum answer answer;

typedef int cursor_get(MDB_cursor *cursor, MDB_val *key, MDB_val *value, MDB_cursor_op operation);

static cursor_get *real_get(void)
{
	cursor_get *real;
	void *found = dlsym(RTLD_NEXT, "mdb_cursor_get");

	memcpy(&real, &found, sizeof real);
	return real;
}

int mdb_cursor_get(MDB_cursor *cursor, MDB_val *key, MDB_val *value, MDB_cursor_op operation)
{
	static _Thread_local char bytes[512];
	cursor_get *get = real_get();
	int result = get(cursor, key, value, operation);
	MDB_val first;

	if (result != 0 || operation != MDB_SET_RANGE || answer == ANSWER_TRUE)
		return result;
	if (answer == ANSWER_TORN)
		return MDB_CORRUPTED;
	if (answer == ANSWER_FIRST_KEY)
		return get(cursor, key, value, MDB_FIRST);
	if (answer == ANSWER_FIRST_VALUE)
		return get(cursor, &first, value, MDB_FIRST);
	memset(bytes, 0xff, sizeof bytes);
	*key = (MDB_val){ sizeof bytes, bytes };
	return 0;
}

/* ---- a ledger with something in each table ---- */

static struct pledge series;

static struct command renewing(int number)
{
	struct command command = paying(1, EVENT_SETTLED, "", money_of("EUR", 2500));
	struct event *event = &command.u.event.event;

	snprintf(event->id, sizeof event->id, "evt_month_%d", number);
	snprintf(event->payment, sizeof event->payment, "pi_month_%d", number);
	event->at_s += number;
	event->ref_count = 0;
	assert_int_equal(event_add_ref(event, REF_PAYMENT_INTENT, bytes_of(event->payment)), OK);
	return command;
}

static void adjust(struct ledger *ledger, int number)
{
	struct command command = { .kind = COMMAND_ADJUST };
	struct operator_command *operator = &command.u.operator;

	snprintf(operator->reference, sizeof operator->reference, "by-hand/%d", number);
	operator->reason = REASON_CORRECTION;
	operator->amount = money_of("EUR", 100);
	operator->debit = ledger_account_make(ACCOUNT_PROVIDER, "stripe", "");
	operator->credit = ledger_account_make(ACCOUNT_CASH, "", "");
	book(ledger, &command, ENTRY_ADJUSTED);
}

static void park(struct ledger *ledger, int number)
{
	char id[32];

	snprintf(id, sizeof id, "evt_refund_%d", number);
	struct command command = about(claim(EVENT_REFUNDED, id, 1, 100), REF_REFUND, id + 4);

	number_pledge(1, command.u.event.event.pledge);
	snprintf(command.u.event.event.payment, OBJECT_ID_SIZE, "pi_nobody_%d", number);
	book(ledger, &command, ENTRY_PARKED);
}

static struct ledger *open_filled(void)
{
	struct ledger *ledger = open_ledger(0);
	struct command command = pledging(1, "press", "monthly", money_of("EUR", 2500));

	command.u.pledge.interval = INTERVAL_MONTH;
	book(ledger, &command, ENTRY_PLEDGED);
	number_pledge(1, series.id);
	for (int i = 0; i < GIFTS; i++) {
		command = renewing(i);
		book(ledger, &command, ENTRY_SETTLED);
		add_gift(ledger, 10 + i);
		adjust(ledger, i);
		park(ledger, i);
	}
	/* Something behind the last month of the campaign that is asked for. */
	command = pledging(2, "roof", "friend", money_of("EUR", 2500));
	book(ledger, &command, ENTRY_PLEDGED);
	command = paying(2, EVENT_SETTLED, "evt_2", money_of("EUR", 2500));
	book(ledger, &command, ENTRY_SETTLED);
	assert_int_equal(ledger_pledge(ledger, series.id, &series), OK);
	return ledger;
}

/* ---- walks ---- */

static enum err walk_pledges(struct ledger *ledger, unsigned *steps)
{
	struct pledge pledge = { .id = "" };
	enum err err;

	while ((err = ledger_pledge_next(ledger, &pledge)) == OK && ++*steps < STEPS_MAX)
		continue;
	return err;
}

static enum err walk_gifts(struct ledger *ledger, unsigned *steps)
{
	struct payment payment = { .given_s = 0 };
	char receipt[TOKEN_SIZE] = "";
	enum err err;

	while ((err = ledger_gift_next(ledger, &series, &payment, receipt)) == OK && ++*steps < STEPS_MAX)
		continue;
	return err;
}

static enum err walk_owed(struct ledger *ledger, unsigned *steps)
{
	struct owed owed = { .seq = 0 };
	enum err err;

	while ((err = ledger_owed_next(ledger, &owed)) == OK && ++*steps < STEPS_MAX)
		continue;
	return err;
}

static enum err walk_parked(struct ledger *ledger, unsigned *steps)
{
	struct parked parked = { .seq = 0 };
	enum err err;

	while ((err = ledger_parked_next(ledger, &parked)) == OK && ++*steps < STEPS_MAX)
		continue;
	return err;
}

static enum err walk_balances(struct ledger *ledger, unsigned *steps)
{
	struct account_balance balance = { .sum = { .minor = 0 } };
	enum err err;

	while ((err = ledger_balance_next(ledger, &balance)) == OK && ++*steps < STEPS_MAX)
		continue;
	return err;
}

static enum err walk_by_hand(struct ledger *ledger, unsigned *steps)
{
	struct by_hand moved = { .seq = 0 };
	enum err err;

	while ((err = ledger_by_hand_next(ledger, &moved)) == OK && ++*steps < STEPS_MAX)
		continue;
	return err;
}

/* One step, which walks over all months: that goes on for ever when it does not end. */
static enum err walk_totals(struct ledger *ledger, unsigned *steps)
{
	const struct currency eur = { "EUR" };
	struct campaign_totals totals;
	enum err err = ledger_totals(ledger, "press", &eur, &totals);

	*steps = GIFTS;
	return err == OK ? ERR_UNKNOWN : err;
}

static const struct walk {
	const char *name;
	enum err (*walk)(struct ledger *ledger, unsigned *steps);
	bool by_value; /* what it goes on behind is told by the value */
} walks[] = {
	{ "pledges", walk_pledges, true },    { "gifts", walk_gifts, false },      { "owed", walk_owed, true },
	{ "parked", walk_parked, false },     { "balances", walk_balances, false }, { "by hand", walk_by_hand, true },
	{ "totals", walk_totals, false },
};

enum { WALKS = sizeof walks / sizeof walks[0] };

static void expect_whole(struct ledger *ledger)
{
	struct ledger_status status;

	for (size_t i = 0; i < WALKS; i++) {
		unsigned steps = 0;

		if (walks[i].walk(ledger, &steps) != ERR_UNKNOWN || steps < GIFTS || steps == STEPS_MAX)
			fail_msg("%s: %u", walks[i].name, steps);
	}
	ledger_look(ledger);
	ledger_status(ledger, &status);
	assert_false(status.halted);
}

static bool is_stamped(void)
{
	char path[128];

	snprintf(path, sizeof path, "%s/index.stamp", folder);
	return access(path, F_OK) == 0;
}

/* The walk ends, nothing is taken any more, and the next start has an index that is good. */
static void expect_halt(struct ledger **ledger, const struct walk *walk, enum answer lie)
{
	struct command command = pledging(99, "press", "friend", money_of("EUR", 2500));
	struct ledger_status status;
	unsigned steps = 0;

	answer = lie;
	enum err err = walk->walk(*ledger, &steps);

	answer = ANSWER_TRUE;
	if (err != ERR_CORRUPT)
		fail_msg("%s, answer %d: %s after %u", walk->name, (int)lie, err_name(err), steps);
	ledger_look(*ledger);
	ledger_status(*ledger, &status);
	assert_true(status.halted);
	assert_non_null(strstr(status.problem, "the index is damaged"));
	assert_int_equal(submit(*ledger, &command).err, ERR_STORAGE);
	ledger_close(ledger);
	assert_false(is_stamped());
	*ledger = open_ledger(0);
	expect_whole(*ledger);
}

static void every_walk_over_a_damaged_table_ends_and_the_next_start_makes_the_index_anew(void **state)
{
	struct ledger *ledger = open_filled();

	(void)state;
	expect_whole(ledger);
	for (size_t i = 0; i < WALKS; i++) {
		expect_halt(&ledger, &walks[i], ANSWER_FIRST_KEY);
		if (walks[i].by_value)
			expect_halt(&ledger, &walks[i], ANSWER_FIRST_VALUE);
		expect_halt(&ledger, &walks[i], ANSWER_LONG_KEY);
		expect_halt(&ledger, &walks[i], ANSWER_TORN);
	}
	ledger_close(&ledger);
	assert_true(is_stamped());
}

/* Nobody looked at the ledger between. */
static void nothing_is_booked_and_nothing_stamped_once_a_reader_found_the_damage(void **state)
{
	struct ledger *ledger = open_filled();
	struct command command = pledging(99, "press", "friend", money_of("EUR", 2500));
	struct ledger_status before;
	struct ledger_status status;
	unsigned steps = 0;

	(void)state;
	ledger_status(ledger, &before);
	for (int booking = 0; booking < 2; booking++) {
		answer = ANSWER_FIRST_KEY;
		assert_int_equal(walk_owed(ledger, &steps), ERR_CORRUPT);
		answer = ANSWER_TRUE;
		if (booking == 1) {
			assert_int_equal(submit(ledger, &command).err, ERR_STORAGE);
			ledger_status(ledger, &status);
			assert_true(status.halted);
		}
		ledger_close(&ledger);
		assert_false(is_stamped());
		ledger = open_ledger(0);
		ledger_status(ledger, &status);
		assert_int_equal(status.head, before.head);
	}
	book(ledger, &command, ENTRY_PLEDGED);
	ledger_close(&ledger);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_walk_over_a_damaged_table_ends_and_the_next_start_makes_the_index_anew, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(nothing_is_booked_and_nothing_stamped_once_a_reader_found_the_damage, make_folder, remove_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
