/*
 * The order in which a provider tells of things does not matter: random histories, told in order and once, and told
 * in any order, twice or thrice, several at once and with restarts and rebuilt indexes in between, end in the same
 * pledges, payments, objects and balances, and with nothing parked or owed that could be booked.
 *
 * The histories are as the adapters tell them. A pledge comes before all that is about it, because no donor gets an
 * address before its entry is durable; what was asked of the provider is asked again when the ledger cannot take it
 * yet. Which of two payments for a pledge given once is the second one depends on the order, so there are none here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/dice.h"
#include "tests/unit/small_ledger.h"

enum { HISTORIES = 16, TELLINGS = 3, STEPS_MAX = 1024, LINES_MAX = 256, PLEDGES = 5, PAYOUTS_MAX = 16, AT_ONCE_MAX = 8 };

/* ---- a history ---- */

struct step {
	struct command command;
	unsigned left; /* times that it is still to be told */
};

/* A line of the provider's balance, of a payment or giving back a payout that failed. */
struct line {
	struct command told; /* EVENT_PAID_OUT without a payout */
	char currency[CURRENCY_SIZE];
	int64_t net;
	bool held;           /* a payout holds it */
};

struct history {
	struct dice *dice;
	int number;   /* of the last id that was made */
	int64_t at_s;
	struct step steps[STEPS_MAX];
	size_t count;
	struct line lines[LINES_MAX];
	size_t line_count;
	unsigned payouts;
};

static bool chance(struct history *history, unsigned percent)
{
	return dice_roll(history->dice, 100) < percent;
}

static void make_id(struct history *history, const char *prefix, char id[static OBJECT_ID_SIZE])
{
	snprintf(id, OBJECT_ID_SIZE, "%s_%d", prefix, ++history->number);
}

static void add_step(struct history *history, const struct command *command)
{
	assert_true(history->count < STEPS_MAX);
	history->steps[history->count++].command = *command;
}

/* What the provider tells has an id and a time; now and then two events tell the same. */
static void tell(struct history *history, struct command command)
{
	struct event *event = &command.u.event.event;

	event->at_s = ++history->at_s;
	make_id(history, "evt", event->id);
	strcpy(event->type, "test");
	add_step(history, &command);
	if (!chance(history, 20))
		return;
	make_id(history, "evt", event->id);
	add_step(history, &command);
}

static void add_ref(struct command *command, enum ref_kind kind, const char *id)
{
	assert_int_equal(event_add_ref(&command->u.event.event, kind, bytes_of(id)), OK);
}

static struct command about(enum event_kind kind)
{
	struct command command = { .kind = COMMAND_EVENT };

	strcpy(command.u.event.account, "stripe");
	command.u.event.event.kind = kind;
	return command;
}

/* ---- one payment and what comes after it ---- */

struct given {
	char pledge[TOKEN_SIZE];
	char payment[OBJECT_ID_SIZE];
	char intent[OBJECT_ID_SIZE];
	char charge[OBJECT_ID_SIZE];
	char subscription[OBJECT_ID_SIZE]; /* "" for one given once */
	int64_t minor;
	int64_t left;
	bool exchanged;                    /* settles in dollars */
};

/* Of a payment itself everything is said; what stands beneath it names its charge and intent only. */
static struct command of_payment(const struct given *given, enum event_kind kind, int64_t minor)
{
	struct command command = about(kind);
	struct event *event = &command.u.event.event;

	memcpy(event->pledge, given->pledge, sizeof event->pledge);
	memcpy(event->payment, given->payment, sizeof event->payment);
	event->amount = money_of("EUR", minor);
	add_ref(&command, REF_PAYMENT_INTENT, given->intent);
	event->recurring = given->subscription[0] != '\0';
	if (event->recurring)
		add_ref(&command, REF_INVOICE, given->payment);
	return command;
}

