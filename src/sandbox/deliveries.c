/*
 * The good road: taken from the outbox, due at once, sent, 2xx, gone. Bad ones:
 * no room (dropped and counted), the client's queue is full (due again shortly),
 * no answer or another status (due again, later each time), too many tries
 * (given up; the event stays pending).
 */
#include "sandbox/deliveries.h"

#include <stdlib.h>
#include <string.h>

#include "sandbox/events.h"

enum {
	ANSWER_TIMEOUT_MS = 10 * 1000,
	BUSY_PAUSE_MS = 20,
	REORDER_WINDOW_MS = 150,
	REORDER_STEP_MS = 40,
	REORDER_STEPS_MAX = 25,  /* a leap of the clock brings hundreds of events in one moment: those behind go together */
	STALE_S = 3600,
	SIGNATURE_BYTES_MAX = 1024,
};

enum { DUE_SEND, DUE_FLUSH };

/* ---- coming and going ---- */

static void unlink_delivery(struct deliveries *deliveries, struct delivery *delivery)
{
	if (delivery->previous != NULL)
		delivery->previous->next = delivery->next;
	else
		deliveries->first = delivery->next;
	if (delivery->next != NULL)
		delivery->next->previous = delivery->previous;
	else
		deliveries->last = delivery->previous;
	deliveries->live--;
}

static void end(struct delivery *delivery)
{
	unlink_delivery(delivery->deliveries, delivery);
	blob_drop(&delivery->outgoing.body);
	free(delivery);
}

/* Plan when it is sent; a delivery that cannot be planned is given up. */
static void plan(struct delivery *delivery, int64_t due_ms)
{
	struct deliveries *deliveries = delivery->deliveries;

	if (agenda_add(&deliveries->agenda, due_ms, DUE_SEND, delivery) == OK)
		return;
	deliveries->given_up++;
	end(delivery);
}

static enum err begin(struct deliveries *deliveries, const struct outgoing *outgoing, struct delivery **begun)
{
	if (deliveries->live >= DELIVERIES_MAX)
		return ERR_BUSY;
	struct delivery *delivery = calloc(1, sizeof *delivery);

	if (delivery == NULL)
		return ERR_MEMORY;
	delivery->deliveries = deliveries;
	delivery->outgoing = *outgoing;
	delivery->outgoing.body = blob_hold(outgoing->body);
	delivery->previous = deliveries->last;
	if (deliveries->last != NULL)
		deliveries->last->next = delivery;
	else
		deliveries->first = delivery;
	deliveries->last = delivery;
	deliveries->live++;
	*begun = delivery;
	return OK;
}

static void hold_back(struct delivery *delivery, int64_t mono_ms)
{
	struct deliveries *deliveries = delivery->deliveries;

	delivery->held = true;
	if (deliveries->flush_planned)
		return;
	deliveries->flush_planned = agenda_add(&deliveries->agenda, mono_ms + REORDER_WINDOW_MS, DUE_FLUSH, NULL) == OK;
	if (deliveries->flush_planned)
		return;
	delivery->held = false;
	plan(delivery, mono_ms);
}

static void take_one(struct deliveries *deliveries, struct knobs *knobs, const struct outgoing *outgoing,
                     int64_t mono_ms)
{
	if (deliveries->url[0] == '\0')
		return;
	if (knob_strikes(&knobs->drop)) {
		deliveries->dropped++;
		return;
	}
	for (int64_t i = 0; i <= knobs->duplicate; i++) {
		struct delivery *delivery = NULL;

		if (begin(deliveries, outgoing, &delivery) != OK)
			deliveries->dropped++;
		else if (knobs->reorder)
			hold_back(delivery, mono_ms + knobs->delay_ms);
		else
			plan(delivery, mono_ms + knobs->delay_ms);
	}
}

void deliveries_take(struct deliveries *deliveries, struct state *state, int64_t mono_ms)
{
	for (size_t i = 0; i < state->outbox_count; i++) {
		take_one(deliveries, &state->knobs, &state->outbox[i], mono_ms);
		blob_drop(&state->outbox[i].body);
	}
	state->outbox_count = 0;
}

