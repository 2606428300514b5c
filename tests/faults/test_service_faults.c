/*
 * The roads through the whole service, over real HTTP and with the stand-in provider in a process of its own:
 * a checkout, a webhook, and one that does not say whose it is. Every call that they make fails once and from then on, at n = 1, 2, … until none is
 * left to fail. What asks gets an answer or the end of its connection; 201 and 200 only when the entry is in the
 * file; the same again succeeds, and all is booked exactly once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <errno.h>
#include <glob.h>

#include <cmocka.h>

#include "ledger/scan.h"
#include "service/audit.h"
#include "tests/faults/living.h"

enum {
	NET_CALLS = CALL_SOCKET | CALL_HTTP | CALL_SYSTEM,
	DISK_CALLS = CALL_READ | CALL_WRITE | CALL_SYNC | CALL_INDEX,
	PLANS_SHORT = 4,
};

static const struct plan plans[] = {
	{ "EIO, once", NET_CALLS | DISK_CALLS, EIO, false, NULL },
	{ "no memory, once", CALL_MEMORY, ENOMEM, false, NULL },
	{ "EIO, for ever", NET_CALLS | DISK_CALLS, EIO, true, NULL },
	{ "no memory, for ever", CALL_MEMORY, ENOMEM, true, NULL },
	{ "ENOSPC, once", CALL_WRITE | CALL_SYNC | CALL_INDEX, ENOSPC, false, NULL },
	{ "EMFILE, once", NET_CALLS, EMFILE, false, NULL },
};

/* Whether the ledger's file holds this: for what was said to be booked. */
static bool is_written(const char *text)
{
	char pattern[PATH_SIZE + 32];
	glob_t segments;
	bool found = false;

	snprintf(pattern, sizeof pattern, "%s/data/ledger/*.jsonl", files.directory);
	assert_int_equal(glob(pattern, 0, NULL, &segments), 0);
	FILE *file = fopen(segments.gl_pathv[segments.gl_pathc - 1], "r");

	assert_non_null(file);
	static char tail[16 * 1024];

	if (fseek(file, -(long)sizeof tail + 1, SEEK_END) != 0)
		rewind(file);
	size_t length = fread(tail, 1, sizeof tail - 1, file);

	found = memmem(tail, length, text, strlen(text)) != NULL;
	fclose(file);
	globfree(&segments);
	return found;
}

/* ---- the roads ---- */

/* The pledge that was answered. */
static void note_pledge(void)
{
	json_t *object = answered();
	const char *pledge = json_string_value(json_object_get(object, "pledge"));

	assert_non_null(pledge);
	snprintf(marker, sizeof marker, "\"pledge\":\"%s\"", pledge);
	json_decref(object);
}

static void note_nothing(void)
{
}

/* ---- a renewal whose event does not say whose it is ---- */

static char subscription[OBJECT_ID_SIZE];
static unsigned settled; /* that must be in the books */

static void deliver(void)
{
	char where[32];

	public_address(where);
	assert_int_equal(ask(where, request.data, false), 200);
}

static void subscribe(void)
{
	json_t *event;

	pay_for("members-month-10");
	put_delivery(last_event("checkout.session.completed"));
	deliver();
	event = last_event("invoice.paid");
	json_t *details = json_object_get(json_object_get(json_object_get(json_object_get(event, "data"), "object"), "parent"), "subscription_details");

	snprintf(subscription, sizeof subscription, "%s", json_string_value(json_object_get(details, "subscription")));
	put_delivery(event);
	deliver();
	settled++;
}

/* Only what the index knows of the subscription tells that it is ours. */
static void prepare_renewal(void)
{
	char body[OBJECT_ID_SIZE + 64];

	if (subscription[0] == '\0')
		subscribe();
	snprintf(body, sizeof body, "{\"subscription\":\"%s\",\"outcome\":\"succeeded\"}", subscription);
	json_decref(ask_provider("POST", "/sandbox/renew", body));
	json_t *event = last_event("invoice.paid");
	json_t *invoice = json_object_get(json_object_get(event, "data"), "object");
	json_t *lines = json_object_get(json_object_get(invoice, "lines"), "data");
	json_t *line;
	size_t i;

	json_object_clear(json_object_get(json_object_get(json_object_get(invoice, "parent"), "subscription_details"), "metadata"));
	json_array_foreach(lines, i, line)
		json_object_clear(json_object_get(line, "metadata"));
	put_delivery(event);
	settled++;
}

static void prepare_gift(void)
{
	prepare_webhook();
	settled++;
}

static const struct road {
	const char *name;
	void (*prepare)(void);
	void (*note)(void); /* what an answer that promises promised */
	int promise;        /* the status that does */
	enum entry_kind kind;
} roads[] = {
	{ "a checkout", prepare_checkout, note_pledge, 201, ENTRY_PLEDGED },
	{ "a webhook", prepare_gift, note_nothing, 200, ENTRY_SETTLED },
	{ "a renewal", prepare_renewal, note_nothing, 200, ENTRY_SETTLED },
};

