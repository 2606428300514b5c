/*
 * Sockets and what is near them. A call that fails has done nothing, as the kernel does it: whoever connects
 * still waits to be accepted.
 */
#include "tests/faults/window.h"

#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* A wrapper that fails with -1 and errno, or hands its arguments on. */
#define WRAP_CALL(name, parameters, arguments) \
	int __real_##name parameters; \
	int __wrap_##name parameters; \
	int __wrap_##name parameters \
	{ \
		return window_fails(CALL_SOCKET, #name) ? -1 : __real_##name arguments; \
	} \
	_Static_assert(1, "")

WRAP_CALL(socket, (int domain, int type, int protocol), (domain, type, protocol));
WRAP_CALL(bind, (int fd, const struct sockaddr *address, socklen_t length), (fd, address, length));
WRAP_CALL(listen, (int fd, int backlog), (fd, backlog));
WRAP_CALL(connect, (int fd, const struct sockaddr *address, socklen_t length), (fd, address, length));
WRAP_CALL(accept4, (int fd, struct sockaddr *address, socklen_t *length, int flags), (fd, address, length, flags));
WRAP_CALL(shutdown, (int fd, int how), (fd, how));
WRAP_CALL(getsockname, (int fd, struct sockaddr *address, socklen_t *length), (fd, address, length));
WRAP_CALL(getsockopt, (int fd, int level, int name, void *value, socklen_t *length), (fd, level, name, value, length));
WRAP_CALL(setsockopt, (int fd, int level, int name, const void *value, socklen_t length),
          (fd, level, name, value, length));
WRAP_CALL(poll, (struct pollfd *sources, nfds_t count, int timeout_ms), (sources, count, timeout_ms));
WRAP_CALL(epoll_create1, (int flags), (flags));
WRAP_CALL(epoll_ctl, (int set, int operation, int fd, struct epoll_event *event), (set, operation, fd, event));
WRAP_CALL(epoll_wait, (int set, struct epoll_event *events, int count, int timeout_ms), (set, events, count, timeout_ms));
WRAP_CALL(eventfd, (unsigned count, int flags), (count, flags));
WRAP_CALL(eventfd_write, (int fd, eventfd_t count), (fd, count));
WRAP_CALL(signalfd, (int fd, const sigset_t *set, int flags), (fd, set, flags));
WRAP_CALL(chmod, (const char *path, mode_t mode), (path, mode));
WRAP_CALL(fchmod, (int fd, mode_t mode), (fd, mode));
WRAP_CALL(lstat, (const char *path, struct stat *status), (path, status));
WRAP_CALL(unlink, (const char *path), (path));
WRAP_CALL(getrlimit, (__rlimit_resource_t resource, struct rlimit *limit), (resource, limit));
WRAP_CALL(setrlimit, (__rlimit_resource_t resource, const struct rlimit *limit), (resource, limit));

/* The commands that the program uses take a number or nothing. */
WRAP(int, fcntl, int fd, int command, ...)
{
	va_list more;

	va_start(more, command);
	int number = va_arg(more, int);

	va_end(more);
	return window_fails(CALL_SOCKET, "fcntl") ? -1 : __real_fcntl(fd, command, number);
}
