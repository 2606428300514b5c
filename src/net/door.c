#include "net/door.h"

#include <errno.h>
#include <linux/filter.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "net/thread.h"
#include "net/ticks.h"

enum {
	BATCH_MAX = 64,       /* newcomers let in before anything else is looked at */
	LAST_BATCHES_MAX = 64, /* of those, when the door is being shut */
	SETTLE_MS = 10,       /* for those who are in the middle of connecting when the door is shut */
	FULL_WAIT_MS = 20,    /* until room is looked for again */
	TROUBLE_WAIT_MS = 100, /* after accept or poll failed for want of descriptors or memory */
};

struct door {
	struct door_keeper keeper;
	int wake_fd;
	pthread_t thread;

	/* of the thread alone */
	int listen_fd;        /* -1 once shut */
	int64_t next_tick_us;
	int64_t trouble_us;   /* no accept before then */

	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool shutting;
	bool shut;
	bool closing;
};

enum outcome { CAME, NOBODY, TROUBLE };

/* A newcomer that left while it waited is no trouble: accept(2) lists what then comes back. */
static enum outcome accept_outcome(int error)
{
	switch (error) {
	case EAGAIN:
		return NOBODY;
	case EINTR: case ECONNABORTED: case EPROTO: case ENOPROTOOPT: case ENETDOWN: case ENETUNREACH:
	case EHOSTDOWN: case EHOSTUNREACH: case ENONET: case EOPNOTSUPP: case EPERM:
		return CAME;
	default:
		return TROUBLE;
	}
}

static enum outcome let_one_in(struct door *door)
{
	struct sockaddr_storage address = { 0 };
	socklen_t length = sizeof address;
	int fd = accept4(door->listen_fd, (struct sockaddr *)&address, &length, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return accept_outcome(errno);
	if (length < sizeof address.ss_family)
		length = sizeof address.ss_family; /* an unnamed Unix socket may tell nothing */
	door->keeper.admit(door->keeper.context, fd, (struct sockaddr *)&address, length);
	return CAME;
}

static enum outcome let_in(struct door *door, int count_max)
{
	enum outcome outcome = CAME;

	for (int i = 0; i < count_max && outcome == CAME; i++) {
		if (!door->keeper.has_room(door->keeper.context))
			return NOBODY;
		outcome = let_one_in(door);
	}
	return outcome;
}

static int wait_ms(const struct door *door, bool accepting, bool full, int64_t now_us)
{
	int64_t until_us = door->next_tick_us;

	if (full && now_us + FULL_WAIT_MS * 1000 < until_us)
		until_us = now_us + FULL_WAIT_MS * 1000;
	if (!accepting && door->trouble_us > now_us && door->trouble_us < until_us)
		until_us = door->trouble_us;
	return until_us <= now_us ? 0 : (int)((until_us - now_us + 999) / 1000);
}

/* Until somebody comes, somebody wakes the thread, or it is time to look again. */
static bool somebody_came(struct door *door)
{
	int64_t now_us = ticks_us();
	bool full = door->listen_fd >= 0 && !door->keeper.has_room(door->keeper.context);
	bool accepting = door->listen_fd >= 0 && !full && now_us >= door->trouble_us;
	struct pollfd sources[2] = {
		{ .fd = door->wake_fd, .events = POLLIN },
		{ .fd = accepting ? door->listen_fd : -1, .events = POLLIN },
	};
	int ready = poll(sources, 2, wait_ms(door, accepting, full, now_us));

	if (ready < 0 && errno != EINTR) {
		ticks_sleep_ms(TROUBLE_WAIT_MS); /* or the thread would spin */
		return false;
	}
	if (ready > 0 && sources[0].revents != 0) {
		eventfd_t count;

		(void)eventfd_read(door->wake_fd, &count); /* only clears it */
	}
	return ready > 0 && sources[1].revents != 0;
}

/*
 * Have the kernel drop the first packet of each new connection: whoever would
 * come between our last accept and the close would be accepted by the kernel,
 * send a request and get a reset. So he asks again a second later and is
 * refused, or finds our successor where the socket outlives us. Best effort: a
 * Unix socket has no such packet, and there the gap stays (microseconds).
 */
static void turn_away(int listen_fd, bool on)
{
	enum { TCP_FLAGS_AT = 13, SYN_AND_ACK = 0x12, SYN = 0x02, WHOLE = 0x7fffffff };
	struct sock_filter steps[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, TCP_FLAGS_AT),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, SYN_AND_ACK),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYN, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, WHOLE),
	};
	struct sock_fprog filter = { .len = sizeof steps / sizeof steps[0], .filter = steps };

	(void)setsockopt(listen_fd, SOL_SOCKET, on ? SO_ATTACH_FILTER : SO_DETACH_FILTER, &filter, sizeof filter);
}

