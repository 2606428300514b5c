/*
 * json_write.h -- JSON text, written front to back into a buffer.
 *
 *	struct json_write w = JSON_WRITE(&buffer);   (or JSON_WRITE_PRETTY)
 *
 *	json_write_object_open(&w, NULL);
 *	json_write_text(&w, "id", "plg_…");
 *	json_write_array_open(&w, "amounts");
 *	json_write_integer(&w, NULL, 2500);
 *	json_write_array_close(&w);
 *	json_write_object_close(&w);
 *	err = buffer_err(&buffer);
 *
 * Every value takes the key it stands under: the member's name inside an
 * object, NULL inside an array and at the top. There are no floating-point
 * numbers; an amount is an integer or a text. Escaped is what must be: the
 * quotation mark, the backslash and control characters; everything else stays
 * UTF-8.
 *
 * Failures are the buffer's: nothing here returns an error, buffer_err tells at
 * the end. Text that is not UTF-8 makes it ERR_INPUT, so that no invalid
 * document leaves. A key in the wrong place or an unbalanced close is our own
 * mistake and asserted. Duplicate keys are the caller's care.
 */
#ifndef BASE_JSON_WRITE_H
#define BASE_JSON_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/limits.h"

struct json_write {
	struct buffer *out;
	bool pretty;          /* a line a value, two spaces a level; else no white space at all */
	unsigned depth;
	uint64_t in_object;   /* one bit a level: object or array */
	uint64_t has_values;  /* one bit a level: whether a comma comes before the next */
};

#define JSON_WRITE(buffer) ((struct json_write){ .out = (buffer) })
#define JSON_WRITE_PRETTY(buffer) ((struct json_write){ .out = (buffer), .pretty = true })

/*
 * Containers, at most JSON_DEPTH_MAX deep. The _open functions take the key like every value.
 */
void json_write_object_open(struct json_write *w, const char *key);
void json_write_object_close(struct json_write *w);
void json_write_array_open(struct json_write *w, const char *key);
void json_write_array_close(struct json_write *w);

/* NULL text is null. */
void json_write_text(struct json_write *w, const char *key, const char *text);
void json_write_bytes(struct json_write *w, const char *key, struct bytes text);
void json_write_integer(struct json_write *w, const char *key, int64_t number);
void json_write_bool(struct json_write *w, const char *key, bool value);
void json_write_null(struct json_write *w, const char *key);

/*
 * A value that is JSON already, compact or pretty like the document around it;
 * the lines of a pretty one are moved to their level.
 */
void json_write_raw(struct json_write *w, const char *key, struct bytes json);

/* The same text under a key that is not NUL-terminated. */
void json_write_bytes_under(struct json_write *w, struct bytes key, struct bytes text);

/* What stands between the quotation marks of a string; for text that is not UTF-8 the buffer fails with ERR_INPUT. */
void json_write_escaped(struct buffer *out, struct bytes text);

/* Whether everything that was opened is closed and one value stands at the top. */
bool json_write_is_whole(const struct json_write *w);

#endif
