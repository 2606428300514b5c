#include "commands/instance_inside.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "commands/operator_address.h"
#include "net/listener.h"
#include "routes/rendered.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/log.h"

enum {
	WORKERS_MAX = 8,
	CONNECTIONS_MAX = 8192,
	WAITING_MAX = 6144,
	OPERATOR_CONNECTIONS_MAX = 64,
	REQUEST_TIMEOUT_S = 15,
	IDLE_TIMEOUT_S = 30,
	DRAIN_S = 10,
	GRACE_S = 10,
	IN_FLIGHT_MAX = 256,
	CALLS_WAITING_MAX = 8192,
};

/* ---- starting ---- */

/* The counter can only be full of what is not yet seen: nothing is lost. */
static void count_up(int counter)
{
	const uint64_t one = 1;

	while (write(counter, &one, sizeof one) < 0 && errno == EINTR)
		continue;
}

static void on_moved(void *context, uint64_t head)
{
	const struct instance *instance = context;

	(void)head;
	count_up(instance->moved);
}

static void on_due(void *context)
{
	const struct instance *instance = context;

	count_up(instance->due);
}

static enum err make_data_dir(const char *path, struct why *why)
{
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return OK;
	return file_err(why, errno, "make the data directory");
}

/* Nobody was told of it, as far as this folder knows; in a folder that was copied it may have been more. */
static void log_cut(struct ledger *ledger)
{
	struct ledger_status status;
	struct log_line line;

	ledger_status(ledger, &status);
	if (status.cut_bytes == 0)
		return;
	log_begin(&line, LOG_WARNING, "cut");
	log_number(&line, "seq", (int64_t)status.cut_seq);
	log_number(&line, "bytes", (int64_t)status.cut_bytes);
	log_text(&line, "why", BYTES_LITERAL("they stood behind the last good line and are in cut/ now"));
	log_end(&line);
}

static enum err open_ledger(struct instance *instance, const struct config *config, struct why *why)
{
	const struct ledger_options options = {
		.data_dir = config->data_dir,
		.organisation = config->organisation_id,
		.live = config->live,
		.segment_bytes = config->segment_bytes,
		.reserve_bytes = config->reserve_bytes,
		.accept_clock = instance->options.accept_clock,
		.moved = on_moved,
		.moved_context = instance,
	};
	enum err err = make_data_dir(config->data_dir, why);

	if (err == OK)
		err = ledger_open(&instance->service.ledger, &options, why);
	if (err == OK)
		log_cut(instance->service.ledger);
	return err;
}

static enum err open_client(struct instance *instance, struct why *why)
{
	const struct https_client_options options = {
		.in_flight_max = IN_FLIGHT_MAX,
		.waiting_max = CALLS_WAITING_MAX,
		.user_agent = "pledger/" PLEDGER_VERSION,
	};

	return https_client_start(&instance->service.client, &options, why);
}

static enum err open_service(struct instance *instance, struct config *config, struct why *why)
{
	struct service *service = &instance->service;
	enum err err = open_ledger(instance, config, why);

	if (err == OK)
		err = open_client(instance, why);
	if (err != OK)
		return err;
	service->budget = budget_new();
	service->keys = keys_new();
	service->pulse = pulse_new();
	service->turns = turns_new(IN_FLIGHT_MAX);
	if (service->budget == NULL || service->keys == NULL || service->pulse == NULL || service->turns == NULL)
		return ERR_MEMORY;
	int64_t now_s = clock_wall_us() / 1000000;

	instance->published_day = now_s / DAY_S;
	err = snapshots_open(&service->snapshots, config, service->ledger, &rendered_renderer, now_s, why);
	if (err == OK)
		err = owed_open(&instance->owed, service, on_due, instance);
	return err == OK ? reconciler_open(&service->reconciler, service, instance->owed, on_due, instance) : err;
}

/* One core is left to the writer and the client, where there is more than one. */
static unsigned count_workers(void)
{
	cpu_set_t cores;
	int count = sched_getaffinity(0, sizeof cores, &cores) == 0 ? CPU_COUNT(&cores) - 1 : 1;

	return count < 1 ? 1 : count > WORKERS_MAX ? WORKERS_MAX : (unsigned)count;
}

static struct http_server_options server_options(struct site *site)
{
	return (struct http_server_options){
		.threads = site->operator ? 1 : count_workers(),
		.connections_max = site->operator ? OPERATOR_CONNECTIONS_MAX : CONNECTIONS_MAX,
		.waiting_max = site->operator ? OPERATOR_CONNECTIONS_MAX : WAITING_MAX,
		.request_timeout_s = REQUEST_TIMEOUT_S,
		.idle_timeout_s = IDLE_TIMEOUT_S,
		.context = site,
		.body_bytes_max = site_body_bytes_max,
		.handle = site_handle,
		.refuse = site_refuse,
		.completed = site_completed,
	};
}

