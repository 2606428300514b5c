#include "sandbox/api_run.h"

#include <stdio.h>
#include <string.h>

#include "base/json_write.h"
#include "sandbox/balance.h"
#include "sandbox/checkout.h"
#include "sandbox/events.h"
#include "sandbox/list.h"
#include "sandbox/render.h"

static const struct param expand_only[] = { { "expand[#]", PARAM_TEXT, NULL }, { NULL, PARAM_TEXT, NULL } };
static const struct param page_only[] = {
	{ "limit", PARAM_INTEGER, NULL }, { "starting_after", PARAM_TEXT, NULL }, { "ending_before", PARAM_TEXT, NULL },
	{ NULL, PARAM_TEXT, NULL },
};
static const struct param nothing[] = { { NULL, PARAM_TEXT, NULL } };

static void write_object(const struct state *state, const struct form *form, const struct object *object,
                         struct result *out)
{
	struct expand expand = { .form = form };
	struct json_write w = JSON_WRITE_PRETTY(&out->body);
	struct view view = { .state = state, .w = &w, .expand = &expand };

	if (object->kind == KIND_EVENT) {
		event_show((const struct event *)object, &out->body);
		return;
	}
	render_object(&view, NULL, object);
}

/* ---- POST ---- */

static void create_session(struct state *state, struct api_call *call, struct result *out)
{
	struct session *session = NULL;

	if (!params_check(&call->form, checkout_params, &out->refusal) ||
	    !expand_check(&call->form, KIND_SESSION, false, &out->refusal) ||
	    !session_create(state, &call->form, &session, &out->refusal))
		return;
	out->executed = true;
	write_object(state, &session->form, &session->object, out);
}

static void expire_session(struct state *state, const struct api_call *call, const char *id, struct result *out)
{
	struct session *session = (struct session *)store_find(&state->store, KIND_SESSION, id);

	if (!params_check(&call->form, expand_only, &out->refusal) ||
	    !expand_check(&call->form, KIND_SESSION, false, &out->refusal))
		return;
	if (session == NULL) {
		refuse_missing(&out->refusal, "checkout.session", "session", id);
		return;
	}
	out->executed = true;
	if (session->state != SESSION_IS_OPEN) {
		refuse(&out->refusal, 400, NULL, NULL,
		       "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of `%s`.",
		       session->state == SESSION_IS_COMPLETE ? "complete" : "expired");
		return;
	}
	enum err err = session_expire(state, session);

	if (err != OK)
		refuse_failure(&out->refusal, err);
	else
		write_object(state, &call->form, &session->object, out);
}

/* The id in a path of the form `before` id `after`; false when the path has another form. */
static bool path_id(struct bytes path, const char *before, const char *after, char id[static SANDBOX_ID_SIZE])
{
	size_t head = strlen(before);
	size_t tail = strlen(after);

	if (path.length <= head + tail || !bytes_starts_with(path, before) ||
	    memcmp(path.data + path.length - tail, after, tail) != 0)
		return false;
	struct bytes middle = { path.data + head, path.length - head - tail };

	return memchr(middle.data, '/', middle.length) == NULL && bytes_copy_text(middle, id, SANDBOX_ID_SIZE) == OK;
}

static bool run_post(struct state *state, struct api_call *call, struct result *out)
{
	char id[SANDBOX_ID_SIZE];

	if (bytes_is(call->path, "/v1/checkout/sessions"))
		create_session(state, call, out);
	else if (path_id(call->path, "/v1/checkout/sessions/", "/expire", id))
		expire_session(state, call, id, out);
	else
		return false;
	return true;
}

/* ---- GET ---- */

static void read_list(const struct state *state, const struct resource *resource, const struct api_call *call,
                      struct result *out)
{
	if (params_check(&call->form, resource->params, &out->refusal))
		list_write(state, resource, &call->form, &out->body, &out->refusal);
}

static void read_one(const struct state *state, const struct resource *resource, const struct api_call *call,
                     const char *id, struct result *out)
{
	const struct object *object = store_find(&state->store, resource->kind, id);

	if (!params_check(&call->form, expand_only, &out->refusal) ||
	    !expand_check(&call->form, resource->kind, false, &out->refusal))
		return;
	if (object == NULL)
		refuse_missing(&out->refusal, resource->noun, "id", id);
	else
		write_object(state, &call->form, object, out);
}

static void read_line_items(const struct state *state, const struct api_call *call, const char *id,
                            struct result *out)
{
	struct json_write w = JSON_WRITE_PRETTY(&out->body);
	struct view view = { .state = state, .w = &w };
	const struct object *object = store_find(&state->store, KIND_SESSION, id);

	if (!params_check(&call->form, page_only, &out->refusal))
		return;
	if (object == NULL)
		refuse_missing(&out->refusal, "checkout.session", "session", id);
	else
		render_line_items(&view, NULL, (const struct session *)object);
}

static bool run_get(struct state *state, struct api_call *call, struct result *out)
{
	char id[SANDBOX_ID_SIZE];
	char folder[64];

	for (const struct resource *resource = resources; resource->path != NULL; resource++) {
		snprintf(folder, sizeof folder, "%s/", resource->path);
		if (bytes_is(call->path, resource->path))
			read_list(state, resource, call, out);
		else if (path_id(call->path, folder, "", id))
			read_one(state, resource, call, id, out);
		else
			continue;
		return true;
	}
	if (bytes_is(call->path, "/v1/balance")) {
		if (params_check(&call->form, nothing, &out->refusal))
			balance_write(state, &out->body);
		return true;
	}
	if (!path_id(call->path, "/v1/checkout/sessions/", "/line_items", id))
		return false;
	read_line_items(state, call, id, out);
	return true;
}

void api_run(struct state *state, struct api_call *call, struct result *out)
{
	bool known = bytes_is(call->method, "POST") ? run_post(state, call, out) : run_get(state, call, out);

	if (!known)
		refuse(&out->refusal, 404, NULL, NULL,
		       "Unrecognized request URL (%.*s: %.*s). Please see https://stripe.com/docs or we can help at "
		       "https://support.stripe.com/.",
		       (int)call->method.length, call->method.data, (int)call->path.length, call->path.data);
	if (out->refusal.status == 0 && buffer_err(&out->body) != OK)
		refuse_failure(&out->refusal, buffer_err(&out->body));
	if (out->refusal.status == 0)
		buffer_char(&out->body, '\n');
}
