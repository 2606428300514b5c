/*
 * The good road: begin (the head is judged), body, hand over to the handler,
 * wait suspended where it did not reply at once, send, end. The bad ones: a
 * head or a body that is refused, nobody left to wait for, a connection that
 * ends before its request is complete.
 *
 * Who replies and who suspends may meet. `stage` decides, with one exchange of
 * its value on each side:
 *
 *   worker                              whoever replies
 *   handle(exchange)
 *   suspend the connection              keep the reply
 *   HANDLING -> SUSPENDED               any -> REPLIED
 *   where that fails, resume it         where it was SUSPENDED, resume it
 *
 * After its exchange of the value neither side touches the exchange again.
 */
#include "net/exchange.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "net/response.h"
#include "net/ticks.h"

enum { BODY_BYTES_AT_ONCE = 16 * 1024 }; /* what a client's word is good for, before it has sent anything */

enum stage { HANDLING, SUSPENDED, REPLIED };

struct exchange {
	struct exchange_desk *desk;
	struct client *client;
	struct MHD_Connection *connection;
	struct http_request request;
	struct http_field *fields; /* the request's */
	struct buffer body;
	int64_t begun_us;     /* 0 before the head is complete */
	bool handed_over;
	atomic_int stage;
	struct http_reply reply;
	int status;           /* what was sent, or why nothing could be; 0 before */
	uint64_t body_bytes;  /* of the reply */
	char target[];
};

struct exchange *exchange_new(struct exchange_desk *desk, struct client *client,
                              struct MHD_Connection *connection, const char *target)
{
	size_t length = strlen(target);
	struct exchange *exchange = malloc(sizeof *exchange + length + 1);

	if (exchange == NULL)
		return NULL;
	exchange->desk = desk;
	exchange->client = client;
	exchange->connection = connection;
	exchange->fields = NULL;
	exchange->request.fields = NULL;
	exchange->request.field_count = 0;
	exchange->request.body = (struct bytes){ NULL, 0 };
	exchange->body = BUFFER(0);
	exchange->begun_us = 0;
	exchange->handed_over = false;
	atomic_init(&exchange->stage, HANDLING);
	exchange->status = 0;
	exchange->body_bytes = 0;
	http_reply_init(&exchange->reply, 0);
	memcpy(exchange->target, target, length + 1);
	http_request_target(&exchange->request, (struct bytes){ exchange->target, length });
	memcpy(exchange->request.peer, client->peer, sizeof client->peer);
	return exchange;
}

bool exchange_has_begun(const struct exchange *exchange)
{
	return exchange->begun_us != 0;
}

const struct http_request *exchange_request(const struct exchange *exchange)
{
	return &exchange->request;
}

/* ---- sending ---- */

/* The server's own word: its page or problem, and the end of the connection. */
static void refusal(struct exchange *exchange, int status, const char *why)
{
	const struct http_server_options *options = &exchange->desk->options;
	struct http_reply *reply = &exchange->reply;

	http_reply_free(reply);
	http_reply_init(reply, status);
	options->refuse(options->context, &exchange->request, status, why, reply);
	reply->close_connection = true;
}

/* A status without a body, or an answer to HEAD: what the reply holds is not sent. */
static bool is_bodiless(const struct exchange *exchange)
{
	int status = exchange->reply.status;

	return bytes_is(exchange->request.method, "HEAD") || status < 200 || status == 204 || status == 304;
}

static uint64_t reply_length(const struct exchange *exchange)
{
	const struct http_reply *reply = &exchange->reply;

	if (is_bodiless(exchange) || reply->stream.next != NULL)
		return 0; /* a stream counts for itself */
	return reply->shared != NULL ? blob_view(reply->shared).length : reply->body.length;
}

static bool is_whole(const struct http_reply *reply)
{
	return reply->err == OK && buffer_err(&reply->body) == OK;
}

/* MHD_NO also where the response could not be made. */
static enum MHD_Result queue_reply(struct exchange *exchange)
{
	struct exchange_desk *desk = exchange->desk;
	struct http_reply *reply = &exchange->reply;

