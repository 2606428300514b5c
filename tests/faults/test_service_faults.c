/*
 * The two roads through the whole service, over real HTTP and with the stand-in provider in a process of its own:
 * a checkout and a webhook. Every call that they make fails once and from then on, at n = 1, 2, … until none is
 * left to fail. What asks gets an answer or the end of its connection; 201 and 200 only when the entry is in the
 * file; the same again succeeds, and all is booked exactly once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <jansson.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

#include "commands/configuration.h"
#include "commands/demo_files.h"
#include "commands/instance.h"
#include "ledger/scan.h"
#include "sandbox/sandbox.h"
#include "sandbox/signature.h"
#include "service/audit.h"
#include "sys/log.h"
#include "tests/faults/window.h"
#include "tests/unit/raw_client.h"
#include "tests/unit/small_ledger.h"

enum {
	NET_CALLS = CALL_SOCKET | CALL_HTTP | CALL_SYSTEM,
	DISK_CALLS = CALL_READ | CALL_WRITE | CALL_SYNC | CALL_INDEX,
	PATIENCE_MS = 8000,
	STANDSTILL_MS = 250, /* for what cannot come while a call fails for ever */
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

static const struct plan *plan; /* the one that is armed */
static struct demo_files files;
static struct instance *instance;
static unsigned restarts;

/* ---- the service and the provider ---- */

static enum err start_service(struct why *why)
{
	static struct config_problems problems;
	const struct instance_options options = { .config_path = files.config };
	struct config *config = NULL;
	enum err err = configuration_read(files.config, &config, &problems);

	return err == OK ? instance_start(&instance, config, &options, why) : err;
}

static void restart(void)
{
	struct why why = { "" };

	instance_stop(&instance);
	if (start_service(&why) != OK)
		fail_msg("%s, %s failed, not started again: %s", plan->name, window_failed(), why.text);
	restarts++;
}

