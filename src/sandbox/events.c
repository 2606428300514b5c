#include "sandbox/events.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
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

/* What is told, and how. */
struct telling {
	const char *type;
	const struct object *object;
	const char *previous;  /* NULL: nothing is said of it */
	bool live, senseless;
};

static void write_data(const struct telling *telling, struct view *view)
{
	json_write_object_open(view->w, "data");
	render_object(view, "object", telling->object);
	if (telling->previous != NULL)
		render_constant_object(view->w, "previous_attributes", telling->previous);
	json_write_object_close(view->w);
}

/* The envelope around the object, in an API version; says where the digit of pending_webhooks stands. */
static void write_event(const struct state *state, const struct event *event, const struct telling *telling,
                        const char *version, struct buffer *out, size_t *pending_at)
{
	struct json_write w = JSON_WRITE_PRETTY(out);
	struct view view = { .state = state, .w = &w, .senseless = telling->senseless, .old = version_is_old(version) };

	json_write_object_open(&w, NULL);
	json_write_text(&w, "id", event->object.id);
	json_write_text(&w, "object", "event");
	json_write_text(&w, "api_version", version);
	json_write_integer(&w, "created", event->object.created_s);
	write_data(telling, &view);
	json_write_bool(&w, "livemode", telling->live);
	json_write_integer(&w, "pending_webhooks", 1);
	*pending_at = out->length - 1;
	write_request(state, &w);
	json_write_text(&w, "type", event->type);
	json_write_object_close(&w);
	/* No line feed at the end: Stripe's bodies have none. */
}

static enum err write_body(const struct state *state, const struct event *event, const struct telling *telling,
                           const char *version, struct blob **body, size_t *pending_at)
{
	struct buffer out = BUFFER(EVENT_BYTES_MAX);

	write_event(state, event, telling, version, &out, pending_at);
	enum err err = buffer_err(&out);

	if (err == OK)
		*body = blob_new(&out);
	buffer_free(&out);
	return err == OK && *body == NULL ? ERR_MEMORY : err;
}

static enum err write_bodies(const struct state *state, struct event *event, const struct telling *telling)
{
	size_t unused;
	const char *version = state->webhook_version;
	enum err err = write_body(state, event, telling, SANDBOX_API_VERSION, &event->body, &event->pending_at);

	if (err != OK)
		return err;
	if (version[0] != '\0' && strcmp(version, SANDBOX_API_VERSION) != 0)
		return write_body(state, event, telling, version, &event->delivered, &unused);
	event->delivered = blob_hold(event->body);
	return OK;
}

static enum err post(struct state *state, const struct event *event)
{
	struct outgoing *outbox = grow(state->outbox, state->outbox_count, &state->outbox_capacity, sizeof *outbox);

	if (outbox == NULL)
		return ERR_MEMORY;
	struct outgoing *outgoing = &outbox[state->outbox_count++];

	state->outbox = outbox;
	*outgoing = (struct outgoing){ .type = event->type, .body = blob_hold(event->delivered) };
	memcpy(outgoing->event, event->object.id, sizeof outgoing->event);
	return OK;
}

static enum err tell_once(struct state *state, struct telling telling)
{
	struct event event = {
		.object = { .kind = KIND_EVENT, .created_s = state_now_s(state) },
		.type = telling.type,
		.pending = true,
	};
	struct object *stored = NULL;

	telling.live = state->live != knob_strikes(&state->knobs.wrong_livemode);
	telling.senseless = knob_strikes(&state->knobs.unreadable);
	id_mint(&state->ids, "evt_1", 23, event.object.id);
	enum err err = write_bodies(state, &event, &telling);

	if (err == OK)
		err = post(state, &event);
	if (err == OK)
		err = store_add(&state->store, KIND_EVENT, event.object.id, event.object.created_s, &stored);
	if (err == OK) {
		*(struct event *)stored = event;
		return OK;
	}
	blob_drop(&event.body);
	blob_drop(&event.delivered);
	return err;
}

enum err event_tell_change(struct state *state, const char *type, const struct object *object, const char *previous)
{
	const struct telling telling = { .type = type, .object = object, .previous = previous };
	enum err err = tell_once(state, telling);

	if (err == OK && state->knobs.twin_events)
		err = tell_once(state, telling);
	return err;
}

enum err event_tell(struct state *state, const char *type, const struct object *object)
{
	return event_tell_change(state, type, object, NULL);
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
