#include "sandbox/sandbox.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "net/listener.h"
#include "sandbox/inside.h"
#include "sys/clock.h"
#include "sys/random.h"

enum {
	RETRY_FIRST_MS = 200,
	RETRY_MOST_MS = 5000,
	TRIES_MAX = 50,
	TICK_MOST_MS = 1000,
	PARALLEL_DELIVERIES = 16,
	WAITING_DELIVERIES = 4096,
	STOP_GRACE_S = 2,
};

/* ---- time passes ---- */

void sandbox_tick(struct sandbox *sandbox)
{
	int64_t mono_ms = clock_mono_us() / 1000;
	int64_t wall_ms = clock_wall_us() / 1000;

	state_advance(&sandbox->state, wall_ms);
	deliveries_take(&sandbox->deliveries, &sandbox->state, mono_ms);
	deliveries_send(&sandbox->deliveries, &sandbox->state, mono_ms, wall_ms);
}

/* How long nothing is due, in ms. */
static int64_t quiet_ms(const struct sandbox *sandbox)
{
	int64_t mono_ms = clock_mono_us() / 1000;
	int64_t provider_ms = clock_wall_us() / 1000 + sandbox->state.shift_ms;
	int64_t next = TICK_MOST_MS;
	int64_t events = agenda_next_ms(&sandbox->state.agenda) - provider_ms;
	int64_t webhooks = agenda_next_ms(&sandbox->deliveries.agenda) - mono_ms;
	int64_t replies = held_next_ms(&sandbox->held) - mono_ms;

	if (events < next)
		next = events;
	if (webhooks < next && !sandbox->deliveries.paused)
		next = webhooks;
	if (replies < next)
		next = replies;
	return next < 1 ? 1 : next;
}

static void sleep_until_due(struct sandbox *sandbox)
{
	int64_t until_us = clock_mono_us() + quiet_ms(sandbox) * 1000;
	struct timespec until = { .tv_sec = (time_t)(until_us / 1000000), .tv_nsec = (long)(until_us % 1000000 * 1000) };

	/* Woken, timed out or neither: the caller looks at everything again. */
	(void)pthread_cond_timedwait(&sandbox->wake, &sandbox->mutex, &until);
}

/* Reply to what has waited long enough; with `all`, to everything. */
static void reply_to_held(struct sandbox *sandbox, bool all)
{
	struct held_reply ready;

	while (held_take(&sandbox->held, all ? INT64_MAX : clock_mono_us() / 1000, &ready)) {
		pthread_mutex_unlock(&sandbox->mutex);
		exchange_reply(ready.exchange, &ready.reply);
		pthread_mutex_lock(&sandbox->mutex);
	}
}

static void *tick_on(void *context)
{
	struct sandbox *sandbox = context;

	pthread_mutex_lock(&sandbox->mutex);
	while (!sandbox->stopping) {
		sandbox_tick(sandbox);
		reply_to_held(sandbox, false);
		if (!sandbox->stopping)
			sleep_until_due(sandbox);
	}
	reply_to_held(sandbox, true);
	pthread_mutex_unlock(&sandbox->mutex);
	return NULL;
}

static void answered(void *context, const struct http_answer *answer)
{
	struct delivery *delivery = context;
	struct sandbox *sandbox = delivery->deliveries->owner;
	char event[SANDBOX_ID_SIZE];

	pthread_mutex_lock(&sandbox->mutex);
	deliveries_answered(delivery, &sandbox->state, answer, clock_mono_us() / 1000, event);
	held_release(&sandbox->held, event);
	pthread_cond_signal(&sandbox->wake);
	pthread_mutex_unlock(&sandbox->mutex);
}

/* ---- start ---- */

static bool is_loopback(const char *address)
{
	return strncmp(address, "127.", 4) == 0 || strncmp(address, "[::1]", 5) == 0 || strncmp(address, "unix:", 5) == 0;
}

static enum err check(const struct sandbox_options *options, struct why *why)
{
	if (options->listen == NULL || !is_loopback(options->listen))
		return why_set(why, ERR_INPUT, "The sandbox listens on loopback only: 127.0.0.1:PORT, [::1]:PORT or unix:PATH.");
	if (options->api_key == NULL || strlen(options->api_key) < 8 || strlen(options->api_key) >= SECRET_SIZE)
		return why_set(why, ERR_INPUT, "The sandbox needs an API key of 8 to %d characters.", SECRET_SIZE - 1);
	return OK;
}

static enum err prepare_state(struct sandbox *sandbox, const struct sandbox_options *options, struct why *why)
{
	struct state *state = &sandbox->state;
	uint64_t seed = options->seed;
	enum err err = seed != 0 ? OK : random_bytes(&seed, sizeof seed);

	if (err != OK)
		return err;
	state->ids.state = seed;
	state->knobs = knobs_init();
	state->now_ms = clock_wall_us() / 1000;
	state->live = strncmp(options->api_key + 2, "_live_", 6) == 0;
	snprintf(state->merchant, sizeof state->merchant, "%s",
	         options->merchant != NULL ? options->merchant : "Sandbox merchant");
	id_mint(&state->ids, "pmc_1", 23, state->configuration);
	id_mint(&state->ids, "ba_1", 23, state->bank_account);
	memcpy(sandbox->api_key, options->api_key, strlen(options->api_key) + 1);
	return options->misbehaviour.length == 0 ? OK : knobs_read(&state->knobs, options->misbehaviour, why);
}

static enum err aim(struct deliveries *deliveries, const char *url, const char *const *secrets, size_t count,
                    struct why *why)
{
	struct signing_secrets read = { .count = 0 };