/* In a process of its own no call of the stand-in's fails. It ends with this one. */
static void start_provider(void)
{
	char listen[32];
	char byte = 1;
	int ready[2];
	const struct sandbox_options options = { .listen = listen, .api_key = files.api_key, .seed = 1 };

	snprintf(listen, sizeof listen, "127.0.0.1:%u", files.sandbox_port);
	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct sandbox *sandbox;
		struct why why;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (sandbox_start(&sandbox, &options, &why) != OK || write(ready[1], &byte, 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
}

/* So many sessions a minute open nowhere else; and what is left of a tier is looked at on the way. */
static void raise_limits(void)
{
	json_t *root = json_load_file(files.config, 0, NULL);
	json_t *campaign = json_array_get(json_object_get(root, "campaigns"), 0);

	assert_non_null(root);
	assert_int_equal(json_object_set_new(json_array_get(json_object_get(campaign, "tiers"), 0), "stock", json_integer(1000000)), 0);
	json_object_set_new(root, "limits", json_pack("{s:i, s:i}", "sessions_per_address_minute", 1000000,
	                                              "sessions_per_minute", 1000000));
	assert_int_equal(json_dump_file(root, files.config, 0), 0);
	json_decref(root);
}

static int setup(void **state)
{
	char path[96];
	struct why why = { "" };

	(void)make_folder(state);
	snprintf(path, sizeof path, "%s/demo", folder);
	assert_int_equal(demo_files_make(path, &files, &why), OK);
	raise_limits();
	start_provider();
	instance_signals();
	snprintf(path, sizeof path, "%s/log", folder);
	assert_int_equal(log_open(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)), OK);
	return start_service(&why) != OK;
}

static int teardown(void **state)
{
	instance_stop(&instance);
	log_close();
	return remove_folder(state);
}

/* ---- asking ---- */

static char answer[256 * 1024];

/* The status of a whole answer, 0 where the connection ended; `answer` holds what came. */
static int ask(const char *where, const char *request, bool faulty)
{
	int fd = connect_to(where);

	assert_true(fd >= 0);
	answer[0] = '\0';
	assert_true(send_text(fd, request));
	bool stands_still = faulty && plan->forever;
	enum heard heard = hear_answer(fd, false, answer, sizeof answer, stands_still ? STANDSTILL_MS : PATIENCE_MS);

	if (heard == HEARD_NOTHING && stands_still) {
		(void)window_disarm(); /* the fault is over: who waited is served */
		heard = hear_answer(fd, false, answer, sizeof answer, PATIENCE_MS);
	}
	close(fd);
	if (heard == HEARD_NOTHING)
		fail_msg("%s, %s failed: nobody answers: %s", plan->name, window_failed(), request);
	return heard == HEARD_ALL ? answer_status(answer) : 0;
}

static void put_post(struct buffer *request, const char *target, const char *fields, const char *body)
{
	buffer_format(request, "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nContent-Type: application/json\r\n"
	                       "Content-Length: %zu\r\nConnection: close\r\n%s\r\n%s",
	              target, files.public_port, strlen(body), fields, body);
	assert_int_equal(buffer_err(request), OK);
}

/* The object that came, the caller's; NULL where none did. */
static json_t *answered(void)
{
	const char *body = strstr(answer, "\r\n\r\n");

	return body != NULL ? json_loads(body, 0, NULL) : NULL;
}

static json_t *ask_provider(const char *method, const char *target, const char *body)
{
	struct buffer request = BUFFER(4096);
	char where[32];

	snprintf(where, sizeof where, "127.0.0.1:%u", files.sandbox_port);
	buffer_format(&request, "%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n"
	                        "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
	              method, target, where, files.api_key, strlen(body), body);
	assert_int_equal(ask(where, request.data, false), 200);
	buffer_free(&request);
	json_t *object = answered();

	assert_non_null(object);
	return object;
}

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

static unsigned number; /* of the donor */
static struct buffer request = { .max = 64 * 1024 };
static char marker[128]; /* what the entry of this request holds */

static void prepare_checkout(void)
{
	char key[64];

	number++;
	buffer_free(&request);
	snprintf(key, sizeof key, "Idempotency-Key: donor-%u\r\n", number);
	put_post(&request, "/v1/checkout", key, "{\"tier\":\"box-100\"}");
}

/* The pledge that was answered. */
static void note_pledge(void)
{
	json_t *object = answered();
	const char *pledge = json_string_value(json_object_get(object, "pledge"));

	assert_non_null(pledge);
	snprintf(marker, sizeof marker, "\"pledge\":\"%s\"", pledge);
	json_decref(object);
}

static void public_address(char where[static 32])
{
	snprintf(where, 32, "%s", instance_public(instance));
}

/* A session that is paid, and its event signed for delivery. */
static void prepare_webhook(void)
{
	char where[32];
	char body[256];
	char target[128];
	struct signing_secrets secrets = { .count = 1 };
	struct buffer signature = BUFFER(1024);

	public_address(where);
	prepare_checkout();
	assert_int_equal(ask(where, request.data, false), 201);
	json_t *made = answered();
	const char *url = json_string_value(json_object_get(made, "url"));

	snprintf(body, sizeof body, "{\"session\":\"%s\"}", strrchr(url, '/') + 1);
	json_decref(made);
	json_decref(ask_provider("POST", "/sandbox/pay", body));
	json_t *events = ask_provider("GET", "/v1/events?limit=1&type=checkout.session.completed", "");
	json_t *event = json_array_get(json_object_get(events, "data"), 0);
	char *text = json_dumps(event, JSON_COMPACT);

	snprintf(marker, sizeof marker, "\"%s\"", json_string_value(json_object_get(event, "id")));
	snprintf(secrets.text[0], sizeof secrets.text[0], "%s", files.webhook_secret);
	buffer_text(&signature, "Stripe-Signature: ");
	assert_int_equal(signature_write(&secrets, time(NULL), bytes_of(text), false, &signature), OK);
	buffer_text(&signature, "\r\n");
	snprintf(target, sizeof target, "/webhooks/stripe");
	buffer_free(&request);
	put_post(&request, target, signature.data, text);
	free(text);
	json_decref(events);
	buffer_free(&signature);
}

static void note_nothing(void)
{
}

static const struct road {
	const char *name;
	void (*prepare)(void);
	void (*note)(void); /* what an answer that promises promised */
	int promise;        /* the status that does */
	enum entry_kind kind;
} roads[] = {
	{ "a checkout", prepare_checkout, note_pledge, 201, ENTRY_PLEDGED },
	{ "a webhook", prepare_webhook, note_nothing, 200, ENTRY_SETTLED },
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

static bool walk_once(const struct road *road, unsigned n)
{
	static const int refusals[] = { 0, 400, 500, 502, 503 };
	char where[32];
	char promised[sizeof marker] = "";
	bool known = false;

	road->prepare();
	public_address(where);
	window_arm(plan, n);
	int status = ask(where, request.data, true);
	bool fired = window_disarm();

	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
		known |= status == refusals[i];
	if (status == road->promise) {
		promise_kept(road);
		memcpy(promised, marker, sizeof promised);
	} else if (!known || !fired) {
		fail_msg("%s, %s failed: %d: %s", plan->name, window_failed(), status, answer);
	}
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
	static unsigned webhooks_from;

	if (road->kind == ENTRY_PLEDGED)
		webhooks_from = number;
	assert_int_equal(count, road->kind == ENTRY_PLEDGED ? number : number - webhooks_from);
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
