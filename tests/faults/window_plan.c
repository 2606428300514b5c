#include "tests/faults/window.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

static struct {
	pthread_mutex_t mutex;
	const struct plan *plan; /* NULL: nothing fails */
	void (*look)(void);
	unsigned left;           /* calls until one fails */
	const char *failed;
	unsigned failed_kind;
	unsigned failures;
	int distrusted;          /* the descriptor whose sync failed; -1 */
	unsigned trusted_again;
} window = { .mutex = PTHREAD_MUTEX_INITIALIZER, .distrusted = -1 };
static _Thread_local bool outside;

void window_arm(const struct plan *plan, unsigned n)
{
	pthread_mutex_lock(&window.mutex);
	window.plan = plan;
	window.left = n;
	window.failed = NULL;
	window.failed_kind = 0;
	window.failures = 0;
	window.distrusted = -1;
	window.trusted_again = 0;
	pthread_mutex_unlock(&window.mutex);
}

bool window_disarm(void)
{
	pthread_mutex_lock(&window.mutex);
	window.plan = NULL;
	bool fired = window.failed != NULL;

	pthread_mutex_unlock(&window.mutex);
	return fired;
}

const char *window_failed(void)
{
	return window.failed != NULL ? window.failed : "none";
}

unsigned window_failed_kind(void)
{
	return window.failed_kind;
}

unsigned window_failures(void)
{
	pthread_mutex_lock(&window.mutex);
	unsigned failures = window.failures;

	pthread_mutex_unlock(&window.mutex);
	return failures;
}

void window_watch(void (*look)(void))
{
	pthread_mutex_lock(&window.mutex);
	window.look = look;
	pthread_mutex_unlock(&window.mutex);
}

void window_outside(void)
{
	outside = true;
}

void window_inside(void)
{
	outside = false;
}

unsigned window_trusted_again(void)
{
	return window.trusted_again;
}

static bool is_meant(const struct plan *plan, unsigned call, const char *name)
{
	return plan != NULL && (plan->calls & call) != 0 && (plan->only == NULL || strcmp(plan->only, name) == 0);
}

static void look(void)
{
	pthread_mutex_lock(&window.mutex);
	void (*watching)(void) = window.look;

	pthread_mutex_unlock(&window.mutex);
	if (watching == NULL)
		return;
	int error = errno;

	outside = true;
	watching();
	outside = false;
	errno = error;
}

bool window_fails(unsigned call, const char *name)
{
	if (outside)
		return false;
	look();
	pthread_mutex_lock(&window.mutex);
	const struct plan *plan = window.plan;
	bool fails = false;

	if (is_meant(plan, call, name)) {
		fails = window.left == 1 || (window.left == 0 && plan->forever);
		if (window.left > 0)
			window.left--;
	}
	if (fails && window.failed == NULL) {
		window.failed = name;
		window.failed_kind = call;
	}
	window.failures += fails;
	int error = fails ? plan->error : 0;

	pthread_mutex_unlock(&window.mutex);
	if (fails)
		errno = error;
	return fails;
}

void window_sync_failed(int fd)
{
	pthread_mutex_lock(&window.mutex);
	window.distrusted = fd;
	pthread_mutex_unlock(&window.mutex);
}

void window_used(int fd)
{
	pthread_mutex_lock(&window.mutex);
	window.trusted_again += window.distrusted == fd;
	pthread_mutex_unlock(&window.mutex);
}

void window_closed(int fd)
{
	pthread_mutex_lock(&window.mutex);
	if (window.distrusted == fd)
		window.distrusted = -1;
	pthread_mutex_unlock(&window.mutex);
}
