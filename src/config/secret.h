/*
 * secret.h -- a secret from the file that holds it and nothing else.
 */
#ifndef CONFIG_SECRET_H
#define CONFIG_SECRET_H

#include "base/err.h"
#include "domain/provider_account.h"

/*
 * Read one line of printable ASCII without blanks; the end of the line is not
 * part of it. Refused: a file that other users may read (below
 * $CREDENTIALS_DIRECTORY its group may), an empty one, one longer than
 * SECRET_SIZE. ERR_INPUT or ERR_MEMORY; `why` holds the path and what is wrong
 * with it, never content. `secret` is written on OK only.
 */
MUST_CHECK enum err secret_read(const char *path, struct secret *secret, struct why *why);

#endif
