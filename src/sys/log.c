/*
 * Lines wait in `filling` and are written from `writing`, so that nobody who
 * logs waits for a slow reader of standard error: when the reader is so slow
 * that `filling` is full too, lines are lost and counted, and the next line
 * that fits says so.
 *
 * Two locks, always taken in this order: `write_lock` holds the descriptor and
 * `writing`, `lock` the rest.
 */
#include "sys/log.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "sys/clock.h"
#include "sys/log_batch.h"

enum {
	BATCH_BYTES_WANTED = 32 * 1024,
	FILLING_BYTES_MAX = 64 * 1024,
	BATCH_WAIT_MS = 100,
	WRITE_WAIT_MS = 1000, /* for a descriptor that is not ready, before its lines are lost */
};

static struct {
	pthread_mutex_t write_lock;
	char writing[FILLING_BYTES_MAX];
	bool torn; /* the last write may have ended in the middle of a line */

	pthread_mutex_t lock;
	pthread_cond_t changed;
	char filling[FILLING_BYTES_MAX];
	size_t length;
	uint64_t lost;      /* ever */
	uint64_t lost_told; /* of these, how many a line has told of */
	int fd;
	bool open;
	pthread_t ticker;
} batch = {
	.write_lock = PTHREAD_MUTEX_INITIALIZER,
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.changed = PTHREAD_COND_INITIALIZER,
	.fd = STDERR_FILENO,
};

static bool wait_writable(int fd)
{
	struct pollfd ready = { .fd = fd, .events = POLLOUT };
	int count;

	do
		count = poll(&ready, 1, WRITE_WAIT_MS);
	while (count < 0 && errno == EINTR);
	return count > 0 && (ready.revents & POLLOUT) != 0;
}

/* How many of the bytes went out: all of them unless the reader is gone or stuck. */
static size_t write_all(int fd, const char *data, size_t length)
{
	size_t done = 0;

	while (done < length) {
		ssize_t written = write(fd, data + done, length - done);

		if (written > 0)
			done += (size_t)written;
		else if (errno == EAGAIN ? !wait_writable(fd) : errno != EINTR)
			break;
	}
	return done;
}

static uint64_t count_lines(const char *data, size_t length)
{
	uint64_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += data[i] == '\n';
	return count;
}

/* Write the lines in `writing`. How many were lost. With `write_lock` held. */
static uint64_t write_batch(int fd, size_t length)
{
	if (length == 0)
		return 0;
	/* A line that was torn in the middle must not become the beginning of another. */
	if (batch.torn && write_all(fd, "\n", 1) == 1)
		batch.torn = false;
	size_t done = batch.torn ? 0 : write_all(fd, batch.writing, length);

	if (done < length) /* a disk that refuses may have taken a part all the same */
		batch.torn = true;
	return count_lines(batch.writing + done, length - done);
}

void log_flush(void)
{
	pthread_mutex_lock(&batch.write_lock);
	pthread_mutex_lock(&batch.lock);
	size_t length = batch.length;
	int fd = batch.fd;

	memcpy(batch.writing, batch.filling, length);
	batch.length = 0;
	pthread_mutex_unlock(&batch.lock);
	uint64_t lost = write_batch(fd, length);

	pthread_mutex_lock(&batch.lock);
	batch.lost += lost;
	pthread_mutex_unlock(&batch.lock);
	pthread_mutex_unlock(&batch.write_lock);
}

/* ---- handing over; the caller holds `lock` ---- */

static bool fill(struct bytes line)
{
	if (line.length > sizeof batch.filling - batch.length)
		return false;
	memcpy(batch.filling + batch.length, line.data, line.length);
	batch.length += line.length;
	return true;
}

static void tell_of_loss(void)
{
	char now[TIME_TEXT_SIZE];
	char text[128];

	text_time(clock_wall_us(), now);
	int length = snprintf(text, sizeof text, "time=%s level=warning event=lines-lost lines=%llu\n", now,
	                      (unsigned long long)(batch.lost - batch.lost_told));

	if (length > 0 && (size_t)length < sizeof text && fill((struct bytes){ text, (size_t)length }))
		batch.lost_told = batch.lost;
}

void log_batch_add(struct bytes line, bool urgent)
{
	pthread_mutex_lock(&batch.lock);
	size_t before = batch.length;

	if (batch.lost > batch.lost_told)
		tell_of_loss();
	if (!fill(line))
		batch.lost++;
	bool at_once = urgent || !batch.open;
	/* The ticker sleeps without a timeout while nothing waits, and is hurried when much does. */
	bool wake = before == 0 || (before < BATCH_BYTES_WANTED && batch.length >= BATCH_BYTES_WANTED);

	if (!at_once && wake)
		pthread_cond_signal(&batch.changed);
	pthread_mutex_unlock(&batch.lock);
	if (at_once)
		log_flush();
}

uint64_t log_lost(void)
{
	pthread_mutex_lock(&batch.lock);
	uint64_t lost = batch.lost;

	pthread_mutex_unlock(&batch.lock);
	return lost;
}

/* ---- the ticker ---- */

static struct timespec batch_deadline(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_nsec += BATCH_WAIT_MS * 1000000L;
	if (at.tv_nsec >= 1000000000L) {
		at.tv_nsec -= 1000000000L;
		at.tv_sec++;
	}
	return at;
}

/* Until there is enough to write, or the first line has waited long enough. With `lock` held. */
static void await_batch(void)
{
	while (batch.open && batch.length == 0)
		pthread_cond_wait(&batch.changed, &batch.lock);
	struct timespec deadline = batch_deadline();

	while (batch.open && batch.length < BATCH_BYTES_WANTED)
		if (pthread_cond_clockwait(&batch.changed, &batch.lock, CLOCK_MONOTONIC, &deadline) == ETIMEDOUT)
			break;
}

static void *tick(void *unused)
{
	bool open = true;

	(void)unused;
	while (open) {
		pthread_mutex_lock(&batch.lock);
		await_batch();
		open = batch.open;
		pthread_mutex_unlock(&batch.lock);
		log_flush();
	}
	return NULL;
}

enum err log_open(int fd)
{
	sigset_t all;
	sigset_t before;

	log_flush();
	pthread_mutex_lock(&batch.lock);
	batch.fd = fd;
	batch.open = true;
	/* Signals are for the thread that waits for them; this one never takes any. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int failure = pthread_create(&batch.ticker, NULL, tick, NULL);

	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failure != 0) {
		batch.open = false;
		batch.fd = STDERR_FILENO; /* the caller may close the other one */
	}
	pthread_mutex_unlock(&batch.lock);
	return failure == 0 ? OK : ERR_SYSTEM;
}

void log_close(void)
{
	pthread_mutex_lock(&batch.lock);
	bool was_open = batch.open;

	batch.open = false;
	pthread_cond_broadcast(&batch.changed);
	pthread_mutex_unlock(&batch.lock);
	if (!was_open)
		return;
	pthread_join(batch.ticker, NULL);
	log_flush();
	pthread_mutex_lock(&batch.lock);
	batch.fd = STDERR_FILENO;
	pthread_mutex_unlock(&batch.lock);
}
