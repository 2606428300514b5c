/*
 * expand.h -- which references of an answer are to be expanded:
 * expand[]=payment_intent.latest_charge.
 */
#ifndef SANDBOX_EXPAND_H
#define SANDBOX_EXPAND_H

#include <stdbool.h>

#include "sandbox/form.h"
#include "sandbox/objects.h"
#include "sandbox/refusal.h"

enum { EXPAND_DEPTH_MAX = 4, EXPAND_PATH_SIZE = 256 };

struct expand {
	const struct form *form;       /* with the expand[…] parameters */
	char path[EXPAND_PATH_SIZE];   /* where the rendering is: "data.payment_intent" */
};

/*
 * Every wish of the form can be met for an answer of that kind (with `list`: a
 * list of them). False with the refusal.
 */
bool expand_check(const struct form *form, enum kind kind, bool list, struct refusal *refusal);

/* Step into `field`; true when it is to be expanded. Always leave again with the mark that enter gave. */
bool expand_enter(struct expand *expand, const char *field, size_t *mark);
void expand_leave(struct expand *expand, size_t mark);

#endif
