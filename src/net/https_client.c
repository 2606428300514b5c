/*
 * One thread around what is in flight. A call is a value in a queue until
 * it is due and there is room; then it is in flight; then its `done` is
 * called and it is gone. `lock` guards what senders touch: the list of new calls
 * and the count of open ones. All else belongs to the thread.
 */
#include "net/https_client.h"

#include <assert.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "net/flight.h"
#include "net/task_queue.h"
#include "net/thread.h"
#include "net/ticks.h"

enum {
	LOOK_MS_MAX = 1000,  /* the longest sleep */
	EXPIRE_MS = 100,     /* how often the queue is looked through for calls whose time is up */
	TROUBLE_MS = 10,     /* after libcurl failed for want of memory */
};

static const char system_ca_file[] = "/etc/ssl/certs/ca-certificates.crt"; /* Debian's */

struct https_client {
	struct https_client_options options;
	pthread_t thread;

	pthread_mutex_t lock;
	struct task_queue arrived;
	unsigned open;  /* accepted and not yet done */
	bool stopping;

	bool ended; /* of the thread that stops it */

	/* of the thread alone */
	struct task_queue delayed;  /* by due_us */
	struct task_queue ready;
	int64_t next_expiry_us;
	struct flight *flight;
};

/* ---- the end of a call ---- */

static void finish(void *context, struct task *task, const struct http_answer *answer)
{
	struct https_client *client = context;

	task->done(task->context, answer);
	task_free(task);
	pthread_mutex_lock(&client->lock);
	client->open--;
	pthread_mutex_unlock(&client->lock);
}

static void fail(struct https_client *client, struct task *task, const char *failure)
{
	const struct http_answer answer = { .failure = failure };

	finish(client, task, &answer);
}

/* ---- into flight ---- */

static void launch_ready(struct https_client *client, int64_t now_us)
{
	struct task *task;

	while ((task = client->ready.first) != NULL) {
		bool late = task->deadline_us <= now_us;
		enum launch launch = late ? LAUNCH_FAILED : flight_launch(client->flight, task, now_us);

		if (launch == LAUNCH_LATER)
			return;
		(void)task_queue_take(&client->ready);
		if (launch == LAUNCH_FAILED)
			fail(client, task, late ? "time was up before the call could be made"
			                        : "the call cannot be made: memory is short");
	}
}

static void sort_arrived(struct https_client *client, int64_t now_us)
{
	struct task *task;

	pthread_mutex_lock(&client->lock);
	struct task_queue arrived = client->arrived;

	client->arrived = (struct task_queue){ NULL, NULL };
	pthread_mutex_unlock(&client->lock);
	while ((task = task_queue_take(&arrived)) != NULL) {
		if (task->due_us <= now_us)
			task_queue_append(&client->ready, task);
		else
			task_queue_insert(&client->delayed, task);
	}
}

/* The queue is in order of arrival, the deadlines are not: look through all of it, now and then. */
static void expire_ready(struct https_client *client, int64_t now_us)
{
	struct task_queue waiting = client->ready;
	struct task *task;

	if (now_us < client->next_expiry_us)
		return;
	client->next_expiry_us = now_us + EXPIRE_MS * 1000;
	client->ready = (struct task_queue){ NULL, NULL };
	while ((task = task_queue_take(&waiting)) != NULL) {
		if (task->deadline_us <= now_us)
			fail(client, task, "time was up before the call could be made");
		else
			task_queue_append(&client->ready, task);
	}
}

/* ---- the thread ---- */

static int sleep_ms(const struct https_client *client, int64_t now_us)
{
	int64_t ms = LOOK_MS_MAX;

	if (client->delayed.first != NULL && (client->delayed.first->due_us - now_us) / 1000 + 1 < ms)
		ms = (client->delayed.first->due_us - now_us) / 1000 + 1;
	if (client->ready.first != NULL && ms > EXPIRE_MS)
		ms = EXPIRE_MS;
	return ms < 0 ? 0 : (int)ms;
}

static bool is_stopping(struct https_client *client)
{
	pthread_mutex_lock(&client->lock);
	bool stopping = client->stopping;

	pthread_mutex_unlock(&client->lock);
	return stopping;
}