static struct command beneath(const struct given *given, enum event_kind kind, enum ref_kind ref, const char *id, int64_t minor)
{
	struct command command = of_payment(given, kind, minor);

	command.u.event.event.recurring = false;
	add_ref(&command, REF_CHARGE, given->charge);
	add_ref(&command, ref, id);
	return command;
}

static struct clearing clearing_of(const struct given *given, int64_t minor, int64_t fee, uint32_t lines)
{
	const char *currency = given->exchanged ? "USD" : "EUR";
	int64_t settlement = given->exchanged ? minor * 11 / 10 : minor;
	struct clearing clearing = {
		.settlement = money_of(currency, settlement), .fee = money_of(currency, fee),
		.net = money_of(currency, settlement - fee), .lines = lines,
	};

	if (given->exchanged)
		strcpy(clearing.rate, "1.1");
	return clearing;
}

/* The provider's balance is asked about an object. */
static void clear(struct history *history, struct command command, struct clearing clearing, int64_t minor)
{
	struct event *event = &command.u.event.event;

	event->kind = EVENT_CLEARED;
	event->clearing = clearing;
	event->amount = money_of("EUR", minor);
	event->at_s = history->at_s;
	add_step(history, &command);
}

/* A line of the balance, which a payout may hold later. */
static void add_line(struct history *history, struct command command, const struct clearing *clearing)
{
	struct line *line = &history->lines[history->line_count++];
	struct event *event = &command.u.event.event;
	char id[OBJECT_ID_SIZE];

	assert_true(history->line_count < LINES_MAX);
	make_id(history, "txn", id);
	event->kind = EVENT_PAID_OUT;
	event->clearing = *clearing;
	event->clearing.lines = 1;
	event->clearing.rate[0] = '\0';
	event->amount = (struct money){ 0 };
	event->ref_count = 0;
	add_ref(&command, REF_BALANCE_TRANSACTION, id);
	line->told = command;
	strcpy(line->currency, clearing->settlement.currency.code);
	line->net = clearing->net.minor;
}

static void refund(struct history *history, struct given *given)
{
	int64_t minor = chance(history, 40) ? given->left : 1 + dice_roll(history->dice, (unsigned)given->left);
	struct clearing out = clearing_of(given, -minor, 0, 1);
	struct clearing nothing = clearing_of(given, 0, 0, 2);
	struct clearing back = clearing_of(given, minor, 0, 1);
	char id[OBJECT_ID_SIZE];

	make_id(history, "re", id);
	struct command made = beneath(given, EVENT_REFUNDED, REF_REFUND, id, minor);
	struct command failed = beneath(given, EVENT_REFUND_FAILED, REF_REFUND, id, minor);

	/* One that fails without having left the balance. */
	if (chance(history, 15)) {
		tell(history, failed);
		return;
	}
	tell(history, made);
	add_line(history, made, &out);
	clear(history, made, out, -minor);
	if (!chance(history, 25)) {
		given->left -= minor;
		return;
	}
	add_ref(&failed, REF_BALANCE_TRANSACTION, "txn");
	tell(history, failed);
	add_line(history, failed, &back);
	clear(history, made, nothing, 0);
}

