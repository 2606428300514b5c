#include "sandbox/held.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"

enum err held_add(struct held *held, struct exchange *exchange, struct http_reply *reply,
                  int64_t due_ms, const char *event)
{
	struct held_reply *replies = grow(held->replies, held->count, &held->capacity, sizeof *replies);

	if (replies == NULL)
		return ERR_MEMORY;
	struct held_reply *added = &replies[held->count++];

	held->replies = replies;
	*added = (struct held_reply){ .exchange = exchange, .reply = *reply, .due_ms = due_ms };
	if (event != NULL)
		memcpy(added->event, event, strlen(event) + 1);
	http_reply_init(reply, 0);
	return OK;
}

void held_release(struct held *held, const char *event)
{
	for (size_t i = 0; i < held->count; i++)
		if (held->replies[i].event[0] != '\0' && strcmp(held->replies[i].event, event) == 0)
			held->replies[i].due_ms = 0;
}

bool held_take(struct held *held, int64_t now_ms, struct held_reply *reply)
{
	for (size_t i = 0; i < held->count; i++) {
		if (held->replies[i].due_ms > now_ms)
			continue;
		*reply = held->replies[i];
		held->replies[i] = held->replies[--held->count];
		return true;
	}
	return false;
}

int64_t held_next_ms(const struct held *held)
{
	int64_t next = INT64_MAX;

	for (size_t i = 0; i < held->count; i++)
		if (held->replies[i].due_ms < next)
			next = held->replies[i].due_ms;
	return next;
}

void held_free(struct held *held)
{
	assert(held->count == 0);
	free(held->replies);
	*held = (struct held){ 0 };
}
