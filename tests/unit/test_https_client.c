/* Outgoing calls: what is asked and how, how many at once, how long, and whom we believe. */
#include <arpa/inet.h>
#include <netdb.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>

#include "http_site.h"
#include "net/https_client.h"
#include "outcomes.h"
#include "raw_server.h"

static struct https_client *client;

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- calling ---- */

static void open_client(unsigned in_flight_max, unsigned waiting_max, const char *ca_file)
{
	const struct https_client_options options = { in_flight_max, waiting_max, ca_file, "pledger-test/1", NULL };
	struct why why = { "" };

	forget_outcomes();
	assert_int_equal(https_client_start(&client, &options, &why), OK);
}

static int client_setup(void **state)
{
	(void)site_setup(state);
	open_client(8, 100, NULL);
	return 0;
}

static int client_teardown(void **state)
{
	(void)site_release();
	https_client_stop(&client);
	return site_teardown(state);
}

static void make_call(struct http_call *call, const char *method, const char *path)
{
	http_call_init(call, method);
	buffer_format(&call->url, "http://%s%s", site.address, path);
	call->timeout_ms = 10000;
}

static void send_call(struct http_call *call)
{
	assert_int_equal(https_client_send(client, call, keep, NULL), OK);
	http_call_free(call);
}

static void get(const char *path)
{
	struct http_call call;

	make_call(&call, "GET", path);
	send_call(&call);
}

static void get_within(const char *path, int64_t timeout_ms)
{
	struct http_call call;

	make_call(&call, "GET", path);
	call.timeout_ms = timeout_ms;
	send_call(&call);
}

static void raw_open(const char *reply, const char *repeat)
{
	raw_start(reply, repeat);
	memcpy(site.address, raw.address, sizeof raw.address);
}

static void raw_close(void)
{
	https_client_stop(&client);
	raw_stop();
}

/* ---- one call ---- */

static void a_call_is_sent_as_it_is_and_its_answer_comes_back(void **state)
{
	(void)state;
	struct http_call call;

	raw_open("HTTP/1.1 100 Continue\r\nX: no\r\n\r\nHTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nwait", NULL);
	open_client(1, 1, NULL);
	make_call(&call, "POST", "/v1/a?b=c");
	http_call_field(&call, "Idempotency-Key", BYTES_LITERAL("plg_1"));
	http_call_field(&call, "X-Empty", BYTES_LITERAL(""));
	buffer_text(&call.body, "a=b&c=d");
	send_call(&call);
	await_outcomes(1);
	assert_int_equal(outcome.status, 429);
	assert_string_equal(outcome.failure, "");
	assert_string_equal(outcome.body, "wait");
	assert_string_equal(outcome.fields, "Retry-After: 7\r\nContent-Length: 4\r\n");
	raw_close();
	assert_memory_equal(raw.request, "POST /v1/a?b=c HTTP/1.1\r\n", 25);
	assert_non_null(strstr(raw.request, "\r\nIdempotency-Key: plg_1\r\n"));
	assert_non_null(strstr(raw.request, "\r\nX-Empty:\r\n"));
	assert_non_null(strstr(raw.request, "\r\nUser-Agent: pledger-test/1\r\n"));
	assert_non_null(strstr(raw.request, "\r\nContent-Length: 7\r\n"));
	assert_null(strstr(raw.request, "Content-Type"));
	assert_null(strstr(raw.request, "Expect"));
	assert_null(strstr(raw.request, "Accept-Encoding"));
}

static void methods_and_bodies_arrive(void **state)
{
	(void)state;
	struct http_call call;

	make_call(&call, "POST", "/echo");
	http_call_field(&call, "Content-Type", BYTES_LITERAL("application/json"));
	buffer_text(&call.body, "{\"a\":1}");
	send_call(&call);
	await_outcomes(1);
	assert_int_equal(outcome.status, 200);
	assert_string_equal(outcome.body, "{\"a\":1}");
	make_call(&call, "POST", "/echo");
	send_call(&call);
	await_outcomes(2);
	assert_int_equal(outcome.status, 200);
	make_call(&call, "DELETE", "/now");
	send_call(&call);
	await_outcomes(3);
	assert_int_equal(outcome.status, 200);
}