enum err deliveries_resend(struct deliveries *deliveries, const struct state *state, const char *event,
                           int64_t mono_ms)
{
	const struct event *stored = (const struct event *)store_find(&state->store, KIND_EVENT, event);
	struct delivery *delivery = NULL;

	if (stored == NULL || deliveries->url[0] == '\0')
		return ERR_UNKNOWN;
	struct outgoing outgoing = { .type = stored->type, .body = stored->delivered };

	memcpy(outgoing.event, stored->object.id, sizeof outgoing.event);
	enum err err = begin(deliveries, &outgoing, &delivery);

	if (err == OK)
		plan(delivery, mono_ms);
	return err;
}

/* ---- sending ---- */

/* The field, signed as the knobs want this attempt to be. */
static enum err sign(struct delivery *delivery, struct state *state, int64_t wall_ms, struct buffer *field)
{
	static const struct signing_secrets wrong = { { "whsec_of_somebody_else" }, 1 };
	const struct signing_secrets *secrets = &delivery->deliveries->secrets;
	int64_t at_s = wall_ms / 1000;

	delivery->forged = knob_strikes(&state->knobs.forge);
	delivery->stale = knob_strikes(&state->knobs.stale);
	return signature_write(delivery->forged ? &wrong : secrets, at_s - (delivery->stale ? STALE_S : 0),
	                       blob_view(delivery->outgoing.body), state->live, field);
}

static enum err write_call(const struct delivery *delivery, struct bytes signature, struct http_call *call)
{
	http_call_init(call, "POST");
	buffer_text(&call->url, delivery->deliveries->url);
	http_call_field(call, "Content-Type", BYTES_LITERAL("application/json; charset=utf-8"));
	http_call_field(call, "Cache-Control", BYTES_LITERAL("no-cache"));
	http_call_field(call, "Stripe-Signature", signature);
	buffer_bytes(&call->body, blob_view(delivery->outgoing.body));
	call->timeout_ms = ANSWER_TIMEOUT_MS;
	return http_call_err(call);
}

static enum err post(struct delivery *delivery, struct state *state, int64_t wall_ms)
{
	struct deliveries *deliveries = delivery->deliveries;
	struct buffer signature = BUFFER(SIGNATURE_BYTES_MAX);
	struct http_call call;
	enum err err = sign(delivery, state, wall_ms, &signature);

	if (err == OK) {
		err = write_call(delivery, buffer_view(&signature), &call);
		if (err == OK)
			err = https_client_send(deliveries->client, &call, deliveries->answered, delivery);
		if (err != OK)
			http_call_free(&call);
	}
	buffer_free(&signature);
	return err;
}

static void send_one(struct delivery *delivery, struct state *state, int64_t mono_ms, int64_t wall_ms)
{
	delivery->sent_ms = mono_ms;
	delivery->sent_wall_ms = wall_ms;
	delivery->deliveries->in_flight++;
	if (post(delivery, state, wall_ms) == OK)
		return;
	delivery->deliveries->in_flight--;
	plan(delivery, mono_ms + BUSY_PAUSE_MS);
}

/* What was held back goes out, the newest first. */
static void flush(struct deliveries *deliveries, int64_t mono_ms)
{
	int64_t due_ms = mono_ms;
	struct delivery *previous;
	int steps = 0;

	deliveries->flush_planned = false;
	for (struct delivery *delivery = deliveries->last; delivery != NULL; delivery = previous) {
		previous = delivery->previous;
		if (!delivery->held)
			continue;
		delivery->held = false;
		plan(delivery, due_ms);
		if (++steps < REORDER_STEPS_MAX)
			due_ms += REORDER_STEP_MS;
	}
}

void deliveries_send(struct deliveries *deliveries, struct state *state, int64_t mono_ms, int64_t wall_ms)
{
	struct agenda_item item;

	while (!deliveries->paused && !deliveries->stopping && agenda_take(&deliveries->agenda, mono_ms, &item)) {
		if (item.what == DUE_FLUSH)
			flush(deliveries, mono_ms);
		else
			send_one(item.subject, state, mono_ms, wall_ms);
	}
}

/* ---- answers ---- */

