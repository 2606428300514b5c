/*
 * http_site.h -- a small site on the real server, for the tests of net/. What
 * a path does:
 *   /now            answers at once
 *   /later          answers from another thread, soon
 *   /before         answers from another thread before the handler returns
 *   /wait           answers when site_release says so
 *   /echo           answers with the body
 *   /stream /broken a streamed body, whole or broken off
 *   /shared         a blob; the query comes back in a field
 *   /blob           a blob of its own with the query in it
 *   /spoilt         a reply with an error in it
 */
#ifndef TESTS_UNIT_HTTP_SITE_H
#define TESTS_UNIT_HTTP_SITE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdatomic.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "net/http_server.h"
#include "net/listener.h"
#include "raw_client.h"

enum { BODY_MAX = 1000, HELD_MAX = 2048 /* far more than `waiting_max` lets in */ };

struct site {
	struct http_server *server;
	char address[128];
	struct blob *shared;
	struct http_server_options options;

	pthread_t replier;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct exchange *later[HELD_MAX]; /* to be answered by the replier */
	size_t later_count;
	struct exchange *held[HELD_MAX];  /* to be answered by site_release */
	size_t held_count;
	bool stopping;
	int answered_before;

	atomic_int handled;
	atomic_int completed;
	atomic_int last_status;
	atomic_ullong last_bytes;
	atomic_int streams_closed;
	atomic_int wrong; /* what the server's threads saw: an assertion must not fail there */
	char last_peer[64];
};

static struct site site;

static inline void pause_ms(int ms)
{
	struct timespec time = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&time, NULL);
}

/* ---- the site ---- */

static inline void reply_text(struct exchange *exchange, int status, const char *text)
{
	struct http_reply reply;

	http_reply_init(&reply, status);
	http_reply_field(&reply, "Content-Type", "text/plain");
	buffer_text(&reply.body, text);
	exchange_reply(exchange, &reply);
}

static inline void *reply_later(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&site.lock);
	while (!site.stopping || site.later_count > 0) {
		if (site.later_count == 0) {
			pthread_cond_wait(&site.changed, &site.lock);
			continue;
		}
		struct exchange *exchange = site.later[--site.later_count];
		pthread_mutex_unlock(&site.lock);
		reply_text(exchange, 200, "later");
		pthread_mutex_lock(&site.lock);
		site.answered_before++;
		pthread_cond_broadcast(&site.changed);
	}
	pthread_mutex_unlock(&site.lock);
	return NULL;
}

static inline void hand_to_replier(struct exchange *exchange, bool wait)
{
	pthread_mutex_lock(&site.lock);
	int before = site.answered_before;

	site.later[site.later_count++] = exchange;
	pthread_cond_broadcast(&site.changed);
	while (wait && site.answered_before == before)
		pthread_cond_wait(&site.changed, &site.lock);
	pthread_mutex_unlock(&site.lock);
}

static inline void hold(struct exchange *exchange)
{
	pthread_mutex_lock(&site.lock);
	site.held[site.held_count++] = exchange;
	pthread_mutex_unlock(&site.lock);
}

/* Answer what waits; how many that were. */
static inline size_t site_release(void)
{
	pthread_mutex_lock(&site.lock);
	size_t count = site.held_count;

	for (size_t i = 0; i < count; i++)
		reply_text(site.held[i], 200, "released");
	site.held_count = 0;
	pthread_mutex_unlock(&site.lock);
	return count;
}

static inline void site_await_held(size_t count)
{
	for (int i = 0; i < 5000; i++) {
		pthread_mutex_lock(&site.lock);
		bool there = site.held_count >= count;
		pthread_mutex_unlock(&site.lock);
		if (there)
			return;
		pause_ms(1);
	}
	fail_msg("the requests did not arrive");
}

struct rows {
	int left;
	bool broken;
};

static inline enum err next_rows(void *context, char *data, size_t size, size_t *length)
{
	struct rows *rows = context;

	*length = 0;
	if (rows->left == 0)
		return rows->broken ? ERR_STORAGE : OK;
	rows->left--;
	*length = size < 1000 ? size : 1000;
	memset(data, 'r', *length);
	return OK;
}

static inline void close_rows(void *context)
{
	free(context);
	atomic_fetch_add(&site.streams_closed, 1);
}

static inline void reply_stream(struct exchange *exchange, bool broken)
{
	struct http_reply reply;
	struct rows *rows = malloc(sizeof *rows);

	if (rows == NULL) {
		reply_text(exchange, 503, "");
		return;
	}
	*rows = (struct rows){ 100, broken };
	http_reply_init(&reply, 200);
	reply.stream = (struct http_stream){ next_rows, close_rows, rows };
	exchange_reply(exchange, &reply);
}

static inline void reply_shared(struct exchange *exchange)
{
	struct http_reply reply;

	http_reply_init(&reply, 200);
	http_reply_field(&reply, "Content-Type", "text/plain");
	if (exchange_request(exchange)->query.length > 0)
		http_reply_field_copy(&reply, "X-Query", exchange_request(exchange)->query);
	reply.shared = blob_hold(site.shared);
	exchange_reply(exchange, &reply);
}

static inline void reply_blob(struct exchange *exchange)
{
	struct http_reply reply;
	struct buffer text = BUFFER(100);

	http_reply_init(&reply, 200);
	buffer_bytes(&text, exchange_request(exchange)->query);
	reply.shared = blob_new(&text);
	reply.err = reply.shared != NULL ? OK : ERR_MEMORY;
	exchange_reply(exchange, &reply);
	buffer_free(&text);
}

