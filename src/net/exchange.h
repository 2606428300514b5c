/*
 * exchange.h -- one request and its reply, as http_server.c moves it along.
 * For the rest of the program an exchange is what http_server.h says.
 */
#ifndef NET_EXCHANGE_H
#define NET_EXCHANGE_H

#include <microhttpd.h>
#include <stdatomic.h>

#include "net/clients.h"
#include "net/http_server.h"
#include "net/response_cache.h"

/* What exchanges share; the server outlives them all. */
struct exchange_desk {
	struct http_server_options options;
	struct response_cache responses;
	atomic_bool draining;
	atomic_uint busy;     /* begun, reply not yet out */
	atomic_uint waiting;  /* handed over, no reply yet */
	atomic_uint replying; /* threads inside exchange_reply */
};

/* When the request line has come; the target is copied. NULL when out of memory. */
struct exchange *exchange_new(struct exchange_desk *desk, struct client *client,
                              struct MHD_Connection *connection, const char *target);

bool exchange_has_begun(const struct exchange *exchange);

/* The three calls of libmicrohttpd's handler: the head, parts of the body, the end (and after each resume). */
enum MHD_Result exchange_begin(struct exchange *exchange, const char *method, const char *version);
enum MHD_Result exchange_body(struct exchange *exchange, const char *data, size_t length);
enum MHD_Result exchange_proceed(struct exchange *exchange);

/* The reply is out or the connection broke. Frees. */
void exchange_end(struct exchange *exchange);

#endif