static void dispute(struct history *history, struct given *given)
{
	int64_t minor = chance(history, 70) ? given->left : 1 + dice_roll(history->dice, (unsigned)given->left);
	struct clearing out = clearing_of(given, -minor, 1500, 1);
	int64_t fee_kept = chance(history, 50) ? 1500 : 0;
	struct clearing both = clearing_of(given, 0, fee_kept, 2);
	struct clearing back = clearing_of(given, minor, fee_kept - 1500, 1);
	char id[OBJECT_ID_SIZE];

	make_id(history, "dp", id);
	struct command opened = beneath(given, EVENT_DISPUTE_OPENED, REF_DISPUTE, id, minor);
	struct command taken = beneath(given, EVENT_DISPUTED, REF_DISPUTE, id, minor);
	struct command won = beneath(given, EVENT_DISPUTE_WON, REF_DISPUTE, id, minor);
	struct command lost = beneath(given, EVENT_DISPUTE_LOST, REF_DISPUTE, id, minor);

	if (chance(history, 40))
		tell(history, opened);
	if (chance(history, 20)) {
		tell(history, won); /* only an inquiry: nothing ever moved */
		return;
	}
	taken.u.event.event.clearing = lost.u.event.event.clearing = out;
	won.u.event.event.clearing = both;
	tell(history, taken);
	add_line(history, taken, &out);
	given->left -= minor;
	bool decided = chance(history, 80);

	if (decided && chance(history, 50))
		tell(history, lost);
	/* What was lost may be won by an appeal. */
	if (!decided || !chance(history, 50))
		return;
	tell(history, won);
	add_line(history, won, &back);
	given->left += minor;
}

static void pay(struct history *history, struct given *given)
{
	struct command settled = of_payment(given, EVENT_SETTLED, given->minor);
	struct clearing in = clearing_of(given, given->minor, 25 + given->minor / 50, 1);

	given->left = given->minor;
	tell(history, settled);
	add_line(history, settled, &in);
	clear(history, settled, in, given->minor);
	for (unsigned i = dice_roll(history->dice, 4); i > 0 && given->left > 0; i--)
		refund(history, given);
	if (given->left > 0 && chance(history, 40))
		dispute(history, given);
}

static void name_payment(struct history *history, struct given *given, const char *prefix)
{
	make_id(history, prefix, given->payment);
	make_id(history, "ch", given->charge);
	if (given->subscription[0] != '\0')
		make_id(history, "pi", given->intent);
	else
		memcpy(given->intent, given->payment, sizeof given->intent);
}

static void give_once(struct history *history, struct given *given)
{
	struct command expired = about(EVENT_EXPIRED);

	if (chance(history, 15)) {
		memcpy(expired.u.event.event.pledge, given->pledge, sizeof given->pledge);
		add_ref(&expired, REF_SESSION, given->pledge);
		tell(history, expired);
		return;
	}
	name_payment(history, given, "pi");
	if (chance(history, 30))
		tell(history, of_payment(given, EVENT_PENDING, given->minor));
	if (chance(history, 15)) {
		tell(history, of_payment(given, EVENT_FAILED, given->minor));
		return;
	}
	/* Not what was pledged: it waits for a person. */
	if (chance(history, 10))
		given->minor += 100;
	pay(history, given);
}

static void give_monthly(struct history *history, struct given *given)
{
	unsigned months = 1 + dice_roll(history->dice, 3);
	struct command ended = about(EVENT_ENDED);

	make_id(history, "sub", given->subscription);
	for (unsigned i = 0; i < months; i++) {
		name_payment(history, given, "in");
		if (i > 0 && chance(history, 30))
			tell(history, of_payment(given, EVENT_FAILED, given->minor));
		if (i == 0 || chance(history, 80))
			pay(history, given);
	}
	memcpy(ended.u.event.event.pledge, given->pledge, sizeof given->pledge);
	ended.u.event.event.reason = REASON_REQUESTED;
	add_ref(&ended, REF_SUBSCRIPTION, given->subscription);
	if (chance(history, 50))
		tell(history, ended);
}

/* ---- payouts: all that is in no payout yet, and other business ---- */

static struct command of_payout(enum event_kind kind, const char *id, const char *currency, int64_t minor)
{
	struct command command = about(kind);

	command.u.event.event.amount = money_of(currency, minor);
	add_ref(&command, REF_PAYOUT, id);
	return command;
}

static int64_t hold_lines(struct history *history, const char *currency, const char *payout)
{
	int64_t sum = 0;

	for (size_t i = 0; i < history->line_count; i++) {
		struct line *line = &history->lines[i];

		if (line->held || strcmp(line->currency, currency) != 0)
			continue;
		line->held = true;
		sum += line->net;
		add_ref(&line->told, REF_PAYOUT, payout);
		add_step(history, &line->told);
	}
	return sum;
}