static inline void reply_spoilt(struct exchange *exchange)
{
	struct http_reply reply;

	http_reply_init(&reply, 200);
	http_reply_field_copy(&reply, "X", BYTES_LITERAL("a\r\nb"));
	exchange_reply(exchange, &reply);
}

static inline void reply_echo(struct exchange *exchange)
{
	struct http_reply reply;

	http_reply_init(&reply, 200);
	buffer_bytes(&reply.body, exchange_request(exchange)->body);
	exchange_reply(exchange, &reply);
}

static inline void site_handle(void *context, struct exchange *exchange)
{
	struct bytes path = exchange_request(exchange)->path;

	(void)context;
	atomic_fetch_add(&site.handled, 1);
	if (bytes_is(path, "/later"))
		hand_to_replier(exchange, false);
	else if (bytes_is(path, "/before"))
		hand_to_replier(exchange, true);
	else if (bytes_is(path, "/wait"))
		hold(exchange);
	else if (bytes_is(path, "/echo"))
		reply_echo(exchange);
	else if (bytes_is(path, "/stream") || bytes_is(path, "/broken"))
		reply_stream(exchange, bytes_is(path, "/broken"));
	else if (bytes_is(path, "/shared"))
		reply_shared(exchange);
	else if (bytes_is(path, "/blob"))
		reply_blob(exchange);
	else if (bytes_is(path, "/spoilt"))
		reply_spoilt(exchange);
	else
		reply_text(exchange, 200, "now");
}

static inline size_t site_body_bytes_max(void *context, const struct http_request *head)
{
	(void)context;
	(void)head;
	return BODY_MAX;
}

static inline void site_refuse(void *context, const struct http_request *head, int status, const char *why,
                               struct http_reply *reply)
{
	(void)context;
	(void)head;
	http_reply_field(reply, "Content-Type", "application/problem+json");
	if (status == 503)
		http_reply_field(reply, "Retry-After", "7");
	buffer_format(&reply->body, "{\"detail\":\"%s\"}", why);
}

static inline void site_completed(void *context, const struct http_request *request, int status,
                                  uint64_t body_bytes, int64_t duration_us)
{
	(void)context;
	atomic_fetch_add(&site.wrong, duration_us < 0);
	pthread_mutex_lock(&site.lock);
	memcpy(site.last_peer, request->peer, sizeof site.last_peer);
	pthread_mutex_unlock(&site.lock);
	atomic_store(&site.last_status, status);
	atomic_store(&site.last_bytes, body_bytes);
	atomic_fetch_add(&site.completed, 1);
}

static inline void site_await_completed(int count)
{
	for (int i = 0; i < 5000 && atomic_load(&site.completed) < count; i++)
		pause_ms(1);
	assert_int_equal(atomic_load(&site.completed), count);
}

/* A site whose options a test may change before site_open. */
static inline void site_init(void)
{
	memset(&site, 0, sizeof site);
	pthread_mutex_init(&site.lock, NULL);
	pthread_cond_init(&site.changed, NULL);
	site.options = (struct http_server_options){
		.threads = 2, .connections_max = 1024, .waiting_max = 512,
		.request_timeout_s = 5, .idle_timeout_s = 10,
		.body_bytes_max = site_body_bytes_max, .handle = site_handle,
		.refuse = site_refuse, .completed = site_completed,
	};
}

/* What the site needs beside its server. */
static inline void site_prepare(void)
{
	struct buffer text = BUFFER(100);

	buffer_text(&text, "shared by all");
	site.shared = blob_new(&text);
	assert_non_null(site.shared);
	assert_int_equal(pthread_create(&site.replier, NULL, reply_later, NULL), 0);
}

static inline enum err site_serve(const char *address, struct why *why)
{
	enum err err = listener_open(address, &site.options.listen_fd, site.address, sizeof site.address, why);

	return err == OK ? http_server_start(&site.server, &site.options, why) : err;
}

static inline void site_open(const char *address)
{
	struct why why = { "" };

	site_prepare();
	assert_int_equal(site_serve(address, &why), OK);
}

static inline void site_close(void)
{
	(void)site_release(); /* what a failed test left behind */
	http_server_stop(&site.server, 5);
	pthread_mutex_lock(&site.lock);
	site.stopping = true;
	pthread_cond_broadcast(&site.changed);
	pthread_mutex_unlock(&site.lock);
	pthread_join(site.replier, NULL);
	blob_drop(&site.shared);
	pthread_cond_destroy(&site.changed);
	pthread_mutex_destroy(&site.lock);
	assert_int_equal(atomic_load(&site.wrong), 0);
}

static inline int site_setup(void **state)
{
	(void)state;
	site_init();
	site_open("127.0.0.1:0");
	return 0;
}

static inline int site_teardown(void **state)
{
	(void)state;
	site_close();
	return 0;
}

/* ---- asking it ---- */

static inline int connect_site(void)
{
	int fd = connect_to(site.address);

	assert_true(fd >= 0);
	return fd;
}

/* One request on its own connection, the whole answer as text, or what came before the connection ended. */
static inline const char *ask(const char *request)
{
	static char answer[256 * 1024];
	int fd = connect_site();

	answer[0] = '\0';
	assert_true(send_text(fd, request));
	(void)hear_answer(fd, strncmp(request, "HEAD", 4) == 0, answer, sizeof answer, 5000);
	close(fd);
	return answer;
}

#endif
