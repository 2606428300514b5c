/*
 * response_cache.h -- the responses that were made last for shared bodies: what everybody is answered is put together
 * once and not for each of them. Only for exchange.c; any thread.
 */
#ifndef NET_RESPONSE_CACHE_H
#define NET_RESPONSE_CACHE_H

#include <microhttpd.h>
#include <pthread.h>

#include "base/http_message.h"

/* Two languages of a page with its data, plain and compressed, with and without an origin. */
enum { RESPONSE_CACHE_PLACES = 16 };

struct cached_response {
	const struct blob *body; /* held by the response; NULL: the place is free */
	struct MHD_Response *response;
	struct http_reply_field fields[HTTP_REPLY_FIELDS_MAX];
	size_t field_count;
};

struct response_cache {
	pthread_mutex_t lock;
	struct cached_response places[RESPONSE_CACHE_PLACES];
	unsigned next; /* is given up for the next that is made */
};

/* False when the system has no lock. */
MUST_CHECK bool response_cache_init(struct response_cache *cache);
void response_cache_free(struct response_cache *cache);

/*
 * Whether a reply may be sent by response_cache_queue: its body is shared with somebody who may answer with it again, and
 * the connection is kept. A page for one donor pushes no other out and is not held longer than it is sent.
 */
bool response_cache_takes(const struct http_reply *reply);

/*
 * Queue the response with this reply's body and fields. MHD_NO when it cannot be made or queued; the reply can then
 * only be freed.
 */
enum MHD_Result response_cache_queue(struct response_cache *cache, struct MHD_Connection *connection, struct http_reply *reply);

#endif
