/*
 * door.h -- the thread that lets newcomers in, and ticks.
 *
 * libmicrohttpd could accept by itself, but MHD_quiesce_daemon races with its
 * own workers (0.9.75 aborts the process in about one of 400 drains under load,
 * "Failed to remove listen FD from epoll set"), and a worker that finds its
 * connection limit reached keeps a lock for ever. So accepting is ours.
 */
#ifndef NET_DOOR_H
#define NET_DOOR_H

#include <stdbool.h>
#include <sys/socket.h>

#include "base/err.h"

struct door;

/* What the door calls, on its thread. */
struct door_keeper {
	void *context;
	bool (*has_room)(void *context);
	void (*admit)(void *context, int fd, const struct sockaddr *address, socklen_t length);

	/* Look after those who are inside; in how many milliseconds again. The first time is when the door is opened. */
	int (*tick)(void *context);
};

/* Takes over `listen_fd`, also when this fails. */
MUST_CHECK enum err door_open(struct door **door, int listen_fd,
                              const struct door_keeper *keeper);

/*
 * Let in who has already come, then close the socket: newcomers are refused
 * when this returns. Ticks go on. The second time does nothing.
 */
void door_shut(struct door *door);

/* Shut, end the thread, free and null. Does nothing with NULL. */
void door_close(struct door **door);

#endif