static void pay_out(struct history *history, const char *currency)
{
	char id[OBJECT_ID_SIZE];
	size_t first;

	make_id(history, "po", id);
	struct command sent = of_payout(EVENT_PAYOUT_SENT, id, currency, 0);

	first = history->count;
	tell(history, sent);
	int64_t share = hold_lines(history, currency, id);
	int64_t amount = share + dice_roll(history->dice, 5000);

	for (size_t i = first; i < history->count && history->steps[i].command.u.event.event.kind == EVENT_PAYOUT_SENT; i++)
		history->steps[i].command.u.event.event.amount.minor = amount;
	struct command explained = of_payout(EVENT_PAYOUT_EXPLAINED, id, currency, amount);

	add_step(history, &explained);
	if (chance(history, 60))
		tell(history, of_payout(EVENT_PAYOUT_PAID, id, currency, amount));
	if (!chance(history, 30))
		return;
	tell(history, of_payout(EVENT_PAYOUT_FAILED, id, currency, amount));
	struct command back = about(EVENT_PAID_OUT);
	struct clearing clearing = { .settlement = money_of(currency, amount), .fee = money_of(currency, 0), .net = money_of(currency, amount), .lines = 1 };

	memcpy(back.u.event.event.payment, id, sizeof id);
	add_line(history, back, &clearing);
	history->lines[history->line_count - 1].net = share; /* what of it is ours */
}

static void live(struct history *history)
{
	for (int i = 1; i <= PLEDGES; i++) {
		struct given given = { .minor = 1000 + dice_roll(history->dice, 5) * 500, .exchanged = chance(history, 40) };
		struct command pledge = pledging(i, "press", "friend", money_of("EUR", given.minor));
		bool monthly = chance(history, 35);

		number_pledge(i, given.pledge);
		strcpy(pledge.u.pledge.session, given.pledge);
		pledge.u.pledge.interval = monthly ? INTERVAL_MONTH : INTERVAL_ONCE;
		add_step(history, &pledge);
		if (monthly)
			give_monthly(history, &given);
		else
			give_once(history, &given);
		if (chance(history, 40))
			pay_out(history, chance(history, 60) ? "EUR" : "USD");
	}
}

/* ---- telling ---- */

struct told {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	struct outcome outcomes[AT_ONCE_MAX];
	unsigned waiting;
};

struct slot {
	struct told *told;
	struct outcome *outcome;
};

static void on_told(void *context, const struct outcome *outcome)
{
	struct slot *slot = context;

	pthread_mutex_lock(&slot->told->mutex);
	*slot->outcome = *outcome;
	slot->told->waiting--;
	pthread_cond_signal(&slot->told->changed);
	pthread_mutex_unlock(&slot->told->mutex);
}

static void submit_all(struct ledger *ledger, struct command *commands, unsigned count, struct outcome *outcomes)
{
	struct told told = { .mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER, .waiting = count };
	struct slot slots[AT_ONCE_MAX];

	for (unsigned i = 0; i < count; i++) {
		slots[i] = (struct slot){ &told, &outcomes[i] };
		assert_int_equal(ledger_submit(ledger, &commands[i], on_told, &slots[i]), OK);
	}
	pthread_mutex_lock(&told.mutex);
	while (told.waiting > 0)
		pthread_cond_wait(&told.changed, &told.mutex);
	pthread_mutex_unlock(&told.mutex);
}

static bool is_claim(enum event_kind kind)
{
	return kind >= EVENT_REFUNDED && kind <= EVENT_DISPUTE_LOST;
}

static bool was_asked(const struct command *command)
{
	return command->kind == COMMAND_EVENT && command->u.event.event.id[0] == '\0';
}

