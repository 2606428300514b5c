/*
 * http_message.h -- HTTP messages as values: the request that came in, the
 * reply that goes out, the call that we make and the answer to it; and the
 * pure judgement of whether a request is one that a strict server accepts.
 *
 * Not here: sockets (net/), what a path means (routes/).
 */
#ifndef BASE_HTTP_MESSAGE_H
#define BASE_HTTP_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"

struct http_field {
	struct bytes name;
	struct bytes value;
};

/* ---- what came in: everything is lent by the server until the exchange ends ---- */

struct http_request {
	struct bytes method;
	struct bytes target;  /* as on the wire */
	struct bytes version; /* "HTTP/1.1" */
	struct bytes path;    /* of the target, still percent-encoded */
	struct bytes query;   /* behind the '?', without it */
	const struct http_field *fields;
	size_t field_count;
	struct bytes body;
	char peer[64];        /* the address of the other end: "192.0.2.1", "2001:db8::1", "unix" */
};

/* Find the one field of that name (without case). False when there is none or more than one. */
bool http_request_field(const struct http_request *request, const char *name, struct bytes *value);

/* Whether the body is of that media type, whatever its parameters. */
bool http_request_is_type(const struct http_request *request, const char *type);

/* How many fields have that name. */
size_t http_request_field_count(const struct http_request *request, const char *name);

/* Set the target, and path and query as the parts of it. */
void http_request_target(struct http_request *request, struct bytes target);

/*
 * Judge method, target, version and fields, before any body is read: 0 when the
 * request is acceptable, else the status to refuse it with (400, 411, 414, 417,
 * 431, 501, 505), and `why` says what is wrong. A `field_count` beyond
 * HTTP_FIELDS_MAX says that there were more than could be kept (431). The refused forms are those of RFC
 * 9112 that let two servers disagree: Content-Length with Transfer-Encoding or
 * twice or not plain digits, any transfer coding but "chunked", several or
 * missing or malformed Hosts, absolute-form and asterisk-form targets,
 * characters that cannot stand in a target or a field, an unknown version,
 * an unknown expectation, chunked on HTTP/1.0, names with white space.
 * Methods other than GET, HEAD, POST, DELETE and OPTIONS are 501; a POST without any
 * length is 411.
 */
int http_request_check(const struct http_request *request, struct why *why);

/*
 * Read the next pair of an application/x-www-form-urlencoded text (a form's
 * body or a query). `rest` moves forward; name and value are decoded into the
 * caller's texts. OK with *more = false at the end. ERR_INPUT for a bad escape,
 * a NUL, a control character or bytes that are not UTF-8; ERR_TOO_BIG for what
 * does not fit.
 */
MUST_CHECK enum err http_form_next(struct bytes *rest, bool *more,
                                   char *name, size_t name_size,
                                   char *value, size_t value_size);

/* Append `text` percent-encoded (unreserved characters of RFC 3986 stay as they are). */
void http_percent_encode(struct buffer *buffer, struct bytes text);

/* ---- what goes out ---- */

enum { HTTP_REPLY_FIELDS_MAX = 24 };

struct http_reply_field {
	const char *name;  /* static text */
	const char *value;
	char *owned;       /* NULL when `value` is static */
};

/*
 * A streamed body: fill up to `size` bytes at `data` and say how many; 0 ends
 * the body. On an error the connection is broken off, so that a reader never
 * takes a part for the whole.
 */
struct http_stream {
	enum err (*next)(void *context, char *data, size_t size, size_t *length);
	void (*close)(void *context);
	void *context;
};

struct http_reply {
	int status;
	struct http_reply_field fields[HTTP_REPLY_FIELDS_MAX];
	size_t field_count;
	/* exactly one of the three bodies is used: stream, else shared, else body */
	struct buffer body;
	struct blob *shared;
	struct http_stream stream;
	bool close_connection;
	enum err err; /* a field could not be kept */
};

enum { HTTP_REPLY_BODY_BYTES_MAX = 16 * 1024 * 1024 };

void http_reply_init(struct http_reply *reply, int status);

/* Both texts are static. */
void http_reply_field(struct http_reply *reply, const char *name, const char *value);

/* `value` is copied. A value with CR, LF or NUL is refused (reply->err). */
void http_reply_field_copy(struct http_reply *reply, const char *name, struct bytes value);

/* Free what the reply owns, drop its hold on `shared`, close its stream. */
void http_reply_free(struct http_reply *reply);

const char *http_status_text(int status);

/* ---- what we ask others ---- */

/*
 * A request of ours to a provider: exact bytes, so that a repeat is the same
 * request. Owned by whoever holds it; http_call_free wipes it.
 */
struct http_call {
	const char *method;        /* static: "GET", "POST", "DELETE" */
	struct buffer url;
	struct buffer fields;      /* "Name: value" lines, each ended by LF */
	struct buffer body;
	int64_t timeout_ms;        /* for the whole exchange, waiting for a free connection included */
	int64_t delay_ms;          /* wait this long before it is sent; the timeout starts then */
	bool fresh_connection;     /* the provider has no idempotency key: never reuse a connection */
};

enum { HTTP_CALL_TIMEOUT_MS = 30 * 1000 }; /* what http_call_init sets */

void http_call_init(struct http_call *call, const char *method);

/* Values with CR, LF or NUL make the call fail (http_call_err). */
void http_call_field(struct http_call *call, const char *name, struct bytes value);

/* Whether everything that was put into the call is there. */
MUST_CHECK enum err http_call_err(const struct http_call *call);

/* A copy that owns its own bytes. */
MUST_CHECK enum err http_call_copy(struct http_call *to, const struct http_call *from);

void http_call_free(struct http_call *call);

/* The answer to a call; lent. */
struct http_answer {
	int status;            /* 0: no complete answer came; `failure` says why */
	struct bytes fields;   /* raw header lines, CRLF between them */
	struct bytes body;
	const char *failure;   /* static or lent text, "" when there is an answer */
	bool not_connected;    /* nobody listens there: nothing was asked */
};

/* The value of the first field of that name (without case). */
bool http_answer_field(const struct http_answer *answer, const char *name, struct bytes *value);

/*
 * For how many seconds the server wants to be left alone: Retry-After (RFC 9110, 10.2.3) as seconds or as a date, which is
 * taken by the answer's own Date; up to a day. 0 when it does not say.
 */
int64_t http_answer_retry_after(const struct http_answer *answer);

/* When the answer was made by its own Date (RFC 9110, 5.6.7: the form that must be sent), in seconds since 1970. */
bool http_answer_date(const struct http_answer *answer, int64_t *time_s);

#endif
