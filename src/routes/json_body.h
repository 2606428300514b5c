/*
 * json_body.h -- a request's body that is one JSON object.
 *
 * Takes no memory: whether a body is good does not depend on how much is left.
 */
#ifndef ROUTES_JSON_BODY_H
#define ROUTES_JSON_BODY_H

#include "base/json_text.h"

enum {
	JSON_BODY_VALUES_MAX = 64, /* far more than any door knows names */
	JSON_BODY_NAME_SIZE = 64,
};

struct json_body {
	struct json_text json;
	struct json_node nodes[JSON_BODY_VALUES_MAX];
};

/*
 * Read a body, which must stay as long as `read` is used. ERR_INPUT with `why` as a sentence for anything else than one
 * object: another value, a name twice, bytes that are no JSON, more values than any request has.
 */
MUST_CHECK enum err json_body_read(struct json_body *read, struct bytes body, struct why *why);

/* The first member, and the one behind `member`; NULL at the end. */
const struct json_node *json_body_first(const struct json_body *read);
const struct json_node *json_body_next(const struct json_body *read, const struct json_node *member);

/* A member's name, without escapes; what is longer than `name` is cut, and nobody's name. */
void json_body_name(const struct json_body *read, const struct json_node *member, char name[static JSON_BODY_NAME_SIZE]);

#endif
