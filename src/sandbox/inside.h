/*
 * inside.h -- what sandbox.c (start, stop, the clock) and front.c (requests)
 * share.
 *
 * One mutex lies around state, memory, deliveries and held. Replies are sent and
 * the client is stopped without it.
 */
#ifndef SANDBOX_INSIDE_H
#define SANDBOX_INSIDE_H

#include <pthread.h>

#include "net/http_server.h"
#include "sandbox/deliveries.h"
#include "sandbox/held.h"
#include "sandbox/idempotency.h"
#include "sandbox/sandbox.h"
#include "sandbox/state.h"

struct sandbox {
	struct http_server *server;
	struct https_client *client;
	pthread_t ticker;
	bool ticking;
	char api_key[SECRET_SIZE];

	pthread_mutex_t mutex;
	pthread_cond_t wake;      /* something became due earlier, or it is over */
	bool stopping;
	struct state state;
	struct idempotency memory;
	struct deliveries deliveries;
	struct held held;
};

/* With the mutex held: let time pass, and send what is due. */
void sandbox_tick(struct sandbox *sandbox);

/* The functions of http_server_options. */
size_t front_body_bytes_max(void *context, const struct http_request *head);
void front_handle(void *context, struct exchange *exchange);
void front_refuse(void *context, const struct http_request *head, int status, const char *why,
                  struct http_reply *reply);
void front_completed(void *context, const struct http_request *request, int status, uint64_t body_bytes,
                     int64_t duration_us);

#endif
