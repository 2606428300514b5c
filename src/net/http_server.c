/*
 * The server around libmicrohttpd: starting, what it calls back, draining and
 * stopping. The order of stopping is not a matter of taste: newcomers are
 * refused, every answer ends its connection, every begun exchange ends, and
 * only then the daemon stops, which aborts the process where a connection is
 * still suspended.
 */
#include "net/http_server.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "net/clients.h"
#include "net/door.h"
#include "net/exchange.h"
#include "net/thread.h"
#include "net/ticks.h"

enum {
	CONNECTION_BYTES_MAX = 16 * 1024, /* for a head, and for writing an answer */
	OTHER_DESCRIPTORS = 256,          /* that the rest of the program may need */
	DESCRIPTORS_WANTED = 64 * 1024,
	TICK_MS_MIN = 50,
	TICK_MS_MAX = 1000,
	TICK_MS_RUSH = 100,
	LINGER_US = 500 * 1000, /* after draining began, for a request that is already on its way */
	POLL_MS = 2,
	RUSH = 256, /* connections whose memory is worth giving back */
};

struct http_server {
	struct exchange_desk desk;
	struct clients clients;
	struct MHD_Daemon *daemon;
	struct door *door;
	atomic_int_fast64_t drained_us;

	/* of the door's thread */
	unsigned most_open; /* since memory was given back */
	int64_t sweep_us;   /* when connections are looked at next */
};

/* ---- what libmicrohttpd calls ---- */

static void drop_log(void *context, const char *format, va_list arguments)
{
	(void)context; /* it would write targets unescaped */
	(void)format;
	(void)arguments;
}

static struct client *client_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info != NULL ? info->socket_context : NULL;
}

static void on_connection(void *context, struct MHD_Connection *connection, void **slot,
                          enum MHD_ConnectionNotificationCode code)
{
	struct http_server *server = context;

	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (*slot != NULL)
			client_close(&server->clients, *slot);
		*slot = NULL;
		clients_gone(&server->clients);
		return;
	}
	const union MHD_ConnectionInfo *fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	const union MHD_ConnectionInfo *address =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	/* Without a client the request line finds NULL and the connection is closed. */
	if (fd != NULL && address != NULL)
		*slot = client_open(&server->clients, fd->connect_fd, address->client_addr);
}

/* The request line is complete, and the target still raw. What this returns is the slot of the others. */
static void *on_target(void *context, const char *target, struct MHD_Connection *connection)
{
	struct http_server *server = context;
	struct client *client = client_of(connection);

	if (client == NULL || target == NULL || !client_reads(client))
		return NULL;
	return exchange_new(&server->desk, client, connection, target);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *length, void **slot)
{
	struct exchange *exchange = *slot;
	size_t body_length = *length;

	(void)context;
	(void)connection;
	(void)url; /* unescaped already: on_target saw the real one */
	if (exchange == NULL)
		return MHD_NO;
	if (!exchange_has_begun(exchange))
		return exchange_begin(exchange, method, version);
	if (body_length == 0)
		return exchange_proceed(exchange);
	*length = 0;
	return exchange_body(exchange, data, body_length);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **slot,
                         enum MHD_RequestTerminationCode code)
{
	struct client *client = client_of(connection);

	(void)context;
	(void)code; /* says what was given to the kernel, not what was received */
	if (*slot != NULL)
		exchange_end(*slot);
	*slot = NULL;
	if (client != NULL)
		(void)client_idles(client); /* an ended one stays ended */
}

/* ---- what the door calls ---- */

static bool has_room(void *context)
{
	struct http_server *server = context;

	return clients_have_room(&server->clients);
}

static void admit(void *context, int fd, const struct sockaddr *address, socklen_t length)
{
	struct http_server *server = context;

	clients_admit(&server->clients);
	/* It closes the socket where it fails, and then never tells of the connection. */
	if (MHD_add_connection(server->daemon, fd, address, length) != MHD_YES)
		clients_gone(&server->clients);
}

