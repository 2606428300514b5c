/*
 * clocks.so, loaded before everything else: every clock of the process is ahead by the microseconds (int64_t, this
 * machine's order of bytes) that the file CLOCKS_AHEAD begins with, from the moment on when they stand there. So hours
 * pass at once, by the wall clock and by those that are never set. The program under test knows nothing of it.
 *
 * Who sleeps meanwhile sleeps on: what was to end at a certain time ends as much later.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

typedef int timed_wait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until);
typedef int clock_wait(pthread_cond_t *condition, pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until);

static const _Atomic int64_t *ahead_us;
static timed_wait *real_timed_wait;
static clock_wait *real_clock_wait;

/* Nothing below may ask for memory: a sanitizer looks at the clock while it hands some out. */
__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("CLOCKS_AHEAD");
	int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	void *mapped = fd >= 0 ? mmap(NULL, sizeof *ahead_us, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;

	if (fd >= 0)
		close(fd);
	/* There are two of them since 2003; the other one is for programs of before. */
	real_timed_wait = (timed_wait *)dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
	if (real_timed_wait == NULL)
		real_timed_wait = (timed_wait *)dlsym(RTLD_NEXT, "pthread_cond_timedwait");
	real_clock_wait = (clock_wait *)dlsym(RTLD_NEXT, "pthread_cond_clockwait");
	if (mapped != MAP_FAILED)
		ahead_us = mapped;
}

static struct timespec moved(struct timespec at, int64_t us)
{
	int64_t ns = at.tv_nsec + us % 1000000 * 1000;

	at.tv_sec += us / 1000000 + (ns >= 1000000000) - (ns < 0);
	at.tv_nsec = ns >= 1000000000 ? ns - 1000000000 : ns < 0 ? ns + 1000000000 : ns;
	return at;
}

static int64_t ahead(void)
{
	return ahead_us == NULL ? 0 : atomic_load(ahead_us);
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
	int result = (int)syscall(SYS_clock_gettime, clock, now);

	if (result == 0 && clock != CLOCK_PROCESS_CPUTIME_ID && clock != CLOCK_THREAD_CPUTIME_ID)
		*now = moved(*now, ahead());
	return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	struct timespec at;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &at);
	*now = (struct timeval){ at.tv_sec, at.tv_nsec / 1000 };
	return 0;
}

time_t time(time_t *now)
{
	struct timespec at;

	clock_gettime(CLOCK_REALTIME, &at);
	if (now != NULL)
		*now = at.tv_sec;
	return at.tv_sec;
}

int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex, const struct timespec *restrict until)
{
	const struct timespec real = moved(*until, -ahead());

	return real_timed_wait(condition, mutex, &real);
}

int pthread_cond_clockwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex, clockid_t clock, const struct timespec *restrict until)
{
	const struct timespec real = moved(*until, -ahead());

	return real_clock_wait(condition, mutex, clock, &real);
}
