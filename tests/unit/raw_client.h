/*
 * raw_client.h -- a client that writes raw bytes, and sees what comes back and how it ends.
 */
#ifndef TESTS_UNIT_RAW_CLIENT_H
#define TESTS_UNIT_RAW_CLIENT_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/bytes.h"

/* -1 when refused. */
static inline int connect_to(const char *where)
{
	struct sockaddr_in tcp = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_un local = { .sun_family = AF_UNIX };
	bool is_unix = strncmp(where, "unix:", 5) == 0;
	int fd = socket(is_unix ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int result = -1;

	if (fd < 0)
		return -1;
	if (!is_unix) {
		tcp.sin_port = htons((uint16_t)atoi(strrchr(where, ':') + 1));
		result = connect(fd, (struct sockaddr *)&tcp, sizeof tcp);
	} else if (bytes_copy_text(bytes_of(where + 5), local.sun_path, sizeof local.sun_path) == OK) {
		result = connect(fd, (struct sockaddr *)&local, sizeof local);
	}
	if (result == 0)
		return fd;
	close(fd);
	return -1;
}

static inline bool send_bytes(int fd, const char *data, size_t length)
{
	while (length > 0) {
		ssize_t sent = send(fd, data, length, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		data += sent;
		length -= (size_t)sent;
	}
	return true;
}

static inline bool send_text(int fd, const char *text)
{
	return send_bytes(fd, text, strlen(text));
}

/* What comes until `end` has come, the connection ends, or time is up; always with a NUL. Length or -1 for a reset. */
static inline ssize_t receive_until(int fd, const char *end, char *out, size_t size, int timeout_ms)
{
	size_t length = 0;
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	out[0] = '\0';
	while (length + 1 < size && (end == NULL || strstr(out, end) == NULL) && poll(&ready, 1, timeout_ms) == 1) {
		ssize_t got = recv(fd, out + length, size - 1 - length, 0);

		if (got < 0)
			return -1;
		if (got == 0)
			break;
		length += (size_t)got;
		out[length] = '\0';
	}
	return (ssize_t)length;
}

/* Whether the other end has closed, within a time. */
static inline bool is_closed(int fd, int timeout_ms)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	char byte;

	return poll(&ready, 1, timeout_ms) == 1 && recv(fd, &byte, 1, 0) <= 0;
}

/* Whether this is a whole answer: by its length, its last chunk, or for want of a body. */
static inline bool is_whole_answer(const char *answer, bool bodiless)
{
	const char *body = strstr(answer, "\r\n\r\n");
	const char *length = strstr(answer, "Content-Length: ");

	if (body == NULL)
		return false;
	if (bodiless)
		return true;
	if (length != NULL && length < body)
		return strlen(body + 4) >= (size_t)atoi(length + strlen("Content-Length: "));
	return strstr(body, "\r\n0\r\n\r\n") != NULL;
}

enum heard { HEARD_ALL, HEARD_END, HEARD_NOTHING };

/*
 * Listen until a whole answer has come, the connection ends, or nothing more comes for a time; what has come
 * stays in `out`, with a NUL, and more is put behind it the next time.
 */
static inline enum heard hear_answer(int fd, bool bodiless, char *out, size_t size, int timeout_ms)
{
	size_t length = strlen(out);
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	while (!is_whole_answer(out, bodiless)) {
		if (length + 1 >= size || poll(&ready, 1, timeout_ms) != 1)
			return HEARD_NOTHING;
		ssize_t got = recv(fd, out + length, size - 1 - length, 0);

		if (got <= 0)
			return HEARD_END;
		length += (size_t)got;
		out[length] = '\0';
	}
	return HEARD_ALL;
}

static inline int answer_status(const char *answer)
{
	return strncmp(answer, "HTTP/1.1 ", 9) == 0 ? atoi(answer + 9) : 0;
}

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

#endif
