#include "net/thread.h"

void signals_block(sigset_t *before)
{
	sigset_t all;

	sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, before); /* fails only for a wrong first argument */
}

void signals_restore(const sigset_t *before)
{
	(void)pthread_sigmask(SIG_SETMASK, before, NULL); /* as above */
}

bool thread_start(pthread_t *thread, void *(*run)(void *), void *argument)
{
	sigset_t before;

	signals_block(&before);
	int failure = pthread_create(thread, NULL, run, argument);

	signals_restore(&before);
	return failure == 0;
}