/* A payout is walked through once what it holds has been told of, or else its lines would be nobody's. */
static bool may_be_held(struct ledger *ledger, const struct event *event)
{
	struct provider_object payout;
	struct payment payment;

	return ledger_provider_object(ledger, "stripe", event->payment, &payout) == OK || ledger_payment(ledger, "stripe", event->payment, &payment) == OK;
}

/* It is explained when all its lines were taken. */
static bool is_explained(const struct history *history, const struct event *explained)
{
	const char *payout = event_ref(explained, REF_PAYOUT);

	for (size_t i = 0; i < history->count; i++) {
		const struct event *event = &history->steps[i].command.u.event.event;

		if (history->steps[i].left > 0 && history->steps[i].command.kind == COMMAND_EVENT && event->kind == EVENT_PAID_OUT
		    && strcmp(event_ref(event, REF_PAYOUT), payout) == 0)
			return false;
	}
	return true;
}

/*
 * As the service does: what stands beneath a payment says whose it is only where that had to be asked; false when it
 * is too early to ask for it.
 */
static bool prepare(const struct history *history, struct ledger *ledger, struct command *command)
{
	struct event *event = &command->u.event.event;
	struct pledge pledge;
	bool known = false;

	if (command->kind != COMMAND_EVENT)
		return true;
	if (event->kind == EVENT_PAID_OUT)
		return may_be_held(ledger, event);
	if (event->kind == EVENT_PAYOUT_EXPLAINED)
		return is_explained(history, event);
	for (size_t i = 0; i < event->ref_count; i++)
		known |= ledger_object(ledger, "stripe", event->refs[i].id, &pledge) == OK;
	if (is_claim(event->kind) && known)
		event->pledge[0] = event->payment[0] = '\0';
	return true;
}

/* Told or taken, asked again, or a mistake. */
static void hear(struct step *step, const struct outcome *outcome)
{
	if (outcome->err == OK && outcome->verdict != VERDICT_REFUSE)
		step->left--;
	else if (outcome->err != ERR_UNKNOWN || !was_asked(&step->command))
		fail_msg("%s %s: %s", event_kind_name(step->command.u.event.event.kind), step->command.u.event.event.id, err_name(outcome->err));
}

static void tell_in_order(struct history *history, struct ledger *ledger)
{
	for (size_t i = 0; i < history->count; i++) {
		struct step *step = &history->steps[i];
		struct command command = step->command;
		struct outcome outcome;

		step->left = 1;
		assert_true(prepare(history, ledger, &command));
		submit_all(ledger, &command, 1, &outcome);
		hear(step, &outcome);
		if (step->left != 0 || outcome.verdict == VERDICT_NOT_OURS)
			fail_msg("%s %s: not taken in order", event_kind_name(command.u.event.event.kind), command.u.event.event.id);
	}
}

static struct ledger *open_again(struct history *history, struct ledger *ledger)
{
	char command[128];

	ledger_close(&ledger);
	snprintf(command, sizeof command, "rm -r %s/index", folder);
	if (chance(history, 50))
		assert_int_equal(system(command), 0);
	return open_ledger(0);
}

/* Some steps that have something left to tell, each once; fewer than asked for when it is too early for some. */
static unsigned pick(struct history *history, struct ledger *ledger, bool pledges, struct step **picked, struct command *commands)
{
	unsigned wanted = 1 + dice_roll(history->dice, AT_ONCE_MAX);
	unsigned count = 0;

	for (unsigned tries = 0; tries < 4 * AT_ONCE_MAX && count < wanted; tries++) {
		struct step *step = &history->steps[dice_roll(history->dice, (unsigned)history->count)];
		bool again = false;

		for (unsigned i = 0; i < count; i++)
			again |= picked[i] == step;
		if (step->left == 0 || again || (step->command.kind == COMMAND_PLEDGE) != pledges)
			continue;
		commands[count] = step->command;
		if (prepare(history, ledger, &commands[count]))
			picked[count++] = step;
	}
	return count;
}