static void promise_kept(const struct road *road)
{
	road->note();
	if (!is_written(marker))
		fail_msg("%s, %s failed: %d, and nothing is written", plan->name, window_failed(), road->promise);
}

/* The same again, without faults; a ledger whose disk failed appends no more and is opened anew. */
static void ask_again(const struct road *road)
{
	char where[32];

	public_address(where);
	int status = ask(where, request.data, false);

	if (status != road->promise) {
		if (!plan->forever && (window_failed_kind() & DISK_CALLS) == 0)
			fail_msg("%s, %s failed, then %d: %s", plan->name, window_failed(), status, answer);
		restart();
		public_address(where);
		status = ask(where, request.data, false);
	}
	if (status != road->promise)
		fail_msg("%s, %s failed, after a restart %d: %s", plan->name, window_failed(), status, answer);
	promise_kept(road);
}

/* Whoever writes a 503, the site or the server for it: it says once when to come again. */
static void says_when_to_come_again(void)
{
	const char *field = strcasestr(answer, "\r\nRetry-After: ");

	if (field == NULL || strncmp(field + 15, "5\r\n", 3) != 0 || strcasestr(field + 1, "\r\nRetry-After: ") != NULL)
		fail_msg("%s, %s failed: %s", plan->name, window_failed(), answer);
}

static bool walk_once(const struct road *road, unsigned n)
{
	static const int refusals[] = { 0, 500, 502, 503 };
	char where[32];
	char promised[sizeof marker] = "";

	road->prepare();
	public_address(where);
	window_arm(plan, n);
	int status = ask(where, request.data, true);
	bool fired = window_disarm();
	bool known = status == 400 && window_failed_kind() == CALL_HTTP; /* a request that came without its fields; else it is not bad */

	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
		known |= status == refusals[i];
	if (status == road->promise) {
		promise_kept(road);
		memcpy(promised, marker, sizeof promised);
	} else if (!known || !fired) {
		fail_msg("%s, %s failed: %d: %s", plan->name, window_failed(), status, answer);
	}
	if (status == 503)
		says_when_to_come_again();
	ask_again(road);
	if (promised[0] != '\0')
		assert_string_equal(marker, promised); /* the same pledge, not another */
	return fired;
}

/* Everybody's, exactly once. */
static void check_books(const struct road *road)
{
	char data_dir[PATH_SIZE + 8];
	struct entry *entry = malloc(sizeof *entry);
	struct scan *scan = NULL;
	struct audit audit;
	struct why why = { "" };
	unsigned count = 0;
	bool more = true;

	snprintf(data_dir, sizeof data_dir, "%s/data", files.directory);
	if (audit_run(data_dir, &audit, &why) != OK)
		fail_msg("%s: %s", plan->name, why.text);
	assert_non_null(entry);
	assert_int_equal(scan_open(&scan, data_dir, &why), OK);
	while (scan_next(scan, entry, &more, &why) == OK && more) {
		count += entry->kind == road->kind;
		assert_int_not_equal(entry->kind, ENTRY_PARKED);
	}
	assert_string_equal(why.text, "");
	scan_close(&scan);
	free(entry);
	assert_int_equal(count, road->kind == ENTRY_PLEDGED ? number : settled);
}

static void walk_road(const struct road *road)
{
	unsigned n = 1;

	restarts = 0;
	while (walk_once(road, n))
		n++;
	check_books(road);
	printf("n = %u (%s: %s), %u restarts\n", n - 1, road->name, plan->name, restarts);
	fflush(stdout);
}

/* The first plans fail every call that there is; the others tell errors apart and take LONG=1. */
static void every_promise_is_kept_whatever_fails(void **state)
{
	size_t count = getenv("LONG") != NULL ? sizeof plans / sizeof plans[0] : PLANS_SHORT;

	(void)state;
	window_outside();
	for (size_t i = 0; i < sizeof roads / sizeof roads[0]; i++)
		for (plan = plans; plan < plans + count; plan++)
			walk_road(&roads[i]);
}

/* The disk's part of starting is failed in test_ledger_faults.c. */
static void a_start_that_fails_says_so_and_leaves_nothing_behind(void **state)
{
	static const struct plan once = { "EMFILE, once", NET_CALLS, EMFILE, false, NULL };
	unsigned n = 0;
	bool fired = true;

	(void)state;
	plan = &once;
	instance_stop(&instance);
	while (fired) {
		struct why why = { "" };

		window_inside();
		window_arm(plan, ++n);
		enum err err = start_service(&why);

		if (err == OK)
			instance_stop(&instance);
		fired = window_disarm();
		window_outside();
		if (err != OK && (err != ERR_SYSTEM && err != ERR_MEMORY && err != ERR_STORAGE))
			fail_msg("%s failed: %s: %s", window_failed(), err_name(err), why.text);
	}
	restart();
	printf("n = %u (start and stop: %s)\n", n - 1, plan->name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_promise_is_kept_whatever_fails),
		cmocka_unit_test(a_start_that_fails_says_so_and_leaves_nothing_behind),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