static void connections_are_kept_unless_a_fresh_one_is_wanted(void **state)
{
	(void)state;
	struct http_call call;

	raw_open(OK_REPLY, NULL);
	open_client(1, 100, NULL);
	for (int i = 0; i < 20; i++)
		get("/");
	await_outcomes(20);
	assert_int_equal(outcome.answered, 20);
	assert_int_equal(atomic_load(&raw.accepted), 1);
	for (int i = 0; i < 3; i++) {
		make_call(&call, "POST", "/");
		call.fresh_connection = true;
		send_call(&call);
	}
	await_outcomes(23);
	assert_int_equal(outcome.answered, 23);
	assert_int_equal(atomic_load(&raw.accepted), 4);
	raw_close();
}

static void a_redirect_is_an_answer_like_any_other(void **state)
{
	(void)state;
	raw_open("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n", NULL);
	open_client(1, 1, NULL);
	get("/");
	await_outcomes(1);
	assert_int_equal(outcome.status, 302);
	assert_int_equal(atomic_load(&raw.accepted), 1);
	raw_close();
}

static void a_proxy_in_the_environment_has_no_say(void **state)
{
	(void)state;
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	get("/now");
	await_outcomes(1);
	unsetenv("http_proxy");
	unsetenv("ALL_PROXY");
	assert_string_equal(outcome.body, "now");
}

static void an_answer_that_is_too_big_is_a_failure(void **state)
{
	(void)state;
	static const char *const heads[] = {
		"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n", "HTTP/1.1 200 OK\r\n",
	};

	for (size_t i = 0; i < 3; i++) {
		raw_open(heads[i], "X: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n");
		open_client(1, 1, NULL);
		get("/");
		await_outcomes(1);
		assert_int_equal(outcome.status, 0);
		assert_string_equal(outcome.failure, "the answer is too big");
		assert_string_equal(outcome.body, "");
		raw_close();
	}
}

static void a_broken_answer_is_a_failure(void **state)
{
	(void)state;
	static const char *const broken[] = { "garbage\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" };

	for (size_t i = 0; i < 2; i++) {
		raw_open(broken[i], NULL);
		open_client(1, 1, NULL);
		get("/secret-in-the-path");
		await_outcomes(1);
		assert_int_equal(outcome.status, 0);
		assert_string_not_equal(outcome.failure, "");
		assert_null(strstr(outcome.failure, "secret"));
		raw_close();
	}
}

static void nobody_there_is_a_failure(void **state)
{
	(void)state;
	struct http_call call;

	http_call_init(&call, "GET");
	buffer_text(&call.url, "http://127.0.0.1:1/secret-in-the-path");
	send_call(&call);
	await_outcomes(1);
	assert_int_equal(outcome.status, 0);
	assert_non_null(strstr(outcome.failure, "127.0.0.1"));
	assert_null(strstr(outcome.failure, "secret"));
}

/* ---- whom we ask ---- */

