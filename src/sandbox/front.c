/*
 * A request is answered under the mutex and replied to without it; a reply that
 * is to wait is kept in `held` and sent by the ticker.
 */
#include <string.h>

#include "sandbox/api.h"
#include "sandbox/control.h"
#include "sandbox/inside.h"
#include "sandbox/page.h"
#include "sys/clock.h"

enum { REQUEST_BYTES_MAX = 256 * 1024, DONOR_WAITS_MS = 10 * 1000 };

/* How long a reply waits: until a time, at most; or until the event is delivered. */
struct hold {
	int64_t for_ms;                /* 0: not at all */
	char event[SANDBOX_ID_SIZE];   /* "": the time alone counts */
};

/* ---- the API ---- */

static enum err break_off(void *context, char *data, size_t size, size_t *length)
{
	(void)context;
	(void)data;
	(void)size;
	(void)length;
	return ERR_SYSTEM;
}

static void reply_with(const struct api_call *call, struct api_answer *answer, struct http_reply *reply)
{
	reply->status = answer->status;
	if (answer->status == 0) {
		reply->status = 200;
		reply->stream.next = break_off;
		return;
	}
	http_reply_field(reply, "Content-Type", "application/json");
	http_reply_field(reply, "Cache-Control", "no-cache, no-store");
	http_reply_field_copy(reply, "Stripe-Version", bytes_of(call->version));
	http_reply_field_copy(reply, "Request-Id", bytes_of(call->request_id));
	if (call->key[0] != '\0')
		http_reply_field_copy(reply, "Idempotency-Key", bytes_of(call->key));
	if (answer->original[0] != '\0') {
		http_reply_field(reply, "Idempotent-Replayed", "true");
		http_reply_field_copy(reply, "Original-Request", bytes_of(answer->original));
	}
	if (answer->should_retry != NULL)
		http_reply_field(reply, "Stripe-Should-Retry", answer->should_retry);
	if (answer->status == 401)
		http_reply_field(reply, "WWW-Authenticate", "Bearer realm=\"Stripe\"");
	buffer_free(&reply->body);
	reply->body = answer->body;
	answer->body = BUFFER(0);
}

static bool read_key(const struct http_request *request, struct api_call *call, struct refusal *refusal)
{
	struct bytes value;

	if (!http_request_field(request, "Idempotency-Key", &value))
		return true;
	if (bytes_copy_text(value, call->key, sizeof call->key) == OK)
		return true;
	return refuse(refusal, 400, NULL, NULL, "Idempotency-Key must be at most %d characters.", IDEMPOTENCY_KEY_MAX);
}

static bool read_version(const struct http_request *request, struct api_call *call, struct refusal *refusal)
{
	struct bytes value;

	if (!http_request_field(request, "Stripe-Version", &value) || version_read(value, call->version) == OK)
		return true;
	return refuse(refusal, 400, NULL, NULL, "Invalid Stripe API version: %.*s", (int)value.length, value.data);
}

static bool read_form(const struct http_request *request, struct api_call *call, struct refusal *refusal)
{
	bool posts = bytes_is(request->method, "POST");
	struct bytes type = { 0 };
	struct why why = { "" };

	if (posts && request->body.length > 0 &&
	    !(http_request_field(request, "Content-Type", &type) &&
	      bytes_starts_with(type, "application/x-www-form-urlencoded")))
		return refuse(refusal, 400, NULL, NULL,
		              "Invalid request (check that your POST content type is application/x-www-form-urlencoded).");
	enum err err = form_read(posts ? request->body : request->query, &call->form, &why);

	if (err == OK)
		return true;
	return err == ERR_MEMORY ? refuse_failure(refusal, err) : refuse(refusal, 400, NULL, NULL, "%s", why.text);
}

static void answer_api(struct sandbox *sandbox, const struct http_request *request, struct http_reply *reply)
{
	struct api_call call = { .method = request->method, .path = request->path, .version = SANDBOX_API_VERSION };
	struct api_answer answer = { .body = BUFFER(API_ANSWER_BYTES_MAX) };
	struct refusal refusal = { 0 };

	id_mint(&sandbox->state.ids, "req_", 14, call.request_id);
	if (api_authorize(request, sandbox->api_key, &refusal) && read_key(request, &call, &refusal) &&
	    read_version(request, &call, &refusal) && read_form(request, &call, &refusal)) {
		api_answer(&sandbox->state, &sandbox->memory, &call, clock_wall_us() / 1000, &answer);
	} else {
		answer.status = refusal.status;
		refusal_write(&refusal, call.request_id, &answer.body);
	}
	reply_with(&call, &answer, reply);
	buffer_free(&answer.body);
	form_free(&call.form);
}

