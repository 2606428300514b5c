/*
 * random.h -- bytes that nobody can guess, from the kernel.
 */
#ifndef SYS_RANDOM_H
#define SYS_RANDOM_H

#include <stddef.h>

#include "base/err.h"

/* Fill `length` bytes. ERR_SYSTEM when the kernel has none to give; `bytes` is then undefined. */
MUST_CHECK enum err random_bytes(void *bytes, size_t length);

#endif
