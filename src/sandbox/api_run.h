/*
 * api_run.h -- what the API's paths do, without the frame of keys and knobs.
 */
#ifndef SANDBOX_API_RUN_H
#define SANDBOX_API_RUN_H

#include "sandbox/api.h"

struct result {
	bool executed;           /* it got beyond the checks: its answer is worth remembering, a refusal too */
	struct refusal refusal;  /* status 0: none */
	struct buffer body;      /* the caller's to free */
};

void api_run(struct state *state, struct api_call *call, struct result *result);

#endif
