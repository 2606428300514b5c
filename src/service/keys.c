#include "service/keys.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { LISTS = 1024 };

/* Keys are SHA-256 already: their first characters spread them. */
struct keys {
	pthread_mutex_t mutex;
	struct key_wait *lists[LISTS];
};

struct keys *keys_new(void)
{
	struct keys *made = calloc(1, sizeof *made);

	if (made != NULL)
		pthread_mutex_init(&made->mutex, NULL);
	return made;
}

static struct key_wait **list_of(struct keys *keys, const char *key)
{
	unsigned sum = 0;

	for (int i = 0; i < 8; i++)
		sum = sum * 31 + (unsigned char)key[i];
	return &keys->lists[sum % LISTS];
}

enum err keys_take(struct keys *keys, struct key_wait *wait, bool *first)
{
	struct key_wait **list = list_of(keys, wait->key);
	enum err err = OK;

	pthread_mutex_lock(&keys->mutex);
	struct key_wait *holder = *list;

	while (holder != NULL && strcmp(holder->key, wait->key) != 0)
		holder = holder->next;
	*first = holder == NULL;
	if (holder == NULL) {
		wait->behind = NULL;
		wait->next = *list;
		*list = wait;
	} else if (strcmp(holder->tier, wait->tier) != 0 || strcmp(holder->account, wait->account) != 0) {
		err = ERR_CONFLICT;
	} else {
		wait->next = holder->behind;
		holder->behind = wait;
	}
	pthread_mutex_unlock(&keys->mutex);
	return err;
}

struct key_wait *keys_give(struct keys *keys, struct key_wait *holder)
{
	struct key_wait **at = list_of(keys, holder->key);

	pthread_mutex_lock(&keys->mutex);
	while (*at != NULL && *at != holder)
		at = &(*at)->next;
	if (*at == holder)
		*at = holder->next;
	struct key_wait *behind = holder->behind;

	holder->behind = NULL;
	pthread_mutex_unlock(&keys->mutex);
	return behind;
}

void keys_free(struct keys **keys)
{
	struct keys *freed = *keys;

	*keys = NULL;
	if (freed == NULL)
		return;
	pthread_mutex_destroy(&freed->mutex);
	free(freed);
}
