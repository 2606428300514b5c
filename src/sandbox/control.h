/*
 * control.h -- what a test may tell the stand-in to do: everything below
 * /sandbox (docs/sandbox.md). JSON in, JSON out, from loopback only.
 */
#ifndef SANDBOX_CONTROL_H
#define SANDBOX_CONTROL_H

#include "base/http_message.h"
#include "sandbox/deliveries.h"
#include "sandbox/state.h"

struct control {
	struct state *state;
	struct deliveries *deliveries;
	int64_t wall_ms, mono_ms;
};

/* `reply` comes initialised with status 200. */
void control_answer(struct control *control, const struct http_request *request, struct http_reply *reply);

#endif
