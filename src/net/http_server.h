/*
 * http_server.h -- an HTTP/1.1 server around one listening socket, and the
 * exchange: one request and its reply.
 *
 * Each request becomes one exchange, handed to `handle` on a worker thread once
 * its body is complete. Whoever holds the exchange replies exactly once, then or
 * later, from any thread; after the reply the exchange must not be touched.
 * Suspending and resuming stay inside http_server.c.
 *
 * The server refuses on its own what http_request_check refuses, bodies over
 * the bound, more waiting exchanges than allowed (503), and
 * ends connections whose request is not complete in time.
 * Not here: routes, formats, logging (the options are told).
 */
#ifndef NET_HTTP_SERVER_H
#define NET_HTTP_SERVER_H

#include <stdint.h>

#include "base/err.h"
#include "base/http_message.h"

struct http_server;
struct exchange;

struct http_server_options {
	int listen_fd;                /* a listening stream socket; the server closes it */
	unsigned threads;             /* worker threads, at least 1 */
	unsigned connections_max;     /* at least 1; newcomers beyond it wait, and idle clients give way to them */
	unsigned connections_per_address_max; /* 0: no bound (behind a proxy all share one address) */
	unsigned waiting_max;         /* exchanges without a reply; beyond it 503 */
	unsigned request_timeout_s;   /* from the first byte of a request to the last of its body */
	unsigned idle_timeout_s;      /* a kept connection without a request, a reader that does not read */
	void *context;                /* handed to the functions below; they are called from several threads */

	/* How many bytes of body this request may carry; asked once the header is complete. */
	size_t (*body_bytes_max)(void *context, const struct http_request *head);

	/* A complete request. Must lead to exactly one exchange_reply. */
	void (*handle)(void *context, struct exchange *exchange);

	/*
	 * Write the reply for a request that the server refuses by itself (400 and the
	 * like, 413, 503), or 500 where a reply could not be sent as it was. `reply`
	 * comes initialised; the server ends the connection after it, and adds no field
	 * that belongs to a status: a 503's Retry-After is written here or not at all.
	 */
	void (*refuse)(void *context, const struct http_request *head, int status,
	               const char *why, struct http_reply *reply);

	/*
	 * The reply was given to the kernel, or the connection broke: once for each
	 * request whose head was complete. For the access log. `status` is what was
	 * answered; without an answer it is 413 where a body of unannounced length
	 * was too big, 408 where the request took too long, 0 where the client left.
	 */
	void (*completed)(void *context, const struct http_request *request, int status,
	                  uint64_t body_bytes, int64_t duration_us);
};

/*
 * Start serving. On OK the caller owns `*server`. ERR_SYSTEM when threads or
 * sockets cannot be had, ERR_MEMORY; `why` says what. The socket is closed in
 * either case at the latest by http_server_stop.
 */
MUST_CHECK enum err http_server_start(struct http_server **server,
                                      const struct http_server_options *options,
                                      struct why *why);

/* The request of an exchange; lent until the reply. */
const struct http_request *exchange_request(const struct exchange *exchange);

/*
 * Answer. Takes over what `reply` owns and leaves it empty. Exactly once per
 * exchange, from any thread, never blocking. A reply with an error in it (a
 * field or a body that could not be kept) becomes a 500. Content-Length, Date,
 * Connection and Transfer-Encoding are the server's to write.
 */
void exchange_reply(struct exchange *exchange, struct http_reply *reply);

/* When this returns, newcomers are refused, and each connection ends with its next reply. */
void http_server_drain(struct http_server *server);

/* Exchanges that have begun and whose reply is not yet out. */
unsigned http_server_busy(const struct http_server *server);

/*
 * Drain, wait until every started request has been answered, stop, free and
 * null. Does nothing with NULL. After `grace_s` seconds connections are cut, but
 * exchanges without a reply are waited for all the same: the caller makes sure
 * that each gets its reply.
 */
void http_server_stop(struct http_server **server, unsigned grace_s);

#endif
