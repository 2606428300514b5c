#include "net/clients.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "net/ticks.h"

enum phase { IDLE, READING, BUSY, ENDED };

enum {
	PHASE_BITS = 2,
	PHASE_MASK = 3,
	CROWDED_IDLE_US = 1000000, /* where no more fit, an idle one goes after this */
};

#define UNKNOWN UINT64_MAX

static enum phase phase_of(uint64_t state)
{
	return (enum phase)(state & PHASE_MASK);
}

static uint64_t next_state(uint64_t state, enum phase phase)
{
	return ((state >> PHASE_BITS) + 1) << PHASE_BITS | phase;
}

bool clients_init(struct clients *clients, const struct clients_limits *limits)
{
	*clients = (struct clients){ .limits = *limits };
	atomic_init(&clients->open, 0);
	return pthread_mutex_init(&clients->lock, NULL) == 0;
}

void clients_free(struct clients *clients)
{
	pthread_mutex_destroy(&clients->lock);
}

void clients_admit(struct clients *clients)
{
	atomic_fetch_add(&clients->open, 1);
}

void clients_gone(struct clients *clients)
{
	atomic_fetch_sub(&clients->open, 1);
}

bool clients_have_room(struct clients *clients)
{
	return atomic_load(&clients->open) < clients->limits.open_max;
}

struct client *client_open(struct clients *clients, int fd, const struct sockaddr *address)
{
	struct client *client = calloc(1, sizeof *client);

	if (client == NULL)
		return NULL;
	client->fd = fd;
	address_peer(address, client->peer);
	atomic_init(&client->state, IDLE);
	atomic_init(&client->since_us, ticks_us());
	pthread_mutex_lock(&clients->lock);
	client->next = clients->first;
	if (clients->first != NULL)
		clients->first->previous = client;
	clients->first = client;
	pthread_mutex_unlock(&clients->lock);
	return client;
}

void client_close(struct clients *clients, struct client *client)
{
	pthread_mutex_lock(&clients->lock);
	if (client->previous != NULL)
		client->previous->next = client->next;
	else
		clients->first = client->next;
	if (client->next != NULL)
		client->next->previous = client->previous;
	pthread_mutex_unlock(&clients->lock);
	free(client);
}

/*
 * Only the worker and a sweep that ends write the state, so that a failed
 * exchange means: ended.
 */
static bool move_on(struct client *client, enum phase phase)
{
	uint64_t state = atomic_load(&client->state);

	if (phase_of(state) == ENDED)
		return false;
	atomic_store(&client->since_us, ticks_us());
	return atomic_compare_exchange_strong(&client->state, &state, next_state(state, phase));
}

bool client_reads(struct client *client)
{
	return move_on(client, READING);
}

bool client_is_busy(struct client *client)
{
	return move_on(client, BUSY);
}

bool client_idles(struct client *client)
{
	return move_on(client, IDLE);
}

bool client_was_ended(const struct client *client)
{
	return phase_of(atomic_load(&client->state)) == ENDED;
}

/* ---- the sweep ---- */

/* How many bytes have come over a TCP connection; false for another kind of socket. */
static bool bytes_heard(int fd, uint64_t *count)
{
	struct tcp_info info = { 0 };
	socklen_t length = sizeof info;

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0 ||
	    length < offsetof(struct tcp_info, tcpi_bytes_received) + sizeof info.tcpi_bytes_received)
		return false;
	*count = info.tcpi_bytes_received;
	return true;
}

/*
 * Notice the first byte of a request while its line is still incomplete: nobody
 * tells us of it, but the kernel counts. A phase that has just begun takes over
 * what the idle phase before it had noticed, so that dripping the request line
 * does not earn a second deadline.
 */
static void look_for_first_byte(struct client *client, uint64_t state, int64_t now_us)
{
	uint64_t heard;

	if (state != client->swept_state) {
		bool follows = phase_of(client->swept_state) == IDLE &&
		               state == next_state(client->swept_state, READING);

		client->first_byte_us = follows ? client->first_byte_us : 0;
		client->swept_state = state;
		client->bytes_heard = UNKNOWN;
	}
	if (phase_of(state) != IDLE || client->first_byte_us != 0 || !bytes_heard(client->fd, &heard))
		return;
	if (client->bytes_heard == UNKNOWN) /* never so for a newcomer: there it is 0 */
		client->bytes_heard = heard;
	if (heard > client->bytes_heard)
		client->first_byte_us = now_us;
}

static bool took_too_long(const struct clients *clients, const struct client *client,
                          enum phase phase, int64_t now_us)
{
	const struct clients_limits *limits = &clients->limits;
	bool crowded = atomic_load(&clients->open) >= limits->open_max;
	int64_t since_us = atomic_load(&client->since_us);
	int64_t began_us = client->first_byte_us != 0 ? client->first_byte_us : since_us;

	switch (phase) {
	case IDLE:
		if (client->first_byte_us != 0)
			return now_us - began_us > limits->request_us;
		if (crowded && now_us - since_us > CROWDED_IDLE_US)
			return true;
		/* Where the kernel does not count, a dripped request line ends here. */
		return now_us - since_us > limits->idle_us + limits->request_us;
	case READING:
		return now_us - began_us > limits->request_us;
	case BUSY:
	case ENDED:
		return false;
	}
	return false;
}

static void sweep_one(const struct clients *clients, struct client *client, int64_t now_us)
{
	uint64_t state = atomic_load(&client->state);

	look_for_first_byte(client, state, now_us);
	if (!took_too_long(clients, client, phase_of(state), now_us))
		return;
	/* A client that has just moved on keeps its connection. */
	if (atomic_compare_exchange_strong(&client->state, &state, next_state(state, ENDED)))
		(void)shutdown(client->fd, SHUT_RDWR); /* its worker sees the end and closes */
}

void clients_sweep(struct clients *clients, int64_t now_us)
{
	pthread_mutex_lock(&clients->lock);
	for (struct client *client = clients->first; client != NULL; client = client->next)
		sweep_one(clients, client, now_us);
	pthread_mutex_unlock(&clients->lock);
}

bool clients_rest(struct clients *clients)
{
	bool rest = true;

	pthread_mutex_lock(&clients->lock);
	for (struct client *client = clients->first; client != NULL && rest; client = client->next) {
		enum phase phase = phase_of(atomic_load(&client->state));

		rest = phase == IDLE || phase == ENDED;
	}
	pthread_mutex_unlock(&clients->lock);
	return rest;
}

void clients_cut(struct clients *clients)
{
	pthread_mutex_lock(&clients->lock);
	for (struct client *client = clients->first; client != NULL; client = client->next)
		(void)shutdown(client->fd, SHUT_RDWR);
	pthread_mutex_unlock(&clients->lock);
}
