/* The HTTP server when others are slow, many, or gone, and when it stops. */
#include <poll.h>
#include <sys/syscall.h>

#include "http_site.h"

/* ---- slow ones ---- */

static int hasty_setup(void **state)
{
	(void)state;
	site_init();
	site.options.request_timeout_s = 1;
	site.options.idle_timeout_s = 3;
	site_open("127.0.0.1:0");
	return 0;
}

static double seconds_until_closed(int fd, const char *drip)
{
	struct timespec start;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (int i = 0; i < 40 && !is_closed(fd, 200); i++)
		(void)send_bytes(fd, &drip[i % (int)strlen(drip)], 1);
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - start.tv_sec) + (double)(now.tv_nsec - start.tv_nsec) / 1e9;
}

static void expect_soon(double seconds)
{
	if (seconds < 0.8 || seconds > 2.5)
		fail_msg("closed after %.1f s", seconds);
}

static void a_dripped_request_line_is_ended(void **state)
{
	(void)state;
	int fd = connect_site();

	expect_soon(seconds_until_closed(fd, "GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
	close(fd);
	assert_int_equal(atomic_load(&site.completed), 0);
}

static void a_dripped_header_is_ended(void **state)
{
	(void)state;
	int fd = connect_site();

	assert_true(send_text(fd, "GET / HTTP/1.1\r\nX: "));
	expect_soon(seconds_until_closed(fd, "a"));
	close(fd);
}

static void a_dripped_body_is_ended_and_told(void **state)
{
	(void)state;
	int fd = connect_site();

	assert_true(send_text(fd, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n"));
	expect_soon(seconds_until_closed(fd, "a"));
	close(fd);
	site_await_completed(1);
	assert_int_equal(atomic_load(&site.last_status), 408);
	assert_int_equal(atomic_load(&site.handled), 0);
}

static void a_kept_connection_earns_no_second_deadline_by_dripping(void **state)
{
	(void)state;
	char answer[1024];
	int fd = connect_site();

	assert_true(send_text(fd, GET("/now")));
	receive_until(fd, "now", answer, sizeof answer, 5000);
	pause_ms(300);
	expect_soon(seconds_until_closed(fd, "GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
	close(fd);
}

static void a_waiting_exchange_has_all_the_time_it_needs(void **state)
{
	(void)state;
	char answer[1024];
	int fd = connect_site();

	assert_true(send_text(fd, GET("/wait")));
	site_await_held(1);
	pause_ms(3500);
	assert_int_equal(site_release(), 1);
	receive_until(fd, "released", answer, sizeof answer, 5000);
	assert_int_equal(answer_status(answer), 200);
	close(fd);
}

static void an_idle_connection_is_kept_for_its_time_and_then_closed(void **state)
{
	(void)state;
	char answer[1024];
	int fd = connect_site();

	pause_ms(1800); /* longer than a request may take */
	assert_true(send_text(fd, GET("/now")));
	receive_until(fd, "now", answer, sizeof answer, 5000);
	assert_int_equal(answer_status(answer), 200);
	assert_true(is_closed(fd, 6000));
	close(fd);
}

static void a_dripped_request_line_is_ended_on_a_unix_socket_too(void **state)
{
	(void)state;
	char path[64];

	site_init();
	site.options.request_timeout_s = 1;
	site.options.idle_timeout_s = 1;
	snprintf(path, sizeof path, "unix:/tmp/pledger-slow-%d.sock", (int)getpid());
	site_open(path);
	int fd = connect_site();
	double seconds = seconds_until_closed(fd, "GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");

	assert_true(seconds < 3.5);
	close(fd);
	site_close();
	unlink(path + 5);
}

/* ---- many ---- */

static void beyond_the_bound_of_waiting_exchanges_it_is_503(void **state)
{
	(void)state;
	int fds[4];

	site_init();
	site.options.waiting_max = 3;
	site_open("127.0.0.1:0");
	for (int i = 0; i < 3; i++) {
		fds[i] = connect_site();
		assert_true(send_text(fds[i], GET("/wait")));
	}
	site_await_held(3);
	const char *answer = ask(GET("/wait"));

	assert_int_equal(answer_status(answer), 503);
	const char *field = strstr(answer, "Retry-After: ");

	assert_non_null(field);
	assert_int_equal(strncmp(field, "Retry-After: 7\r\n", 16), 0);
	assert_null(strstr(field + 1, "Retry-After: ")); /* the site's word alone */
	assert_non_null(strstr(answer, "application/problem+json"));
	assert_int_equal(site_release(), 3);
	assert_int_equal(answer_status(ask(GET("/now"))), 200);
	for (int i = 0; i < 3; i++)
		close(fds[i]);
	site_await_completed(5);
	site_close();
}

static void where_connections_are_short_idle_ones_give_way(void **state)
{
	(void)state;
	int idle[8];

	site_init();
	site.options.connections_max = 8;
	site_open("127.0.0.1:0");
	for (int i = 0; i < 8; i++)
		idle[i] = connect_site();
	pause_ms(50);
	assert_int_equal(answer_status(ask(GET("/now"))), 200);
	for (int i = 0; i < 8; i++)
		close(idle[i]);
	site_close();
}

static void an_address_has_its_own_bound(void **state)
{
	(void)state;
	int fds[3];
	char answer[1024];

	site_init();
	site.options.connections_per_address_max = 2;
	site_open("127.0.0.1:0");
	for (int i = 0; i < 3; i++)
		fds[i] = connect_site();
	assert_true(is_closed(fds[2], 2000));
	assert_true(send_text(fds[1], GET("/now")));
	receive_until(fds[1], "now", answer, sizeof answer, 5000);
	assert_int_equal(answer_status(answer), 200);
	for (int i = 0; i < 3; i++)
		close(fds[i]);
	site_close();
}

/* What the server asks the kernel, about one connection or whether anybody has come. Seen outside: poll may be an inline function. */
atomic_int looked;
atomic_int polled;

int getsockopt(int fd, int level, int name, void *restrict value, socklen_t *restrict length)
{
	atomic_fetch_add(&looked, 1);
	return (int)syscall(SYS_getsockopt, fd, level, name, value, length);
}

int poll(struct pollfd *sources, nfds_t count, int timeout_ms)
{
	atomic_fetch_add(&polled, 1);
	return (int)syscall(SYS_poll, sources, count, timeout_ms);
}

static void connections_that_rest_are_looked_at_once_a_second_however_many_they_are(void **state)
{
	enum { RESTING = 300, LEFT = 100 };
	int fds[RESTING];

	(void)state;
	site_init();
	site.options.request_timeout_s = 10;
	site_open("127.0.0.1:0");
	for (int i = 0; i < RESTING; i++)
		fds[i] = connect_site();
	pause_ms(300);
	atomic_store(&looked, 0);
	pause_ms(1500);
	int looks = atomic_load(&looked);

	/* Some leave: too few for their memory to be worth anything, and the rest is no rush. */
	for (int i = LEFT; i < RESTING; i++)
		close(fds[i]);
	pause_ms(1100);
	atomic_store(&polled, 0);
	pause_ms(1500);
	int polls = atomic_load(&polled);

	for (int i = 0; i < LEFT; i++)
		close(fds[i]);
	site_close();
	assert_in_range(looks, RESTING, 2 * RESTING);
	assert_in_range(polls, 1, 3);
}

static void too_many_connections_for_the_descriptors_are_refused_at_start(void **state)
{
	(void)state;
	struct why why = { "" };

	site_init();
	site.options.connections_max = 2000000000;
	assert_int_equal(listener_open("127.0.0.1:0", &site.options.listen_fd, site.address, sizeof site.address, &why), OK);
	assert_int_equal(http_server_start(&site.server, &site.options, &why), ERR_SYSTEM);
	assert_non_null(strstr(why.text, "LimitNOFILE"));
	assert_int_equal(connect_to(site.address), -1);
}

/* ---- gone ---- */

static void a_client_that_left_while_it_waited_harms_nobody(void **state)
{
	(void)state;
	struct linger reset = { 1, 0 };

	for (int i = 0; i < 40; i++) {
		int fd = connect_site();

		assert_true(send_text(fd, GET("/wait")));
		site_await_held((size_t)i + 1);
		if (i % 2 == 0)
			assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
		close(fd);
	}
	assert_int_equal(site_release(), 40);
	site_await_completed(40);
	assert_int_equal(http_server_busy(site.server), 0);
	assert_int_equal(answer_status(ask(GET("/now"))), 200);
}

static void a_client_that_left_during_its_body_is_told_of(void **state)
{
	(void)state;
	int fd = connect_site();

	assert_true(send_text(fd, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\nabc"));
	pause_ms(50);
	close(fd);
	site_await_completed(1);
	assert_int_equal(atomic_load(&site.last_status), 0);
	assert_int_equal(atomic_load(&site.handled), 0);
}

static void a_client_that_leaves_in_a_stream_closes_it(void **state)
{
	(void)state;
	char some[64];
	int fd = connect_site();

	assert_true(send_text(fd, GET("/stream")));
	assert_true(recv(fd, some, sizeof some, 0) > 0);
	close(fd);
	site_await_completed(1);
	for (int i = 0; i < 1000 && atomic_load(&site.streams_closed) == 0; i++)
		pause_ms(1);
	assert_int_equal(atomic_load(&site.streams_closed), 1);
}

/* ---- stopping ---- */

static void draining_refuses_newcomers_and_ends_each_connection_with_its_answer(void **state)
{
	(void)state;
	char answer[1024];
	int kept = connect_site();
	int waiting = connect_site();

	assert_true(send_text(kept, GET("/now")));
	receive_until(kept, "now", answer, sizeof answer, 5000);
	assert_null(strstr(answer, "Connection: close"));
	assert_true(send_text(waiting, GET("/wait")));
	site_await_held(1);
	http_server_drain(site.server);
	int newcomer = connect_to(site.address);

	assert_int_equal(newcomer, -1);
	assert_true(send_text(kept, GET("/now")));
	receive_until(kept, NULL, answer, sizeof answer, 5000);
	assert_non_null(strstr(answer, "Connection: close\r\n"));
	assert_int_equal(http_server_busy(site.server), 1);
	assert_int_equal(site_release(), 1);
	receive_until(waiting, NULL, answer, sizeof answer, 5000);
	assert_non_null(strstr(answer, "Connection: close\r\n"));
	assert_non_null(strstr(answer, "released"));
	close(kept);
	close(waiting);
}

static void *stop_site(void *unused)
{
	(void)unused;
	http_server_stop(&site.server, 1);
	return NULL;
}

static void stopping_waits_for_the_last_reply_even_past_its_grace(void **state)
{
	(void)state;
	char answer[1024];
	pthread_t stopper;
	int fd = connect_site();

	assert_true(send_text(fd, GET("/wait")));
	site_await_held(1);
	assert_int_equal(pthread_create(&stopper, NULL, stop_site, NULL), 0);
	pause_ms(1500);
	assert_int_equal(atomic_load(&site.completed), 0);
	assert_int_equal(site_release(), 1);
	pthread_join(stopper, NULL);
	assert_int_equal(atomic_load(&site.completed), 1);
	receive_until(fd, NULL, answer, sizeof answer, 1000); /* cut: whether it came is open */
	close(fd);
}

static void a_slow_reader_does_not_hold_up_stopping_past_its_grace(void **state)
{
	(void)state;
	pthread_t stopper;
	int small = 1;
	int fd = connect_site();

	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
	for (int i = 0; i < 100; i++)
		assert_true(send_text(fd, GET("/stream")));
	pause_ms(100);
	assert_int_equal(pthread_create(&stopper, NULL, stop_site, NULL), 0);
	pthread_join(stopper, NULL);
	assert_int_equal(atomic_load(&site.handled), atomic_load(&site.completed));
	close(fd);
}

/* ---- stopping under load ---- */

enum { CALLERS = 8 };

struct caller {
	pthread_t thread;
	bool keeps;        /* its connection, for many requests */
	int asked;
	int answered;
};

/* Ask until the connection is refused or ended; each request that was sent on an open connection counts. */
static void *call_on(void *argument)
{
	struct caller *caller = argument;
	char answer[1024];
	int fd = connect_to(site.address);

	while (fd >= 0) {
		if (!send_text(fd, caller->asked % 2 == 0 ? GET("/later") : GET("/now")))
			break;
		caller->asked++;
		if (receive_until(fd, caller->asked % 2 == 1 ? "\r\n\r\nlater" : "\r\n\r\nnow", answer, sizeof answer, 5000) <= 0 ||
		    answer_status(answer) != 200)
			break;
		caller->answered++;
		if (strstr(answer, "Connection: close") != NULL)
			break;
		if (!caller->keeps) {
			close(fd);
			fd = connect_to(site.address);
		}
	}
	if (fd >= 0)
		close(fd);
	return NULL;
}

static void drain_under_load(void)
{
	struct caller callers[CALLERS] = { 0 };
	int asked = 0;
	int answered = 0;

	site_init();
	site_open("127.0.0.1:0");
	for (int i = 0; i < CALLERS; i++) {
		callers[i].keeps = i % 2 == 0;
		assert_int_equal(pthread_create(&callers[i].thread, NULL, call_on, &callers[i]), 0);
	}
	pause_ms(30);
	http_server_stop(&site.server, 5);
	for (int i = 0; i < CALLERS; i++) {
		pthread_join(callers[i].thread, NULL);
		asked += callers[i].asked;
		answered += callers[i].answered;
	}
	assert_true(answered > 0);
	assert_int_equal(asked, answered);
	assert_int_equal(atomic_load(&site.completed), answered);
	site_close();
}

static void stopping_under_load_loses_no_answer(void **state)
{
	(void)state;
	for (int i = 0; i < 25; i++)
		drain_under_load();
}

#define SITE(test) cmocka_unit_test_setup_teardown(test, site_setup, site_teardown)
#define HASTY(test) cmocka_unit_test_setup_teardown(test, hasty_setup, site_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HASTY(a_dripped_request_line_is_ended),
		HASTY(a_dripped_header_is_ended),
		HASTY(a_dripped_body_is_ended_and_told),
		HASTY(a_kept_connection_earns_no_second_deadline_by_dripping),
		HASTY(a_waiting_exchange_has_all_the_time_it_needs),
		HASTY(an_idle_connection_is_kept_for_its_time_and_then_closed),
		cmocka_unit_test(a_dripped_request_line_is_ended_on_a_unix_socket_too),
		cmocka_unit_test(beyond_the_bound_of_waiting_exchanges_it_is_503),
		cmocka_unit_test(where_connections_are_short_idle_ones_give_way),
		cmocka_unit_test(an_address_has_its_own_bound),
		cmocka_unit_test(connections_that_rest_are_looked_at_once_a_second_however_many_they_are),
		cmocka_unit_test(too_many_connections_for_the_descriptors_are_refused_at_start),
		SITE(a_client_that_left_while_it_waited_harms_nobody),
		SITE(a_client_that_left_during_its_body_is_told_of),
		SITE(a_client_that_leaves_in_a_stream_closes_it),
		SITE(draining_refuses_newcomers_and_ends_each_connection_with_its_answer),
		SITE(stopping_waits_for_the_last_reply_even_past_its_grace),
		SITE(a_slow_reader_does_not_hold_up_stopping_past_its_grace),
		cmocka_unit_test(stopping_under_load_loses_no_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
