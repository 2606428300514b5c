/*
 * digest.h -- SHA-256 and HMAC-SHA256 over pieces, by OpenSSL.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

enum { DIGEST_BYTES = 32 };

/* SHA-256 over the pieces one after the other. ERR_MEMORY when OpenSSL has none. */
MUST_CHECK enum err digest_sha256(const struct bytes *pieces, size_t count,
                                  uint8_t digest[static DIGEST_BYTES]);

/* HMAC-SHA256 (RFC 2104) with any key length over the pieces. ERR_MEMORY. */
MUST_CHECK enum err digest_hmac(struct bytes key, const struct bytes *pieces, size_t count,
                                uint8_t mac[static DIGEST_BYTES]);

#endif
