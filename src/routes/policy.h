/*
 * policy.h -- what a browser may do with an answer of ours:
 * Content-Security-Policy (https://www.w3.org/TR/CSP3/).
 */
#ifndef ROUTES_POLICY_H
#define ROUTES_POLICY_H

#include "base/bytes.h"
#include "base/err.h"
#include "config/config.h"

enum policy {
	POLICY_PAGE,    /* of every answer that has none of its own: a page needs its style and its form */
	POLICY_NEWS,    /* the same with the one script that a page of ours has, and what that asks us */
	POLICY_BOOKS,   /* the same with the style that the books have besides */
	POLICY_FRAMED,  /* the same in a frame of one of the configured sites */
	POLICY_PICTURE, /* a picture's own style */
	POLICY_LOGO,    /* what an operator put there: it shows itself and does nothing */
	POLICIES,
};

/* Write the field's value into `out`, which is empty; the caller frees it, also on failure. ERR_MEMORY, ERR_TOO_BIG. */
MUST_CHECK enum err policy_write(const struct config *config, enum policy policy, struct buffer *out);

#endif
