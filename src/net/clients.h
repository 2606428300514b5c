/*
 * clients.h -- the connections that are open, and the ending of those that take
 * too long. libmicrohttpd's own timeout is one of inactivity: a byte now and
 * then keeps a connection open for ever.
 *
 * A client is idle (no request yet, or between two), reading (its request is
 * coming in), or busy (its request is being answered). Only idle and reading
 * ones are ended. The worker moves a client on; the door's tick sweeps.
 */
#ifndef NET_CLIENTS_H
#define NET_CLIENTS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "net/address.h"

struct client {
	int fd;
	char peer[PEER_SIZE];
	/* Phase in the low bits, above it how often the phase has changed: a sweep never hits a later phase. */
	atomic_uint_fast64_t state;
	atomic_int_fast64_t since_us;

	/* of the sweep alone */
	uint64_t swept_state;   /* the one that the two below belong to */
	uint64_t bytes_heard;   /* ever, when the phase began */
	int64_t first_byte_us;  /* when a request was first seen to come in, 0 for not yet */

	struct client *previous;
	struct client *next;
};

struct clients_limits {
	unsigned open_max;
	int64_t request_us; /* for a whole request, from its first byte */
	int64_t idle_us;
};

struct clients {
	struct clients_limits limits;
	atomic_uint open;      /* admitted and not yet closed */
	pthread_mutex_t lock;  /* holds the list, and each fd in it open */
	struct client *first;
};

bool clients_init(struct clients *clients, const struct clients_limits *limits);
void clients_free(struct clients *clients);

/* A newcomer, before anything is known of it: counts against the bound until client_gone. */
void clients_admit(struct clients *clients);
void clients_gone(struct clients *clients);
bool clients_have_room(struct clients *clients);

/* NULL when out of memory. */
struct client *client_open(struct clients *clients, int fd, const struct sockaddr *address);
void client_close(struct clients *clients, struct client *client);

/* The next phase. False when the client has been ended: forget its request. */
bool client_reads(struct client *client);
bool client_is_busy(struct client *client);
bool client_idles(struct client *client);

bool client_was_ended(const struct client *client);

/* End the clients that have taken too long. */
void clients_sweep(struct clients *clients, int64_t now_us);

/* Whether nobody is reading or busy. */
bool clients_rest(struct clients *clients);

/* End them all, the busy ones too. */
void clients_cut(struct clients *clients);

#endif
