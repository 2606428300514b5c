/* The HTTP server over real sockets: replies of every kind, from every thread, and what never gets in. */
#include "http_site.h"
#include "net/response_cache.h"

/* One request on an open connection; the answer must end with `body`. */
static void expect(int fd, const char *request, const char *body)
{
	char answer[4096];

	assert_true(send_text(fd, request));
	receive_until(fd, body, answer, sizeof answer, 5000);
	assert_int_equal(answer_status(answer), 200);
	if (strstr(answer, body) == NULL)
		fail_msg("%s instead of %s", answer, body);
}

static void a_handler_may_reply_at_once(void **state)
{
	(void)state;
	const char *answer = ask(GET("/now"));

	assert_int_equal(answer_status(answer), 200);
	assert_non_null(strstr(answer, "Content-Length: 3\r\n"));
	assert_non_null(strstr(answer, "Content-Type: text/plain\r\n"));
	assert_non_null(strstr(answer, "\r\n\r\nnow"));
	site_await_completed(1);
	assert_int_equal(atomic_load(&site.last_status), 200);
	assert_int_equal(atomic_load(&site.last_bytes), 3);
	assert_string_equal(site.last_peer, "127.0.0.1");
}

static void a_reply_may_come_later_from_another_thread(void **state)
{
	(void)state;
	for (int i = 0; i < 200; i++)
		assert_non_null(strstr(ask(GET("/later")), "\r\n\r\nlater"));
}

static void a_reply_may_come_from_another_thread_before_the_handler_returns(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++)
		assert_non_null(strstr(ask(GET("/before")), "\r\n\r\nlater"));
}

