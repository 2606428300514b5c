#include "sandbox/api_run.h"

#include <stdio.h>
#include <string.h>

#include "base/json_write.h"
#include "sandbox/api_write.h"
#include "sandbox/balance.h"
#include "sandbox/events.h"
#include "sandbox/list.h"
#include "sandbox/render.h"

const struct param api_expand_only[] = { { "expand[#]", PARAM_TEXT, NULL }, { NULL, PARAM_TEXT, NULL } };
static const struct param page_only[] = {
	{ "limit", PARAM_INTEGER, NULL }, { "starting_after", PARAM_TEXT, NULL }, { "ending_before", PARAM_TEXT, NULL },
	{ NULL, PARAM_TEXT, NULL },
};
static const struct param nothing[] = { { NULL, PARAM_TEXT, NULL } };

void api_write_object(const struct state *state, const struct api_call *call, const struct form *form,
                      const struct object *object, struct result *out)
{
	struct expand expand = { .form = form };
	struct json_write w = JSON_WRITE_PRETTY(&out->body);
	struct view view = { .state = state, .w = &w, .expand = &expand, .old = version_is_old(call->version) };

	if (object->kind == KIND_EVENT) {
		event_show((const struct event *)object, &out->body);
		return;
	}
	render_object(&view, NULL, object);
}

bool api_path_id(struct bytes path, const char *before, const char *after, char id[static SANDBOX_ID_SIZE])
{
	size_t head = strlen(before);
	size_t tail = strlen(after);

	if (path.length <= head + tail || !bytes_starts_with(path, before) ||
	    memcmp(path.data + path.length - tail, after, tail) != 0)
		return false;
	struct bytes middle = { path.data + head, path.length - head - tail };

	return memchr(middle.data, '/', middle.length) == NULL && bytes_copy_text(middle, id, SANDBOX_ID_SIZE) == OK;
}

/* ---- GET ---- */

static void read_list(const struct state *state, const struct resource *resource, const struct api_call *call,
                      struct result *out)
{
	if (params_check(&call->form, resource->params, &out->refusal))
		list_write(state, resource, &call->form, version_is_old(call->version), &out->body, &out->refusal);
}

static void read_one(const struct state *state, const struct resource *resource, const struct api_call *call,
                     const char *id, struct result *out)
{
	const struct object *object = store_find(&state->store, resource->kind, id);

	if (!params_check(&call->form, api_expand_only, &out->refusal) ||
	    !expand_check(&call->form, resource->kind, false, &out->refusal))
		return;
	if (object == NULL)
		refuse_missing(&out->refusal, resource->noun, "id", id);
	else
		api_write_object(state, call, &call->form, object, out);
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

static bool run_get(const struct state *state, const struct api_call *call, struct result *out)
{
	char id[SANDBOX_ID_SIZE];
	char folder[64];

	for (const struct resource *resource = resources; resource->path != NULL; resource++) {
		snprintf(folder, sizeof folder, "%s/", resource->path);
		if (bytes_is(call->path, resource->path))
			read_list(state, resource, call, out);
		else if (api_path_id(call->path, folder, "", id))
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
	if (!api_path_id(call->path, "/v1/checkout/sessions/", "/line_items", id))
		return false;
	read_line_items(state, call, id, out);
	return true;
}

void api_run(struct state *state, struct api_call *call, struct result *out)
{
	bool known = bytes_is(call->method, "POST") ? api_post(state, call, out)
	             : bytes_is(call->method, "DELETE") ? api_delete(state, call, out) : run_get(state, call, out);

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
