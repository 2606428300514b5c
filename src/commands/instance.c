#include "commands/instance.h"

#include <errno.h>
#include <poll.h>
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

#include "commands/configuration.h"
#include "commands/operator_address.h"
#include "net/listener.h"
#include "routes/rendered.h"
#include "service/watch.h"
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
	PUBLISH_EVERY_MS = 1000,
};

struct instance {
	struct instance_options options;
	struct service service;
	struct site public_site;
	struct site operator_site;
	struct http_server *public_server;
	struct http_server *operator_server;
	char public_address[LISTEN_SIZE + 16];
	char operator_address[LISTEN_SIZE + 16];
	int moved;               /* eventfd: the ledger's head moved */
	int signals;             /* signalfd */
	int64_t published_us;
};

/* ---- starting ---- */

static void log_publishing(enum err err, const char *event, const char *why)
{
	struct log_line line;

	log_begin(&line, err == OK ? LOG_INFO : LOG_ERROR, event);
	if (err != OK)
		log_text(&line, "why", bytes_of(why[0] != '\0' ? why : err_name(err)));
	log_end(&line);
}

static void on_moved(void *context, uint64_t head)
{
	const struct instance *instance = context;
	const uint64_t one = 1;

	(void)head;
	/* The counter can only be full of what is not yet seen: nothing is lost. */
	while (write(instance->moved, &one, sizeof one) < 0 && errno == EINTR)
		continue;
}

static enum err make_data_dir(const char *path, struct why *why)
{
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return OK;
	return file_err(why, errno, "make the data directory");
}

static enum err open_ledger(struct instance *instance, const struct config *config, struct why *why)
{
	const struct ledger_options options = {
		.data_dir = config->data_dir,
		.organisation = config->organisation_id,
		.live = config->live,
		.reserve_bytes = config->reserve_bytes,
		.accept_clock = instance->options.accept_clock,
		.moved = on_moved,
		.moved_context = instance,
	};
	enum err err = make_data_dir(config->data_dir, why);

	return err == OK ? ledger_open(&instance->service.ledger, &options, why) : err;
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
	if (service->budget == NULL || service->keys == NULL)
		return ERR_MEMORY;
	return snapshots_open(&service->snapshots, config, service->ledger, &rendered_renderer, why);
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
	signal(SIGXFSZ, SIG_IGN); /* a file size limit is then an error of write, like a full disk */
}

static enum err open_events(struct instance *instance, struct why *why)
{
	sigset_t set;

	wanted_signals(&set);
	instance->moved = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	instance->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (instance->moved < 0 || instance->signals < 0)
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
	made->moved = made->signals = -1;
	made->public_site = (struct site){ &made->service, false, options->demo, &made->options.commands };
	made->operator_site = (struct site){ &made->service, true, options->demo, &made->options.commands };
	enum err err = open_events(made, why);

	if (err == OK)
		err = open_service(made, config, why);
	if (err == OK)
		err = open_servers(made, config, why);
	/* Also while nothing can be appended, a service is to run: only commands cannot find it. */
	if (err == OK && operator_address_write(config->data_dir, made->operator_address, why) != OK)
		log_publishing(ERR_STORAGE, "operator-address-not-written", why->text);
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

/* ---- running ---- */

static void publish(struct instance *instance)
{
	struct why why = { "" };
	enum err err = snapshots_publish(instance->service.snapshots, NULL, &why);

	instance->published_us = clock_mono_us();
	if (err != OK)
		log_publishing(err, "publish-failed", why.text); /* the old pages stay; the next entry tries again */
}

/* What a running service cannot change: the ledger it has open and the sockets it listens on. */
static const char *unchangeable(const struct config *old, const struct config *new)
{
	if (strcmp(old->organisation_id, new->organisation_id) != 0 || old->live != new->live)
		return "organisation and mode belong to the ledger";
	if (strcmp(old->data_dir, new->data_dir) != 0)
		return "data_dir needs a restart";
	if (strcmp(old->public_listen, new->public_listen) != 0 || strcmp(old->operator_listen, new->operator_listen) != 0)
		return "a changed listen address needs a restart";
	return NULL;
}

static void log_problems(const struct config_problems *problems)
{
	for (size_t i = 0; i < problems->count; i++) {
		struct log_line line;

		log_begin(&line, LOG_ERROR, "configuration-problem");
		log_number(&line, "line", problems->items[i].place.line);
		log_number(&line, "column", problems->items[i].place.column);
		log_text(&line, "why", bytes_of(problems->items[i].text));
		log_end(&line);
	}
}

static void reload(struct instance *instance)
{
	static struct config_problems problems;
	const struct snapshot *snapshot = snapshot_hold(instance->service.snapshots);
	struct config *config = NULL;
	struct why why = { "" };

	memset(&problems, 0, sizeof problems);
	enum err err = configuration_read(instance->options.config_path, &config, &problems);
	const char *fixed = err == OK ? unchangeable(snapshot->config, config) : NULL;

	snapshot_drop(&snapshot);
	if (err != OK)
		log_problems(&problems);
	if (fixed != NULL)
		err = why_set(&why, ERR_CONFLICT, "%s", fixed);
	if (err == OK)
		err = snapshots_publish(instance->service.snapshots, config, &why);
	if (err != OK)
		config_free(&config);
	log_publishing(err, err == OK ? "configuration-read" : "configuration-refused", why.text);
}

/* False when it is time to stop. */
static bool take_signal(struct instance *instance)
{
	struct signalfd_siginfo info;

	while (read(instance->signals, &info, sizeof info) == sizeof info) {
		if (info.ssi_signo != SIGHUP)
			return false;
		reload(instance);
	}
	return true;
}

static bool was_moved(const struct instance *instance)
{
	uint64_t count;

	return read(instance->moved, &count, sizeof count) == sizeof count;
}

static int sooner(int a_ms, int b_ms)
{
	return a_ms < 0 ? b_ms : b_ms < 0 || a_ms < b_ms ? a_ms : b_ms;
}

/* A moved head is published at once, but at most once a second. */
enum err instance_run(struct instance *instance, struct why *why)
{
	struct watch watch = { .service = &instance->service };
	bool stale = false;

	for (;;) {
		/* That it moved is known already: further moves need not wake anybody (poll passes over -1). */
		struct pollfd polled[] = { { .fd = instance->signals, .events = POLLIN },
			                   { .fd = stale ? -1 : instance->moved, .events = POLLIN } };
		int64_t due_ms = PUBLISH_EVERY_MS - (clock_mono_us() - instance->published_us) / 1000;
		int timeout_ms = !stale ? -1 : due_ms > 0 ? (int)due_ms : 0;

		timeout_ms = sooner(timeout_ms, watch_look(&watch, clock_mono_us()));
		if (poll(polled, 2, timeout_ms) < 0 && errno != EINTR)
			return why_set(why, ERR_SYSTEM, "cannot wait for events");
		if (!take_signal(instance))
			return OK;
		stale = stale || was_moved(instance);
		if (stale && clock_mono_us() - instance->published_us >= (int64_t)PUBLISH_EVERY_MS * 1000) {
			publish(instance);
			stale = false;
		}
	}
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
	ledger_close(&stopped->service.ledger);
	snapshots_close(&stopped->service.snapshots);
	keys_free(&stopped->service.keys);
	budget_free(&stopped->service.budget);
	file_close(&stopped->moved);
	file_close(&stopped->signals);
	free(stopped);
}
