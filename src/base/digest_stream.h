/*
 * digest_stream.h -- SHA-256 of what comes piece by piece, by OpenSSL.
 */
#ifndef BASE_DIGEST_STREAM_H
#define BASE_DIGEST_STREAM_H

#include "base/digest.h"

struct digest_stream;

/* NULL when there is no memory. */
struct digest_stream *digest_stream_new(void);

/* ERR_MEMORY when OpenSSL has none. */
MUST_CHECK enum err digest_stream_add(struct digest_stream *stream, struct bytes piece);

/* The digest of what was added so far; more may follow. ERR_MEMORY. */
MUST_CHECK enum err digest_stream_value(const struct digest_stream *stream, uint8_t digest[static DIGEST_BYTES]);

/* Free and null. Does nothing with NULL. */
void digest_stream_free(struct digest_stream **stream);

#endif
