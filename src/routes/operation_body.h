/*
 * operation_body.h -- what an operator's request says, as JSON.
 */
#ifndef ROUTES_OPERATION_BODY_H
#define ROUTES_OPERATION_BODY_H

#include "service/operation.h"

/* A request with room for its texts. */
struct operation_body {
	struct operation_request request;
	char space[OPERATION_WISHES][OPERATION_TEXT_SIZE];
};

/*
 * Read the body of that operation: one object, each member known, given once and of its form, none missing that is
 * needed. What the texts say is the use case's to judge. ERR_INPUT with `why` as a sentence; `read` is then undefined.
 */
MUST_CHECK enum err operation_body_read(struct bytes body, enum operation operation, struct operation_body *read, struct why *why);

#endif