/*
 * Of a connection that waits two pages are in use; answering it, libmicrohttpd wipes all of its 16 KiB, and then
 * they lie between those of others, where free(3) keeps them.
 */
static void give_back_memory(struct http_server *server)
{
	unsigned open = atomic_load(&server->clients.open);

	if (open > server->most_open)
		server->most_open = open;
	if (server->most_open - open < RUSH)
		return;
	(void)malloc_trim(0); /* says whether there was any */
	server->most_open = open;
}

/* Often enough for the deadlines. */
static int sweep_ms(const struct http_server *server)
{
	unsigned request_s = server->desk.options.request_timeout_s;
	unsigned ms = request_s < TICK_MS_MAX ? request_s * 100 : TICK_MS_MAX;

	return ms < TICK_MS_MIN ? TICK_MS_MIN : ms > TICK_MS_MAX ? TICK_MS_MAX : (int)ms;
}

/* Soon again while so many are there that their memory may come free; each of them is looked at no more often for that. */
static int tick(void *context)
{
	struct http_server *server = context;
	int64_t now_us = ticks_us();
	int ms = sweep_ms(server);

	if (now_us >= server->sweep_us) {
		clients_sweep(&server->clients, now_us);
		server->sweep_us = now_us + (int64_t)ms * 1000;
	}
	give_back_memory(server);
	return ms > TICK_MS_RUSH && atomic_load(&server->clients.open) >= RUSH ? TICK_MS_RUSH : ms;
}

/* ---- starting ---- */

/* Debian's soft limit is 1,024; connections and their room come out of it. */
static enum err raise_descriptors(unsigned connections_max, struct why *why)
{
	struct rlimit limit;
	rlim_t need = (rlim_t)connections_max + OTHER_DESCRIPTORS;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return why_set(why, ERR_SYSTEM, "The limit of open descriptors is unknown: %s.", strerror(errno));
	rlim_t want = need > DESCRIPTORS_WANTED ? need : DESCRIPTORS_WANTED;

	if (want > limit.rlim_max)
		want = limit.rlim_max;
	if (limit.rlim_cur < want) {
		limit.rlim_cur = want;
		if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
			return why_set(why, ERR_SYSTEM, "The limit of open descriptors cannot be raised: %s.", strerror(errno));
	}
	if (limit.rlim_cur < need)
		return why_set(why, ERR_SYSTEM, "%u connections need %llu descriptors, and the limit is %llu (LimitNOFILE).",
		               connections_max, (unsigned long long)need, (unsigned long long)limit.rlim_cur);
	return OK;
}

static struct MHD_Daemon *start_daemon(struct http_server *server)
{
	const struct http_server_options *options = &server->desk.options;
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET;
	struct MHD_OptionItem pool[] = {
		{ MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)options->threads, NULL },
		{ MHD_OPTION_END, 0, NULL },
	};

	/* A pool of one is refused: the end of the list comes first then. */
	return MHD_start_daemon(
		flags, 0, NULL, NULL, on_request, server,
		MHD_OPTION_EXTERNAL_LOGGER, drop_log, NULL, /* before any other, or their complaints are printed */
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
		MHD_OPTION_URI_LOG_CALLBACK, on_target, server,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES_MAX,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)INT_MAX, /* the door keeps the real one: see door.h */
		MHD_OPTION_PER_IP_CONNECTION_LIMIT, options->connections_per_address_max,
		MHD_OPTION_CONNECTION_TIMEOUT, options->idle_timeout_s,
		MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_ARRAY, options->threads > 1 ? pool : pool + 1,
		MHD_OPTION_END);
}

static struct MHD_Daemon *start_daemon_without_signals(struct http_server *server)
{
	sigset_t before;

	signals_block(&before);
	struct MHD_Daemon *daemon = start_daemon(server);
	int failure = errno;

	signals_restore(&before);
	errno = failure;
	return daemon;
}

static void free_server(struct http_server *server)
{
	response_cache_free(&server->desk.responses);
	clients_free(&server->clients);
	free(server);
}

