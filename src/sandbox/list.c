#include "sandbox/list.h"

#include <stdio.h>
#include <string.h>

#include "sandbox/events.h"
#include "sandbox/render.h"

enum { LIMIT_DEFAULT = 10, LIMIT_MAX = 100 };

/* A page: the items from `newest` down to `oldest`, both included, as far as they match. */
struct page {
	size_t indices[LIMIT_MAX];  /* newest first */
	size_t count;
	bool has_more;
};

static const char *bound(const struct form *form, const char *name, const char *relation)
{
	char full[FORM_NAME_SIZE];

	snprintf(full, sizeof full, "%s%s", name, relation);
	return form_get(form, full);
}

bool list_is_within(int64_t time_s, const struct form *form, const char *name)
{
	const char *gt = bound(form, name, "[gt]");
	const char *gte = bound(form, name, "[gte]");
	const char *lt = bound(form, name, "[lt]");
	const char *lte = bound(form, name, "[lte]");
	const char *same = bound(form, name, "");

	return (gt == NULL || time_s > params_integer(gt, 0)) && (gte == NULL || time_s >= params_integer(gte, 0)) &&
	       (lt == NULL || time_s < params_integer(lt, 0)) && (lte == NULL || time_s <= params_integer(lte, 0)) &&
	       (same == NULL || time_s == params_integer(same, 0));
}

static bool belongs(const struct state *state, const struct resource *resource, const struct form *form, size_t i)
{
	const struct object *object = store_at(&state->store, resource->kind, i);

	return list_is_within(object->created_s, form, "created") && (resource->matches == NULL || resource->matches(object, form));
}

/* Where a cursor stands; refuses one that is not there. */
static bool find_cursor(const struct state *state, const struct resource *resource, const char *name,
                        const char *id, size_t *at, struct refusal *refusal)
{
	const struct object *object = store_find(&state->store, resource->kind, id);
	size_t count = store_count(&state->store, resource->kind);

	for (size_t i = 0; object != NULL && i < count; i++) {
		if (store_at(&state->store, resource->kind, i) != object)
			continue;
		*at = i;
		return true;
	}
	refuse_missing(refusal, resource->noun, name, id);
	refusal->status = 400;
	return false;
}

/* Older than `from` (not included), newest first. */
static void page_down(const struct state *state, const struct resource *resource, const struct form *form,
                      size_t from, size_t limit, struct page *page)
{
	for (size_t i = from; i > 0 && !page->has_more; i--) {
		if (!belongs(state, resource, form, i - 1))
			continue;
		if (page->count == limit)
			page->has_more = true;
		else
			page->indices[page->count++] = i - 1;
	}
}

/* The ones next newer than `from`, still shown newest first. */
static void page_up(const struct state *state, const struct resource *resource, const struct form *form,
                    size_t from, size_t limit, struct page *page)
{
	size_t count = store_count(&state->store, resource->kind);

	for (size_t i = from + 1; i < count && !page->has_more; i++) {
		if (!belongs(state, resource, form, i))
			continue;
		if (page->count == limit)
			page->has_more = true;
		else
			page->indices[page->count++] = i;
	}
	for (size_t i = 0; i < page->count / 2; i++) {
		size_t kept = page->indices[i];

		page->indices[i] = page->indices[page->count - 1 - i];
		page->indices[page->count - 1 - i] = kept;
	}
}

static bool read_page(const struct state *state, const struct resource *resource, const struct form *form,
                      struct page *page, struct refusal *refusal)
{
	int64_t limit = params_integer(form_get(form, "limit"), LIMIT_DEFAULT);
	const char *after = form_get(form, "starting_after");
	const char *before = form_get(form, "ending_before");
	size_t at = store_count(&state->store, resource->kind);

	if (limit < 1 || limit > LIMIT_MAX)
		return refuse(refusal, 400, "parameter_invalid_integer", "limit",
		              "This value must be between 1 and %d.", LIMIT_MAX);
	if (after != NULL && before != NULL)
		return refuse(refusal, 400, NULL, "ending_before",
		              "You cannot use both `starting_after` and `ending_before`.");
	if (after != NULL && !find_cursor(state, resource, "starting_after", after, &at, refusal))
		return false;
	if (before != NULL && !find_cursor(state, resource, "ending_before", before, &at, refusal))
		return false;
	if (before != NULL)
		page_up(state, resource, form, at, (size_t)limit, page);
	else
		page_down(state, resource, form, at, (size_t)limit, page);
	return true;
}

static void write_item(struct view *view, const struct object *object)
{
	struct buffer shown = BUFFER(64 * 1024);

	if (object->kind != KIND_EVENT) {
		render_object(view, NULL, object);
		return;
	}
	event_show((const struct event *)object, &shown);
	json_write_raw(view->w, NULL, buffer_view(&shown));
	if (buffer_err(&shown) != OK)
		view->w->out->err = buffer_err(&shown);
	buffer_free(&shown);
}

bool list_write(const struct state *state, const struct resource *resource, const struct form *form,
                bool old, struct buffer *out, struct refusal *refusal)
{
	struct page page = { .count = 0 };
	struct expand expand = { .form = form, .path = "data" };
	struct json_write w = JSON_WRITE_PRETTY(out);
	struct view view = { .state = state, .w = &w, .expand = &expand, .old = old };

	if (!expand_check(form, resource->kind, true, refusal) ||
	    (resource->check != NULL && !resource->check(state, form, refusal)) ||
	    !read_page(state, resource, form, &page, refusal))
		return false;
	render_list_open(&w, NULL);
	for (size_t i = 0; i < page.count; i++)
		write_item(&view, store_at(&state->store, resource->kind, page.indices[i]));
	render_list_close(&w, page.has_more, resource->path);
	return true;
}