/* Nothing new is accepted any more; a `done` that tries hears ERR_BUSY. */
static void abandon_all(struct https_client *client)
{
	struct task_queue *queues[] = { &client->arrived, &client->delayed, &client->ready };
	struct task *task;

	flight_abandon(client->flight, "stopping");
	for (size_t i = 0; i < sizeof queues / sizeof queues[0]; i++)
		while ((task = task_queue_take(queues[i])) != NULL)
			fail(client, task, "stopping");
}

static void *run(void *argument)
{
	struct https_client *client = argument;

	while (!is_stopping(client)) {
		int64_t now_us = ticks_us();

		sort_arrived(client, now_us);
		task_queue_move_due(&client->delayed, &client->ready, now_us);
		expire_ready(client, now_us);
		launch_ready(client, now_us);
		bool works = flight_move(client->flight);

		launch_ready(client, ticks_us());
		if (!works || !flight_wait(client->flight, sleep_ms(client, ticks_us())))
			ticks_sleep_ms(TROUBLE_MS);
	}
	abandon_all(client);
	return NULL;
}

/* ---- starting and stopping ---- */

static void free_client(struct https_client *client)
{
	flight_close(&client->flight);
	pthread_mutex_destroy(&client->lock);
	free(client);
}

enum err https_client_start(struct https_client **out, const struct https_client_options *options, struct why *why)
{
	struct https_client *client = calloc(1, sizeof *client);

	assert(options->in_flight_max >= 1);
	if (client == NULL || pthread_mutex_init(&client->lock, NULL) != 0) {
		free(client);
		return why_set(why, ERR_MEMORY, "Memory is short.");
	}
	const struct flight_options flight = {
		.calls_max = options->in_flight_max,
		.trust = { options->ca_file != NULL ? options->ca_file : system_ca_file, options->user_agent, options->through },
		.context = client,
		.landed = finish,
	};
	enum err err = OK;

	client->options = *options;
	if (!flight_open(&client->flight, &flight))
		err = why_set(why, ERR_MEMORY, "The HTTPS client cannot be started: memory is short.");
	else if (!thread_start(&client->thread, run, client))
		err = why_set(why, ERR_SYSTEM, "The HTTPS client cannot be started: there is no thread for it.");
	if (err == OK)
		*out = client;
	else
		free_client(client);
	return err;
}

void https_client_end(struct https_client *client)
{
	if (client == NULL || client->ended)
		return;
	pthread_mutex_lock(&client->lock);
	client->stopping = true;
	pthread_mutex_unlock(&client->lock);
	flight_wake(client->flight);
	pthread_join(client->thread, NULL);
	client->ended = true;
}

void https_client_stop(struct https_client **out)
{
	struct https_client *client = *out;

	if (client == NULL)
		return;
	https_client_end(client);
	*out = NULL; /* not before: a `done` may still want to send, and hears ERR_BUSY */
	free_client(client);
}

/* ---- sending ---- */

static enum err check_call(const struct http_call *call)
{
	enum err err = http_call_err(call);

	if (err != OK)
		return err;
	if (call->timeout_ms <= 0 || call->timeout_ms > INT_MAX || call->delay_ms < 0 || call->delay_ms > INT_MAX)
		return ERR_INPUT;
	if (call->url.length == 0 || strlen(call->url.data) != call->url.length)
		return ERR_INPUT;
	return https_client_check_url(call->url.data, NULL);
}

/* The count and the list together: what is accepted is in the list. */
static enum err accept_task(struct https_client *client, struct task *task, bool *wake)
{
	enum err err = ERR_BUSY;

	pthread_mutex_lock(&client->lock);
	if (!client->stopping && client->open < client->options.in_flight_max + client->options.waiting_max) {
		client->open++;
		*wake = client->arrived.first == NULL;
		task_queue_append(&client->arrived, task);
		err = OK;
	}
	pthread_mutex_unlock(&client->lock);
	return err;
}

enum err https_client_send(struct https_client *client, struct http_call *call, https_client_done *done, void *context)
{
	bool wake = false;
	enum err err = check_call(call);

	if (err != OK)
		return err;
	struct task *task = task_new(call, done, context, ticks_us());

	if (task == NULL)
		return ERR_MEMORY;
	err = accept_task(client, task, &wake);
	if (err != OK) {
		free(task); /* the content is still the caller's */
		return err;
	}
	http_call_init(call, call->method); /* its content is the task's now */
	if (wake)
		flight_wake(client->flight);
	return OK;
}