	if (!is_whole(reply))
		return MHD_NO;
	if (atomic_load(&desk->draining))
		reply->close_connection = true;
	exchange->body_bytes = reply_length(exchange);
	if (response_cache_takes(reply))
		return response_cache_queue(&desk->responses, exchange->connection, reply);
	struct MHD_Response *response = response_new(reply, is_bodiless(exchange), &exchange->body_bytes, exchange->client->fd);

	if (response == NULL)
		return MHD_NO;
	enum MHD_Result result = MHD_queue_response(exchange->connection, (unsigned)reply->status, response);

	MHD_destroy_response(response); /* our hold; the connection has its own */
	return result;
}

static enum MHD_Result send_reply(struct exchange *exchange)
{
	enum MHD_Result result = queue_reply(exchange);

	if (result != MHD_YES) {
		refusal(exchange, 500, "The reply could not be put together.");
		result = queue_reply(exchange);
	}
	if (result == MHD_YES)
		exchange->status = exchange->reply.status;
	return result;
}

static enum MHD_Result refuse(struct exchange *exchange, int status, const char *why)
{
	refusal(exchange, status, why);
	return send_reply(exchange);
}

/* ---- the head ---- */

static enum MHD_Result keep_field(void *context, enum MHD_ValueKind kind, const char *name, size_t name_length,
                                  const char *value, size_t value_length)
{
	struct exchange *exchange = context;
	struct http_request *request = &exchange->request;

	(void)kind;
	if (request->field_count == HTTP_FIELDS_MAX)
		return MHD_NO;
	exchange->fields[request->field_count++] = (struct http_field){ { name, name_length }, { value, value_length } };
	return MHD_YES;
}

/* Thousands may wait for their answer: as much memory as there are fields. */
static bool keep_fields(struct exchange *exchange)
{
	struct http_request *request = &exchange->request;
	int count = MHD_get_connection_values_n(exchange->connection, MHD_HEADER_KIND, NULL, NULL);
	size_t kept = count > HTTP_FIELDS_MAX ? HTTP_FIELDS_MAX : count > 0 ? (size_t)count : 0;

	if (kept == 0)
		return true;
	exchange->fields = malloc(kept * sizeof *exchange->fields);
	if (exchange->fields == NULL)
		return false;
	request->fields = exchange->fields;
	(void)MHD_get_connection_values_n(exchange->connection, MHD_HEADER_KIND, keep_field, exchange);
	if (count > HTTP_FIELDS_MAX)
		request->field_count = HTTP_FIELDS_MAX + 1; /* for the judgement alone */
	return true;
}

/* The length that the head announces, 0 where it announces none. The head has been judged. */
static uint64_t announced_length(const struct http_request *request)
{
	struct bytes text;
	uint64_t length = 0;

	if (!http_request_field(request, "Content-Length", &text))
		return 0;
	for (size_t i = 0; i < text.length; i++)
		length = length * 10 + (uint64_t)(text.data[i] - '0');
	return length;
}

static enum MHD_Result expect_body(struct exchange *exchange)
{
	const struct http_server_options *options = &exchange->desk->options;
	size_t max = options->body_bytes_max(options->context, &exchange->request);
	uint64_t length = announced_length(&exchange->request);

	if (length > max)
		return client_is_busy(exchange->client) ? refuse(exchange, 413, "The body is too big.") : MHD_NO;
	exchange->body = BUFFER(max);
	if (length > 0 && buffer_reserve(&exchange->body, length < BODY_BYTES_AT_ONCE ? (size_t)length
	                                                                              : BODY_BYTES_AT_ONCE) != OK)
		return client_is_busy(exchange->client) ? refuse(exchange, 503, "Memory is short.") : MHD_NO;
	return MHD_YES;
}

enum MHD_Result exchange_begin(struct exchange *exchange, const char *method, const char *version)
{
	struct http_request *request = &exchange->request;
	struct why why = { "" };

