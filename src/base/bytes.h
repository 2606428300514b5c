/*
 * bytes.h -- bytes that someone else owns, bytes that we own and that grow,
 * and bytes that several hold.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"

/* Lent: valid as long as the owner says. `data` may be NULL when length is 0. */
struct bytes {
	const char *data;
	size_t length;
};

#define BYTES_LITERAL(text) ((struct bytes){ (text), sizeof(text) - 1 })

/* A view of a NUL-terminated text. Here, as what follows, so that the length of a literal costs nothing. */
static inline struct bytes bytes_of(const char *text)
{
	return (struct bytes){ text, strlen(text) };
}

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
	return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

static inline bool bytes_is(struct bytes a, const char *text)
{
	return bytes_equal(a, bytes_of(text));
}

/* The same, ASCII letters compared without case. */
static inline bool bytes_is_nocase(struct bytes a, const char *text)
{
	return a.length == strlen(text) && (a.length == 0 || strncasecmp(a.data, text, a.length) == 0);
}

static inline bool bytes_starts_with(struct bytes a, const char *prefix)
{
	size_t length = strlen(prefix);

	return a.length >= length && bytes_equal((struct bytes){ a.data, length }, (struct bytes){ prefix, length });
}

/*
 * Copy into `out` (of `size` bytes) with a terminating NUL. ERR_TOO_BIG when
 * it does not fit, ERR_INPUT when the bytes hold a NUL; `out` is then "".
 */
MUST_CHECK enum err bytes_copy_text(struct bytes a, char *out, size_t size);

/*
 * Constant time in the content (not in the lengths), for comparing secrets.
 */
bool bytes_equal_secret(struct bytes a, struct bytes b);

/*
 * A growing buffer with a ceiling. Appending never returns an error: the first
 * failure is remembered, everything appended afterwards is dropped, and
 * buffer_err tells. Initialise with BUFFER(max); always end with buffer_free.
 */
struct buffer {
	char *data;       /* NUL-terminated behind `length` once anything was appended */
	size_t length;
	size_t capacity;
	size_t max;       /* ERR_TOO_BIG beyond */
	enum err err;
};

#define BUFFER(bytes_max) ((struct buffer){ .max = (bytes_max) })

/* A buffer on a caller's array, which it fills and never outgrows; not to be freed. */
#define BUFFER_ON(array) ((struct buffer){ .data = (array), .capacity = sizeof(array), .max = sizeof(array) - 1 })

/* Make room for `length` bytes more now, so that appending them cannot fail. */
MUST_CHECK enum err buffer_reserve(struct buffer *buffer, size_t length);

/* Here, so that a short piece of a known length costs no call. */
static inline void buffer_append(struct buffer *buffer, const void *data, size_t length)
{
	/* Mostly there is room. */
	if (buffer->err != OK || buffer->capacity - buffer->length <= length) {
		if (buffer_reserve(buffer, length) != OK)
			return;
	}
	if (length > 0)
		memcpy(buffer->data + buffer->length, data, length);
	buffer->length += length;
	buffer->data[buffer->length] = '\0';
}

void buffer_bytes(struct buffer *buffer, struct bytes bytes);
static inline void buffer_text(struct buffer *buffer, const char *text)
{
	buffer_append(buffer, text, strlen(text));
}
static inline void buffer_char(struct buffer *buffer, char c)
{
	buffer_append(buffer, &c, 1);
}
void buffer_unsigned(struct buffer *buffer, uint64_t number);
void buffer_format(struct buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* OK, ERR_MEMORY or ERR_TOO_BIG: whether everything appended is there. */
MUST_CHECK enum err buffer_err(const struct buffer *buffer);

struct bytes buffer_view(const struct buffer *buffer);

/* Forget the content and the error, keep the memory. */
void buffer_clear(struct buffer *buffer);

/* Free; the buffer is then as BUFFER(max) made it. */
void buffer_free(struct buffer *buffer);

/* The same, wiping first: for what held a secret. */
void buffer_wipe(struct buffer *buffer);

/*
 * Immutable bytes that several threads may hold. `blob_new` takes over the
 * content of `from` (which is then empty) and returns one hold, NULL when out
 * of memory (then `from` is unchanged). `blob_drop` nulls the caller's pointer
 * and frees with the last hold; it does nothing with NULL.
 */
struct blob;

struct blob *blob_new(struct buffer *from);
struct blob *blob_hold(struct blob *blob);
struct bytes blob_view(const struct blob *blob);
void blob_drop(struct blob **blob);

/* Whether somebody holds it besides the one who asks. */
bool blob_is_shared(const struct blob *blob);

#endif
