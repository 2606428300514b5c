/*
 * token.h -- the ids that pledger mints: a three-letter kind, '_' and 26
 * characters of Crockford's base32 in lower case.
 *
 * plg_ is a UUIDv7 (RFC 9562) and names a pledge; it opens nothing. rcp_ is the
 * head of an HMAC and opens the donor's pages; it stands in no entry, export or
 * log.
 */
#ifndef DOMAIN_TOKEN_H
#define DOMAIN_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"

enum { TOKEN_BYTES = 16, RECEIPT_SECRET_BYTES = 32 };

/* The file of a data directory that holds the secret of its receipt tokens. */
#define RECEIPT_SECRET_NAME "receipt.secret"

/* A new pledge id from the time (ms since 1970) and 10 random bytes. */
void token_pledge(int64_t wall_ms, const uint8_t entropy[static 10], char token[static TOKEN_SIZE]);

/*
 * The receipt token of a pledge (`payment` empty) or of one of its payments:
 * the first 16 bytes of HMAC-SHA256(secret, pledge ‖ NUL ‖ payment).
 */
MUST_CHECK enum err token_receipt(const uint8_t secret[static RECEIPT_SECRET_BYTES],
                                  const char *pledge, const char *payment,
                                  char token[static TOKEN_SIZE]);

/* Whether the text is a pledge id, or a receipt token, of our form. */
bool token_is_pledge(struct bytes text);
bool token_is_receipt(struct bytes text);

/* The 16 bytes behind a token of either kind; the token must be of our form. */
void token_bytes(const char *token, uint8_t bytes[static TOKEN_BYTES]);

/* The pledge id of which these are the bytes. */
void token_pledge_of(const uint8_t bytes[static TOKEN_BYTES], char token[static TOKEN_SIZE]);

#endif
