#include "routes/ready_body.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#include "base/digest.h"
#include "base/text.h"

/* ---- making ---- */

/* The gzip form (RFC 1952); deterministic, since zlib writes no time of its own accord. */
static enum err compress_body(struct bytes plain, struct buffer *out)
{
	z_stream stream = { .avail_in = (uInt)plain.length };
	union {
		const char *in;
		Bytef *out;
	} pointer = { plain.data };

	if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
		return ERR_MEMORY;
	size_t bound = deflateBound(&stream, (uLong)plain.length);
	enum err err = buffer_reserve(out, bound);

	if (err == OK) {
		stream.next_in = pointer.out;
		stream.next_out = (Bytef *)out->data;
		stream.avail_out = (uInt)bound;
		if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
			err = ERR_MEMORY;
		else
			out->length = stream.total_out;
	}
	deflateEnd(&stream);
	return err;
}

static enum err tag(struct bytes body, const char *suffix, char etag[static ETAG_SIZE])
{
	uint8_t digest[DIGEST_BYTES];
	char hex[33];
	enum err err = digest_sha256(&body, 1, digest);

	text_hex(digest, 16, hex);
	snprintf(etag, ETAG_SIZE, "\"%s%s\"", hex, suffix);
	return err;
}

enum err ready_body_make(struct buffer *plain, struct ready_body *body)
{
	struct buffer gzip = BUFFER(READY_BYTES_MAX);
	enum err err = buffer_err(plain);

	if (err == OK)
		err = tag(buffer_view(plain), "", body->etag);
	if (err == OK)
		err = tag(buffer_view(plain), "-gz", body->etag_gzip);
	if (err == OK)
		err = compress_body(buffer_view(plain), &gzip);
	if (err == OK) {
		body->plain = blob_new(plain);
		body->gzip = blob_new(&gzip);
		if (body->plain == NULL || body->gzip == NULL)
			err = ERR_MEMORY;
	}
	buffer_free(plain);
	buffer_free(&gzip);
	return err;
}

void ready_body_drop(struct ready_body *body)
{
	blob_drop(&body->plain);
	blob_drop(&body->gzip);
}

/* ---- answering ---- */

/* Whether a comma-separated list holds the item, or is "*". */
static bool list_has(struct bytes list, const char *item)
{
	size_t length = strlen(item);

	if (bytes_is(list, "*"))
		return true;
	for (size_t at = 0; at + length <= list.length; at++)
		if (memcmp(list.data + at, item, length) == 0)
			return true;
	return false;
}

/* Whether gzip is welcome: named, and not with a quality of zero. */
static bool accepts_gzip(const struct http_request *request)
{
	struct bytes accept;

	if (!http_request_field(request, "Accept-Encoding", &accept))
		return false;
	for (size_t at = 0; at + 4 <= accept.length; at++) {
		if (strncasecmp(accept.data + at, "gzip", 4) != 0)
			continue;
		struct bytes rest = { accept.data + at + 4, accept.length - at - 4 };

		return !bytes_starts_with(rest, ";q=0") || (rest.length > 4 && rest.data[4] == '.' && !bytes_is(rest, ";q=0.0"));
	}
	return false;
}

void ready_body_reply(struct visit *visit, const struct ready_body *body, const char *type, struct http_reply *reply)
{
	bool gzip = accepts_gzip(visit->request);
	const char *etag = gzip ? body->etag_gzip : body->etag;
	struct bytes known;

	http_reply_field_copy(reply, "ETag", bytes_of(etag));
	http_reply_field(reply, "Vary", "Accept-Encoding");
	http_reply_field(reply, "Cache-Control", body->cache != NULL ? body->cache : "no-cache");
	if (http_request_field(visit->request, "If-None-Match", &known) && list_has(known, etag)) {
		reply->status = 304;
		visit_reply(visit, reply);
		return;
	}
	http_reply_field(reply, "Content-Type", type);
	if (gzip)
		http_reply_field(reply, "Content-Encoding", "gzip");
	reply->shared = blob_hold(gzip ? body->gzip : body->plain);
	visit_reply(visit, reply);
}

void ready_body_reply_once(struct visit *visit, enum err err, struct buffer *page, const char *type, const char *cache)
{
	struct ready_body body = { .cache = cache };
	struct http_reply reply;

	http_reply_init(&reply, 200);
	if (err == OK)
		err = ready_body_make(page, &body);
	else
		buffer_free(page);
	reply.err = err;
	if (err == OK)
		ready_body_reply(visit, &body, type, &reply);
	else
		visit_reply(visit, &reply);
	ready_body_drop(&body);
}
