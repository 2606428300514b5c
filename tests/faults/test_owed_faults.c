/*
 * What is owed to a provider is worked off whatever fails: the fee of a gift is asked for, and a refund that an operator
 * wants is made. Every call on that road, on every thread, fails once and from then on, at n = 1, 2, … until none is left
 * to fail; without LONG=1 every third of them, SEED says which. Afterwards, where a ledger whose disk failed is opened anew, nothing is owed any more, each gift was cleared
 * and refunded exactly once, and the provider has made one refund of each.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "commands/instance_inside.h"
#include "ledger/scan.h"
#include "service/audit.h"
#include "sys/clock.h"
#include "tests/faults/living.h"

enum { EVERY_CALL = CALL_READ | CALL_WRITE | CALL_SYNC | CALL_INDEX | CALL_SYSTEM | CALL_SOCKET | CALL_HTTP };

/* A disk that others keep busy takes seconds for a restart's syncs; what is stuck is stuck for longer. */
enum { WORK_MS = 60000 };

enum { STRIDE_SHORT = 3 };

static const struct plan plans[] = {
	{ "no memory, once", CALL_MEMORY, ENOMEM, false, NULL },
	{ "EIO, once", EVERY_CALL, EIO, false, NULL },
	{ "no memory, for ever", CALL_MEMORY, ENOMEM, true, NULL },
	{ "EIO, for ever", EVERY_CALL, EIO, true, NULL },
};

/* ---- working off ---- */

static struct ledger_status status_now(void)
{
	struct ledger_status status;

	ledger_status(instance->service.ledger, &status);
	return status;
}

/*
 * As the main thread does, but without its patience: what failed is due at once. Until nothing is owed, the ledger takes
 * nothing, or the time is over.
 */
static void work_off(int patience_ms)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	int64_t until_us = clock_mono_us() + patience_ms * INT64_C(1000);
	struct ledger_status status = status_now();

	while ((status.owed > 0 || !owed_rests(instance->owed)) && !status.halted && clock_mono_us() < until_us) {
		owed_hurry(instance->owed);
		window_inside();
		(void)owed_look(instance->owed, clock_mono_us());
		window_outside();
		nanosleep(&pause, NULL);
		status = status_now();
	}
}

static void work_off_after_all(void)
{
	work_off(WORK_MS);
	if (status_now().halted) {
		restart();
		work_off(WORK_MS);
	}
	if (status_now().owed > 0)
		fail_msg("%s, %s failed: it is still owed%s", plan->name, window_failed(), status_now().halted ? ", and the ledger is halted" : "");
}

/* ---- the roads ---- */

static struct owed last; /* the fee of the last donor's gift */

/* A gift is delivered: its fee is owed. */
static void owe_fee(void)
{
	char where[32];

	prepare_webhook();
	public_address(where);
	assert_int_equal(ask(where, request.data, false), 200);
	last = (struct owed){ 0 };
	assert_int_equal(ledger_owed_next(instance->service.ledger, &last), OK);
	assert_int_equal(last.verb, OWED_CLEAR);
}

static void owe_refund(void)
{
	struct command command = { .kind = COMMAND_REFUND };
	struct operator_command *operator = &command.u.operator;

	owe_fee();
	work_off_after_all();
	snprintf(operator->reference, sizeof operator->reference, "mail/%u", number);
	operator->reason = REASON_DONOR_REQUEST;
	operator->amount = money_of("USD", 700);
	strcpy(operator->account, last.account);
	strcpy(operator->payment, last.payment);
	book(instance->service.ledger, &command, ENTRY_REFUND_ASKED);
}

static void check_nothing(void)
{
}

/* The provider's own list of the gift's refunds. */
static void check_refund(void)
{
	char target[OBJECT_ID_SIZE + 64];

	snprintf(target, sizeof target, "/v1/refunds?payment_intent=%s", last.payment);
	json_t *list = ask_provider("GET", target, "");

	assert_int_equal(json_array_size(json_object_get(list, "data")), 1);
	json_decref(list);
}

static const struct road {
	const char *name;
	void (*owe)(void);
	void (*check)(void);
	size_t plans; /* without LONG=1 */
} roads[] = {
	{ "a fee", owe_fee, check_nothing, 1 },
	{ "a refund, and what the balance says of it", owe_refund, check_refund, 2 },
};

static bool walk_once(const struct road *road, unsigned n)
{
	road->owe();
	window_arm(plan, n);
	work_off(plan->forever ? STANDSTILL_MS : WORK_MS);
	bool fired = window_disarm();

	work_off_after_all();
	road->check();
	return fired;
}

static unsigned count_entries(enum entry_kind kind)
{
	char data_dir[PATH_SIZE + 8];
	struct entry *entry = malloc(sizeof *entry);
	struct scan *scan = NULL;
	unsigned count = 0;
	bool more = true;

	snprintf(data_dir, sizeof data_dir, "%s/data", files.directory);
	assert_non_null(entry);
	assert_int_equal(scan_open(&scan, data_dir, NULL), OK);
	while (scan_next(scan, entry, &more, NULL) == OK && more)
		count += entry->kind == kind;
	scan_close(&scan);
	free(entry);
	return count;
}

static unsigned refunds; /* asked for so far */

static void check_books(void)
{
	char data_dir[PATH_SIZE + 8];
	struct audit audit;
	struct why why = { "" };

	snprintf(data_dir, sizeof data_dir, "%s/data", files.directory);
	if (audit_run(data_dir, &audit, &why) != OK)
		fail_msg("%s: %s", plan->name, why.text);
	assert_int_equal(count_entries(ENTRY_SETTLED), number);
	assert_int_equal(count_entries(ENTRY_REFUND_ASKED), refunds);
	assert_int_equal(count_entries(ENTRY_REFUNDED), refunds);
	assert_int_equal(count_entries(ENTRY_CLEARED), number + refunds); /* a refund is a line of the balance, too */
	assert_int_equal(count_entries(ENTRY_PARKED), 0);
}

static void walk_road(const struct road *road, unsigned stride)
{
	const char *seed = getenv("SEED");
	unsigned first = 1 + (unsigned)(seed != NULL ? strtoul(seed, NULL, 10) : 0) % stride;
	unsigned walks = 1;

	restarts = 0;
	while (walk_once(road, first + (walks - 1) * stride))
		walks++;
	refunds += road->owe == owe_refund ? walks : 0;
	check_books();
	printf("n = %u, %u + %u k (%s: %s), %u restarts\n", walks - 1, first, stride, road->name, plan->name, restarts);
	fflush(stdout);
}

static void what_is_owed_is_done_once_whatever_fails(void **state)
{
	bool all = getenv("LONG") != NULL;

	(void)state;
	window_outside();
	for (size_t i = 0; i < sizeof roads / sizeof roads[0]; i++)
		for (plan = plans; plan < plans + (all ? sizeof plans / sizeof plans[0] : roads[i].plans); plan++)
			walk_road(&roads[i], all ? 1 : STRIDE_SHORT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_owed_is_done_once_whatever_fails),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
