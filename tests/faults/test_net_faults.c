/*
 * Every call of net/ to the system, to libmicrohttpd and to libcurl, and for memory, fails once and from then on,
 * at n = 1, 2, … until none is left to fail. A request ends with an answer or with its connection; a call comes
 * back exactly once; what would not start says why and leaves nothing behind; afterwards all works again.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>

#include "tests/faults/window.h"
#include "tests/unit/outcomes.h"
#include "tests/unit/raw_server.h"

enum {
	NET_CALLS = CALL_SOCKET | CALL_HTTP | CALL_SYSTEM | CALL_WRITE,
	PATIENCE_MS = 5000,    /* for what must come */
	STANDSTILL_MS = 300,   /* for what cannot come while a call fails for ever */
	PLANS_SHORT = 4,
};

static const struct plan plans[] = {
	{ "EMFILE, once", NET_CALLS, EMFILE, false, NULL },
	{ "EMFILE, for ever", NET_CALLS, EMFILE, true, NULL },
	{ "no memory, once", CALL_MEMORY, ENOMEM, false, NULL },
	{ "no memory, for ever", CALL_MEMORY, ENOMEM, true, NULL },
	{ "EINTR, once", CALL_SOCKET, EINTR, false, NULL },
	{ "ECONNABORTED, once", CALL_SOCKET, ECONNABORTED, false, NULL },
	{ "ENOMEM, once", NET_CALLS, ENOMEM, false, NULL },
	{ "ENOMEM, for ever", NET_CALLS, ENOMEM, true, NULL },
};

static const struct plan *plan; /* the one that is armed */

/* What a call failed with is one of these, and says why. */
static void check_refusal(enum err err, const struct why *why)
{
	if ((err != ERR_SYSTEM && err != ERR_MEMORY) || why->text[0] == '\0')
		fail_msg("%s, %s failed: %s: \"%s\"", plan->name, window_failed(), err_name(err), why->text);
}