static bool is_left(const struct history *history, bool pledges)
{
	for (size_t i = 0; i < history->count; i++)
		if (history->steps[i].left > 0 && (history->steps[i].command.kind == COMMAND_PLEDGE) == pledges)
			return true;
	return false;
}

static struct ledger *tell_in_any_order(struct history *history, struct ledger *ledger)
{
	struct step *picked[AT_ONCE_MAX];
	struct command commands[AT_ONCE_MAX];
	struct outcome outcomes[AT_ONCE_MAX];

	for (size_t i = 0; i < history->count; i++)
		history->steps[i].left = was_asked(&history->steps[i].command) ? 1 : 1 + dice_roll(history->dice, 2);
	for (unsigned turns = 0; is_left(history, false) || is_left(history, true); turns++) {
		unsigned count = pick(history, ledger, is_left(history, true), picked, commands);

		assert_true(turns < 100000);
		submit_all(ledger, commands, count, outcomes);
		for (unsigned i = 0; i < count; i++)
			hear(picked[i], &outcomes[i]);
		if (chance(history, 3))
			ledger = open_again(history, ledger);
	}
	return ledger;
}

/* ---- where it ends ---- */

/* Everything that the ledger says, as one text. */
static void put_balances(struct buffer *out, struct ledger *ledger)
{
	struct account_balance balance = { .sum = { .minor = 0 } };
	char name[LEDGER_ACCOUNT_TEXT_SIZE];

	while (ledger_balance_next(ledger, &balance) == OK) {
		ledger_account_format(&balance.account, name);
		if (balance.sum.minor != 0)
			buffer_format(out, "%s %s %lld\n", name, balance.sum.currency.code, (long long)balance.sum.minor);
	}
}

static void put_payment(struct buffer *out, struct ledger *ledger, const char *id)
{
	struct payment payment;

	if (ledger_payment(ledger, "stripe", id, &payment) != OK)
		return;
	buffer_format(out, "%s: %s %s, %d, given %lld, refunded %lld, disputed %lld, lost %lld, fee %lld, settlement %lld %s, paid out %lld\n",
	              id, payment.id, payment_status_name(payment.status), payment.standing, (long long)payment.given.minor,
	              (long long)payment_refunded(&payment), (long long)payment.disputed, (long long)payment.lost,
	              (long long)payment_fee(&payment), (long long)payment.all.settlement, payment.settlement.code, (long long)payment.paid_out);
}

static void put_object(struct buffer *out, struct ledger *ledger, const char *id)
{
	struct provider_object object;

	if (ledger_provider_object(ledger, "stripe", id, &object) == OK && object.status != EVENT_KINDS)
		buffer_format(out, "%s: %s, %lld, lines %u, share %lld, explained %d, returned %lld\n", id, event_kind_name(object.status),
		              (long long)object.amount.minor, object.cleared.lines, (long long)object.share, object.explained, (long long)object.returned);
}

static void put_work(struct buffer *out, struct ledger *ledger)
{
	struct owed owed = { .verb = 0 };
	struct parked parked = { .seq = 0 };
	unsigned waiting = 0;

	while (ledger_owed_next(ledger, &owed) == OK)
		buffer_format(out, "owed: %c %s\n", owed.verb, owed.object);
	while (ledger_parked_next(ledger, &parked) == OK) {
		if (parked.reason != REASON_OTHER_AMOUNT)
			buffer_format(out, "parked: %s %s\n", event_kind_name(parked.event.kind), reason_name(parked.reason));
		waiting++;
	}
	buffer_format(out, "waiting for a person: %u\n", waiting);
}

