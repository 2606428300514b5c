/*
 * ready_body.h -- a body that is made once and answered to many, plain and
 * compressed, with its ETags.
 */
#ifndef ROUTES_READY_BODY_H
#define ROUTES_READY_BODY_H

#include "base/bytes.h"
#include "base/err.h"
#include "routes/site.h"

enum { ETAG_SIZE = 40, READY_BYTES_MAX = 1024 * 1024 };

struct ready_body {
	struct blob *plain;
	struct blob *gzip;
	char etag[ETAG_SIZE];      /* with its quotes */
	char etag_gzip[ETAG_SIZE];
	const char *cache;         /* Cache-Control, static text; NULL: no-cache */
};

/* Make `body` out of `plain`, which is emptied, also on failure. ERR_MEMORY, or the buffer's own error. */
MUST_CHECK enum err ready_body_make(struct buffer *plain, struct ready_body *body);

/* Let go of the bytes; who is being answered with them still holds them. */
void ready_body_drop(struct ready_body *body);

/* Answer with such bytes: 200, or 304 when the other end has them. `reply` may carry fields already. */
void ready_body_reply(struct visit *visit, const struct ready_body *body, const char *type, struct http_reply *reply);

/*
 * Answer with a page that was put together for this visit alone, and empty it; `err` is how that went. `cache` is
 * Cache-Control, NULL: no-cache.
 */
void ready_body_reply_once(struct visit *visit, enum err err, struct buffer *page, const char *type, const char *cache);

#endif