	exchange->begun_us = ticks_us();
	atomic_fetch_add(&exchange->desk->busy, 1);
	request->method = bytes_of(method);
	request->version = bytes_of(version);
	if (!keep_fields(exchange))
		return client_is_busy(exchange->client) ? refuse(exchange, 503, "Memory is short.") : MHD_NO;
	int status = http_request_check(request, &why);

	if (request->field_count > HTTP_FIELDS_MAX)
		request->field_count = HTTP_FIELDS_MAX; /* judged; from here on only what was kept counts */
	if (status == 0)
		return expect_body(exchange);
	return client_is_busy(exchange->client) ? refuse(exchange, status, why.text) : MHD_NO;
}

/* ---- the body ---- */

enum MHD_Result exchange_body(struct exchange *exchange, const char *data, size_t length)
{
	buffer_append(&exchange->body, data, length);
	if (buffer_err(&exchange->body) == OK)
		return MHD_YES;
	/* In the middle of a body libmicrohttpd takes no reply any more: only the end is left. */
	exchange->status = buffer_err(&exchange->body) == ERR_TOO_BIG ? 413 : 503;
	return MHD_NO;
}

/* ---- handing over, and back ---- */

/* False where the exchange is now somebody else's: it must not be touched. */
static bool handed_back(struct exchange *exchange)
{
	struct MHD_Connection *connection = exchange->connection;
	int stage = HANDLING;

	if (atomic_load(&exchange->stage) == REPLIED)
		return true;
	MHD_suspend_connection(connection);
	if (!atomic_compare_exchange_strong(&exchange->stage, &stage, SUSPENDED))
		MHD_resume_connection(connection); /* the reply came in between */
	return false;
}

static enum MHD_Result hand_over(struct exchange *exchange)
{
	struct exchange_desk *desk = exchange->desk;

	if (!client_is_busy(exchange->client))
		return MHD_NO;
	if (atomic_fetch_add(&desk->waiting, 1) >= desk->options.waiting_max) {
		atomic_fetch_sub(&desk->waiting, 1);
		return refuse(exchange, 503, "Too many requests wait for an answer.");
	}
	exchange->handed_over = true;
	exchange->request.body = buffer_view(&exchange->body);
	desk->options.handle(desk->options.context, exchange);
	return handed_back(exchange) ? send_reply(exchange) : MHD_YES;
}

enum MHD_Result exchange_proceed(struct exchange *exchange)
{
	if (!exchange->handed_over)
		return hand_over(exchange);
	/* Resumed, and only a reply resumes. */
	return atomic_load(&exchange->stage) == REPLIED ? send_reply(exchange) : MHD_YES;
}

void exchange_reply(struct exchange *exchange, struct http_reply *reply)
{
	struct exchange_desk *desk = exchange->desk;
	struct MHD_Connection *connection = exchange->connection;

	/* Resuming touches the daemon after the connection is gone: stopping waits for `replying`. */
	atomic_fetch_add(&desk->replying, 1);
	atomic_fetch_sub(&desk->waiting, 1);
	exchange->reply = *reply;
	http_reply_init(reply, 0);
	int before = atomic_exchange(&exchange->stage, REPLIED);

	assert(before != REPLIED);
	if (before == SUSPENDED)
		MHD_resume_connection(connection);
	atomic_fetch_sub(&desk->replying, 1);
}

/* ---- the end ---- */

void exchange_end(struct exchange *exchange)
{
	const struct http_server_options *options = &exchange->desk->options;

	assert(!exchange->handed_over || atomic_load(&exchange->stage) == REPLIED);
	if (exchange->status == 0 && client_was_ended(exchange->client))
		exchange->status = 408;
	if (exchange_has_begun(exchange)) {
		options->completed(options->context, &exchange->request, exchange->status, exchange->body_bytes,
		                   ticks_us() - exchange->begun_us);
		atomic_fetch_sub(&exchange->desk->busy, 1);
	}
	http_reply_free(&exchange->reply);
	buffer_free(&exchange->body);
	free(exchange->fields);
	free(exchange);
}
