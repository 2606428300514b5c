/*
 * list.h -- Stripe's lists: newest first, page by page.
 */
#ifndef SANDBOX_LIST_H
#define SANDBOX_LIST_H

#include "sandbox/params.h"
#include "sandbox/refusal.h"
#include "sandbox/state.h"

/* What can be listed and read. */
struct resource {
	const char *path;   /* "/v1/invoices" */
	enum kind kind;
	const char *noun;   /* "invoice", as refusals name it */
	const struct param *params;
	/* Whether an object belongs into a list with these parameters; NULL: all do. */
	bool (*matches)(const struct object *object, const struct form *form);
	/* Whether the parameters make sense with what there is; refuses otherwise. NULL: they do. */
	bool (*check)(const struct state *state, const struct form *form, struct refusal *refusal);
};

/* Whether a time is what the form's `name`, `name`[gt] and so on ask for. */
bool list_is_within(int64_t time_s, const struct form *form, const char *name);

/* Ended by a NULL path. */
extern const struct resource resources[];

/* Write the list that the form asks for (checked by params_check), `old` as in struct view. False with the refusal. */
bool list_write(const struct state *state, const struct resource *resource, const struct form *form,
                bool old, struct buffer *out, struct refusal *refusal);

#endif
