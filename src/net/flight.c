#include "net/flight.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "net/sockets.h"
#include "net/ticks.h"

struct slot {
	struct transfer transfer; /* first: libcurl's private pointer leads here */
	struct task *task;        /* NULL when free */
	bool lost;                /* nobody would see it move: it must not wait */
	struct slot *next_free;
};

struct flight {
	struct flight_options options;
	CURLM *multi;
	struct sockets sockets;
	bool watches; /* the sockets are open */
	struct slot *slots; /* calls_max of them, opened as they are needed */
	unsigned opened;
	unsigned count;
	unsigned lost;
	struct slot *free_slots;
};

/* ---- opening and closing ---- */

/* Once for the process; what failed for want of memory is tried again. */
static bool libcurl_is_ready(void)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static bool ready;

	pthread_mutex_lock(&lock);
	if (!ready)
		ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
	bool is_ready = ready;

	pthread_mutex_unlock(&lock);
	return is_ready;
}

static struct slot *slot_of(CURL *easy)
{
	char *private = NULL;

	if (curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private) != CURLE_OK)
		return NULL;
	return (struct slot *)(void *)private;
}

static void on_lost(void *context, CURL *easy)
{
	struct flight *flight = context;
	struct slot *slot = slot_of(easy);

	if (slot == NULL || slot->task == NULL || slot->lost)
		return; /* not one of the calls: a connection that is being closed */
	slot->lost = true;
	flight->lost++;
}

static bool set_pool(CURLM *multi, unsigned calls_max)
{
	return curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)calls_max) == CURLM_OK &&
	       curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)calls_max) == CURLM_OK &&
	       curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING) == CURLM_OK;
}

bool flight_open(struct flight **out, const struct flight_options *options)
{
	struct flight *flight = calloc(1, sizeof *flight);

	if (flight == NULL)
		return false;
	flight->options = *options;
	flight->slots = calloc(options->calls_max, sizeof *flight->slots);
	flight->multi = libcurl_is_ready() ? curl_multi_init() : NULL;
	flight->watches = flight->multi != NULL && sockets_open(&flight->sockets, flight->multi, on_lost, flight);
	if (flight->slots != NULL && flight->watches && set_pool(flight->multi, options->calls_max))
		*out = flight;
	else
		flight_close(&flight);
	return flight != NULL;
}

void flight_close(struct flight **out)
{
	struct flight *flight = *out;

	*out = NULL;
	if (flight == NULL)
		return;
	assert(flight->count == 0);
	for (unsigned i = 0; i < flight->opened; i++)
		transfer_close(&flight->slots[i].transfer);
	if (flight->multi != NULL)
		(void)curl_multi_cleanup(flight->multi); /* no handle is in it any more */
	if (flight->watches)
		sockets_close(&flight->sockets); /* after libcurl, which takes its sockets out */
	free(flight->slots);
	free(flight);
}

/* ---- slots ---- */

/* NULL when all are in use, or for want of memory. */
static struct slot *take_slot(struct flight *flight)
{
	struct slot *slot = flight->free_slots;

	if (slot != NULL) {
		flight->free_slots = slot->next_free;
		return slot;
	}
	if (flight->opened == flight->options.calls_max)
		return NULL;
	slot = &flight->slots[flight->opened];
	if (!transfer_open(&slot->transfer))
		return NULL;
	flight->opened++;
	return slot;
}

static void free_slot(struct flight *flight, struct slot *slot)
{
	transfer_end(&slot->transfer);
	slot->task = NULL;
	slot->lost = false;
	slot->next_free = flight->free_slots;
	flight->free_slots = slot;
}

/* ---- up and down ---- */

enum launch flight_launch(struct flight *flight, struct task *task, int64_t now_us)
{
	struct slot *slot = take_slot(flight);
	int64_t timeout_ms = (task->deadline_us - now_us + 999) / 1000;

	if (slot == NULL)
		return flight->count > 0 ? LAUNCH_LATER : LAUNCH_FAILED; /* one of these will come free */
	if (transfer_begin(&slot->transfer, &task->call, timeout_ms, &flight->options.trust) &&
	    curl_multi_add_handle(flight->multi, slot->transfer.easy) == CURLM_OK) {
		slot->task = task;
		flight->count++;
		return LAUNCHED;
	}
	free_slot(flight, slot);
	return LAUNCH_FAILED;
}

static void land(struct flight *flight, struct slot *slot, const struct http_answer *answer)
{
	(void)curl_multi_remove_handle(flight->multi, slot->transfer.easy); /* it is in there: cannot fail */
	flight->count--;
	flight->options.landed(flight->options.context, slot->task, answer);
	flight->lost -= slot->lost;
	free_slot(flight, slot);
}

static void land_finished(struct flight *flight)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(flight->multi, &left)) != NULL) {
		struct slot *slot = slot_of(message->easy_handle);

		assert(message->msg == CURLMSG_DONE && slot != NULL);
		struct http_answer answer = transfer_answer(&slot->transfer, message->data.result);

		land(flight, slot, &answer);
	}
}

/* Those whose deadline is before `until_us`. */
static void land_failed(struct flight *flight, int64_t until_us, const char *failure)
{
	const struct http_answer answer = { .failure = failure };

	for (unsigned i = 0; i < flight->opened; i++)
		if (flight->slots[i].task != NULL && flight->slots[i].task->deadline_us < until_us)
			land(flight, &flight->slots[i], &answer);
}

static void land_lost(struct flight *flight)
{
	const struct http_answer answer = { .failure = "memory is short" };

	for (unsigned i = 0; i < flight->opened && flight->lost > 0; i++)
		if (flight->slots[i].lost)
			land(flight, &flight->slots[i], &answer);
}

bool flight_move(struct flight *flight)
{
	bool works = sockets_move(&flight->sockets);

	land_finished(flight);
	land_lost(flight);
	if (!works)
		land_failed(flight, ticks_us(), "time was up, and memory is short");
	return works;
}

bool flight_wait(struct flight *flight, int wait_ms)
{
	return sockets_wait(&flight->sockets, wait_ms);
}

void flight_wake(struct flight *flight)
{
	sockets_wake(&flight->sockets);
}

void flight_abandon(struct flight *flight, const char *failure)
{
	land_failed(flight, INT64_MAX, failure);
}
