/* An index that was kept through a history, stops and starts included, equals one made anew from its lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <lmdb.h>
#include <stdatomic.h>

#include "dice.h"
#include "ledger/rebuild.h"
#include "sys/file.h"
#include "tests/unit/small_ledger.h"

enum { HISTORIES = 40, HISTORIES_MAX = 1000, STEPS_MAX = 120, NUMBERS = 3 };

static struct dice dice;

/* How often each kind of entry was booked, over all histories. */
static atomic_uint booked[ENTRY_OTHER];

static bool chance(unsigned of)
{
	return dice_roll(&dice, of) == 0;
}

static int number(void)
{
	return (int)dice_roll(&dice, NUMBERS);
}

static struct money some_money(void)
{
	static const char *const currencies[] = { "EUR", "EUR", "EUR", "USD" };

	return money_of(currencies[dice_roll(&dice, 4)], 500 * (1 + (int64_t)dice_roll(&dice, 5)));
}

static void name_object(char *out, size_t size, const char *prefix)
{
	snprintf(out, size, "%s_%d", prefix, number());
}

/* ---- what is submitted ---- */

static struct command some_pledge(void)
{
	struct command command = pledging(number(), chance(2) ? "press" : "roof", "friend", some_money());

	if (chance(3))
		memset(command.u.pledge.key, '0' + number(), sizeof command.u.pledge.key - 1);
	if (chance(4))
		command.u.pledge.interval = INTERVAL_MONTH;
	return command;
}

/* Few ids, so that events repeat and contradict each other. */
static void name_event(struct event *event)
{
	snprintf(event->id, sizeof event->id, "evt_%u", dice_roll(&dice, 200));
	event->at_s += dice_roll(&dice, 100);
	event->live = chance(40);
}

static struct command some_payment(void)
{
	static const enum event_kind kinds[] = { EVENT_SETTLED, EVENT_SETTLED, EVENT_SETTLED, EVENT_PENDING,
		                                 EVENT_FAILED,  EVENT_EXPIRED, EVENT_ENDED,   EVENT_UNREADABLE };
	struct command command = paying(number(), kinds[dice_roll(&dice, 8)], "", some_money());
	struct event *event = &command.u.event.event;

	name_event(event);
	if (chance(4)) { /* a subscription's */
		char id[32];

		event->recurring = true;
		name_object(id, sizeof id, "sub");
		assert_int_equal(event_add_ref(event, REF_SUBSCRIPTION, bytes_of(id)), OK);
	}
	if (event->payment[0] != '\0' && chance(8))
		memset(event->payment, 'x', 150); /* longer than a key of the index */
	return command;
}

static void clear_it(struct event *event)
{
	int64_t minor = event->kind == EVENT_REFUNDED || event->kind == EVENT_ADJUSTED ? -event->amount.minor : event->amount.minor;

	event->clearing = (struct clearing){
		.settlement = money_of(event->amount.currency.code, minor), .fee = money_of(event->amount.currency.code, 50),
		.net = money_of(event->amount.currency.code, minor - 50), .lines = 1 + dice_roll(&dice, 2),
	};
}

static struct command some_claim(void)
{
	static const struct {
		enum event_kind kind;
		enum ref_kind ref;
		const char *prefix;
	} claims[] = {
		{ EVENT_CLEARED, REF_CHARGE, "ch" },         { EVENT_CLEARED, REF_REFUND, "re" },
		{ EVENT_REFUNDED, REF_REFUND, "re" },        { EVENT_REFUNDED, REF_REFUND, "re" },
		{ EVENT_REFUND_FAILED, REF_REFUND, "re" },   { EVENT_REFUNDED, REF_CHARGE, "ch" },
		{ EVENT_DISPUTE_OPENED, REF_DISPUTE, "dp" }, { EVENT_DISPUTED, REF_DISPUTE, "dp" },
		{ EVENT_DISPUTE_WON, REF_DISPUTE, "dp" },    { EVENT_DISPUTE_LOST, REF_DISPUTE, "dp" },
		{ EVENT_ADJUSTED, REF_BALANCE_TRANSACTION, "txn" },
	};
	unsigned which = dice_roll(&dice, sizeof claims / sizeof claims[0]);
	struct command command = paying(number(), claims[which].kind, "", some_money());
	struct event *event = &command.u.event.event;
	char id[32];

	name_event(event);
	event->ref_count = 0;
	name_object(id, sizeof id, claims[which].prefix);
	assert_int_equal(event_add_ref(event, claims[which].ref, bytes_of(id)), OK);
	event->total = event->kind == EVENT_REFUNDED && claims[which].ref == REF_CHARGE;
	if (event->kind == EVENT_CLEARED || event->kind == EVENT_ADJUSTED)
		clear_it(event);
	if (event->kind == EVENT_CLEARED)
		event->id[0] = '\0';
	if (claims[which].ref == REF_REFUND && chance(3))
		name_object(event->reference, sizeof event->reference, "ask");
	return command;
}

