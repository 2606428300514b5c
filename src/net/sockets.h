/*
 * sockets.h -- which of libcurl's sockets move: an epoll set, a wake-up and libcurl's one timer. Only for flight.c.
 *
 * libcurl's own loop (curl_multi_perform, curl_multi_poll) asks the kernel about every socket each time one of them
 * moves, and about each of them by a call of its own: of a checkout's CPU a fifth, with 256 of them in flight. All
 * but sockets_wake belongs to one thread.
 */
#ifndef NET_SOCKETS_H
#define NET_SOCKETS_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

#include "base/err.h"

enum { SOCKETS_AT_ONCE = 64 };

struct sockets {
	CURLM *multi;
	int epoll_fd;
	int wake_fd;
	int64_t timer_us; /* when libcurl wants to look at its timeouts; INT64_MAX: never */
	int64_t look_us;  /* when all calls are looked at next */
	struct epoll_event moved[SOCKETS_AT_ONCE];
	int moved_count;

	/* A socket of this call cannot be watched: it would wait for ever. */
	void (*lost)(void *context, CURL *easy);
	void *context;
};

/* Watch the sockets of a handle. False when the system or libcurl has no room; then there is nothing to close. */
MUST_CHECK bool sockets_open(struct sockets *sockets, CURLM *multi, void (*lost)(void *context, CURL *easy), void *context);
void sockets_close(struct sockets *sockets);

/* Until a socket moves, something is due or somebody wakes, at most `wait_ms`. False when the system fails. */
MUST_CHECK bool sockets_wait(struct sockets *sockets, int wait_ms);

/* Let libcurl work on what moved and on what is due. False when it fails: it is told again the next time. */
MUST_CHECK bool sockets_move(struct sockets *sockets);

/* From any thread. */
void sockets_wake(struct sockets *sockets);

#endif
