/*
 * thread.h -- threads that take no signals. Signals are for the thread that waits
 * for them (commands/serve); and where SIGPIPE is blocked, writing to a socket
 * whose other end is gone is an error like any other.
 */
#ifndef NET_THREAD_H
#define NET_THREAD_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>

/* Threads made between the two inherit a mask that blocks every signal. */
void signals_block(sigset_t *before);
void signals_restore(const sigset_t *before);

/* False when there is no thread to be had. */
bool thread_start(pthread_t *thread, void *(*run)(void *), void *argument);

#endif