static void a_connection_is_kept_for_many_requests(void **state)
{
	(void)state;
	int fd = connect_site();

	for (int i = 0; i < 50; i++) {
		expect(fd, GET("/now"), "\r\n\r\nnow");
		expect(fd, GET("/later"), "\r\n\r\nlater");
		expect(fd, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", "\r\n\r\nhello");
	}
	close(fd);
	site_await_completed(150);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
	(void)state;
	static const char requests[] = GET("/later") GET("/now") "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
		GET("/before") GET("/shared");
	char answer[4096];
	int fd = connect_site();

	assert_true(send_text(fd, requests));
	receive_until(fd, "shared by all", answer, sizeof answer, 5000);
	const char *at = answer;
	static const char *const bodies[] = { "\r\n\r\nlater", "\r\n\r\nnow", "\r\n\r\nabc", "\r\n\r\nlater", "\r\n\r\nshared" };

	for (size_t i = 0; i < 5; i++) {
		at = strstr(at, bodies[i]);
		assert_non_null(at);
		at++;
	}
	close(fd);
}

static void head_has_the_length_but_no_body(void **state)
{
	(void)state;
	const char *answer = ask("HEAD /now HTTP/1.1\r\nHost: a\r\n\r\n");

	assert_int_equal(answer_status(answer), 200);
	assert_non_null(strstr(answer, "Content-Length: 3\r\n"));
	assert_string_equal(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
	site_await_completed(1);
	assert_int_equal(atomic_load(&site.last_bytes), 0);
}

static void head_of_a_stream_is_followed_by_nothing(void **state)
{
	(void)state;
	char answer[4096];
	int fd = connect_site();

	assert_true(send_text(fd, "HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n"));
	receive_until(fd, NULL, answer, sizeof answer, 5000);
	assert_int_equal(answer_status(answer), 200);
	assert_string_equal(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
	assert_non_null(strstr(answer, "Connection: close\r\n"));
	close(fd);
	site_await_completed(1);
	assert_int_equal(atomic_load(&site.streams_closed), 1);
}

static void an_http_1_0_client_is_answered_and_let_go(void **state)
{
	(void)state;
	char answer[4096];
	int fd = connect_site();

	assert_true(send_text(fd, "GET /now HTTP/1.0\r\n\r\n"));
	receive_until(fd, NULL, answer, sizeof answer, 5000);
	assert_int_equal(answer_status(answer), 200);
	assert_non_null(strstr(answer, "\r\n\r\nnow"));
	close(fd);
}

static void a_unix_socket_serves_the_same(void **state)
{
	(void)state;
	char path[64];

	site_init();
	snprintf(path, sizeof path, "unix:/tmp/pledger-test-%d.sock", (int)getpid());
	site_open(path);
	assert_string_equal(site.address, path);
	assert_non_null(strstr(ask(GET("/later")), "\r\n\r\nlater"));
	site_await_completed(1);
	assert_string_equal(site.last_peer, "unix");
	site_close();
	unlink(path + 5);
}

static void one_worker_is_enough(void **state)
{
	(void)state;
	site_init();
	site.options.threads = 1;
	site_open("127.0.0.1:0");
	assert_non_null(strstr(ask(GET("/later")), "\r\n\r\nlater"));
	site_close();
}

/* ---- bodies ---- */

static void a_body_that_is_announced_too_big_is_refused_before_it_comes(void **state)
{
	(void)state;
	const char *answer = ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n");

	assert_int_equal(answer_status(answer), 413);
	assert_non_null(strstr(answer, "Connection: close\r\n"));
	assert_non_null(strstr(answer, "{\"detail\":\"The body is too big.\"}"));
	assert_int_equal(atomic_load(&site.handled), 0);
	site_await_completed(1);
	assert_int_equal(atomic_load(&site.last_status), 413);
}

static void a_body_of_just_the_bound_is_accepted(void **state)
{
	(void)state;
	static char request[2048];
	int length = snprintf(request, sizeof request, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n", BODY_MAX);

	memset(request + length, 'b', BODY_MAX);
	const char *answer = ask(request);

	assert_int_equal(answer_status(answer), 200);
	assert_int_equal(strlen(strstr(answer, "\r\n\r\n") + 4), BODY_MAX);
}

static void a_chunked_body_is_put_together(void **state)
{
	(void)state;
	const char *answer = ask("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
	                         "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n");

	assert_non_null(strstr(answer, "\r\n\r\nabcdefg"));
}

static void a_chunked_body_beyond_the_bound_ends_the_connection(void **state)
{
	(void)state;
	char answer[4096];
	char chunk[600];
	int fd = connect_site();

	snprintf(chunk, sizeof chunk, "1f4\r\n%0500d\r\n", 0);
	assert_true(send_text(fd, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"));
	for (int i = 0; i < 3; i++)
		(void)send_text(fd, chunk);
	assert_true(receive_until(fd, NULL, answer, sizeof answer, 5000) <= 0);
	close(fd);
	site_await_completed(1);
	assert_int_equal(atomic_load(&site.last_status), 413);
	assert_int_equal(atomic_load(&site.handled), 0);
}

static void an_expected_continue_is_sent(void **state)
{
	(void)state;
	char answer[4096];
	int fd = connect_site();

	assert_true(send_text(fd, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
	receive_until(fd, "\r\n\r\n", answer, sizeof answer, 5000);
	assert_int_equal(answer_status(answer), 100);
	expect(fd, "ok", "\r\n\r\nok");
	close(fd);
}

/* ---- streams and blobs ---- */

static void a_stream_is_sent_whole(void **state)
{
	(void)state;
	const char *answer = ask(GET("/stream"));
	size_t rows = 0;

	assert_non_null(strstr(answer, "Transfer-Encoding: chunked\r\n"));
	for (const char *at = strstr(answer, "\r\n\r\n"); *at != '\0'; at++)
		rows += *at == 'r';
	assert_int_equal(rows, 100000);
	assert_non_null(strstr(answer, "\r\n0\r\n\r\n"));
	site_await_completed(1);
	assert_int_equal(atomic_load(&site.last_bytes), 100000);
	assert_int_equal(atomic_load(&site.streams_closed), 1);
}

static void a_stream_that_fails_is_never_taken_for_whole(void **state)
{
	(void)state;
	static char answer[256 * 1024];
	int fd = connect_site();

	assert_null(strstr(ask(GET("/broken")), "\r\n0\r\n\r\n"));
	/* Towards HTTP/1.0 only a reset tells. */
	assert_true(send_text(fd, "GET /broken HTTP/1.0\r\n\r\n"));
	assert_int_equal(receive_until(fd, NULL, answer, sizeof answer, 5000), -1);
	assert_int_equal(errno, ECONNRESET);
	close(fd);
	site_await_completed(2);
	assert_int_equal(atomic_load(&site.streams_closed), 2);
}

static void a_shared_blob_goes_to_many_at_once(void **state)
{
	(void)state;
	char answer[4096];
	int fds[20];

	for (int i = 0; i < 20; i++) {
		fds[i] = connect_site();
		assert_true(send_text(fds[i], GET("/shared")));
	}
	for (int i = 0; i < 20; i++) {
		receive_until(fds[i], "shared by all", answer, sizeof answer, 5000);
		assert_non_null(strstr(answer, "\r\n\r\nshared by all"));
		close(fds[i]);
	}
}

/* More kinds than are remembered, by two threads: each answer has its own body and its own fields, however often it comes. */
static void what_is_remembered_of_a_blob_is_not_mixed_up(void **state)
{
	(void)state;
	int fds[] = { connect_site(), connect_site(), connect_site() };

	for (int i = 0; i < 600; i++) {
		int kind = i % 7 == 0 ? i % 40 : i / 20 % 40; /* the same again and again, and others in between */
		char request[96];
		char wanted[96];

		if (i % 3 == 0) {
			snprintf(request, sizeof request, "GET /blob?%d HTTP/1.1\r\nHost: a\r\n\r\n", 1000 + kind);
			snprintf(wanted, sizeof wanted, "Content-Length: 4\r\n\r\n%d", 1000 + kind);
		} else {
			snprintf(request, sizeof request, "GET /shared?%d HTTP/1.1\r\nHost: a\r\n\r\n", 1000 + kind);
			snprintf(wanted, sizeof wanted, "Content-Type: text/plain\r\nX-Query: %d\r\nContent-Length: 13\r\n\r\nshared by all", 1000 + kind);
		}
		expect(fds[i % 3], request, wanted);
	}
	expect(fds[0], "HEAD /shared?7 HTTP/1.1\r\nHost: a\r\n\r\n", "X-Query: 7\r\nContent-Length: 13\r\n\r\n");
	expect(fds[0], GET("/now"), "\r\n\r\nnow"); /* no body was sent before it */
	expect(fds[0], GET("/shared?7"), "X-Query: 7\r\nContent-Length: 13\r\n\r\nshared by all");
	http_server_drain(site.server);
	expect(fds[0], GET("/shared?7"), "Connection: close\r\nContent-Type: text/plain\r\nX-Query: 7\r\nContent-Length: 13\r\n\r\nshared by all");
	for (int i = 0; i < 3; i++)
		close(fds[i]);
}

static void what_only_one_is_answered_is_not_remembered(void **state)
{
	(void)state;
	struct buffer text = BUFFER(100);
	struct http_reply reply;

	http_reply_init(&reply, 200);
	buffer_text(&text, "a receipt");
	reply.shared = blob_new(&text);
	assert_false(response_cache_takes(&reply));
	struct blob *page = blob_hold(reply.shared);

	assert_true(response_cache_takes(&reply));
	blob_drop(&page);
	assert_false(response_cache_takes(&reply));
	http_reply_free(&reply);
}

static void a_reply_that_cannot_be_sent_becomes_a_500(void **state)
{
	(void)state;
	const char *answer = ask(GET("/spoilt"));

	assert_int_equal(answer_status(answer), 500);
	assert_non_null(strstr(answer, "application/problem+json"));
	site_await_completed(1);
	assert_int_equal(atomic_load(&site.last_status), 500);
}

/* ---- what never reaches the handler ---- */

static const struct {
	int status; /* 0: any refusal, or a close */
	const char *request;
} hostile[] = {
	{ 400, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" GET("/smuggled") },
	{ 400, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello" },
	{ 400, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 0\r\n\r\n" GET("/smuggled") },
	{ 0, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello" },
	{ 0, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello" },
	{ 0, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5,5\r\n\r\nhello" },
	{ 0, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\n" GET("/smuggled") },
	{ 0, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n" },
	{ 0, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n 5\r\n\r\nhello" },
	{ 400, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
	{ 501, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n" },
	{ 501, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n" },
	{ 400, "POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
	{ 411, "POST /echo HTTP/1.1\r\nHost: a\r\n\r\n" },
	{ 0, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n0\r\n\r\n" },
	{ 0, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nhello" },
	{ 400, "GET /now HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" },
	{ 400, "GET /now HTTP/1.1\r\nHost: a b\r\n\r\n" },
	{ 0, "GET /now HTTP/1.1\r\n\r\n" },
	{ 400, "GET http://a/now HTTP/1.1\r\nHost: a\r\n\r\n" },
	{ 400, "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n" },
	{ 501, "CONNECT /now HTTP/1.1\r\nHost: a\r\n\r\n" },
	{ 501, "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n" },
	{ 501, "TRACE /now HTTP/1.1\r\nHost: a\r\n\r\n" },
	{ 501, "gEt%41 /now HTTP/1.1\r\nHost: a\r\n\r\n" },
	{ 400, "G\x01T /now HTTP/1.1\r\nHost: a\r\n\r\n" },
	{ 505, "GET /now HTTP/1.2\r\nHost: a\r\n\r\n" },
	{ 0, "GET /now HTTP/2.0\r\nHost: a\r\n\r\n" },
	{ 0, "GET /now\r\n" },
	{ 0, "GET /now http/1.1\r\nHost: a\r\n\r\n" },
	{ 0, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" },
	{ 0, "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n" },
	{ 400, "GET /\x80 HTTP/1.1\r\nHost: a\r\n\r\n" },
	{ 400, "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n" },
	{ 400, "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n" },
	{ 400, "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n" },
	{ 400, "GET /now HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n" },
	{ 400, "GET /now HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n" },
	{ 0, "GET /now HTTP/1.1\r\nHost: a\r\nX Y: b\r\n\r\n" },
	{ 0, "GET /now HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n" },
	{ 417, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: something\r\n\r\na" },
};

static void hostile_requests_are_refused_and_never_handled(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
		const char *answer = ask(hostile[i].request);
		int status = answer_status(answer);

		if (hostile[i].status != 0 ? status != hostile[i].status : status != 0 && status < 400)
			fail_msg("%d instead of %d: %s", status, hostile[i].status, hostile[i].request);
		if (atomic_load(&site.handled) != 0)
			fail_msg("reached the handler: %s", hostile[i].request);
		if (hostile[i].status != 0)
			assert_non_null(strstr(answer, "Connection: close\r\n"));
	}
}

static void too_many_fields_and_too_big_a_head_are_refused(void **state)
{
	(void)state;
	static char request[64 * 1024];
	size_t length = (size_t)snprintf(request, sizeof request, "GET /now HTTP/1.1\r\nHost: a\r\n");

	for (int i = 0; i < HTTP_FIELDS_MAX; i++)
		length += (size_t)snprintf(request + length, sizeof request - length, "X: y\r\n");
	snprintf(request + length, sizeof request - length, "\r\n");
	assert_int_equal(answer_status(ask(request)), 431);
	length = (size_t)snprintf(request, sizeof request, "GET /now HTTP/1.1\r\nHost: a\r\nX: %030000d\r\n\r\n", 0);
	const char *answer = ask(request);

	assert_true(answer_status(answer) == 431 || answer_status(answer) == 0);
	snprintf(request, sizeof request, "GET /%09000d HTTP/1.1\r\nHost: a\r\n\r\n", 0);
	assert_int_equal(answer_status(ask(request)), 414);
	assert_int_equal(atomic_load(&site.handled), 0);
}

#define SITE(test) cmocka_unit_test_setup_teardown(test, site_setup, site_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SITE(a_handler_may_reply_at_once),
		SITE(a_reply_may_come_later_from_another_thread),
		SITE(a_reply_may_come_from_another_thread_before_the_handler_returns),
		SITE(a_connection_is_kept_for_many_requests),
		SITE(pipelined_requests_are_answered_in_order),
		SITE(head_has_the_length_but_no_body),
		SITE(head_of_a_stream_is_followed_by_nothing),
		SITE(an_http_1_0_client_is_answered_and_let_go),
		cmocka_unit_test(a_unix_socket_serves_the_same),
		cmocka_unit_test(one_worker_is_enough),
		SITE(a_body_that_is_announced_too_big_is_refused_before_it_comes),
		SITE(a_body_of_just_the_bound_is_accepted),
		SITE(a_chunked_body_is_put_together),
		SITE(a_chunked_body_beyond_the_bound_ends_the_connection),
		SITE(an_expected_continue_is_sent),
		SITE(a_stream_is_sent_whole),
		SITE(a_stream_that_fails_is_never_taken_for_whole),
		SITE(a_shared_blob_goes_to_many_at_once),
		SITE(what_is_remembered_of_a_blob_is_not_mixed_up),
		cmocka_unit_test(what_only_one_is_answered_is_not_remembered),
		SITE(a_reply_that_cannot_be_sent_becomes_a_500),
		SITE(hostile_requests_are_refused_and_never_handled),
		SITE(too_many_fields_and_too_big_a_head_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