static void put_all(struct buffer *out, const struct history *history, struct ledger *ledger)
{
	struct pledge pledge;
	char id[TOKEN_SIZE];

	put_balances(out, ledger);
	for (int i = 1; i <= PLEDGES; i++) {
		number_pledge(i, id);
		assert_int_equal(ledger_pledge(ledger, id, &pledge), OK);
		buffer_format(out, "%s: %s, settled %u, pending %u, %s\n", id, pledge_status_name(pledge.status), pledge.settled_count,
		              pledge.pending_count, pledge.payment);
	}
	for (int number = 1; number <= history->number; number++) {
		static const char *const payments[] = { "pi", "in", "ch" };
		static const char *const objects[] = { "re", "dp", "po", "txn" };
		char object[OBJECT_ID_SIZE];

		for (size_t i = 0; i < sizeof payments / sizeof payments[0]; i++) {
			snprintf(object, sizeof object, "%s_%d", payments[i], number);
			put_payment(out, ledger, object);
		}
		for (size_t i = 0; i < sizeof objects / sizeof objects[0]; i++) {
			snprintf(object, sizeof object, "%s_%d", objects[i], number);
			put_object(out, ledger, object);
		}
	}
	put_work(out, ledger);
	assert_int_equal(buffer_err(out), OK);
}

/* The books hold at the provider what the history left there. */
static void assert_provider(const struct history *history, struct ledger *ledger, const char *currency)
{
	struct account_balance balance = { .sum = { .minor = 0 } };
	char name[LEDGER_ACCOUNT_TEXT_SIZE];
	int64_t expected = 0;
	int64_t found = 0;

	for (size_t i = 0; i < history->line_count; i++)
		if (!history->lines[i].held && strcmp(history->lines[i].currency, currency) == 0)
			expected += history->lines[i].net;
	while (ledger_balance_next(ledger, &balance) == OK) {
		ledger_account_format(&balance.account, name);
		if (strcmp(name, "assets:provider:stripe") == 0 && strcmp(balance.sum.currency.code, currency) == 0)
			found = balance.sum.minor;
	}
	if (found != expected)
		fail_msg("assets:provider:stripe %s: %lld, not %lld", currency, (long long)found, (long long)expected);
}

/* What waits for another entry is looked at behind it, after who submitted that was told: a stop waits for it. */
static void finish(const struct history *history, struct ledger *ledger, struct buffer *out)
{
	ledger_close(&ledger);
	ledger = open_ledger(0);
	put_all(out, history, ledger);
	assert_provider(history, ledger, "EUR");
	assert_provider(history, ledger, "USD");
	ledger_close(&ledger);
	assert_int_equal(remove_folder(NULL), 0);
}

static void assert_same(const struct buffer *orderly, const struct buffer *other, int number)
{
	if (bytes_equal(buffer_view(orderly), buffer_view(other)))
		return;
	printf("---- in order\n%.*s---- in another order\n%.*s", (int)orderly->length, orderly->data, (int)other->length, other->data);
	fail_msg("history %d ends otherwise", number);
}

static void every_order_of_a_history_ends_alike(void **state)
{
	static struct history history;
	struct dice dice = dice_from_environment();

	(void)state;
	for (int number = 0; number < HISTORIES; number++) {
		struct buffer orderly = BUFFER(1 << 20);

		memset(&history, 0, sizeof history);
		history = (struct history){ .dice = &dice, .at_s = 1795334400 };
		live(&history);
		assert_int_equal(make_folder(NULL), 0);
		struct ledger *ledger = open_ledger(0);

		tell_in_order(&history, ledger);
		finish(&history, ledger, &orderly);
		for (int i = 0; i < TELLINGS; i++) {
			struct buffer other = BUFFER(1 << 20);

			assert_int_equal(make_folder(NULL), 0);
			ledger = tell_in_any_order(&history, open_ledger(0));
			finish(&history, ledger, &other);
			assert_same(&orderly, &other, number);
			buffer_free(&other);
		}
		buffer_free(&orderly);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_order_of_a_history_ends_alike) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
