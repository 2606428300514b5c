/*
 * signature.h -- the Stripe-Signature field of a webhook.
 */
#ifndef SANDBOX_SIGNATURE_H
#define SANDBOX_SIGNATURE_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"

struct signing_secrets {
	char text[SECRETS_MAX][SECRET_SIZE];
	size_t count;
};

/*
 * Append t=…,v1=… with one v1 for each secret, and the v0 of test mode, which
 * means nothing to anybody. ERR_MEMORY, ERR_TOO_BIG.
 */
MUST_CHECK enum err signature_write(const struct signing_secrets *secrets, int64_t at_s, struct bytes body,
                                    bool live, struct buffer *out);

#endif
