#define CURL_DISABLE_DEPRECATION /* curl_multi_socket_all: slow for what moves, and nothing else looks at what does not */
#include "net/sockets.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "net/ticks.h"

enum { LOOK_MS = 1000 };

static bool watch(struct sockets *sockets, int operation, int fd, uint32_t wanted)
{
	struct epoll_event event = { .events = wanted, .data = { .fd = fd } };

	return epoll_ctl(sockets->epoll_fd, operation, fd, &event) == 0;
}

/* libcurl's CURLMOPT_SOCKETFUNCTION: `known` is what was assigned to the socket, NULL for a new one. */
static int on_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *known)
{
	struct sockets *sockets = context;
	uint32_t wanted = ((what & CURL_POLL_IN) != 0 ? EPOLLIN : 0) | ((what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0);

	if (what == CURL_POLL_REMOVE) {
		(void)watch(sockets, EPOLL_CTL_DEL, fd, 0); /* closing it does the same */
		return 0;
	}
	bool watched = watch(sockets, known != NULL ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, wanted);

	if (!watched && (errno == ENOENT || errno == EEXIST))
		watched = watch(sockets, errno == ENOENT ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, wanted);
	if (watched)
		(void)curl_multi_assign(sockets->multi, fd, sockets); /* unassigned it costs a call more */
	else
		sockets->lost(sockets->context, easy);
	return 0; /* anything else would make the whole handle useless */
}

/* CURLMOPT_TIMERFUNCTION: one timer, set anew each time; -1 takes it away. */
static int on_timer(CURLM *multi, long ms, void *context)
{
	struct sockets *sockets = context;

	(void)multi;
	sockets->timer_us = ms < 0 ? INT64_MAX : ticks_us() + (int64_t)ms * 1000;
	return 0;
}

static bool set_callbacks(struct sockets *sockets)
{
	CURLM *multi = sockets->multi;

	return curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket) == CURLM_OK &&
	       curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, sockets) == CURLM_OK &&
	       curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer) == CURLM_OK &&
	       curl_multi_setopt(multi, CURLMOPT_TIMERDATA, sockets) == CURLM_OK;
}

bool sockets_open(struct sockets *sockets, CURLM *multi, void (*lost)(void *context, CURL *easy), void *context)
{
	*sockets = (struct sockets){ .multi = multi, .timer_us = INT64_MAX, .lost = lost, .context = context };
	sockets->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	sockets->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (sockets->epoll_fd >= 0 && sockets->wake_fd >= 0 && watch(sockets, EPOLL_CTL_ADD, sockets->wake_fd, EPOLLIN)
	    && set_callbacks(sockets))
		return true;
	sockets_close(sockets);
	return false;
}

void sockets_close(struct sockets *sockets)
{
	if (sockets->wake_fd >= 0)
		close(sockets->wake_fd);
	if (sockets->epoll_fd >= 0)
		close(sockets->epoll_fd);
}

static int until_due_ms(const struct sockets *sockets, int wait_ms)
{
	int64_t now_us = ticks_us();
	int64_t due_us = sockets->timer_us < sockets->look_us ? sockets->timer_us : sockets->look_us;

	if (due_us <= now_us)
		return 0;
	int64_t ms = (due_us - now_us + 999) / 1000;

	return ms < wait_ms ? (int)ms : wait_ms;
}

/*
 * A wake-up is over with the wait that it ended: one that comes later, also while libcurl works, ends the next wait.
 * Whoever wakes has put something where the thread looks between two waits.
 */
static void take_wake(struct sockets *sockets)
{
	eventfd_t count;

	for (int i = 0; i < sockets->moved_count; i++)
		if (sockets->moved[i].data.fd == sockets->wake_fd) {
			(void)eventfd_read(sockets->wake_fd, &count); /* only clears it */
			sockets->moved[i] = sockets->moved[--sockets->moved_count];
			return;
		}
}

bool sockets_wait(struct sockets *sockets, int wait_ms)
{
	int count = epoll_wait(sockets->epoll_fd, sockets->moved, SOCKETS_AT_ONCE, until_due_ms(sockets, wait_ms));

	sockets->moved_count = count > 0 ? count : 0;
	take_wake(sockets);
	return count >= 0 || errno == EINTR;
}

static int bits_of(uint32_t events)
{
	return ((events & (EPOLLIN | EPOLLHUP)) != 0 ? CURL_CSELECT_IN : 0) | ((events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0)
	       | ((events & EPOLLERR) != 0 ? CURL_CSELECT_ERR : 0);
}

/*
 * Now and then every call is run, as libcurl's own loop does: where one address of a name does not answer, libcurl 7.88
 * goes on to the next one only when it is run again, and there is neither a socket nor a timer for that.
 */
static bool look_at_all(struct sockets *sockets)
{
	int64_t now_us = ticks_us();
	int running;

	if (now_us < sockets->look_us)
		return true;
	sockets->look_us = now_us + LOOK_MS * 1000;
	return curl_multi_socket_all(sockets->multi, &running) == CURLM_OK;
}

/* A socket that moved is told again by the next wait as long as nobody has read it; a timer must be remembered. */
bool sockets_move(struct sockets *sockets)
{
	bool works = true;
	int running;

	for (int i = 0; i < sockets->moved_count; i++)
		works &= curl_multi_socket_action(sockets->multi, sockets->moved[i].data.fd, bits_of(sockets->moved[i].events), &running) == CURLM_OK;
	sockets->moved_count = 0;
	works &= look_at_all(sockets);
	int64_t timer_us = sockets->timer_us;

	if (timer_us > ticks_us())
		return works;
	sockets->timer_us = INT64_MAX; /* libcurl sets the next one, also for the same time */
	if (curl_multi_socket_action(sockets->multi, CURL_SOCKET_TIMEOUT, 0, &running) == CURLM_OK)
		return works;
	sockets->timer_us = timer_us;
	return false;
}

void sockets_wake(struct sockets *sockets)
{
	(void)eventfd_write(sockets->wake_fd, 1); /* cannot fail: the counter is never full */
}
