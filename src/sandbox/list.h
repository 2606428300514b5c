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
};

/* Ended by a NULL path. */
extern const struct resource resources[];

/* Write the list that the form asks for (checked by params_check). False with the refusal. */
bool list_write(const struct state *state, const struct resource *resource, const struct form *form,
                struct buffer *out, struct refusal *refusal);

#endif
