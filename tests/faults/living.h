/*
 * living.h -- a whole service over real HTTP, with the stand-in provider in a process of its own, for tests in which
 * calls of the service fail.
 */
#ifndef TESTS_FAULTS_LIVING_H
#define TESTS_FAULTS_LIVING_H

#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "commands/configuration.h"
#include "commands/demo_files.h"
#include "commands/instance.h"
#include "net/listener.h"
#include "sandbox/sandbox.h"
#include "sandbox/signature.h"
#include "sys/file.h"
#include "sys/log.h"
#include "tests/faults/window.h"
#include "tests/unit/raw_client.h"
#include "tests/unit/small_ledger.h"

enum {
	PATIENCE_MS = 8000,
	STANDSTILL_MS = 250, /* for what cannot come while a call fails for ever */
};

static const struct plan *plan; /* the one that is armed */
static struct demo_files files;
static struct instance *instance;
static unsigned restarts;

/* ---- the service and the provider ---- */

static inline enum err start_service(struct why *why)
{
	static struct config_problems problems;
	const struct instance_options options = { .config_path = files.config };
	struct config *config = NULL;
	enum err err = configuration_read(files.config, &config, &problems);

	return err == OK ? instance_start(&instance, config, &options, why) : err;
}

static inline void restart(void)
{
	struct why why = { "" };

	instance_stop(&instance);
	if (start_service(&why) != OK)
		fail_msg("%s, %s failed, not started again: %s", plan->name, window_failed(), why.text);
	restarts++;
}

/* In a process of its own no call of the stand-in's fails. It ends with this one. */
static inline void start_provider(void)
{
	char listen[32];
	char byte = 1;
	int ready[2];
	const struct sandbox_options options = { .listen = listen, .api_key = files.api_key, .seed = 1 };

	snprintf(listen, sizeof listen, "127.0.0.1:%u", files.sandbox_port);
	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct sandbox *sandbox;
		struct why why;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (sandbox_start(&sandbox, &options, &why) != OK || write(ready[1], &byte, 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
}

/* ---- ports ---- */

static inline bool is_free(unsigned port)
{
	char address[64];
	char actual[64];
	int fd = -1;
	enum err err;

	snprintf(address, sizeof address, "127.0.0.1:%u", port);
	err = listener_open(address, &fd, actual, sizeof actual, NULL);
	file_close(&fd);
	return err == OK;
}

/* Three ports that no other of these programs takes, be it between two starts: the lock lasts as long as this one. */
static inline unsigned own_ports(void)
{
	char path[64];

	for (unsigned first = 17000; first < 18000; first += 3) {
		snprintf(path, sizeof path, "/tmp/pledger-living-%u", first);
		int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

		if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0 && is_free(first) && is_free(first + 1) && is_free(first + 2))
			return first;
		close(lock);
	}
	fail_msg("no port is free");
	return 0;
}

static inline void set_text(json_t *object, const char *name, const char *text)
{
	assert_int_equal(json_object_set_new(object, name, json_string(text)), 0);
}

static inline void take_ports(json_t *root)
{
	unsigned first = own_ports();
	char text[64];

	files.public_port = first;
	files.operator_port = first + 1;
	files.sandbox_port = first + 2;
	json_t *public = json_object_get(root, "public");

	snprintf(text, sizeof text, "127.0.0.1:%u", files.public_port);
	set_text(public, "listen", text);
	snprintf(text, sizeof text, "http://127.0.0.1:%u", files.public_port);
	set_text(public, "url", text);
	json_object_del(public, "sites");
	snprintf(text, sizeof text, "127.0.0.1:%u", files.operator_port);
	set_text(json_object_get(root, "operator"), "listen", text);
	snprintf(text, sizeof text, "http://127.0.0.1:%u", files.sandbox_port);
	set_text(json_array_get(json_object_get(root, "accounts"), 0), "api_url", text);
}

/* ---- the configuration ---- */

/* So many sessions a minute open nowhere else; and what is left of a tier is looked at on the way. */
static inline void adapt(void)
{
	json_t *root = json_load_file(files.config, 0, NULL);
	json_t *campaign = json_array_get(json_object_get(root, "campaigns"), 0);

	assert_non_null(root);
	assert_int_equal(json_object_set_new(json_array_get(json_object_get(campaign, "tiers"), 0), "stock", json_integer(1000000)), 0);
	json_object_set_new(root, "limits", json_pack("{s:i, s:i}", "sessions_per_address_minute", 1000000,
	                                              "sessions_per_minute", 1000000));
	take_ports(root);
	assert_int_equal(json_dump_file(root, files.config, 0), 0);
	json_decref(root);
}

static inline int setup(void **state)
{
	char path[96];
	struct why why = { "" };

	json_set_alloc_funcs(malloc, free); /* this object's: they go through the window */
	(void)make_folder(state);
	snprintf(path, sizeof path, "%s/demo", folder);
	assert_int_equal(demo_files_make(path, &files, &why), OK);
	adapt();
	start_provider();
	instance_signals();
	snprintf(path, sizeof path, "%s/log", folder);
	assert_int_equal(log_open(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)), OK);
	return start_service(&why) != OK;
}