static void only_https_and_loopback_may_be_asked(void **state)
{
	(void)state;
	static const char *const good[] = {
		"https://api.example.org/v1", "HTTPS://api.example.org", "https://127.0.0.1:8443/", "https://[2001:db8::1]/",
		"http://127.0.0.1:8080/a", "http://127.9.9.9/", "http://[::1]:8080/", "http://localhost/",
	};
	static const char *const bad[] = {
		"", "/", "api.example.org", "http://api.example.org/", "http://192.0.2.1/", "http://[2001:db8::1]/",
		"http://127.0.0.1.example.org/", "http://localhost.example.org/", "http://xn--localhost/", "http://128.0.0.1/",
		"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "https://user:secret@api.example.org/",
		"http://user@127.0.0.1/", "https://", "https:///path", "https://a b/", "https://a\r\nHost: b/", "http://[::1/",
		"javascript:alert(1)", "http://api.example.org#@127.0.0.1/", "http://2130706434.example/",
		"https://a/#b", "https://a\\b/", "https://\xc3\xa9.example.org/", "https:api.example.org/",
	};
	struct why why;

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		if (https_client_check_url(good[i], &why) != OK)
			fail_msg("refused: %s", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (https_client_check_url(bad[i], &why) != ERR_INPUT)
			fail_msg("accepted: %s", bad[i]);
}

static void a_call_that_may_not_be_made_is_refused_and_left_alone(void **state)
{
	(void)state;
	struct http_call call;

	http_call_init(&call, "GET");
	buffer_text(&call.url, "http://example.org/");
	assert_int_equal(https_client_send(client, &call, keep, NULL), ERR_INPUT);
	assert_string_equal(call.url.data, "http://example.org/");
	buffer_clear(&call.url);
	buffer_append(&call.url, "https://a/\0b", 12);
	assert_int_equal(https_client_send(client, &call, keep, NULL), ERR_INPUT);
	http_call_free(&call);
	make_call(&call, "GET", "/now");
	http_call_field(&call, "X", BYTES_LITERAL("a\nb"));
	assert_int_equal(https_client_send(client, &call, keep, NULL), ERR_INPUT);
	http_call_free(&call);
	make_call(&call, "GET", "/now");
	call.timeout_ms = 0;
	assert_int_equal(https_client_send(client, &call, keep, NULL), ERR_INPUT);
	http_call_free(&call);
	pause_ms(50);
	assert_int_equal(outcome.count, 0);
}

/* ---- how many, how long ---- */

static void no_more_than_the_bound_are_in_flight_and_the_rest_follows(void **state)
{
	(void)state;
	site_init();
	site_open("127.0.0.1:0");
	open_client(3, 100, NULL);
	for (int i = 0; i < 12; i++)
		get("/wait");
	for (int released = 0; released < 12; released += 3) {
		site_await_held(3);
		pause_ms(50);
		assert_int_equal(site_release(), 3);
	}
	await_outcomes(12);
	assert_int_equal(outcome.answered, 12);
	https_client_stop(&client);
	site_close();
}

static void a_full_queue_is_busy(void **state)
{
	(void)state;
	struct http_call call;

	site_init();
	site_open("127.0.0.1:0");
	open_client(1, 2, NULL);
	for (int i = 0; i < 3; i++)
		get("/wait");
	make_call(&call, "GET", "/wait");
	assert_int_equal(https_client_send(client, &call, keep, NULL), ERR_BUSY);
	assert_true(call.url.length > 0);
	http_call_free(&call);
	for (int i = 0; i < 3; i++) {
		site_await_held(1);
		assert_int_equal(site_release(), 1);
	}
	await_outcomes(3);
	get("/now");
	await_outcomes(4);
	https_client_stop(&client);
	site_close();
}

static void a_delayed_call_keeps_aside_until_it_is_due(void **state)
{
	(void)state;
	static const int64_t delays_ms[] = { 1200, 400, 800 };
	struct http_call call;
	int64_t start = now_ms();

	for (size_t i = 0; i < 3; i++) {
		make_call(&call, "GET", "/now");
		call.delay_ms = delays_ms[i];
		call.timeout_ms = 350; /* starts when it is due */
		send_call(&call);
	}
	get("/now");
	await_outcomes(1);
	assert_true(now_ms() - start < 390);
	await_outcomes(2);
	assert_in_range(now_ms() - start, 400, 790);
	await_outcomes(4);
	assert_in_range(now_ms() - start, 1200, 2500);
	assert_int_equal(outcome.answered, 4);
}

static void a_call_has_a_deadline(void **state)
{
	(void)state;
	int64_t start = now_ms();

	get_within("/wait", 300);
	await_outcomes(1);
	assert_int_equal(outcome.status, 0);
	assert_non_null(strstr(outcome.failure, "timed out"));
	assert_in_range(now_ms() - start, 290, 2500);
}

static void the_deadline_holds_in_the_queue_too(void **state)
{
	(void)state;
	site_init();
	site_open("127.0.0.1:0");
	open_client(1, 10, NULL);
	get_within("/wait", 5000);
	get_within("/now", 4000);
	get_within("/now", 200);
	await_outcomes(1);
	assert_non_null(strstr(outcome.failure, "time was up"));
	site_await_held(1);
	assert_int_equal(site_release(), 1);
	await_outcomes(3);
	assert_int_equal(outcome.answered, 2);
	https_client_stop(&client);
	site_close();
}

static void send_again(void *context, const struct http_answer *answer)
{
	int *left = context;
	struct http_call call;

	--*left;
	keep(NULL, answer);
	if (*left == 0 || answer->status != 200)
		return;
	make_call(&call, "GET", "/later");
	/* An assertion must not fail on another thread: main would wait in vain, and says so. */
	err_ignore(https_client_send(client, &call, send_again, left));
	http_call_free(&call);
}

static void done_may_send_the_next_call(void **state)
{
	(void)state;
	int left = 30;
	struct http_call call;

	make_call(&call, "GET", "/later");
	assert_int_equal(https_client_send(client, &call, send_again, &left), OK);
	http_call_free(&call);
	await_outcomes(30);
	assert_int_equal(outcome.answered, 30);
}

static void *send_many(void *unused)
{
	(void)unused;
	for (int i = 0; i < 100; i++) {
		struct http_call call;

		make_call(&call, "POST", i % 2 == 0 ? "/later" : "/echo");
		buffer_text(&call.body, "body");
		enum err err = ERR_BUSY;

		while ((err = https_client_send(client, &call, keep, NULL)) == ERR_BUSY)
			pause_ms(1);
		http_call_free(&call);
		if (err != OK)
			break; /* main waits in vain, and says so: an assertion must not fail on another thread */
	}
	return NULL;
}

static void many_threads_may_send(void **state)
{
	(void)state;
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, send_many, NULL), 0);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	await_outcomes(400);
	assert_int_equal(outcome.answered, 400);
}

