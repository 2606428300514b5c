/*
 * The good road: read the address, open, bind, listen, say what was bound. The
 * bad ones: a text that is no address, an address that another process has, a
 * path with something else behind it, a descriptor that nobody passed.
 */
#include "net/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/text.h"
#include "net/address.h"

enum { FIRST_PASSED_FD = 3, PASSED_FDS_MAX = 64, SOCKET_MODE = 0660 };

enum kind { TCP, UNIX, PASSED };

struct place {
	enum kind kind;
	struct sockaddr_storage address; /* TCP, UNIX */
	socklen_t length;
	int passed;                      /* PASSED: which descriptor */
	bool made;                       /* UNIX: the socket's file is ours */
};

/* ---- reading the address ---- */

static enum err read_unix(const char *path, struct place *place, struct why *why)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (path[0] != '/')
		return why_set(why, ERR_INPUT, "The path of a Unix socket starts with '/'.");
	if (bytes_copy_text(bytes_of(path), address.sun_path, sizeof address.sun_path) != OK)
		return why_set(why, ERR_INPUT, "The path of a Unix socket has at most %zu bytes.",
		               sizeof address.sun_path - 1);
	place->kind = UNIX;
	place->length = sizeof address;
	memcpy(&place->address, &address, sizeof address);
	return OK;
}

static enum err read_passed(const char *number, struct place *place, struct why *why)
{
	uint64_t index;

	if (text_unsigned(bytes_of(number), PASSED_FDS_MAX - 1, &index) != OK)
		return why_set(why, ERR_INPUT, "Behind \"systemd:\" stands a number from 0 to %d.",
		               PASSED_FDS_MAX - 1);
	place->kind = PASSED;
	place->passed = FIRST_PASSED_FD + (int)index;
	return OK;
}

static bool set_host(struct place *place, const char *host, bool bracketed, uint16_t port)
{
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons(port) };

	if (!bracketed && inet_pton(AF_INET, host, &four.sin_addr) == 1) {
		place->length = sizeof four;
		memcpy(&place->address, &four, sizeof four);
		return true;
	}
	if (bracketed && inet_pton(AF_INET6, host, &six.sin6_addr) == 1) {
		place->length = sizeof six;
		memcpy(&place->address, &six, sizeof six);
		return true;
	}
	return false;
}

static enum err read_tcp(const char *text, struct place *place, struct why *why)
{
	const char *colon = strrchr(text, ':');
	char host[INET6_ADDRSTRLEN];
	uint64_t port;

	if (colon == NULL || text_unsigned(bytes_of(colon + 1), 65535, &port) != OK)
		return why_set(why, ERR_INPUT, "The address ends with ':' and a port from 0 to 65535.");
	struct bytes name = { text, (size_t)(colon - text) };
	bool bracketed = name.length > 2 && name.data[0] == '[' && name.data[name.length - 1] == ']';

	if (bracketed)
		name = (struct bytes){ name.data + 1, name.length - 2 };
	place->kind = TCP;
	if (bytes_copy_text(name, host, sizeof host) != OK || !set_host(place, host, bracketed, (uint16_t)port))
		return why_set(why, ERR_INPUT, "Before the port stands an address in digits: 127.0.0.1 or [::1].");
	return OK;
}

static enum err read_place(const char *text, struct place *place, struct why *why)
{
	*place = (struct place){ 0 };
	if (strncmp(text, "unix:", 5) == 0)
		return read_unix(text + 5, place, why);
	if (strncmp(text, "systemd:", 8) == 0)
		return read_passed(text + 8, place, why);
	return read_tcp(text, place, why);
}

enum err listener_check(const char *address, struct why *why)
{
	struct place place;

	return read_place(address, &place, why);
}

/* ---- opening ---- */

static const struct sockaddr *as_sockaddr(const struct place *place)
{
	return (const struct sockaddr *)&place->address;
}

static enum err fail(struct why *why, const char *what)
{
	enum err err = errno == EADDRINUSE ? ERR_CONFLICT : ERR_SYSTEM;

	return why_set(why, err, "%s: %s.", what, strerror(errno));
}

static enum err open_socket(const struct place *place, int *fd, struct why *why)
{
	*fd = socket(place->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return *fd < 0 ? fail(why, "A socket cannot be opened") : OK;
}

static enum err bind_tcp(int fd, const struct place *place, struct why *why)
{
	static const int on = 1;
	static const int off = 0;

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0)
		return fail(why, "The socket does not take SO_REUSEADDR");
	/* "[::]:8080" means every address, whatever the machine's default is. */
	if (place->address.ss_family == AF_INET6 &&
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) != 0)
		return fail(why, "The socket does not take IPV6_V6ONLY");
	if (bind(fd, as_sockaddr(place), place->length) != 0)
		return fail(why, "The address cannot be bound");
	return OK;
}

/* Remove a socket that a dead process left behind, and nothing else. */
static enum err clear_path(const struct place *place, const char *path, struct why *why)
{
	struct stat file;
	int fd;

