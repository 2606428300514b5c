/*
 * api_run.h -- what the API's paths do, without the frame of keys and knobs.
 */
#ifndef SANDBOX_API_RUN_H
#define SANDBOX_API_RUN_H

#include "sandbox/api.h"
#include "sandbox/expand.h"
#include "sandbox/params.h"

struct result {
	bool executed;           /* it got beyond the checks: its answer is worth remembering, a refusal too */
	struct refusal refusal;  /* status 0: none */
	struct buffer body;      /* the caller's to free */
};

void api_run(struct state *state, struct api_call *call, struct result *result);

/* ---- for the paths ---- */

/* The table of what takes expand[] and nothing else. */
extern const struct param api_expand_only[];

/* The id in a path of the form `before` id `after`; false when the path has another form. */
bool api_path_id(struct bytes path, const char *before, const char *after, char id[static SANDBOX_ID_SIZE]);

/* The object is the answer, in the version of the call, expanded as the form wishes. */
void api_write_object(const struct state *state, const struct api_call *call, const struct form *form,
                      const struct object *object, struct result *result);

#endif