/* ---- stopping ---- */

static void spin_us(int64_t us)
{
	struct timespec now;
	struct timespec from;

	clock_gettime(CLOCK_MONOTONIC, &from);
	do {
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while ((now.tv_sec - from.tv_sec) * 1000000 + (now.tv_nsec - from.tv_nsec) / 1000 < us);
}

/* At any moment of the first one's launch: whoever wakes the thread is not forgotten, it would sleep for a second. */
static void a_call_that_comes_while_another_is_launched_is_not_left_lying(void **state)
{
	(void)state;
	int64_t longest_ms = 0;

	for (int i = 0; i < 600; i++) {
		int64_t from_ms = now_ms();

		get("/wait");
		spin_us(i % 300);
		get("/now");
		await_outcomes(2 * i + 1);
		int64_t took_ms = now_ms() - from_ms;

		longest_ms = took_ms > longest_ms ? took_ms : longest_ms;
		site_await_held(1);
		(void)site_release();
		await_outcomes(2 * i + 2);
	}
	assert_int_equal(outcome.answered, 1200);
	assert_in_range(longest_ms, 0, 900);
}

static void stopping_answers_every_call_once(void **state)
{
	(void)state;
	struct http_call call;

	site_init();
	site_open("127.0.0.1:0");
	open_client(2, 100, NULL);
	for (int i = 0; i < 10; i++)
		get("/wait");
	make_call(&call, "GET", "/now");
	call.delay_ms = 60000;
	send_call(&call);
	site_await_held(2);
	int64_t start = now_ms();

	https_client_stop(&client);
	assert_null(client);
	assert_true(now_ms() - start < 900);
	assert_int_equal(outcome.count, 11);
	assert_int_equal(outcome.answered, 0);
	assert_string_equal(outcome.failure, "stopping");
	https_client_stop(&client);
	site_close();
}

static void an_ended_client_refuses_whoever_still_has_it(void **state)
{
	(void)state;
	struct http_call call;

	site_init();
	site_open("127.0.0.1:0");
	open_client(2, 100, NULL);
	https_client_end(client);
	https_client_end(client);
	make_call(&call, "GET", "/now");
	assert_int_equal(https_client_send(client, &call, keep, NULL), ERR_BUSY);
	http_call_free(&call);
	assert_int_equal(outcome.count, 0);
	https_client_stop(&client);
	site_close();
}

/* ---- names ---- */

static const char *const *addresses; /* what every name has, NULL behind the last; NULL: the name server does not answer */

/* One piece of memory, as the C library frees them. */
static struct addrinfo *make_address(const char *text, const char *port)
{
	struct addrinfo *made = calloc(1, sizeof *made + sizeof(struct sockaddr_in));
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)strtoul(port, NULL, 10)) };

	if (made == NULL)
		abort(); /* not in a thread of the test's */
	inet_pton(AF_INET, text, &address.sin_addr);
	memcpy(made + 1, &address, sizeof address);
	*made = (struct addrinfo){ .ai_family = AF_INET, .ai_socktype = SOCK_STREAM, .ai_addrlen = sizeof address, .ai_addr = (struct sockaddr *)(made + 1) };
	return made;
}

