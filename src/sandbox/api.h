/*
 * api.h -- the provider's API: one request in, one answer out.
 */
#ifndef SANDBOX_API_H
#define SANDBOX_API_H

#include "base/http_message.h"
#include "sandbox/idempotency.h"
#include "sandbox/state.h"

/* A request, taken apart. The texts are lent. */
struct api_call {
	struct bytes method;
	struct bytes path;
	struct form form;                  /* of the query or the body; the caller's to free */
	char request_id[SANDBOX_ID_SIZE];
	char key[IDEMPOTENCY_KEY_MAX + 1]; /* "" without one */
	char version[API_VERSION_SIZE];    /* in which it is answered */
};

struct api_answer {
	int status;                        /* 0: break the connection */
	struct buffer body;                /* the caller's to free */
	char original[SANDBOX_ID_SIZE];    /* the request whose answer this repeats; "" when it is its own */
	const char *should_retry;          /* static; NULL: says nothing */
};

enum { API_ANSWER_BYTES_MAX = 8 * 1024 * 1024 };

/* Whether the request brings the key, as bearer or as the user of Basic. False with the refusal (401). */
bool api_authorize(const struct http_request *request, const char *key, struct refusal *refusal);

/* Answer; `now_ms` is everybody's clock. */
void api_answer(struct state *state, struct idempotency *memory, struct api_call *call, int64_t now_ms,
                struct api_answer *answer);

#endif
