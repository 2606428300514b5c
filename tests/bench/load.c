/*
 * load KIND HOST PORT CONNECTIONS REQUESTS PID FIRST -- send requests over kept connections as fast as the
 * answers come, and print as JSON what they cost the server: requests a second, its CPU per request by the
 * kernel's accounting, its largest memory while they ran, latency, and how many were answered with 2xx.
 *
 * KIND is webhook (a new signed event each, of pledge FIRST and up), checkout (a new gift each), or a path
 * to GET.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/text.h"
#include "tests/bench/bench.h"

enum { REQUEST_BYTES = 8192, ANSWER_BYTES = 64 * 1024, CONNECTIONS_MAX = 6000 };

struct connection {
	int fd;
	char out[REQUEST_BYTES];
	size_t out_length;
	size_t out_sent;
	char *in;
	size_t in_length;
	int64_t sent_us;
};

static struct connection connections[CONNECTIONS_MAX];
static char event_text[REQUEST_BYTES];
static size_t event_length;
static const char *kind;
static const char *host;
static const char *port;
static unsigned next_number;
static unsigned left;
static unsigned good;
static unsigned bad;
static unsigned answered;
static int64_t *latencies;
static int64_t heard_us;

static int64_t now_us(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

/* What a process and its threads have used so far, in seconds. */
static double cpu_s(int pid)
{
	struct timespec time = { 0 };
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0) {
		fprintf(stderr, "load: no process %d\n", pid);
		exit(1);
	}
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* What is a process's own of its memory, in KiB: what it shares with files (code, the mapped index) apart. */
static long memory_kib(int pid)
{
	char path[64];
	char line[256];
	long kib = 0;

	snprintf(path, sizeof path, "/proc/%d/status", pid);
	FILE *file = fopen(path, "r");

	while (file != NULL && fgets(line, sizeof line, file) != NULL)
		sscanf(line, "RssAnon: %ld", &kib);
	if (file != NULL)
		fclose(file);
	return kib;
}

/* Replace every occurrence of a placeholder with a text. */
static size_t fill(char *text, size_t length, const char *name, const char *value)
{
	size_t from = strlen(name);
	size_t to = strlen(value);

	for (char *at = strstr(text, name); at != NULL; at = strstr(at + to, name)) {
		memmove(at + to, at + from, length - (size_t)(at - text) - from + 1);
		memcpy(at, value, to);
		length = length - from + to;
	}
	return length;
}

static void make_webhook(struct connection *connection)
{
	char body[REQUEST_BYTES];
	char number[16];
	char pledge[TOKEN_SIZE];
	char stamp[24];
	char hex[65];
	uint8_t mac[DIGEST_BYTES];
	size_t length = event_length;

	memcpy(body, event_text, event_length + 1);
	snprintf(number, sizeof number, "%08u", next_number);
	bench_pledge(next_number, pledge);
	length = fill(body, length, "@NUMBER@", number);
	length = fill(body, length, "@PLEDGE@", pledge);
	snprintf(stamp, sizeof stamp, "%lld", (long long)time(NULL));
	struct bytes pieces[] = { bytes_of(stamp), BYTES_LITERAL("."), { body, length } };

	if (digest_hmac(BYTES_LITERAL(BENCH_SECRET), pieces, 3, mac) != OK)
		abort();
	text_hex(mac, sizeof mac, hex);
	connection->out_length = (size_t)snprintf(
	        connection->out, REQUEST_BYTES,
	        "POST /webhooks/stripe HTTP/1.1\r\nHost: %s:%s\r\nUser-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)\r\n"
	        "Accept: */*; q=0.5, application/xml\r\nCache-Control: no-cache\r\nContent-Type: application/json; charset=utf-8\r\n"
	        "Stripe-Signature: t=%s,v1=%s\r\nContent-Length: %zu\r\n\r\n%s",
	        host, port, stamp, hex, length, body);
}

static void make_checkout(struct connection *connection)
{
	static const char body[] = "{\"tier\":\"friend\"}";

	connection->out_length = (size_t)snprintf(connection->out, REQUEST_BYTES,
	                                          "POST /v1/checkout HTTP/1.1\r\nHost: %s:%s\r\nAccept: application/json\r\n"
	                                          "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
	                                          host, port, sizeof body - 1, body);
}

static void make_request(struct connection *connection)
{
	if (strcmp(kind, "webhook") == 0)
		make_webhook(connection);
	else if (strcmp(kind, "checkout") == 0)
		make_checkout(connection);
	else
		connection->out_length = (size_t)snprintf(connection->out, REQUEST_BYTES,
		                                          "GET %s HTTP/1.1\r\nHost: %s:%s\r\nAccept: */*\r\n\r\n", kind, host, port);
	next_number++;
	left--;
	connection->out_sent = 0;
	connection->in_length = 0;
	connection->sent_us = now_us();
}