/* In front of the one of the C library, for libcurl's threads too. */
int getaddrinfo(const char *restrict name, const char *restrict service,
                const struct addrinfo *restrict hints, struct addrinfo **restrict found)
{
	struct addrinfo *first = NULL;

	(void)name;
	(void)hints;
	if (addresses == NULL) {
		pause_ms(3000);
		return EAI_AGAIN;
	}
	for (struct addrinfo **next = &first; *addresses != NULL; next = &(*next)->ai_next)
		*next = make_address(*addresses++, service);
	*found = first;
	return 0;
}

static void a_name_that_is_never_found_holds_up_nobody(void **state)
{
	(void)state;
	struct http_call call;
	int64_t start = now_ms();

	http_call_init(&call, "GET");
	buffer_text(&call.url, "https://slow.invalid/");
	call.timeout_ms = 200;
	send_call(&call);
	await_outcomes(1);
	get("/now");
	await_outcomes(2);
	assert_int_equal(outcome.answered, 1);
	assert_true(now_ms() - start < 1500);
	pause_ms(3200); /* the name server's thread ends before the program does */
}

/* ---- whom we believe ---- */

struct identity {
	char path[64]; /* its certificate, as a file */
	X509 *certificate;
	EVP_PKEY *key;
};

static struct identity make_identity(const char *names)
{
	struct identity identity = { .certificate = X509_new(), .key = EVP_EC_gen("P-256") };
	X509_NAME *name = X509_get_subject_name(identity.certificate);
	X509_EXTENSION *alternatives = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, names);

	X509_set_version(identity.certificate, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(identity.certificate), 1);
	X509_gmtime_adj(X509_getm_notBefore(identity.certificate), -60);
	X509_gmtime_adj(X509_getm_notAfter(identity.certificate), 3600);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"pledger test", -1, -1, 0);
	X509_set_issuer_name(identity.certificate, name);
	X509_set_pubkey(identity.certificate, identity.key);
	X509_add_ext(identity.certificate, alternatives, -1);
	X509_EXTENSION_free(alternatives);
	assert_true(X509_sign(identity.certificate, identity.key, EVP_sha256()) > 0);
	snprintf(identity.path, sizeof identity.path, "/tmp/pledger-test-%d.pem", (int)getpid());
	FILE *file = fopen(identity.path, "w");

	assert_non_null(file);
	assert_int_equal(PEM_write_X509(file, identity.certificate), 1);
	fclose(file);
	return identity;
}

static void free_identity(struct identity *identity)
{
	unlink(identity->path);
	X509_free(identity->certificate);
	EVP_PKEY_free(identity->key);
}

/* A TLS server that shows a certificate for `names`; the client trusts the system's bundle or that very certificate. */
static void open_tls(struct identity *identity, const char *names, bool trusted, int highest_version)
{
	*identity = make_identity(names);
	raw.tls = SSL_CTX_new(TLS_server_method());
	SSL_CTX_set_security_level(raw.tls, 0);
	assert_int_equal(SSL_CTX_set_min_proto_version(raw.tls, TLS1_VERSION), 1);
	assert_int_equal(SSL_CTX_set_max_proto_version(raw.tls, highest_version), 1);
	assert_int_equal(SSL_CTX_use_certificate(raw.tls, identity->certificate), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey(raw.tls, identity->key), 1);
	raw_open(OK_REPLY, NULL);
	open_client(1, 1, trusted ? identity->path : NULL);
}

static void close_tls(struct identity *identity)
{
	raw_close();
	SSL_CTX_free(raw.tls);
	raw.tls = NULL;
	free_identity(identity);
}

static void get_secret(const char *host, int64_t timeout_ms)
{
	struct http_call call;

	http_call_init(&call, "GET");
	buffer_format(&call.url, "https://%s%s/secret", host, strchr(site.address, ':'));
	call.timeout_ms = timeout_ms;
	send_call(&call);
	await_outcomes(1);
}

static void ask_tls(const char *names, bool trusted, int highest_version)
{
	struct identity identity;

	open_tls(&identity, names, trusted, highest_version);
	get_secret("127.0.0.1", HTTP_CALL_TIMEOUT_MS);
	close_tls(&identity);
}

static void a_trusted_certificate_of_the_right_name_is_believed(void **state)
{
	(void)state;
	ask_tls("IP:127.0.0.1", true, TLS1_3_VERSION);
	assert_string_equal(outcome.failure, "");
	assert_int_equal(outcome.status, 200);
	assert_string_equal(outcome.body, "ok");
	ask_tls("IP:127.0.0.1", true, TLS1_2_VERSION);
	assert_int_equal(outcome.status, 200);
}

