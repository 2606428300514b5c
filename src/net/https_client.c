/*
 * One thread around a libcurl multi handle. A call is a value in a queue until
 * it is due and a transfer is free; then it is in flight; then its `done` is
 * called and it is gone. `lock` guards what senders touch: the list of new calls
 * and the count of open ones. All else belongs to the thread.
 */
#include "net/https_client.h"

#include <assert.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "net/task_queue.h"
#include "net/thread.h"
#include "net/ticks.h"
#include "net/transfer.h"

enum {
	LOOK_MS_MAX = 1000,  /* the longest sleep */
	EXPIRE_MS = 100,     /* how often the queue is looked through for calls whose time is up */
	TROUBLE_MS = 10,     /* after libcurl failed for want of memory */
};

static const char system_ca_file[] = "/etc/ssl/certs/ca-certificates.crt"; /* Debian's */

struct slot {
	struct transfer transfer; /* first: libcurl's private pointer leads here */
	struct task *task;        /* NULL when free */
	struct slot *next_free;
};

struct https_client {
	struct https_client_options options;
	struct transfer_options trust;
	CURLM *multi;
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
	struct slot *slots;    /* in_flight_max of them, opened as they are needed */
	unsigned opened;
	unsigned in_flight;
	struct slot *free_slots;
};

/* ---- the end of a call ---- */

static void finish(struct https_client *client, struct task *task, const struct http_answer *answer)
{
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

static void free_slot(struct https_client *client, struct slot *slot)
{
	transfer_end(&slot->transfer);
	slot->task = NULL;
	slot->next_free = client->free_slots;
	client->free_slots = slot;
}

/* ---- into flight ---- */

static struct slot *take_slot(struct https_client *client)
{
	struct slot *slot = client->free_slots;

	if (slot != NULL) {
		client->free_slots = slot->next_free;
		return slot;
	}
	if (client->opened == client->options.in_flight_max)
		return NULL;
	slot = &client->slots[client->opened];
	if (!transfer_open(&slot->transfer))
		return NULL;
	client->opened++;
	return slot;
}

static void launch(struct https_client *client, struct slot *slot, struct task *task, int64_t now_us)
{
	int64_t timeout_ms = (task->deadline_us - now_us + 999) / 1000;

	slot->task = task;
	if (transfer_begin(&slot->transfer, &task->call, timeout_ms, &client->trust) &&
	    curl_multi_add_handle(client->multi, slot->transfer.easy) == CURLM_OK) {
		client->in_flight++;
		return;
	}
	free_slot(client, slot);
	fail(client, task, "the call cannot be made: memory is short");
}

static void launch_ready(struct https_client *client, int64_t now_us)
{
	struct task *task;

	while ((task = client->ready.first) != NULL) {
		bool late = task->deadline_us <= now_us;
		struct slot *slot = late ? NULL : take_slot(client);

		if (slot == NULL && !late && client->in_flight > 0)
			return; /* one of these will come free */
		(void)task_queue_take(&client->ready);
		if (slot != NULL)
			launch(client, slot, task, now_us);
		else
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

/* ---- out of flight ---- */

static struct slot *slot_of(CURL *easy)
{
	char *private = NULL;

	if (curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private) != CURLE_OK)
		return NULL;
	return (struct slot *)(void *)private;
}

static void land(struct https_client *client, struct slot *slot, CURLcode result)
{
	struct task *task = slot->task;
	struct http_answer answer = transfer_answer(&slot->transfer, result);

	(void)curl_multi_remove_handle(client->multi, slot->transfer.easy); /* it is in there: cannot fail */
	client->in_flight--;
	finish(client, task, &answer);
	free_slot(client, slot);
}

static void land_finished(struct https_client *client)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(client->multi, &left)) != NULL) {
		struct slot *slot = slot_of(message->easy_handle);

		assert(message->msg == CURLMSG_DONE && slot != NULL);
		land(client, slot, message->data.result);
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

	for (unsigned i = 0; i < client->opened; i++) {
		struct slot *slot = &client->slots[i];

		if (slot->task == NULL)
			continue;
		task = slot->task;
		(void)curl_multi_remove_handle(client->multi, slot->transfer.easy); /* it is in there: cannot fail */
		free_slot(client, slot);
		fail(client, task, "stopping");
	}
	for (size_t i = 0; i < sizeof queues / sizeof queues[0]; i++)
		while ((task = task_queue_take(queues[i])) != NULL)
			fail(client, task, "stopping");
}

static void *run(void *argument)
{
	struct https_client *client = argument;

	while (!is_stopping(client)) {
		int running;
		int64_t now_us = ticks_us();

		sort_arrived(client, now_us);
		task_queue_move_due(&client->delayed, &client->ready, now_us);
		expire_ready(client, now_us);
		launch_ready(client, now_us);
		CURLMcode code = curl_multi_perform(client->multi, &running);

		land_finished(client);
		launch_ready(client, ticks_us());
		if (code == CURLM_OK)
			code = curl_multi_poll(client->multi, NULL, 0, sleep_ms(client, ticks_us()), NULL);
		if (code != CURLM_OK)
			ticks_sleep_ms(TROUBLE_MS);
	}
	abandon_all(client);
	return NULL;
}

/* ---- starting and stopping ---- */

static pthread_once_t libcurl_once = PTHREAD_ONCE_INIT;
static CURLcode libcurl_ready = CURLE_FAILED_INIT;

static void init_libcurl(void)
{
	libcurl_ready = curl_global_init(CURL_GLOBAL_DEFAULT);
}

static bool set_pool(CURLM *multi, unsigned in_flight_max)
{
	return curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)in_flight_max) == CURLM_OK &&
	       curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)in_flight_max) == CURLM_OK &&
	       curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING) == CURLM_OK;
}

static void free_client(struct https_client *client)
{
	for (unsigned i = 0; i < client->opened; i++)
		transfer_close(&client->slots[i].transfer);
	if (client->multi != NULL)
		(void)curl_multi_cleanup(client->multi); /* no handle is in it any more */
	pthread_mutex_destroy(&client->lock);
	free(client->slots);
	free(client);
}

enum err https_client_start(struct https_client **out, const struct https_client_options *options, struct why *why)
{
	struct https_client *client = calloc(1, sizeof *client);

	assert(options->in_flight_max >= 1);
	pthread_once(&libcurl_once, init_libcurl);
	if (client == NULL || pthread_mutex_init(&client->lock, NULL) != 0) {
		free(client);
		return why_set(why, ERR_MEMORY, "Memory is short.");
	}
	client->options = *options;
	client->trust = (struct transfer_options){
		.ca_file = options->ca_file != NULL ? options->ca_file : system_ca_file,
		.user_agent = options->user_agent,
	};
	client->slots = calloc(options->in_flight_max, sizeof *client->slots);
	client->multi = libcurl_ready == CURLE_OK ? curl_multi_init() : NULL;
	if (client->slots != NULL && client->multi != NULL && set_pool(client->multi, options->in_flight_max) &&
	    thread_start(&client->thread, run, client)) {
		*out = client;
		return OK;
	}
	free_client(client);
	return why_set(why, ERR_SYSTEM, "The HTTPS client cannot be started: memory or threads are short.");
}

void https_client_end(struct https_client *client)
{
	if (client == NULL || client->ended)
		return;
	pthread_mutex_lock(&client->lock);
	client->stopping = true;
	pthread_mutex_unlock(&client->lock);
	(void)curl_multi_wakeup(client->multi); /* without it the thread looks within a second */
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
		(void)curl_multi_wakeup(client->multi); /* without it the thread looks within a second */
	return OK;
}
