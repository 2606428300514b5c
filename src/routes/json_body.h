/*
 * json_body.h -- a request's body that is one JSON object.
 */
#ifndef ROUTES_JSON_BODY_H
#define ROUTES_JSON_BODY_H

#include <jansson.h>

#include "base/bytes.h"

/* The object, which the caller owns (json_decref); NULL for anything else: no object, a name twice, bytes that are no JSON. */
json_t *json_body(struct bytes body);

#endif