static void a_self_signed_certificate_is_not_believed(void **state)
{
	(void)state;
	ask_tls("IP:127.0.0.1", false, TLS1_3_VERSION);
	assert_int_equal(outcome.status, 0);
	assert_non_null(strstr(outcome.failure, "self-signed certificate"));
}

static void a_certificate_of_another_name_is_not_believed(void **state)
{
	(void)state;
	ask_tls("IP:127.0.0.2,DNS:localhost", true, TLS1_3_VERSION);
	assert_int_equal(outcome.status, 0);
	assert_string_not_equal(outcome.failure, "");
}

static void a_server_of_an_old_tls_is_not_spoken_to(void **state)
{
	(void)state;
	ask_tls("IP:127.0.0.1", true, TLS1_1_VERSION);
	assert_int_equal(outcome.status, 0);
	assert_string_not_equal(outcome.failure, "");
}

/* ---- a name with several addresses ---- */

enum { KNOCKS = 8 }; /* more than it has room for: the next one hears nothing */

static int listen_deaf(const char *host, int knocks[static KNOCKS])
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)strtoul(strchr(site.address, ':') + 1, NULL, 10)) };
	int listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(inet_pton(AF_INET, host, &address.sin_addr), 1);
	assert_int_equal(bind(listen_fd, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(listen_fd, 0), 0);
	for (int i = 0; i < KNOCKS; i++) {
		knocks[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		assert_true(connect(knocks[i], (struct sockaddr *)&address, sizeof address) == 0 || errno == EINPROGRESS);
	}
	return listen_fd;
}

static void where_an_address_does_not_answer_the_next_one_is_asked(void **state)
{
	static const char *const two[] = { "127.0.0.2", "127.0.0.1", NULL };
	struct identity identity;
	int knocks[KNOCKS];

	(void)state;
	open_tls(&identity, "DNS:two.test", true, TLS1_3_VERSION);
	int deaf_fd = listen_deaf(two[0], knocks);

	addresses = two;
	get_secret("two.test", 4000); /* each address has half of the time that is left */
	addresses = NULL;
	assert_string_equal(outcome.failure, "");
	assert_int_equal(outcome.status, 200);
	for (int i = 0; i < KNOCKS; i++)
		close(knocks[i]);
	close(deaf_fd);
	close_tls(&identity);
}

#define CLIENT(test) cmocka_unit_test_setup_teardown(test, client_setup, client_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_is_sent_as_it_is_and_its_answer_comes_back),
		CLIENT(methods_and_bodies_arrive),
		cmocka_unit_test(connections_are_kept_unless_a_fresh_one_is_wanted),
		cmocka_unit_test(a_redirect_is_an_answer_like_any_other),
		CLIENT(a_proxy_in_the_environment_has_no_say),
		cmocka_unit_test(an_answer_that_is_too_big_is_a_failure),
		cmocka_unit_test(a_broken_answer_is_a_failure),
		CLIENT(nobody_there_is_a_failure),
		cmocka_unit_test(only_https_and_loopback_may_be_asked),
		CLIENT(a_call_that_may_not_be_made_is_refused_and_left_alone),
		cmocka_unit_test(no_more_than_the_bound_are_in_flight_and_the_rest_follows),
		cmocka_unit_test(a_full_queue_is_busy),
		CLIENT(a_delayed_call_keeps_aside_until_it_is_due),
		CLIENT(a_call_has_a_deadline),
		cmocka_unit_test(the_deadline_holds_in_the_queue_too),
		CLIENT(done_may_send_the_next_call),
		CLIENT(many_threads_may_send),
		CLIENT(a_call_that_comes_while_another_is_launched_is_not_left_lying),
		cmocka_unit_test(stopping_answers_every_call_once),
		cmocka_unit_test(an_ended_client_refuses_whoever_still_has_it),
		CLIENT(a_name_that_is_never_found_holds_up_nobody),
		cmocka_unit_test(a_trusted_certificate_of_the_right_name_is_believed),
		cmocka_unit_test(a_self_signed_certificate_is_not_believed),
		cmocka_unit_test(a_certificate_of_another_name_is_not_believed),
		cmocka_unit_test(a_server_of_an_old_tls_is_not_spoken_to),
		cmocka_unit_test(where_an_address_does_not_answer_the_next_one_is_asked),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
