/*
 * https_client.h -- outgoing HTTPS calls, many at once, from one thread.
 *
 * A bounded pool of kept HTTP/1.1 connections; certificates are always
 * verified; plain http is spoken towards loopback addresses only; no redirect
 * is followed, no proxy, cookie, netrc or compressed answer is used. At most
 * `in_flight_max` calls are at providers, the others wait as values.
 * Not here: whether a call may be repeated, and what an answer means (webhooks/).
 */
#ifndef NET_HTTPS_CLIENT_H
#define NET_HTTPS_CLIENT_H

#include <stdint.h>

#include "base/err.h"
#include "base/http_message.h"

struct https_client;

struct https_client_options {
	unsigned in_flight_max;   /* calls at providers at the same time */
	unsigned waiting_max;     /* calls queued behind them */
	const char *ca_file;      /* NULL: the system's bundle */
	const char *user_agent;
	const char *through;      /* NULL, or the listening address (listener.h) through which every call goes, whatever its URL; lent */
};

/*
 * Called once per accepted call, on the client's thread, never from inside
 * https_client_send. `answer` is lent for the call. May send further calls.
 */
typedef void https_client_done(void *context, const struct http_answer *answer);

/* On OK the caller owns `*client` and its thread. ERR_MEMORY, ERR_SYSTEM when there is no thread; with `why`. */
MUST_CHECK enum err https_client_start(struct https_client **client,
                                       const struct https_client_options *options,
                                       struct why *why);

/*
 * Queue a call; safe from any thread. On OK the client has taken over what
 * `call` owns and `done` will be called exactly once. ERR_BUSY when the queue is
 * full or the client stops, ERR_INPUT when the URL is not one that may be
 * asked, ERR_MEMORY; `call` is then unchanged.
 */
MUST_CHECK enum err https_client_send(struct https_client *client, struct http_call *call,
                                      https_client_done *done, void *context);

/* Whether a URL is one that may be asked: https, or http towards a loopback address. */
MUST_CHECK enum err https_client_check_url(const char *url, struct why *why);

/*
 * Answer what still waits with a failure ("stopping"), end what is in flight
 * the same way, join the thread. Who still has the client and sends hears
 * ERR_BUSY from now on. Does nothing with NULL, or a second time; one thread
 * calls it.
 */
void https_client_end(struct https_client *client);

/* End it, free and null, once nobody sends any more. Does nothing with NULL. */
void https_client_stop(struct https_client **client);

#endif