static void remember(struct deliveries *deliveries, const struct delivery *delivery,
                     const struct http_answer *answer, int64_t mono_ms)
{
	if (deliveries->attempts == NULL)
		deliveries->attempts = calloc(ATTEMPTS_KEPT_MAX, sizeof *deliveries->attempts);
	if (deliveries->attempts == NULL)
		return;
	struct attempt *attempt = &deliveries->attempts[deliveries->attempt_count++ % ATTEMPTS_KEPT_MAX];

	*attempt = (struct attempt){
		.type = delivery->outgoing.type,
		.number = delivery->tries,
		.at_ms = delivery->sent_wall_ms,
		.duration_ms = mono_ms - delivery->sent_ms,
		.status = answer->status,
		.forged = delivery->forged,
		.stale = delivery->stale,
	};
	memcpy(attempt->event, delivery->outgoing.event, sizeof attempt->event);
	/* A reason that is too long is left out: the status 0 says enough. */
	err_ignore(bytes_copy_text(bytes_of(answer->failure), attempt->failure, sizeof attempt->failure));
}

static int64_t pause_ms(const struct deliveries *deliveries, unsigned tries)
{
	int64_t pause = deliveries->retry_first_ms;

	for (unsigned i = 1; i < tries && pause < deliveries->retry_most_ms; i++)
		pause *= 2;
	return pause < deliveries->retry_most_ms ? pause : deliveries->retry_most_ms;
}

void deliveries_answered(struct delivery *delivery, struct state *state, const struct http_answer *answer,
                         int64_t mono_ms, char event[static SANDBOX_ID_SIZE])
{
	struct deliveries *deliveries = delivery->deliveries;
	bool good = answer->status >= 200 && answer->status < 300;

	memcpy(event, delivery->outgoing.event, SANDBOX_ID_SIZE);
	delivery->tries++;
	deliveries->in_flight--;
	remember(deliveries, delivery, answer, mono_ms);
	if (good) {
		deliveries->delivered++;
		event_delivered(state, event);
	} else if (delivery->tries >= deliveries->tries_max) {
		deliveries->given_up++;
	} else if (!deliveries->stopping) {
		plan(delivery, mono_ms + pause_ms(deliveries, delivery->tries));
		return;
	}
	end(delivery);
}

bool deliveries_expects(const struct deliveries *deliveries, const char *event)
{
	if (deliveries->paused || deliveries->stopping)
		return false;
	for (const struct delivery *delivery = deliveries->last; delivery != NULL; delivery = delivery->previous)
		if (delivery->tries == 0 && strcmp(delivery->outgoing.event, event) == 0)
			return true;
	return false;
}

/* ---- for the curious ---- */

static void write_attempt(const struct attempt *attempt, struct json_write *w)
{
	json_write_object_open(w, NULL);
	json_write_text(w, "event", attempt->event);
	json_write_text(w, "type", attempt->type);
	json_write_integer(w, "attempt", attempt->number);
	json_write_integer(w, "at_ms", attempt->at_ms);
	json_write_integer(w, "duration_ms", attempt->duration_ms);
	json_write_integer(w, "status", attempt->status);
	json_write_text(w, "failure", attempt->failure[0] == '\0' ? NULL : attempt->failure);
	json_write_bool(w, "forged", attempt->forged);
	json_write_bool(w, "stale", attempt->stale);
	json_write_object_close(w);
}

void deliveries_write(const struct deliveries *deliveries, struct json_write *w, const char *key,
                      const char *event, size_t limit)
{
	size_t kept = deliveries->attempt_count < ATTEMPTS_KEPT_MAX ? deliveries->attempt_count : ATTEMPTS_KEPT_MAX;
	size_t written = 0;

	json_write_object_open(w, key);
	json_write_integer(w, "waiting", (int64_t)(deliveries->live - deliveries->in_flight));
	json_write_integer(w, "in_flight", (int64_t)deliveries->in_flight);
	json_write_integer(w, "delivered", (int64_t)deliveries->delivered);
	json_write_integer(w, "given_up", (int64_t)deliveries->given_up);
	json_write_integer(w, "dropped", (int64_t)deliveries->dropped);
	json_write_bool(w, "paused", deliveries->paused);
	json_write_array_open(w, "attempts");
	for (size_t i = 1; i <= kept && written < limit; i++) {
		const struct attempt *attempt = &deliveries->attempts[(deliveries->attempt_count - i) % ATTEMPTS_KEPT_MAX];

		if (event != NULL && strcmp(attempt->event, event) != 0)
			continue;
		write_attempt(attempt, w);
		written++;
	}
	json_write_array_close(w);
	json_write_object_close(w);
}

void deliveries_free(struct deliveries *deliveries)
{
	while (deliveries->first != NULL)
		end(deliveries->first);
	agenda_free(&deliveries->agenda);
	free(deliveries->attempts);
	*deliveries = (struct deliveries){ 0 };
}
