/*
 * api_write.h -- the API's paths that change something: POST and DELETE.
 */
#ifndef SANDBOX_API_WRITE_H
#define SANDBOX_API_WRITE_H

#include "sandbox/api_run.h"

/* False when there is no such path. */
bool api_post(struct state *state, struct api_call *call, struct result *result);
bool api_delete(struct state *state, struct api_call *call, struct result *result);

#endif
