/*
 * refusal.h -- why a request was refused, in Stripe's words.
 */
#ifndef SANDBOX_REFUSAL_H
#define SANDBOX_REFUSAL_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/err.h"

struct refusal {
	int status;            /* 0: nothing was refused */
	const char *type;      /* static: "invalid_request_error", … */
	const char *code;      /* static, NULL for none */
	char param[256];       /* "" for none */
	char message[512];
};

/*
 * Write the refusal; type invalid_request_error unless the status says otherwise
 * (5xx: api_error). `code` and `param` may be NULL. Always returns false.
 */
bool refuse(struct refusal *refusal, int status, const char *code, const char *param,
            const char *format, ...) __attribute__((format(printf, 5, 6)));

/* 404 resource_missing: No such session: 'cs_…'. Always returns false. */
bool refuse_missing(struct refusal *refusal, const char *what, const char *param, const char *id);

/* What one of our own failures looks like from outside. Always returns false. */
bool refuse_failure(struct refusal *refusal, enum err err);

/* {"error": {…}}, pretty-printed and ended by a line feed. */
void refusal_write(const struct refusal *refusal, const char *request_id, struct buffer *out);

#endif