static void send_more(struct connection *connection)
{
	while (connection->out_sent < connection->out_length) {
		ssize_t count = send(connection->fd, connection->out + connection->out_sent,
		                     connection->out_length - connection->out_sent, MSG_NOSIGNAL);

		if (count <= 0)
			return;
		connection->out_sent += (size_t)count;
	}
}

/* Whether the answer is complete. */
static int is_complete(const struct connection *connection)
{
	const char *end = memmem(connection->in, connection->in_length, "\r\n\r\n", 4);
	const char *length = strcasestr(connection->in, "content-length:");

	if (end == NULL || length == NULL || length > end)
		return 0;
	return connection->in_length >= (size_t)(end + 4 - connection->in) + strtoul(length + 15, NULL, 10);
}

static void receive(struct connection *connection)
{
	ssize_t count = recv(connection->fd, connection->in + connection->in_length, ANSWER_BYTES - connection->in_length - 1, 0);

	if (count == 0 && is_complete(connection)) {
		close(connection->fd); /* it was answered, and told that this was the end */
		return;
	}
	if (count == 0 || (count < 0 && errno != EAGAIN)) {
		fprintf(stderr, "load: a connection was closed\n");
		exit(1);
	}
	if (count < 0)
		return;
	connection->in_length += (size_t)count;
	connection->in[connection->in_length] = '\0';
	if (!is_complete(connection))
		return;
	heard_us = now_us();
	latencies[answered++] = heard_us - connection->sent_us;
	if (strncmp(connection->in + 9, "20", 2) == 0)
		good++;
	else if (bad++ == 0)
		fprintf(stderr, "load: %.200s\n", connection->in);
	if (left == 0)
		return;
	make_request(connection);
	send_more(connection);
}

static int compare(const void *a, const void *b)
{
	int64_t left_value = *(const int64_t *)a;
	int64_t right_value = *(const int64_t *)b;

	return left_value < right_value ? -1 : left_value > right_value;
}

int main(int argc, char **argv)
{
	if (argc != 8)
		return 2;
	kind = argv[1];
	host = argv[2];
	port = argv[3];
	unsigned count = (unsigned)atoi(argv[4]);
	unsigned total = left = (unsigned)atoi(argv[5]);
	int pid = atoi(argv[6]);
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[3])) };
	int epoll = epoll_create1(0);
	int event_fd = open("tests/bench/event.json", O_RDONLY);

	next_number = (unsigned)atoi(argv[7]);
	latencies = calloc(total, sizeof *latencies);
	event_length = (size_t)read(event_fd, event_text, sizeof event_text - 1);
	inet_pton(AF_INET, host, &address.sin_addr);
	for (unsigned i = 0; i < count; i++) {
		struct epoll_event event = { .events = EPOLLIN, .data.u32 = i };
		int on = 1;

		connections[i].fd = socket(AF_INET, SOCK_STREAM, 0);
		connections[i].in = malloc(ANSWER_BYTES);
		if (connect(connections[i].fd, (struct sockaddr *)&address, sizeof address) != 0) {
			perror("load: connect");
			return 1;
		}
		setsockopt(connections[i].fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		fcntl(connections[i].fd, F_SETFL, O_NONBLOCK);
		epoll_ctl(epoll, EPOLL_CTL_ADD, connections[i].fd, &event);
	}
	double cpu = cpu_s(pid);
	int64_t start = heard_us = now_us();

	for (unsigned i = 0; i < count && left > 0; i++) {
		make_request(&connections[i]);
		send_more(&connections[i]);
	}
	long memory = 0;
	int64_t looked_us = 0;

	while (answered < total) {
		struct epoll_event events[256];
		int ready = epoll_wait(epoll, events, 256, 100);

		for (int i = 0; i < ready; i++)
			receive(&connections[events[i].data.u32]);
		if (now_us() - looked_us < 100000)
			continue;
		looked_us = now_us();
		if (looked_us - heard_us > 30000000) {
			fprintf(stderr, "load: no answer for 30 s (%u of %u)\n", answered, total);
			return 1;
		}
		memory = memory_kib(pid) > memory ? memory_kib(pid) : memory;
	}
	int64_t took = now_us() - start;

	cpu = cpu_s(pid) - cpu;
	qsort(latencies, total, sizeof *latencies, compare);
	printf("{\"requests\": %u, \"connections\": %u, \"per_s\": %.0f, \"cpu_us\": %.2f, \"p50_us\": %lld, \"p99_us\": %lld, "
	       "\"memory_kib\": %ld, \"good\": %u, \"bad\": %u}\n",
	       total, count, total * 1e6 / (double)took, cpu * 1e6 / total, (long long)latencies[total / 2],
	       (long long)latencies[total * 99ULL / 100], memory, good, bad);
	return bad > 0;
}
