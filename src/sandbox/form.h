/*
 * form.h -- a request's parameters in Stripe's bracket notation:
 * line_items[0][price_data][currency]=eur.
 *
 * Names are kept whole, sorted, each once (the last value wins). An empty index
 * ("expand[]") becomes the lowest free one, so that both spellings of a list
 * read alike.
 */
#ifndef SANDBOX_FORM_H
#define SANDBOX_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/err.h"

enum { FORM_PAIRS_MAX = 256, FORM_NAME_SIZE = 256, FORM_VALUE_SIZE = 5001 };

struct form_pair {
	uint32_t name;   /* offsets into `text` */
	uint32_t value;
};

struct form {
	struct form_pair *pairs;
	size_t count;
	struct buffer text;
};

/*
 * Read a body or a query. On OK the caller owns `*form`. ERR_INPUT or
 * ERR_TOO_BIG with `why`, ERR_MEMORY.
 */
MUST_CHECK enum err form_read(struct bytes text, struct form *form, struct why *why);

/* Does nothing with a form that is all zero; leaves it so. */
void form_free(struct form *form);

const char *form_name(const struct form *form, size_t i);
const char *form_value(const struct form *form, size_t i);

/* NULL when there is no such name. */
const char *form_get(const struct form *form, const char *name);

/* The same for an element of a list: `list`[`index`]`rest`. */
const char *form_get_at(const struct form *form, const char *list, size_t index, const char *rest);

/* Whether any name is `name` or lies under it. */
bool form_has(const struct form *form, const char *name);

/* How many elements the list `name` has: its highest index and one. */
size_t form_list_count(const struct form *form, const char *name);

/*
 * Walk the members of the map `name`: `*i` starts at 0. False at the end. The
 * key is the text between the brackets behind `name`.
 */
bool form_next_member(const struct form *form, const char *name, size_t *i,
                      struct bytes *key, const char **value);

/* SHA-256 over the sorted pairs, with what the request was sent to before them. */
MUST_CHECK enum err form_digest(const struct form *form, struct bytes method, struct bytes path,
                                uint8_t digest[static DIGEST_BYTES]);

#endif
