/*
 * params.h -- which parameters a request may have, and of what form: a table
 * a request, checked before anything is done.
 */
#ifndef SANDBOX_PARAMS_H
#define SANDBOX_PARAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "sandbox/form.h"
#include "sandbox/refusal.h"

enum param_type {
	PARAM_TEXT,
	PARAM_INTEGER,  /* digits, with '-' in front or not */
	PARAM_BOOLEAN,
	PARAM_CHOICE,   /* one of `choices` */
	PARAM_URL,
	PARAM_METADATA, /* the pattern names the map; keys and values are bounded */
};

struct param {
	const char *pattern;  /* "line_items[#][quantity]": '#' stands for an index; NULL ends the table */
	enum param_type type;
	const char *choices;  /* "payment setup subscription" */
};

/* Every parameter is in the table and of its form. False with the refusal. */
bool params_check(const struct form *form, const struct param *table, struct refusal *refusal);

/* The value, or refuse with parameter_missing (NULL). */
const char *params_need(const struct form *form, const char *name, struct refusal *refusal);

/* The number of a parameter that params_check has passed; `otherwise` when it is absent. */
int64_t params_integer(const char *value, int64_t otherwise);

#endif
