#include "sandbox/events.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_write.h"
#include "sandbox/render.h"

enum { EVENT_BYTES_MAX = 64 * 1024 };

static void write_request(const struct state *state, struct json_write *w)
{
	json_write_object_open(w, "request");
	json_write_text(w, "id", state->request_id);
	json_write_text(w, "idempotency_key", state->idempotency_key);
	json_write_object_close(w);
}

/* The envelope around the object; says where the digit of pending_webhooks stands. */
static void write_event(struct state *state, const struct event *event, const struct object *object,
                        struct buffer *out, size_t *pending_at)
{
	struct json_write w = JSON_WRITE_PRETTY(out);
	bool live = state->live != knob_strikes(&state->knobs.wrong_livemode);
	struct view view = { .state = state, .w = &w, .senseless = knob_strikes(&state->knobs.unreadable) };

	json_write_object_open(&w, NULL);
	json_write_text(&w, "id", event->object.id);
	json_write_text(&w, "object", "event");
	json_write_text(&w, "api_version", SANDBOX_API_VERSION);
	json_write_integer(&w, "created", event->object.created_s);
	json_write_object_open(&w, "data");
	render_object(&view, "object", object);
	json_write_object_close(&w);
	json_write_bool(&w, "livemode", live);
	json_write_integer(&w, "pending_webhooks", 1);
	*pending_at = out->length - 1;
	write_request(state, &w);
	json_write_text(&w, "type", event->type);
	json_write_object_close(&w);
	/* No line feed at the end: Stripe's bodies have none. */
}

static enum err post(struct state *state, const struct event *event)
{
	if (state->outbox_count == state->outbox_capacity) {
		size_t capacity = state->outbox_capacity == 0 ? 16 : state->outbox_capacity * 2;
		struct outgoing *outbox = realloc(state->outbox, capacity * sizeof *outbox);

		if (outbox == NULL)
			return ERR_MEMORY;
		state->outbox = outbox;
		state->outbox_capacity = capacity;
	}
	struct outgoing *outgoing = &state->outbox[state->outbox_count++];

	*outgoing = (struct outgoing){ .type = event->type, .body = blob_hold(event->body) };
	memcpy(outgoing->event, event->object.id, sizeof outgoing->event);
	return OK;
}

static enum err tell_once(struct state *state, const char *type, const struct object *object)
{
	struct event event = {
		.object = { .kind = KIND_EVENT, .created_s = state_now_s(state) },
		.type = type,
		.pending = true,
	};
	struct buffer body = BUFFER(EVENT_BYTES_MAX);
	struct object *stored = NULL;

	id_mint(&state->ids, "evt_1", 23, event.object.id);
	write_event(state, &event, object, &body, &event.pending_at);
	enum err err = buffer_err(&body);

	if (err == OK)
		event.body = blob_new(&body);
	if (err == OK && event.body == NULL)
		err = ERR_MEMORY;
	if (err == OK)
		err = post(state, &event);
	if (err == OK)
		err = store_add(&state->store, KIND_EVENT, event.object.id, event.object.created_s, &stored);
	if (err == OK)
		*(struct event *)stored = event;
	else
		blob_drop(&event.body);
	buffer_free(&body);
	return err;
}

enum err event_tell(struct state *state, const char *type, const struct object *object)
{
	enum err err = tell_once(state, type, object);

	if (err == OK && state->knobs.twin_events)
		err = tell_once(state, type, object);
	return err;
}

enum err event_tell_all(struct state *state, const char *const types[], const struct object *object)
{
	enum err err = OK;

	for (size_t i = 0; types[i] != NULL && err == OK; i++)
		err = event_tell(state, types[i], object);
	return err;
}

void event_show(const struct event *event, struct buffer *out)
{
	struct bytes body = blob_view(event->body);

	buffer_append(out, body.data, event->pending_at);
	buffer_char(out, event->pending ? '1' : '0');
	buffer_append(out, body.data + event->pending_at + 1, body.length - event->pending_at - 1);
}

void event_delivered(struct state *state, const char *id)
{
	struct object *object = store_find(&state->store, KIND_EVENT, id);

	if (object != NULL)
		((struct event *)object)->pending = false;
}
