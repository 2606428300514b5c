/*
 * seal.h -- what proves that a pledge is ours where the line that said so is gone: a MAC over its terms, which its
 * session carries at the provider. Only who has the receipt secret can make one.
 */
#ifndef DOMAIN_SEAL_H
#define DOMAIN_SEAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "domain/decide.h"
#include "domain/token.h"

enum { SEAL_SIZE = 65 };

/*
 * The seal of the pledge, account, campaign, tier, interval and amount of a command: HMAC-SHA256 in lower hex of the word
 * "pledge" and these, each with a NUL behind it. (A receipt token is made of "plg_…": no text can be taken for both.)
 * ERR_MEMORY.
 */
MUST_CHECK enum err seal_make(const uint8_t secret[static RECEIPT_SECRET_BYTES], const struct pledge_command *pledge,
                              char seal[static SEAL_SIZE]);

/* Whether a seal is the command's, compared in constant time. ERR_MEMORY. */
MUST_CHECK enum err seal_holds(const uint8_t secret[static RECEIPT_SECRET_BYTES], const struct pledge_command *pledge,
                               const char *seal, bool *holds);

#endif
