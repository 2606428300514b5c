#include "net/response.h"

#include <stdlib.h>
#include <sys/socket.h>

enum { STREAM_BLOCK_BYTES = 16 * 1024 };

struct sending {
	struct http_stream stream;
	uint64_t *streamed;
	int fd;
};

/*
 * Closing is not enough: towards HTTP/1.0 the end of the connection is the end
 * of the body, and a part would pass for the whole. Dissolving the association
 * sends a reset. A Unix socket cannot do this and is only closed.
 */
static void break_off(int fd)
{
	static const struct sockaddr nobody = { .sa_family = AF_UNSPEC };

	(void)connect(fd, &nobody, sizeof nobody);
}

static ssize_t stream_read(void *context, uint64_t position, char *data, size_t size)
{
	struct sending *sending = context;
	size_t length = 0;

	(void)position;
	if (sending->stream.next(sending->stream.context, data, size, &length) != OK) {
		break_off(sending->fd);
		return MHD_CONTENT_READER_END_WITH_ERROR;
	}
	if (length == 0)
		return MHD_CONTENT_READER_END_OF_STREAM;
	*sending->streamed += length;
	return (ssize_t)length;
}

static void stream_done(void *context)
{
	struct sending *sending = context;

	if (sending->stream.close != NULL)
		sending->stream.close(sending->stream.context);
	free(sending);
}

static struct MHD_Response *from_stream(struct http_reply *reply, uint64_t *streamed, int fd)
{
	struct sending *sending = malloc(sizeof *sending);

	if (sending == NULL)
		return NULL;
	*sending = (struct sending){ reply->stream, streamed, fd };
	struct MHD_Response *response = MHD_create_response_from_callback(
		MHD_SIZE_UNKNOWN, STREAM_BLOCK_BYTES, stream_read, sending, stream_done);

	if (response == NULL)
		free(sending);
	else
		reply->stream = (struct http_stream){ 0 };
	return response;
}

static void shared_done(void *context)
{
	struct blob *blob = context;

	blob_drop(&blob);
}

/* libmicrohttpd 0.9.75 wants a pointer to what it may write, and never writes. */
static void *unconst(const char *data)
{
	return (void *)(uintptr_t)data;
}

static struct MHD_Response *from_shared(struct http_reply *reply)
{
	struct bytes view = blob_view(reply->shared);
	struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(
		view.length, unconst(view.data), shared_done, reply->shared);

	if (response != NULL)
		reply->shared = NULL;
	return response;
}

static struct MHD_Response *from_body(struct http_reply *reply)
{
	struct MHD_Response *response;

	if (reply->body.length == 0)
		return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	response = MHD_create_response_from_buffer(reply->body.length, reply->body.data, MHD_RESPMEM_MUST_FREE);
	if (response != NULL)
		reply->body = BUFFER(reply->body.max);
	return response;
}

static bool add_fields(struct MHD_Response *response, const struct http_reply *reply)
{
	for (size_t i = 0; i < reply->field_count; i++)
		if (MHD_add_response_header(response, reply->fields[i].name, reply->fields[i].value) != MHD_YES)
			return false;
	return !reply->close_connection ||
	       MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close") == MHD_YES;
}

/*
 * libmicrohttpd sends the last chunk of a stream that it does not send, and a
 * kept connection would be out of step: without chunks it ends the connection.
 */
static bool without_chunks(struct MHD_Response *response)
{
	return MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END) == MHD_YES;
}

struct MHD_Response *response_new(struct http_reply *reply, bool bodiless, uint64_t *streamed, int fd)
{
	bool streams = reply->stream.next != NULL;
	struct MHD_Response *response;

	if (streams)
		response = from_stream(reply, streamed, fd);
	else if (reply->shared != NULL)
		response = from_shared(reply);
	else
		response = from_body(reply);
	if (response != NULL && (!add_fields(response, reply) || (streams && bodiless && !without_chunks(response)))) {
		MHD_destroy_response(response);
		response = NULL;
	}
	return response;
}
