/*
 * tiers.h -- what can be given, as JSON: the body of /v1/tiers (schemas/tiers.schema.json).
 */
#ifndef ROUTES_TIERS_H
#define ROUTES_TIERS_H

#include "base/bytes.h"
#include "service/snapshot.h"

/* Append it; a failure is the buffer's. */
void tiers_write(struct buffer *out, const struct snapshot *snapshot);

#endif
