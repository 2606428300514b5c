/* Memory, threads, locks, random bytes. */
#include "tests/faults/window.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>

WRAP(void *, malloc, size_t size)
{
	return window_fails(CALL_MEMORY, "malloc") ? NULL : __real_malloc(size);
}

WRAP(void *, calloc, size_t count, size_t size)
{
	return window_fails(CALL_MEMORY, "calloc") ? NULL : __real_calloc(count, size);
}

WRAP(void *, realloc, void *old, size_t size)
{
	return window_fails(CALL_MEMORY, "realloc") ? NULL : __real_realloc(old, size);
}

WRAP(int, pthread_create, pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *context)
{
	return window_fails(CALL_SYSTEM, "pthread_create") ? EAGAIN : __real_pthread_create(thread, attributes, run, context);
}

WRAP(int, pthread_rwlock_init, pthread_rwlock_t *lock, const pthread_rwlockattr_t *attributes)
{
	return window_fails(CALL_SYSTEM, "pthread_rwlock_init") ? EAGAIN : __real_pthread_rwlock_init(lock, attributes);
}

WRAP(int, pthread_mutex_init, pthread_mutex_t *lock, const pthread_mutexattr_t *attributes)
{
	return window_fails(CALL_SYSTEM, "pthread_mutex_init") ? EAGAIN : __real_pthread_mutex_init(lock, attributes);
}

WRAP(int, pthread_cond_init, pthread_cond_t *condition, const pthread_condattr_t *attributes)
{
	return window_fails(CALL_SYSTEM, "pthread_cond_init") ? EAGAIN : __real_pthread_cond_init(condition, attributes);
}

WRAP(int, getentropy, void *bytes, size_t length)
{
	return window_fails(CALL_SYSTEM, "getentropy") ? -1 : __real_getentropy(bytes, length);
}