static inline int teardown(void **state)
{
	instance_stop(&instance);
	log_close();
	return remove_folder(state);
}

/* ---- asking ---- */

static char answer[256 * 1024];

/* The status of a whole answer, 0 where the connection ended; `answer` holds what came. */
static inline int ask(const char *where, const char *request, bool faulty)
{
	int fd = connect_to(where);

	assert_true(fd >= 0);
	answer[0] = '\0';
	assert_true(send_text(fd, request));
	bool stands_still = faulty && plan->forever;
	enum heard heard = hear_answer(fd, false, answer, sizeof answer, stands_still ? STANDSTILL_MS : PATIENCE_MS);

	if (heard == HEARD_NOTHING && stands_still) {
		(void)window_disarm(); /* the fault is over: who waited is served */
		heard = hear_answer(fd, false, answer, sizeof answer, PATIENCE_MS);
	}
	close(fd);
	if (heard == HEARD_NOTHING)
		fail_msg("%s, %s failed: nobody answers: %s", plan->name, window_failed(), request);
	return heard == HEARD_ALL ? answer_status(answer) : 0;
}

static inline void put_post(struct buffer *request, const char *target, const char *fields, const char *body)
{
	buffer_format(request, "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nContent-Type: application/json\r\n"
	                       "Content-Length: %zu\r\nConnection: close\r\n%s\r\n%s",
	              target, files.public_port, strlen(body), fields, body);
	assert_int_equal(buffer_err(request), OK);
}

/* The object that came, the caller's; NULL where none did. */
static inline json_t *answered(void)
{
	const char *body = strstr(answer, "\r\n\r\n");

	return body != NULL ? json_loads(body, 0, NULL) : NULL;
}

static inline json_t *ask_provider(const char *method, const char *target, const char *body)
{
	struct buffer request = BUFFER(4096);
	char where[32];

	snprintf(where, sizeof where, "127.0.0.1:%u", files.sandbox_port);
	buffer_format(&request, "%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n"
	                        "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
	              method, target, where, files.api_key, strlen(body), body);
	assert_int_equal(ask(where, request.data, false), 200);
	buffer_free(&request);
	json_t *object = answered();

	assert_non_null(object);
	return object;
}

/* ---- a donor ---- */

static unsigned number; /* of the donor */
static struct buffer request = { .max = 64 * 1024 };
static char marker[128]; /* what the entry of this request holds */

static inline void prepare_checkout(void)
{
	char key[64];

	number++;
	buffer_free(&request);
	snprintf(key, sizeof key, "Idempotency-Key: donor-%u\r\n", number);
	put_post(&request, "/v1/checkout", key, "{\"tier\":\"box-100\"}");
}

static inline void public_address(char where[static 32])
{
	snprintf(where, 32, "%s", instance_public(instance));
}

/* A session for the tier that is paid, and how the provider calls it. */
static inline void pay_for(const char *tier)
{
	char where[32];
	char key[64];
	char body[256];

	number++;
	public_address(where);
	buffer_free(&request);
	snprintf(key, sizeof key, "Idempotency-Key: donor-%u\r\n", number);
	snprintf(body, sizeof body, "{\"tier\":\"%s\"}", tier);
	put_post(&request, "/v1/checkout", key, body);
	assert_int_equal(ask(where, request.data, false), 201);
	json_t *made = answered();
	const char *url = json_string_value(json_object_get(made, "url"));

	snprintf(body, sizeof body, "{\"session\":\"%s\"}", strrchr(url, '/') + 1);
	json_decref(made);
	json_decref(ask_provider("POST", "/sandbox/pay", body));
}

/* The last event of a type; the caller's. */
static inline json_t *last_event(const char *type)
{
	char target[128];

	snprintf(target, sizeof target, "/v1/events?limit=1&type=%s", type);
	json_t *events = ask_provider("GET", target, "");
	json_t *event = json_incref(json_array_get(json_object_get(events, "data"), 0));

	json_decref(events);
	assert_non_null(event);
	return event;
}

/* The event, which is freed, signed for delivery. */
static inline void put_delivery(json_t *event)
{
	struct signing_secrets secrets = { .count = 1 };
	struct buffer signature = BUFFER(1024);
	char *text = json_dumps(event, JSON_COMPACT);

	snprintf(marker, sizeof marker, "\"%s\"", json_string_value(json_object_get(event, "id")));
	snprintf(secrets.text[0], sizeof secrets.text[0], "%s", files.webhook_secret);
	buffer_text(&signature, "Stripe-Signature: ");
	assert_int_equal(signature_write(&secrets, time(NULL), bytes_of(text), false, &signature), OK);
	buffer_text(&signature, "\r\n");
	buffer_free(&request);
	put_post(&request, "/webhooks/stripe", signature.data, text);
	free(text);
	json_decref(event);
	buffer_free(&signature);
}

/* A session that is paid, and its event signed for delivery. */
static inline void prepare_webhook(void)
{
	pay_for("box-100");
	put_delivery(last_event("checkout.session.completed"));
}

#endif