static enum err open_server(struct site *site, const char *listen, char *address, size_t size,
                            struct http_server **server, struct why *why)
{
	struct http_server_options options = server_options(site);
	struct why reason = { "" };
	enum err err = listener_open(listen, &options.listen_fd, address, size, &reason);

	return err == OK ? http_server_start(server, &options, why) : why_set(why, err, "%s: %s", listen, reason.text);
}

static enum err open_servers(struct instance *instance, const struct config *config, struct why *why)
{
	enum err err = open_server(&instance->operator_site, config->operator_listen, instance->operator_address,
	                           sizeof instance->operator_address, &instance->operator_server, why);

	if (err != OK)
		return err;
	return open_server(&instance->public_site, config->public_listen, instance->public_address,
	                   sizeof instance->public_address, &instance->public_server, why);
}

/* Also while nothing can be appended, a service is to run: only commands cannot find it. */
static void log_no_address(const char *why)
{
	struct log_line line;

	log_begin(&line, LOG_ERROR, "operator-address-not-written");
	log_text(&line, "why", bytes_of(why));
	log_end(&line);
}

static void wanted_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGHUP);
}

void instance_signals(void)
{
	sigset_t set;

	wanted_signals(&set);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static enum err open_events(struct instance *instance, struct why *why)
{
	sigset_t set;

	wanted_signals(&set);
	instance->moved = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	instance->due = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	instance->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (instance->moved < 0 || instance->due < 0 || instance->signals < 0)
		return why_set(why, ERR_SYSTEM, "descriptors for events cannot be had");
	return OK;
}

enum err instance_start(struct instance **instance, struct config *config, const struct instance_options *options,
                        struct why *why)
{
	struct instance *made = calloc(1, sizeof *made);

	if (made == NULL)
		return ERR_MEMORY;
	made->options = *options;
	made->moved = made->due = made->signals = -1;
	made->watch.service = &made->service;
	const struct shown_commands *commands = options->commands.verify == NULL ? NULL : &made->options.commands;

	made->public_site = (struct site){ &made->service, false, options->demo, commands };
	made->operator_site = (struct site){ &made->service, true, options->demo, commands };
	enum err err = open_events(made, why);

	if (err == OK)
		err = open_service(made, config, why);
	if (err == OK && !options->alone)
		watch_begin(&made->watch, clock_mono_us());
	if (err == OK && !options->alone)
		err = open_servers(made, config, why);
	if (err == OK && !options->alone && operator_address_write(config->data_dir, made->operator_address, why) != OK)
		log_no_address(why->text);
	if (err == OK) {
		*instance = made;
		return OK;
	}
	/* The snapshots have it, once there are any. */
	if (made->service.snapshots == NULL)
		config_free(&config);
	instance_stop(&made);
	return err;
}

const char *instance_public(const struct instance *instance)
{
	return instance->public_address;
}

const char *instance_operator(const struct instance *instance)
{
	return instance->operator_address;
}

/* ---- stopping ---- */

/* Give what is under way its time; then the provider's answer is no longer waited for. */
static void drain(struct instance *instance)
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	int64_t end_us = clock_mono_us() + (int64_t)DRAIN_S * 1000000;

	http_server_drain(instance->public_server);
	http_server_drain(instance->operator_server);
	while (http_server_busy(instance->public_server) + http_server_busy(instance->operator_server) > 0
	       && clock_mono_us() < end_us)
		nanosleep(&pause, NULL);
}

/* While the lock is still held: nobody else's address can be there. */
static void remove_address(struct instance *instance)
{
	if (instance->service.snapshots == NULL || instance->service.ledger == NULL)
		return;
	const struct snapshot *snapshot = snapshot_hold(instance->service.snapshots);

	operator_address_remove(snapshot->config->data_dir);
	snapshot_drop(&snapshot);
}

void instance_stop(struct instance **instance)
{
	struct instance *stopped = *instance;

	*instance = NULL;
	if (stopped == NULL)
		return;
	if (stopped->public_server != NULL && stopped->operator_server != NULL)
		drain(stopped);
	/* Ends the calls that still wait, so that every exchange gets its answer; the writer still runs. */
	https_client_end(stopped->service.client);
	http_server_stop(&stopped->public_server, GRACE_S);
	http_server_stop(&stopped->operator_server, GRACE_S);
	/* Until here a request on a kept connection could still come and want to ask the provider. */
	https_client_stop(&stopped->service.client);
	remove_address(stopped);
	watch_end(&stopped->watch, clock_mono_us());
	ledger_close(&stopped->service.ledger);
	/* Nobody can call back any more. */
	reconciler_close(&stopped->service.reconciler);
	owed_close(&stopped->owed);
	snapshots_close(&stopped->service.snapshots);
	turns_free(&stopped->service.turns);
	keys_free(&stopped->service.keys);
	budget_free(&stopped->service.budget);
	pulse_free(&stopped->service.pulse);
	file_close(&stopped->moved);
	file_close(&stopped->due);
	file_close(&stopped->signals);
	free(stopped);
}
