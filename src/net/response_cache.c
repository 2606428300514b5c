#include "net/response_cache.h"

#include <stdlib.h>
#include <string.h>

#include "net/response.h"

bool response_cache_init(struct response_cache *cache)
{
	memset(cache->places, 0, sizeof cache->places);
	cache->next = 0;
	return pthread_mutex_init(&cache->lock, NULL) == 0;
}

static void give_up(struct cached_response *place)
{
	if (place->body == NULL)
		return;
	MHD_destroy_response(place->response); /* connections that still send it have their own hold */
	for (size_t i = 0; i < place->field_count; i++)
		free(place->fields[i].owned);
	place->body = NULL;
}

void response_cache_free(struct response_cache *cache)
{
	for (size_t i = 0; i < RESPONSE_CACHE_PLACES; i++)
		give_up(&cache->places[i]);
	pthread_mutex_destroy(&cache->lock);
}

bool response_cache_takes(const struct http_reply *reply)
{
	return reply->shared != NULL && blob_is_shared(reply->shared) && reply->stream.next == NULL && !reply->close_connection;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || strcmp(a, b) == 0;
}

static bool is_for(const struct cached_response *place, const struct http_reply *reply)
{
	if (place->body != reply->shared || place->field_count != reply->field_count)
		return false;
	for (size_t i = 0; i < reply->field_count; i++)
		if (!same_text(place->fields[i].name, reply->fields[i].name) || !same_text(place->fields[i].value, reply->fields[i].value))
			return false;
	return true;
}

static struct cached_response *find(struct response_cache *cache, const struct http_reply *reply)
{
	for (size_t i = 0; i < RESPONSE_CACHE_PLACES; i++)
		if (is_for(&cache->places[i], reply))
			return &cache->places[i];
	return NULL;
}

/* Its fields go from the reply into the place. */
static struct cached_response *make(struct response_cache *cache, struct http_reply *reply)
{
	struct cached_response *place = &cache->places[cache->next];
	const struct blob *body = reply->shared;
	struct MHD_Response *response = response_new(reply, false, NULL, -1);

	if (response == NULL)
		return NULL;
	give_up(place);
	cache->next = (cache->next + 1) % RESPONSE_CACHE_PLACES;
	place->body = body;
	place->response = response;
	memcpy(place->fields, reply->fields, reply->field_count * sizeof reply->fields[0]);
	place->field_count = reply->field_count;
	reply->field_count = 0;
	return place;
}

/* Under the lock until it is queued: libmicrohttpd has no other way to hold a response than to queue it. */
enum MHD_Result response_cache_queue(struct response_cache *cache, struct MHD_Connection *connection, struct http_reply *reply)
{
	pthread_mutex_lock(&cache->lock);
	struct cached_response *place = find(cache, reply);

	if (place == NULL)
		place = make(cache, reply);
	enum MHD_Result result = place == NULL ? MHD_NO : MHD_queue_response(connection, (unsigned)reply->status, place->response);

	pthread_mutex_unlock(&cache->lock);
	return result;
}