	if (count == 0 || count > SECRETS_MAX)
		return why_set(why, ERR_INPUT, "A webhook needs 1 to %d secrets.", SECRETS_MAX);
	if (strlen(url) >= sizeof deliveries->url)
		return why_set(why, ERR_INPUT, "The webhook URL is too long.");
	enum err err = https_client_check_url(url, why);

	for (size_t i = 0; i < count && err == OK; i++) {
		err = bytes_copy_text(bytes_of(secrets[i]), read.text[i], sizeof read.text[i]);
		if (err != OK)
			why_set(why, err, "A webhook secret is too long.");
	}
	if (err != OK)
		return err;
	read.count = count;
	deliveries->secrets = read;
	memcpy(deliveries->url, url, strlen(url) + 1);
	return OK;
}

static enum err prepare_deliveries(struct sandbox *sandbox, const struct sandbox_options *options, struct why *why)
{
	struct deliveries *deliveries = &sandbox->deliveries;
	struct https_client_options client = {
		.in_flight_max = PARALLEL_DELIVERIES,
		.waiting_max = WAITING_DELIVERIES,
		.ca_file = options->ca_file,
		.user_agent = "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
	};
	enum err err = https_client_start(&sandbox->client, &client, why);

	deliveries->client = sandbox->client;
	deliveries->answered = answered;
	deliveries->owner = sandbox;
	deliveries->retry_first_ms = options->retry_first_ms > 0 ? options->retry_first_ms : RETRY_FIRST_MS;
	deliveries->retry_most_ms = options->retry_most_ms > 0 ? options->retry_most_ms : RETRY_MOST_MS;
	deliveries->tries_max = options->tries_max > 0 ? options->tries_max : TRIES_MAX;
	if (err != OK || options->webhook_url == NULL)
		return err;
	return aim(deliveries, options->webhook_url, options->webhook_secrets, options->webhook_secret_count, why);
}

static enum err open_door(struct sandbox *sandbox, const struct sandbox_options *options, struct why *why)
{
	char actual[URL_SIZE - 8];
	struct http_server_options server = {
		.threads = 2,
		.connections_max = 1024,
		.waiting_max = 1000,
		.request_timeout_s = 30,
		.idle_timeout_s = 60,
		.context = sandbox,
		.body_bytes_max = front_body_bytes_max,
		.handle = front_handle,
		.refuse = front_refuse,
		.completed = front_completed,
	};
	enum err err = listener_open(options->listen, &server.listen_fd, actual, sizeof actual, why);

	if (err != OK)
		return err;
	if (options->public_url != NULL)
		snprintf(sandbox->state.base_url, sizeof sandbox->state.base_url, "%s", options->public_url);
	else
		snprintf(sandbox->state.base_url, sizeof sandbox->state.base_url, "http://%s", actual);
	return http_server_start(&sandbox->server, &server, why);
}

static enum err start_ticker(struct sandbox *sandbox, struct why *why)
{
	int error = pthread_create(&sandbox->ticker, NULL, tick_on, sandbox);

	sandbox->ticking = error == 0;
	return error == 0 ? OK : why_set(why, ERR_SYSTEM, "cannot start a thread: %s", strerror(error));
}

static enum err init_locks(struct sandbox *sandbox)
{
	pthread_condattr_t attributes;

	/* The ticker sleeps by the clock that nobody sets. */
	if (pthread_condattr_init(&attributes) != 0)
		return ERR_SYSTEM;
	int error = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);

	if (error == 0)
		error = pthread_cond_init(&sandbox->wake, &attributes);
	pthread_condattr_destroy(&attributes);
	if (error != 0)
		return ERR_SYSTEM;
	if (pthread_mutex_init(&sandbox->mutex, NULL) == 0)
		return OK;
	pthread_cond_destroy(&sandbox->wake);
	return ERR_SYSTEM;
}

enum err sandbox_start(struct sandbox **sandbox, const struct sandbox_options *options, struct why *why)
{
	enum err err = check(options, why);

	if (err != OK)
		return err;
	struct sandbox *started = calloc(1, sizeof *started);

	if (started == NULL)
		return ERR_MEMORY;
	err = init_locks(started);
	if (err != OK) {
		free(started);
		return err;
	}
	err = prepare_state(started, options, why);
	if (err == OK)
		err = prepare_deliveries(started, options, why);
	if (err == OK)
		err = start_ticker(started, why);
	if (err == OK)
		err = open_door(started, options, why);
	if (err == OK)
		*sandbox = started;
	else
		sandbox_stop(&started);
	return err;
}

const char *sandbox_url(const struct sandbox *sandbox)
{
	return sandbox->state.base_url;
}

void sandbox_stop(struct sandbox **sandbox)
{
	struct sandbox *stopped = *sandbox;

	if (stopped == NULL)
		return;
	*sandbox = NULL;
	pthread_mutex_lock(&stopped->mutex);
	stopped->stopping = true;
	stopped->deliveries.stopping = true;
	pthread_cond_signal(&stopped->wake);
	pthread_mutex_unlock(&stopped->mutex);
	if (stopped->ticking)
		pthread_join(stopped->ticker, NULL);
	http_server_stop(&stopped->server, STOP_GRACE_S);
	https_client_stop(&stopped->client);
	deliveries_free(&stopped->deliveries);
	held_free(&stopped->held);
	idempotency_free(&stopped->memory);
	state_free(&stopped->state);
	pthread_mutex_destroy(&stopped->mutex);
	pthread_cond_destroy(&stopped->wake);
	free(stopped);
}