static bool init_server(struct http_server *server, const struct http_server_options *options)
{
	const struct clients_limits limits = {
		.open_max = options->connections_max,
		.request_us = (int64_t)options->request_timeout_s * 1000000,
		.idle_us = (int64_t)options->idle_timeout_s * 1000000,
	};

	server->desk.options = *options;
	atomic_init(&server->desk.draining, false);
	atomic_init(&server->desk.busy, 0);
	atomic_init(&server->desk.waiting, 0);
	atomic_init(&server->desk.replying, 0);
	atomic_init(&server->drained_us, INT64_MAX);
	if (!response_cache_init(&server->desk.responses))
		return false;
	if (clients_init(&server->clients, &limits))
		return true;
	response_cache_free(&server->desk.responses);
	return false;
}

enum err http_server_start(struct http_server **out, const struct http_server_options *options, struct why *why)
{
	const struct door_keeper keeper = { .has_room = has_room, .admit = admit, .tick = tick };
	struct http_server *server = NULL;
	struct door_keeper own = keeper;
	enum err err = raise_descriptors(options->connections_max, why);

	assert(options->threads >= 1 && options->connections_max >= 1);
	if (err != OK)
		goto no_server;
	server = calloc(1, sizeof *server);
	if (server == NULL || !init_server(server, options)) {
		err = why_set(why, ERR_MEMORY, "Memory is short.");
		goto no_server;
	}
	server->daemon = start_daemon_without_signals(server);
	if (server->daemon == NULL) {
		err = why_set(why, ERR_SYSTEM, "The HTTP server's threads cannot be started: %s.", strerror(errno));
		goto no_daemon;
	}
	own.context = server;
	err = door_open(&server->door, options->listen_fd, &own);
	if (err == OK) {
		*out = server;
		return OK;
	}
	err_ignore(why_set(why, err, "The HTTP server's door cannot be opened.")); /* err is returned below */
	MHD_stop_daemon(server->daemon);
	free_server(server);
	return err; /* the door has closed the socket */
no_daemon:
	free_server(server);
	server = NULL;
no_server:
	free(server);
	close(options->listen_fd);
	return err;
}

/* ---- draining and stopping ---- */

unsigned http_server_busy(const struct http_server *server)
{
	return atomic_load(&server->desk.busy);
}

void http_server_drain(struct http_server *server)
{
	/* First, so that no answer goes out without its Connection: close after newcomers are refused. */
	if (atomic_exchange(&server->desk.draining, true))
		return;
	atomic_store(&server->drained_us, ticks_us());
	door_shut(server->door);
}

static bool nobody_waits(struct http_server *server)
{
	return atomic_load(&server->desk.waiting) == 0 && atomic_load(&server->desk.replying) == 0;
}

/*
 * Whether stopping now loses nothing: no exchange is open, and every
 * connection has ended or had time to bring what was on its way.
 */
static bool is_quiet(struct http_server *server)
{
	if (http_server_busy(server) > 0 || !nobody_waits(server))
		return false;
	if (atomic_load(&server->clients.open) == 0)
		return true;
	return ticks_us() - atomic_load(&server->drained_us) > LINGER_US && clients_rest(&server->clients);
}

void http_server_stop(struct http_server **out, unsigned grace_s)
{
	struct http_server *server = *out;

	if (server == NULL)
		return;
	http_server_drain(server);
	int64_t deadline_us = ticks_us() + (int64_t)grace_s * 1000000;

	while (!is_quiet(server) && ticks_us() < deadline_us)
		ticks_sleep_ms(POLL_MS);
	if (!is_quiet(server))
		clients_cut(&server->clients);
	/* Without a bound: a suspended connection would abort the process, and each reply is promised. */
	while (!nobody_waits(server))
		ticks_sleep_ms(POLL_MS);
	door_close(&server->door);
	MHD_stop_daemon(server->daemon);
	*out = NULL; /* not before: a handler may still look at it */
	free_server(server);
}