static unsigned open_descriptors(void)
{
	unsigned count = 0;

	for (int fd = 0; fd < 128; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

/* ---- the server ---- */

#define POST_LATER "POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"

static const char *const requests[] = { GET("/now"), POST_LATER, GET("/stream"), GET("/shared"), "HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n" };

enum { REQUESTS = sizeof requests / sizeof requests[0] };

/* A whole answer of a status that says what happened, or the end of the connection. */
static bool is_served(enum heard heard, const char *request, const char *answer)
{
	int status = answer_status(answer);

	if (heard == HEARD_NOTHING)
		fail_msg("%s, %s failed: nobody answers: %s", plan->name, window_failed(), request);
	if (heard == HEARD_ALL && status != 200 && status != 400 && status != 500 && status != 503)
		fail_msg("%s, %s failed: %d: %s", plan->name, window_failed(), status, request);
	return heard == HEARD_ALL && status == 200;
}

/* While nobody can be let in for ever a client waits; once the fault is over it is served. */
static bool visit(const char *request)
{
	static char answer[256 * 1024];
	bool bodiless = strncmp(request, "HEAD", 4) == 0;
	int fd = connect_to(site.address);

	assert_true(fd >= 0);
	answer[0] = '\0';
	assert_true(send_text(fd, request));
	enum heard heard = hear_answer(fd, bodiless, answer, sizeof answer, plan->forever ? STANDSTILL_MS : PATIENCE_MS);

	if (heard == HEARD_NOTHING && plan->forever) {
		(void)window_disarm();
		heard = hear_answer(fd, bodiless, answer, sizeof answer, PATIENCE_MS);
	}
	close(fd);
	return is_served(heard, request, answer);
}

static void visit_all(void)
{
	unsigned unserved = 0;

	for (size_t i = 0; i < REQUESTS; i++)
		unserved += !visit(requests[i]);
	if (!plan->forever)
		assert_in_range(unserved, 0, 1);
	if (window_failures() == 0)
		return;
	(void)window_disarm();
	for (size_t i = 0; i < REQUESTS; i++)
		if (!visit(requests[i]))
			fail_msg("%s: after %s had failed, not served: %s", plan->name, window_failed(), requests[i]);
}

static void run_server(void)
{
	struct why why = { "" };

	window_outside();
	site_init();
	site.options.request_timeout_s = 1;
	site_prepare();
	window_inside();
	enum err err = site_serve("127.0.0.1:0", &why);

	if (err != OK) {
		check_refusal(err, &why);
	} else {
		window_outside();
		visit_all();
		window_inside();
		http_server_stop(&site.server, 2);
	}
	window_outside();
	site_close();
	window_inside();
}

/* ---- the client ---- */

static struct https_client *client;

enum { CALLS = 3 };

static void make_call(struct http_call *call, int which)
{
	http_call_init(call, which == 1 ? "POST" : "GET");
	buffer_format(&call->url, "http://%s/%d", raw.address, which);
	if (which == 1) {
		http_call_field(call, "Idempotency-Key", BYTES_LITERAL("plg_1"));
		buffer_text(&call->body, "a=b");
	}
	call->delay_ms = which == 2 ? 20 : 0;
	call->timeout_ms = plan->forever ? 2 * STANDSTILL_MS : PATIENCE_MS;
}

/* Whether it was accepted. What is not is still the caller's. */
static bool send_one(int which)
{
	struct http_call call;

	make_call(&call, which);
	enum err err = https_client_send(client, &call, keep, NULL);

	if (err != OK && err != ERR_MEMORY)
		fail_msg("%s, %s failed: %s", plan->name, window_failed(), err_name(err));
	if (err == OK)
		assert_int_equal(call.url.length, 0);
	http_call_free(&call);
	return err == OK;
}

static void call_all(void)
{
	int accepted = 0;

	for (int i = 0; i < CALLS; i++)
		accepted += send_one(i);
	await_outcomes(accepted);
	if (!plan->forever)
		assert_in_range(outcome.answered, CALLS - 1, CALLS);
	assert_int_equal(outcome.wordless, 0);
	if (window_failures() == 0)
		return;
	(void)window_disarm();
	int answered = outcome.answered;

	assert_true(send_one(0));
	await_outcomes(accepted + 1);
	assert_int_equal(outcome.answered, answered + 1);
}

static void run_client(void)
{
	const struct https_client_options options = { 1, CALLS, NULL, "pledger-test/1", NULL };
	struct why why = { "" };

	window_outside();
	raw_start(OK_REPLY, NULL);
	forget_outcomes();
	window_inside();
	enum err err = https_client_start(&client, &options, &why);

	if (err == OK)
		call_all();
	else
		check_refusal(err, &why);
	https_client_stop(&client);
	window_outside();
	raw_stop();
	window_inside();
}

/* ---- listening sockets ---- */

static char path[64];
static char unix_address[80];

enum { PASSED_FD = 40 };

/* A socket as systemd passes it. */
static void pass_socket(void)
{
	char text[16];
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(dup2(fd, PASSED_FD), PASSED_FD);
	close(fd);
	snprintf(text, sizeof text, "%d", (int)getpid());
	setenv("LISTEN_PID", text, 1);
	setenv("LISTEN_FDS", "60", 1);
}

static bool listen_at(const char *address)
{
	char actual[128];
	struct why why = { "" };
	int fd = -1;
	enum err err = listener_open(address, &fd, actual, sizeof actual, &why);

	if (err != OK) {
		check_refusal(err, &why);
		assert_int_equal(fd, -1);
		return false;
	}
	window_outside();
	close(fd);
	window_inside();
	return true;
}

/* A file that was not there before is not there after a failure either, where it can be removed; an old one may stay. */
static void listen_at_path(bool old)
{
	struct stat status;

	window_outside();
	if (old)
		assert_true(listen_at(unix_address));
	window_inside();
	bool listens = listen_at(unix_address);

	window_outside();
	if (!listens && !old && !plan->forever && lstat(path, &status) == 0)
		fail_msg("%s, %s failed: the socket's file was left behind", plan->name, window_failed());
	unlink(path);
	window_inside();
}

static void run_listener(void)
{
	char passed[32];

	window_outside();
	pass_socket();
	snprintf(path, sizeof path, "/tmp/pledger-listener-%d.sock", (int)getpid());
	snprintf(unix_address, sizeof unix_address, "unix:%s", path);
	snprintf(passed, sizeof passed, "systemd:%d", PASSED_FD - 3);
	window_inside();
	listen_at("127.0.0.1:0");
	listen_at("[::1]:0");
	listen_at_path(false);
	listen_at_path(true);
	listen_at(passed);
	window_outside();
	close(PASSED_FD);
	window_inside();
}

/* ---- the roads ---- */

static const struct road {
	const char *name;
	void (*run)(void);
} roads[] = {
	{ "listening sockets", run_listener },
	{ "serve: start, answer at once and later, stop", run_server },
	{ "call: start, send, answer, stop", run_client },
};

static void walk_road(const struct road *road)
{
	unsigned before = open_descriptors();
	bool fired = true;
	unsigned n;

	for (n = 1; fired; n++) {
		window_arm(plan, n);
		road->run();
		fired = window_disarm();
		if (open_descriptors() != before)
			fail_msg("%s, %s failed: descriptors: %u, before: %u", plan->name, window_failed(), open_descriptors(), before);
	}
	printf("n = %u (%s: %s)\n", n - 2, road->name, plan->name);
	fflush(stdout);
}

/* The first plans fail every call that there is, once and for ever; the others tell errors apart and take LONG=1. */
static void every_request_and_call_ends_whatever_fails(void **state)
{
	size_t count = getenv("LONG") != NULL ? sizeof plans / sizeof plans[0] : PLANS_SHORT;
	const char *only = getenv("ROAD");

	(void)state;
	for (size_t i = 0; i < sizeof roads / sizeof roads[0]; i++)
		for (plan = plans; plan < plans + count; plan++)
			if (only == NULL || strncmp(only, roads[i].name, strlen(only)) == 0)
				walk_road(&roads[i]);
}

/* ---- one call alone ---- */

static void libcurl_is_made_ready_again_where_that_failed(void **state)
{
	static const struct plan once = { "once", CALL_HTTP, 0, false, "curl_global_init" };

	(void)state;
	plan = &once;
	window_arm(plan, 1);
	run_client();
	assert_true(window_disarm());
	window_arm(plan, 2); /* one more try, and never again */
	run_client();
	run_client();
	assert_false(window_disarm());
	assert_int_equal(outcome.answered, CALLS);
}

static void a_poll_that_keeps_failing_neither_spins_nor_lasts(void **state)
{
	static const struct plan for_ever = { "for ever", CALL_SOCKET, ENOMEM, true, "poll" };

	(void)state;
	plan = &for_ever;
	site_init();
	site.options.request_timeout_s = 1; /* a poll that works ends after 100 ms */
	site_open("127.0.0.1:0");
	window_arm(plan, 1);
	pause_ms(500);
	assert_in_range(window_failures(), 1, 100);
	(void)window_disarm();
	assert_true(visit(GET("/now")));
	site_close();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(libcurl_is_made_ready_again_where_that_failed),
		cmocka_unit_test(a_poll_that_keeps_failing_neither_spins_nor_lasts),
		cmocka_unit_test(every_request_and_call_ends_whatever_fails),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
