#include "ledger/ahead.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "sys/file.h"

enum order {
	ORDER_NONE,
	ORDER_GIVEN, /* the thread is to fill, or fills, the other window */
	ORDER_DONE,
};

struct ahead {
	struct window *windows[2];
	unsigned turn;                   /* which of them the caller has */
	int fd;
	uint64_t next_offset;            /* where the other window begins */
	uint8_t next_chain[CHAIN_BYTES]; /* of the line before it */
	pthread_t thread;
	bool asked_for_thread;
	bool has_thread;
	pthread_mutex_t mutex;           /* guards what follows */
	pthread_cond_t changed;
	enum order order;
	bool stopping;
};

/* ---- one window ---- */

static void check_lines(struct window *window, const uint8_t chain[static CHAIN_BYTES])
{
	const uint8_t *before = chain;

	for (;;) {
		const char *start = window->bytes + window->used;
		const char *end = memchr(start, '\n', window->length - window->used);

		if (end == NULL)
			break;
		struct bytes line = { start, (size_t)(end - start) };
		uint8_t found[CHAIN_BYTES];

		window->err = line_check_chain(line, before, found, &window->why);
		if (window->err != OK)
			return;
		/* A line that passed is longer than its tail, so that there is room for each. */
		assert(window->lines < WINDOW_LINES_MAX);
		memcpy(window->chains[window->lines], found, CHAIN_BYTES);
		before = window->chains[window->lines];
		window->ends[window->lines++] = (uint32_t)(end - window->bytes);
		window->used += line.length + 1;
	}
	if (window->used == 0 && !window->last)
		window->err = why_set(&window->why, ERR_CORRUPT, "a line longer than %d bytes", LINE_BYTES_MAX);
}

static void fill(struct window *window, int fd, uint64_t offset, const uint8_t chain[static CHAIN_BYTES])
{
	size_t got = 0;
	int error = file_read_at(fd, window->bytes, WINDOW_BYTES, offset, &got);

	window->offset = offset;
	window->length = error == 0 ? got : 0;
	window->last = got < WINDOW_BYTES;
	window->used = 0;
	window->lines = 0;
	window->err = OK;
	window->why.text[0] = '\0';
	if (error != 0)
		window->err = file_err(&window->why, error, "read a segment of the ledger");
	else
		check_lines(window, chain);
}

/* ---- the thread ---- */

static void *run(void *context)
{
	struct ahead *ahead = context;

	pthread_mutex_lock(&ahead->mutex);
	while (!ahead->stopping) {
		if (ahead->order != ORDER_GIVEN) {
			pthread_cond_wait(&ahead->changed, &ahead->mutex);
			continue;
		}
		struct window *other = ahead->windows[ahead->turn ^ 1U];

		pthread_mutex_unlock(&ahead->mutex);
		fill(other, ahead->fd, ahead->next_offset, ahead->next_chain);
		pthread_mutex_lock(&ahead->mutex);
		ahead->order = ORDER_DONE;
		pthread_cond_signal(&ahead->changed);
	}
	pthread_mutex_unlock(&ahead->mutex);
	return NULL;
}

/* Wait until the thread has nothing to do. Whether it had filled the other window. */
static bool take_order(struct ahead *ahead)
{
	pthread_mutex_lock(&ahead->mutex);
	while (ahead->order == ORDER_GIVEN)
		pthread_cond_wait(&ahead->changed, &ahead->mutex);
	bool done = ahead->order == ORDER_DONE;

	ahead->order = ORDER_NONE;
	pthread_mutex_unlock(&ahead->mutex);
	return done;
}

/* Have the window behind the caller's filled, where there is one. */
static void look_ahead(struct ahead *ahead)
{
	const struct window *window = ahead->windows[ahead->turn];

	if (window->err != OK || window->last)
		return;
	ahead->next_offset = window->offset + window->used;
	memcpy(ahead->next_chain, window->chains[window->lines - 1], CHAIN_BYTES);
	if (!ahead->asked_for_thread)
		ahead->has_thread = pthread_create(&ahead->thread, NULL, run, ahead) == 0;
	ahead->asked_for_thread = true;
	if (!ahead->has_thread)
		return;
	pthread_mutex_lock(&ahead->mutex);
	ahead->order = ORDER_GIVEN;
	pthread_cond_signal(&ahead->changed);
	pthread_mutex_unlock(&ahead->mutex);
}

/* ---- for the walk ---- */

enum err ahead_open(struct ahead **ahead)
{
	struct ahead *made = calloc(1, sizeof *made);

	if (made == NULL)
		return ERR_MEMORY;
	pthread_mutex_init(&made->mutex, NULL);
	pthread_cond_init(&made->changed, NULL);
	made->windows[0] = malloc(sizeof *made->windows[0]);
	made->windows[1] = malloc(sizeof *made->windows[1]);
	if (made->windows[0] == NULL || made->windows[1] == NULL) {
		ahead_close(&made);
		return ERR_MEMORY;
	}
	*ahead = made;
	return OK;
}

const struct window *ahead_begin(struct ahead *ahead, int fd, uint64_t offset, const uint8_t chain[static CHAIN_BYTES])
{
	(void)take_order(ahead);
	ahead->fd = fd;
	fill(ahead->windows[ahead->turn], fd, offset, chain);
	look_ahead(ahead);
	return ahead->windows[ahead->turn];
}

const struct window *ahead_next(struct ahead *ahead)
{
	bool filled = take_order(ahead);

	ahead->turn ^= 1U;
	if (!filled)
		fill(ahead->windows[ahead->turn], ahead->fd, ahead->next_offset, ahead->next_chain);
	look_ahead(ahead);
	return ahead->windows[ahead->turn];
}

void ahead_close(struct ahead **ahead)
{
	struct ahead *closed = *ahead;

	*ahead = NULL;
	if (closed == NULL)
		return;
	pthread_mutex_lock(&closed->mutex);
	closed->stopping = true;
	pthread_cond_signal(&closed->changed);
	pthread_mutex_unlock(&closed->mutex);
	if (closed->has_thread)
		pthread_join(closed->thread, NULL);
	pthread_cond_destroy(&closed->changed);
	pthread_mutex_destroy(&closed->mutex);
	free(closed->windows[0]);
	free(closed->windows[1]);
	free(closed);
}
