/*
 * idempotency.h -- answers remembered under the key that they were asked with.
 *
 * Bounded: where the room for a key is taken, the oldest of its neighbours is
 * forgotten.
 */
#ifndef SANDBOX_IDEMPOTENCY_H
#define SANDBOX_IDEMPOTENCY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/err.h"
#include "sandbox/ids.h"

enum { IDEMPOTENCY_KEY_MAX = 255, IDEMPOTENCY_SLOTS = 16 * 1024, IDEMPOTENCY_KEEP_S = 24 * 3600 };

struct remembered {
	char key[IDEMPOTENCY_KEY_MAX + 1];
	uint8_t digest[DIGEST_BYTES];      /* of the request */
	char request_id[SANDBOX_ID_SIZE];  /* of the first one */
	int status;
	struct blob *body;
	int64_t at_ms;
	int64_t busy_until_ms;             /* its first answer is still on the way */
};

struct idempotency {
	struct remembered **slots;         /* NULL before the first use */
};

/* What is known of the key; NULL when nothing is, or not any more. */
const struct remembered *idempotency_find(const struct idempotency *memory, const char *key, int64_t now_ms);

/* Remember a copy of `answer` (its body is taken over, on OK only). ERR_MEMORY. */
MUST_CHECK enum err idempotency_keep(struct idempotency *memory, const struct remembered *answer);

void idempotency_free(struct idempotency *memory);

#endif
