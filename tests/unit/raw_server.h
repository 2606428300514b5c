/*
 * raw_server.h -- a server that says and counts what a test wants, one connection at a time.
 */
#ifndef TESTS_UNIT_RAW_SERVER_H
#define TESTS_UNIT_RAW_SERVER_H

#include <openssl/ssl.h>

#include "http_site.h"

static struct {
	pthread_t thread;
	int listen_fd;
	char address[32];
	atomic_int accepted;
	char request[4096];        /* the last one */
	const char *reply;         /* to each request */
	const char *repeat;        /* then this, for ever */
	SSL_CTX *tls;
} raw;

static inline ssize_t raw_read(int fd, SSL *tls, char *data, size_t size)
{
	return tls != NULL ? SSL_read(tls, data, (int)size) : recv(fd, data, size, 0);
}

static inline bool raw_write(int fd, SSL *tls, const char *text)
{
	return tls != NULL ? SSL_write(tls, text, (int)strlen(text)) > 0 : send_text(fd, text);
}

static inline void raw_talk(int fd, SSL *tls)
{
	size_t length = 0;

	for (;;) {
		ssize_t got = raw_read(fd, tls, raw.request + length, sizeof raw.request - 1 - length);

		if (got <= 0)
			return;
		length += (size_t)got;
		raw.request[length] = '\0';
		if (strstr(raw.request, "\r\n\r\n") == NULL)
			continue;
		if (!raw_write(fd, tls, raw.reply))
			return;
		while (raw.repeat != NULL && raw_write(fd, tls, raw.repeat))
			;
		length = 0;
	}
}

static inline void *raw_serve(void *unused)
{
	int fd;

	(void)unused;
	while ((fd = accept(raw.listen_fd, NULL, NULL)) >= 0) {
		atomic_fetch_add(&raw.accepted, 1);
		SSL *tls = raw.tls != NULL ? SSL_new(raw.tls) : NULL;

		if (tls == NULL || (SSL_set_fd(tls, fd) == 1 && SSL_accept(tls) == 1))
			raw_talk(fd, tls);
		SSL_free(tls);
		close(fd);
	}
	return NULL;
}

static inline void raw_start(const char *reply, const char *repeat)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof address;

	raw.reply = reply;
	raw.repeat = repeat;
	atomic_store(&raw.accepted, 0);
	raw.listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(raw.listen_fd, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(raw.listen_fd, 16), 0);
	assert_int_equal(getsockname(raw.listen_fd, (struct sockaddr *)&address, &length), 0);
	snprintf(raw.address, sizeof raw.address, "127.0.0.1:%u", (unsigned)ntohs(address.sin_port));
	assert_int_equal(pthread_create(&raw.thread, NULL, raw_serve, NULL), 0);
}

/* The clients go first: the server reads until its connections end. */
static inline void raw_stop(void)
{
	shutdown(raw.listen_fd, SHUT_RDWR);
	pthread_join(raw.thread, NULL);
	close(raw.listen_fd);
}

#define OK_REPLY "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

#endif
