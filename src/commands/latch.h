/*
 * latch.h -- wait on the command's own thread for what another one tells.
 */
#ifndef COMMANDS_LATCH_H
#define COMMANDS_LATCH_H

#include <pthread.h>
#include <stdbool.h>

struct latch {
	pthread_mutex_t mutex;
	pthread_cond_t opened;
	bool open;
};

#define LATCH ((struct latch){ PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false })

/* Once. What was written before is seen by whoever waited. */
static inline void latch_open(struct latch *latch)
{
	pthread_mutex_lock(&latch->mutex);
	latch->open = true;
	pthread_cond_signal(&latch->opened);
	pthread_mutex_unlock(&latch->mutex);
}

static inline void latch_wait(struct latch *latch)
{
	pthread_mutex_lock(&latch->mutex);
	while (!latch->open)
		pthread_cond_wait(&latch->opened, &latch->mutex);
	pthread_mutex_unlock(&latch->mutex);
}

#endif