/* Whether the thread shall end. Shuts where that is wanted. */
static bool obey(struct door *door)
{
	pthread_mutex_lock(&door->lock);
	bool shut_now = door->shutting && !door->shut;
	bool closing = door->closing;
	pthread_mutex_unlock(&door->lock);

	if (!shut_now)
		return closing;
	/* The kernel has accepted these already: a refusal now would be a lost answer. */
	turn_away(door->listen_fd, true);
	(void)let_in(door, BATCH_MAX * LAST_BATCHES_MAX);
	ticks_sleep_ms(SETTLE_MS);
	(void)let_in(door, BATCH_MAX * LAST_BATCHES_MAX);
	turn_away(door->listen_fd, false);
	close(door->listen_fd);
	door->listen_fd = -1;
	pthread_mutex_lock(&door->lock);
	door->shut = true;
	pthread_cond_broadcast(&door->changed);
	pthread_mutex_unlock(&door->lock);
	return closing;
}

static void *keep_door(void *argument)
{
	struct door *door = argument;

	while (!obey(door)) {
		if (somebody_came(door) && let_in(door, BATCH_MAX) == TROUBLE)
			door->trouble_us = ticks_us() + TROUBLE_WAIT_MS * 1000;
		if (ticks_us() >= door->next_tick_us) {
			int pause_ms = door->keeper.tick(door->keeper.context);

			door->next_tick_us = ticks_us() + (int64_t)pause_ms * 1000;
		}
	}
	return NULL;
}

enum err door_open(struct door **out, int listen_fd, const struct door_keeper *keeper)
{
	struct door *door = calloc(1, sizeof *door);
	enum err err = ERR_SYSTEM;

	if (door == NULL) {
		close(listen_fd);
		return ERR_MEMORY;
	}
	*door = (struct door){ .keeper = *keeper, .listen_fd = listen_fd, .next_tick_us = ticks_us() };
	door->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (door->wake_fd < 0)
		goto no_wake;
	if (pthread_mutex_init(&door->lock, NULL) != 0)
		goto no_lock;
	if (pthread_cond_init(&door->changed, NULL) != 0)
		goto no_condition;
	if (thread_start(&door->thread, keep_door, door)) {
		*out = door;
		return OK;
	}
	pthread_cond_destroy(&door->changed);
no_condition:
	pthread_mutex_destroy(&door->lock);
no_lock:
	close(door->wake_fd);
no_wake:
	close(listen_fd);
	free(door);
	return err;
}

static void wake(struct door *door)
{
	(void)eventfd_write(door->wake_fd, 1); /* cannot fail: the counter is never full */
}

/*
 * The thread closes the socket itself: while it is in poll the kernel keeps the
 * socket open, and newcomers would still be accepted after our close.
 */
void door_shut(struct door *door)
{
	pthread_mutex_lock(&door->lock);
	door->shutting = true;
	wake(door);
	while (!door->shut)
		pthread_cond_wait(&door->changed, &door->lock);
	pthread_mutex_unlock(&door->lock);
}

void door_close(struct door **door)
{
	struct door *open = *door;

	*door = NULL;
	if (open == NULL)
		return;
	door_shut(open);
	pthread_mutex_lock(&open->lock);
	open->closing = true;
	wake(open);
	pthread_mutex_unlock(&open->lock);
	pthread_join(open->thread, NULL);
	pthread_cond_destroy(&open->changed);
	pthread_mutex_destroy(&open->lock);
	close(open->wake_fd);
	free(open);
}