	if (lstat(path, &file) != 0)
		return errno == ENOENT ? OK : fail(why, "The path of the socket cannot be looked at");
	if (!S_ISSOCK(file.st_mode))
		return why_set(why, ERR_CONFLICT, "At the path of the socket is something that is no socket.");
	enum err err = open_socket(place, &fd, why);

	if (err != OK)
		return err;
	int refusal = connect(fd, as_sockaddr(place), place->length) == 0 ? 0 : errno;

	close(fd);
	if (refusal == 0 || refusal == EAGAIN) /* EAGAIN: whoever listens has no time */
		return why_set(why, ERR_CONFLICT, "Another process listens on this socket.");
	errno = refusal;
	if (refusal != ECONNREFUSED)
		return fail(why, "Whether somebody listens on the old socket cannot be seen");
	return unlink(path) != 0 && errno != ENOENT ? fail(why, "The old socket cannot be removed") : OK;
}

static enum err bind_unix(int fd, struct place *place, struct why *why)
{
	struct sockaddr_un address;

	memcpy(&address, &place->address, sizeof address);
	enum err err = clear_path(place, address.sun_path, why);

	if (err != OK)
		return err;
	/* Before bind, so that there is no moment in which everybody may connect. */
	if (fchmod(fd, SOCKET_MODE) != 0)
		return fail(why, "The mode of the socket cannot be set");
	if (bind(fd, as_sockaddr(place), place->length) != 0)
		return fail(why, "The path of the socket cannot be bound");
	place->made = true;
	if (chmod(address.sun_path, SOCKET_MODE) != 0)
		return fail(why, "The mode of the socket cannot be set");
	return OK;
}

static bool is_listening_stream(int fd)
{
	int type = 0;
	int listening = 0;
	socklen_t length = sizeof type;

	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) != 0 || type != SOCK_STREAM)
		return false;
	length = sizeof listening;
	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) == 0 && listening != 0;
}

/* sd_listen_fds(3): the descriptors are ours only when LISTEN_PID names us. */
static bool is_passed(int fd)
{
	const char *pid = getenv("LISTEN_PID");
	const char *count = getenv("LISTEN_FDS");
	uint64_t number;

	if (pid == NULL || text_unsigned(bytes_of(pid), INT32_MAX, &number) != OK || number != (uint64_t)getpid())
		return false;
	if (count == NULL || text_unsigned(bytes_of(count), INT32_MAX - FIRST_PASSED_FD, &number) != OK)
		return false;
	return (uint64_t)fd < FIRST_PASSED_FD + number;
}

/* Our own descriptor of the passed socket: the one that was passed stays as it is. */
static enum err take_passed(const struct place *place, int *fd, struct why *why)
{
	if (!is_passed(place->passed))
		return why_set(why, ERR_SYSTEM, "systemd passed no socket number %d.",
		               place->passed - FIRST_PASSED_FD);
	if (!is_listening_stream(place->passed))
		return why_set(why, ERR_SYSTEM, "The socket number %d that systemd passed is not a listening stream socket.",
		               place->passed - FIRST_PASSED_FD);
	*fd = fcntl(place->passed, F_DUPFD_CLOEXEC, FIRST_PASSED_FD);
	if (*fd < 0)
		return fail(why, "The passed socket cannot be duplicated");
	int flags = fcntl(*fd, F_GETFL);

	if (flags < 0 || fcntl(*fd, F_SETFL, flags | O_NONBLOCK) != 0)
		return fail(why, "The passed socket cannot be made non-blocking");
	return OK;
}

static enum err make_listening(struct place *place, int *fd, struct why *why)
{
	enum err err;

	if (place->kind == PASSED)
		return take_passed(place, fd, why);
	err = open_socket(place, fd, why);
	if (err == OK)
		err = place->kind == UNIX ? bind_unix(*fd, place, why) : bind_tcp(*fd, place, why);
	if (err == OK && listen(*fd, SOMAXCONN) != 0)
		err = fail(why, "The socket cannot listen");
	return err;
}

static enum err name_of(int fd, char *out, size_t size, struct why *why)
{
	struct sockaddr_storage address = { 0 };
	socklen_t length = sizeof address;

	if (getsockname(fd, (struct sockaddr *)&address, &length) != 0)
		return fail(why, "The socket does not tell its address");
	enum err err = address_text(&address, length, out, size);

	return err == OK ? OK : why_set(why, err, "The address of the socket is too long.");
}

/* A file that nobody listens behind would only puzzle people. Best effort: the next start clears it all the same. */
static void undo(const struct place *place, int fd)
{
	struct sockaddr_un address;

	memcpy(&address, &place->address, sizeof address);
	if (place->made)
		(void)unlink(address.sun_path);
	if (fd >= 0)
		close(fd);
}

enum err listener_open(const char *address, int *fd, char *actual, size_t size, struct why *why)
{
	struct place place;
	int opened = -1;
	enum err err = read_place(address, &place, why);

	if (err == OK)
		err = make_listening(&place, &opened, why);
	if (err == OK)
		err = name_of(opened, actual, size, why);
	if (err == OK)
		*fd = opened;
	else
		undo(&place, opened);
	return err;
}
