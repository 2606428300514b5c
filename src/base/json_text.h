/*
 * json_text.h -- a strict reader of JSON (RFC 8259) in one pass, without
 * allocation: the text becomes an array of nodes that point into it.
 *
 * For bytes that are read very often (webhook events, ledger lines). Refused,
 * besides what the grammar refuses: duplicate names, bytes that are not UTF-8,
 * lone surrogates, \u0000, depth over JSON_DEPTH_MAX, a byte order mark,
 * anything behind the value. A number that is no int64 is kept as text and never
 * becomes a double: nobody is stopped by one that nobody asks for. Why not jansson everywhere: docs/decisions/0002.
 */
#ifndef BASE_JSON_TEXT_H
#define BASE_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

enum json_kind {
	JSON_KIND_NULL,
	JSON_KIND_FALSE,
	JSON_KIND_TRUE,
	JSON_KIND_INTEGER,
	JSON_KIND_REAL,      /* with a fraction or an exponent, or beyond int64 */
	JSON_KIND_STRING,
	JSON_KIND_ARRAY,
	JSON_KIND_OBJECT,
};

struct json_node {
	enum json_kind kind;
	bool escaped;        /* a string with a '\' in it */
	bool key_escaped;
	uint32_t start;      /* of the value's text; a string's without its quotes */
	uint32_t end;
	uint32_t key_start;  /* of the member's name, without quotes */
	uint32_t key_end;
	uint32_t key_hash;
	uint32_t count;      /* members or elements; the first one is the next node */
	uint32_t next;       /* the next member or element of the parent; 0 when last */
};

struct json_text {
	const char *text;
	struct json_node *nodes; /* the caller's */
	uint32_t node_max;
	uint32_t node_count;     /* node 0 is the whole value */
	uint32_t stopped;        /* the byte that was refused, when reading failed */
};

/*
 * Read `text` into the nodes that the caller gives. The text must stay as long
 * as the nodes are used. ERR_INPUT with `why` naming the byte, ERR_TOO_BIG when
 * there are more values than nodes.
 */
MUST_CHECK enum err json_text_read(struct json_text *json, struct bytes text,
                                   struct json_node *nodes, uint32_t node_max, struct why *why);

/* The root; the member of that name (plain ASCII without escapes); NULL when there is none or `object` is NULL or no object. */
const struct json_node *json_text_root(const struct json_text *json);
const struct json_node *json_text_member(const struct json_text *json, const struct json_node *object,
                                         const char *name);

/* First child and next sibling, for walking; NULL at the end. */
const struct json_node *json_text_first(const struct json_text *json, const struct json_node *parent);
const struct json_node *json_text_next(const struct json_text *json, const struct json_node *node);

/* A node's bytes as they stand in the text, and those of its name. */
struct bytes json_text_raw(const struct json_text *json, const struct json_node *node);
struct bytes json_text_key(const struct json_text *json, const struct json_node *node);

/* Copy a string, unescaped and NUL-terminated. ERR_INPUT when `node` is NULL or no string, ERR_TOO_BIG. */
MUST_CHECK enum err json_text_string(const struct json_text *json, const struct json_node *node,
                                     char *out, size_t size);

/* Whether the node is a string (written without escapes) of that content. */
bool json_text_is(const struct json_text *json, const struct json_node *node, const char *content);

/* ERR_INPUT when `node` is NULL or no integer. */
MUST_CHECK enum err json_text_integer(const struct json_text *json, const struct json_node *node,
                                      int64_t *number);

/* ERR_INPUT when `node` is NULL or neither true nor false. */
MUST_CHECK enum err json_text_bool(const struct json_node *node, bool *value);

#endif
