/*
 * nearest.h -- what somebody meant who wrote a name that does not exist.
 */
#ifndef CONFIG_NEAREST_H
#define CONFIG_NEAREST_H

#include <stddef.h>

#include "base/bytes.h"

/* The name with the fewest letters to change; NULL when all are too far from it. */
const char *nearest_name(struct bytes wrong, const char *const *names, size_t count);

#endif
