#include "service/turns.h"

#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>

struct turns {
	pthread_mutex_t mutex;
	unsigned free;
	struct turn *first;
	struct turn *last;
	bool calling; /* somebody calls those whose turn it is; he sees whatever changes meanwhile */
};

struct turns *turns_new(unsigned at_once)
{
	struct turns *made = calloc(1, sizeof *made);

	if (made == NULL)
		return NULL;
	if (pthread_mutex_init(&made->mutex, NULL) != 0) {
		free(made);
		return NULL;
	}
	made->free = at_once;
	return made;
}

void turns_free(struct turns **turns)
{
	struct turns *freed = *turns;

	*turns = NULL;
	if (freed == NULL)
		return;
	assert(freed->first == NULL);
	pthread_mutex_destroy(&freed->mutex);
	free(freed);
}

static struct turn *take_first(struct turns *turns)
{
	struct turn *turn = turns->first;

	turns->first = turn->next;
	if (turns->first == NULL)
		turns->last = NULL;
	return turn;
}

/*
 * Call whose turn it is, with the mutex held on both sides. One at a time calls: a turn that is given back from
 * inside `come` is seen by the loop, so that a thousand which fail at once are no deep recursion.
 */
static void call_next(struct turns *turns, int64_t now_us)
{
	if (turns->calling)
		return;
	turns->calling = true;
	while (turns->first != NULL && turns->free > 0) {
		struct turn *turn = take_first(turns);
		bool in_time = now_us <= turn->until_us;

		turns->free -= in_time;
		pthread_mutex_unlock(&turns->mutex);
		turn->come(turn->context, in_time);
		pthread_mutex_lock(&turns->mutex);
	}
	turns->calling = false;
}

void turns_take(struct turns *turns, struct turn *turn, int64_t now_us)
{
	pthread_mutex_lock(&turns->mutex);
	turn->next = NULL;
	if (turns->last != NULL)
		turns->last->next = turn;
	else
		turns->first = turn;
	turns->last = turn;
	call_next(turns, now_us);
	pthread_mutex_unlock(&turns->mutex);
}

void turns_give(struct turns *turns, int64_t now_us)
{
	pthread_mutex_lock(&turns->mutex);
	turns->free++;
	call_next(turns, now_us);
	pthread_mutex_unlock(&turns->mutex);
}