static struct command some_payout(void)
{
	static const enum event_kind kinds[] = { EVENT_PAYOUT_SENT, EVENT_PAYOUT_PAID, EVENT_PAYOUT_PAID, EVENT_PAYOUT_FAILED,
		                                 EVENT_PAYOUT_EXPLAINED, EVENT_PAID_OUT, EVENT_PAID_OUT };
	struct command command = paying(number(), kinds[dice_roll(&dice, 7)], "", some_money());
	struct event *event = &command.u.event.event;
	char id[32];

	name_event(event);
	event->ref_count = 0;
	name_object(id, sizeof id, "po");
	assert_int_equal(event_add_ref(event, REF_PAYOUT, bytes_of(id)), OK);
	event->pledge[0] = '\0';
	if (event->kind != EVENT_PAID_OUT) {
		event->payment[0] = '\0';
		return command;
	}
	if (chance(4))
		name_object(event->payment, sizeof event->payment, "po"); /* a failed payout that comes back */
	name_object(id, sizeof id, "txn");
	assert_int_equal(event_add_ref(event, REF_BALANCE_TRANSACTION, bytes_of(id)), OK);
	event->id[0] = '\0';
	clear_it(event);
	event->amount = (struct money){ 0 };
	return command;
}

static struct command some_order(void)
{
	static const enum command_kind kinds[] = { COMMAND_DROP, COMMAND_RECORD, COMMAND_ADJUST, COMMAND_REFUND };
	struct command command = { .kind = kinds[dice_roll(&dice, 4)] };
	struct operator_command *order = &command.u.operator;

	name_object(order->reference, sizeof order->reference, "ask");
	order->reason = command.kind == COMMAND_DROP ? REASON_NOT_OURS : command.kind == COMMAND_RECORD ? REASON_CASH : REASON_CORRECTION;
	if (command.kind != COMMAND_DROP)
		order->amount = some_money();
	if (command.kind == COMMAND_DROP)
		order->parked = 1 + dice_roll(&dice, STEPS_MAX);
	order->debit.kind = ACCOUNT_CASH;
	if (command.kind == COMMAND_RECORD) {
		strcpy(order->campaign, "press");
		strcpy(order->tier, "friend");
		number_pledge(NUMBERS + (int)dice_roll(&dice, 1000), order->pledge);
	}
	if (command.kind == COMMAND_ADJUST)
		order->credit.kind = ACCOUNT_BANK;
	if (command.kind == COMMAND_REFUND) {
		order->debit = (struct ledger_account){ .kind = ACCOUNT_DONATIONS };
		strcpy(order->account, "stripe");
		name_object(order->payment, sizeof order->payment, "pi");
	}
	return command;
}

static struct command some_command(void)
{
	unsigned roll = dice_roll(&dice, 16);

	if (roll < 3)
		return some_pledge();
	if (roll < 7)
		return some_payment();
	if (roll < 11)
		return some_claim();
	return roll < 14 ? some_payout() : some_order();
}

/* ---- histories ---- */

static void count(void *context, const struct outcome *outcome)
{
	(void)context;
	if (outcome->err == OK && outcome->verdict == VERDICT_BOOK)
		atomic_fetch_add(&booked[outcome->kind], 1);
}

static void remove_index(void)
{
	shell("rm -r %s/index", folder);
}

/* Some alone and some in one batch; now and then it is stopped and started, with its index or without. */
static void live_through(unsigned steps)
{
	struct ledger *ledger = open_ledger(chance(4) ? 4096 : 0);

	for (unsigned i = 0; i < steps; i++) {
		struct command command = some_command();

		assert_int_equal(ledger_submit(ledger, &command, count, NULL), OK);
		if (chance(60)) {
			ledger_close(&ledger);
			if (chance(2))
				remove_index();
			ledger = open_ledger(0);
		}
	}
	ledger_close(&ledger);
	/* A start looks at all that waits: the one behind the comparison shall find nothing. */
	ledger = open_ledger(0);
	ledger_close(&ledger);
}

/* ---- what an index holds ---- */

static void put_value(struct buffer *out, const MDB_val *value)
{
	const unsigned char *bytes = value->mv_data;
	char piece[8];

	for (size_t i = 0; i < value->mv_size; i++) {
		bool plain = bytes[i] > 0x20 && bytes[i] < 0x7f && bytes[i] != '<';

		snprintf(piece, sizeof piece, plain ? "%c" : "<%02x>", bytes[i]);
		buffer_text(out, piece);
	}
}

/* A line for each: table, key, value. */
static void dump_table(struct buffer *out, MDB_txn *txn, MDB_dbi table, const char *name)
{
	MDB_cursor *cursor;
	MDB_val key;
	MDB_val value;

	assert_int_equal(mdb_cursor_open(txn, table, &cursor), 0);
	while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) {
		buffer_text(out, name);
		buffer_char(out, ' ');
		put_value(out, &key);
		buffer_char(out, ' ');
		put_value(out, &value);
		buffer_char(out, '\n');
	}
	mdb_cursor_close(cursor);
}