/* ---- the rest ---- */

static void answer_page(struct sandbox *sandbox, const struct http_request *request, struct http_reply *reply,
                        struct hold *hold)
{
	const struct state *state = &sandbox->state;

	page_answer(&sandbox->state, request, reply);
	if (reply->status != 303)
		return;
	/* The event that the donor's way back waits for, as Stripe's does. */
	for (size_t i = state->outbox_count; i > 0 && hold->for_ms == 0; i--) {
		if (strcmp(state->outbox[i - 1].type, "checkout.session.completed") != 0)
			continue;
		hold->for_ms = DONOR_WAITS_MS;
		memcpy(hold->event, state->outbox[i - 1].event, sizeof hold->event);
	}
}

static void answer_control(struct sandbox *sandbox, const struct http_request *request, struct http_reply *reply)
{
	struct control control = {
		.state = &sandbox->state,
		.deliveries = &sandbox->deliveries,
		.wall_ms = clock_wall_us() / 1000,
		.mono_ms = clock_mono_us() / 1000,
	};

	control_answer(&control, request, reply);
}

static void answer_plainly(struct http_reply *reply, int status, const char *text)
{
	reply->status = status;
	http_reply_field(reply, "Content-Type", "text/plain; charset=utf-8");
	http_reply_field(reply, "X-Content-Type-Options", "nosniff");
	buffer_text(&reply->body, text);
}

static void answer(struct sandbox *sandbox, const struct http_request *request, struct http_reply *reply,
                   struct hold *hold)
{
	if (bytes_starts_with(request->path, "/v1/")) {
		answer_api(sandbox, request, reply);
		hold->for_ms = sandbox->state.knobs.answer_delay_ms;
	} else if (bytes_starts_with(request->path, "/pay/")) {
		answer_page(sandbox, request, reply, hold);
	} else if (bytes_starts_with(request->path, "/sandbox")) {
		answer_control(sandbox, request, reply);
	} else if (bytes_is(request->path, "/")) {
		answer_plainly(reply, 200, "This is pledger's sandbox, a stand-in payment provider. See docs/sandbox.md.\n"
		                           "GET /sandbox tells what it holds.\n");
	} else {
		answer_plainly(reply, 404, "There is nothing here.\n");
	}
}

/* Whether the reply is kept for later. With the mutex held. */
static bool keep(struct sandbox *sandbox, struct exchange *exchange, struct http_reply *reply, const struct hold *hold)
{
	const char *event = hold->event[0] == '\0' ? NULL : hold->event;

	if (hold->for_ms == 0 || sandbox->stopping || (event != NULL && !deliveries_expects(&sandbox->deliveries, event)))
		return false;
	return held_add(&sandbox->held, exchange, reply, clock_mono_us() / 1000 + hold->for_ms, event) == OK;
}

void front_handle(void *context, struct exchange *exchange)
{
	struct sandbox *sandbox = context;
	struct http_reply reply;
	struct hold hold = { 0 };

	http_reply_init(&reply, 200);
	pthread_mutex_lock(&sandbox->mutex);
	sandbox_tick(sandbox);
	answer(sandbox, exchange_request(exchange), &reply, &hold);
	sandbox_tick(sandbox);
	bool kept = keep(sandbox, exchange, &reply, &hold);
	pthread_cond_signal(&sandbox->wake);
	pthread_mutex_unlock(&sandbox->mutex);
	if (!kept)
		exchange_reply(exchange, &reply);
}

size_t front_body_bytes_max(void *context, const struct http_request *head)
{
	(void)context;
	(void)head;
	return REQUEST_BYTES_MAX;
}

void front_refuse(void *context, const struct http_request *head, int status, const char *why,
                  struct http_reply *reply)
{
	struct refusal refusal = { 0 };

	(void)context;
	(void)head;
	refuse(&refusal, status, NULL, NULL, "%s", why);
	refusal_write(&refusal, "req_none", &reply->body);
	http_reply_field(reply, "Content-Type", "application/json");
	if (status == 503)
		http_reply_field(reply, "Retry-After", "1");
}

void front_completed(void *context, const struct http_request *request, int status, uint64_t body_bytes,
                     int64_t duration_us)
{
	(void)context;
	(void)request;
	(void)status;
	(void)body_bytes;
	(void)duration_us;
}