/* Every key and value of every table, in order. */
static void dump(struct buffer *out)
{
	char path[96];
	MDB_env *environment;
	MDB_cursor *cursor;
	MDB_txn *txn;
	MDB_dbi names;
	MDB_dbi table;
	MDB_val name;

	snprintf(path, sizeof path, "%s/index", folder);
	assert_int_equal(mdb_env_create(&environment), 0);
	assert_int_equal(mdb_env_set_maxdbs(environment, 32), 0);
	assert_int_equal(mdb_env_open(environment, path, MDB_RDONLY | MDB_NOLOCK, 0), 0);
	assert_int_equal(mdb_txn_begin(environment, NULL, MDB_RDONLY, &txn), 0);
	assert_int_equal(mdb_dbi_open(txn, NULL, 0, &names), 0);
	assert_int_equal(mdb_cursor_open(txn, names, &cursor), 0);
	while (mdb_cursor_get(cursor, &name, NULL, MDB_NEXT) == 0) {
		char text[32] = { 0 };

		assert_true(name.mv_size < sizeof text);
		memcpy(text, name.mv_data, name.mv_size);
		assert_int_equal(mdb_dbi_open(txn, text, 0, &table), 0);
		dump_table(out, txn, table, text);
	}
	mdb_cursor_close(cursor);
	mdb_txn_abort(txn);
	mdb_env_close(environment);
	assert_int_equal(buffer_err(out), OK);
}

static struct bytes next_line(struct bytes *rest)
{
	const char *end = rest->length > 0 ? memchr(rest->data, '\n', rest->length) : NULL;
	struct bytes line = { rest->data, end != NULL ? (size_t)(end - rest->data) + 1 : 0 };

	rest->data += line.length;
	rest->length -= line.length;
	return line;
}

/* As a start makes it, or in runs of a few entries, where what one run put is changed by the next. */
static void make_index(bool in_small_runs)
{
	struct buffer secret = BUFFER(RECEIPT_SECRET_BYTES);
	struct index *index = NULL;
	struct ledger *ledger;
	char path[96];
	int data_dir = -1;
	int ledger_dir = -1;

	if (!in_small_runs) {
		ledger = open_ledger(0);
		ledger_close(&ledger);
		return;
	}
	snprintf(path, sizeof path, "%s/ledger", folder);
	assert_int_equal(file_open_dir(folder, &data_dir), 0);
	assert_int_equal(file_open_dir(path, &ledger_dir), 0);
	assert_int_equal(file_read_all(data_dir, "receipt.secret", &secret, NULL), OK);
	assert_int_equal(index_open(&index, data_dir, folder, true, (const uint8_t *)secret.data, NULL), OK);
	assert_int_equal(rebuild(ledger_dir, index, 1 + dice_roll(&dice, 4000), NULL), OK);
	assert_int_equal(index_close(&index, true, NULL), OK);
	file_close(&data_dir);
	file_close(&ledger_dir);
	buffer_free(&secret);
}

static void assert_index_is_its_lines(unsigned history, uint64_t seed, bool in_small_runs)
{
	struct buffer kept = BUFFER(1 << 24);
	struct buffer made = BUFFER(1 << 24);

	dump(&kept);
	remove_index();
	make_index(in_small_runs);
	dump(&made);
	struct bytes left = buffer_view(&kept);
	struct bytes right = buffer_view(&made);

	while (left.length > 0 || right.length > 0) {
		struct bytes one = next_line(&left);
		struct bytes other = next_line(&right);

		if (!bytes_equal(one, other))
			fail_msg("history %u of seed %llu: kept %.*s, made anew %.*s (in %s)", history, (unsigned long long)seed,
			         (int)one.length, one.data, (int)other.length, other.data, folder);
	}
	buffer_free(&kept);
	buffer_free(&made);
}

/* A kind of entry that these histories can have and have not had yet; ENTRY_OTHER when none is left. */
static enum entry_kind missing(void)
{
	static const enum entry_kind elsewhere[] = { ENTRY_APPROVED, ENTRY_RESTORED, ENTRY_UPGRADED, ENTRY_SUBSCRIBED,
		                                     ENTRY_OPENED,   ENTRY_UNPARKED };

	for (unsigned kind = 0; kind < ENTRY_OTHER; kind++) {
		bool expected = true;

		for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++)
			expected = expected && elsewhere[i] != kind;
		if (expected && atomic_load(&booked[kind]) == 0)
			return (enum entry_kind)kind;
	}
	return ENTRY_OTHER;
}

/* At least HISTORIES, and on until every kind of entry has been in one. */
static void an_index_made_anew_equals_the_one_that_was_kept(void **state)
{
	uint64_t seed;

	dice = dice_from_environment();
	seed = dice.state;
	for (unsigned i = 0; i < HISTORIES || (i < HISTORIES_MAX && missing() != ENTRY_OTHER); i++) {
		assert_int_equal(make_folder(state), 0);
		live_through(5 + dice_roll(&dice, STEPS_MAX - 5));
		assert_index_is_its_lines(i, seed, false);
		assert_index_is_its_lines(i, seed, true);
		assert_int_equal(remove_folder(state), 0);
	}
	if (missing() != ENTRY_OTHER)
		fail_msg("no history of seed %llu has a \"%s\" entry", (unsigned long long)seed, entry_kind_name(missing()));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_index_made_anew_equals_the_one_that_was_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
