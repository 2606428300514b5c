#include "base/bytes.h"

#include <openssl/crypto.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum err bytes_copy_text(struct bytes a, char *out, size_t size)
{
	out[0] = '\0';
	if (a.length >= size)
		return ERR_TOO_BIG;
	if (a.length > 0 && memchr(a.data, '\0', a.length) != NULL)
		return ERR_INPUT;
	if (a.length > 0)
		memcpy(out, a.data, a.length);
	out[a.length] = '\0';
	return OK;
}

bool bytes_equal_secret(struct bytes a, struct bytes b)
{
	return a.length == b.length && (a.length == 0 || CRYPTO_memcmp(a.data, b.data, a.length) == 0);
}

enum err buffer_reserve(struct buffer *buffer, size_t length)
{
	if (buffer->err != OK)
		return buffer->err;
	if (length > buffer->max || buffer->length > buffer->max - length)
		return buffer->err = ERR_TOO_BIG;
	size_t need = buffer->length + length + 1;

	if (need <= buffer->capacity)
		return OK;
	size_t capacity = buffer->capacity < 64 ? 64 : buffer->capacity;

	while (capacity < need)
		capacity *= 2;
	if (capacity > buffer->max + 1)
		capacity = buffer->max + 1;
	char *data = realloc(buffer->data, capacity);

	if (data == NULL)
		return buffer->err = ERR_MEMORY;
	buffer->data = data;
	buffer->capacity = capacity;
	return OK;
}

void buffer_bytes(struct buffer *buffer, struct bytes bytes)
{
	buffer_append(buffer, bytes.data, bytes.length);
}

void buffer_unsigned(struct buffer *buffer, uint64_t number)
{
	char digits[20];
	size_t first = sizeof digits;

	do {
		digits[--first] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	buffer_append(buffer, digits + first, sizeof digits - first);
}

void buffer_format(struct buffer *buffer, const char *format, ...)
{
	va_list arguments;
	va_list again;

	va_start(arguments, format);
	va_copy(again, arguments);
	int length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0)
		buffer->err = buffer->err != OK ? buffer->err : ERR_MEMORY;
	else if (buffer_reserve(buffer, (size_t)length) == OK) {
		vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, again);
		buffer->length += (size_t)length;
	}
	va_end(again);
}

enum err buffer_err(const struct buffer *buffer)
{
	return buffer->err;
}

struct bytes buffer_view(const struct buffer *buffer)
{
	return (struct bytes){ buffer->data, buffer->length };
}

void buffer_clear(struct buffer *buffer)
{
	buffer->length = 0;
	buffer->err = OK;
	if (buffer->data != NULL)
		buffer->data[0] = '\0';
}

void buffer_wipe(struct buffer *buffer)
{
	if (buffer->data != NULL)
		OPENSSL_cleanse(buffer->data, buffer->capacity);
	buffer_free(buffer);
}

void buffer_free(struct buffer *buffer)
{
	free(buffer->data);
	*buffer = BUFFER(buffer->max);
}

struct blob {
	atomic_uint holds;
	struct buffer buffer;
};

struct blob *blob_new(struct buffer *from)
{
	struct blob *blob = malloc(sizeof *blob);

	if (blob == NULL)
		return NULL;
	atomic_init(&blob->holds, 1);
	blob->buffer = *from;
	*from = BUFFER(from->max);
	return blob;
}

struct blob *blob_hold(struct blob *blob)
{
	atomic_fetch_add_explicit(&blob->holds, 1, memory_order_relaxed);
	return blob;
}

struct bytes blob_view(const struct blob *blob)
{
	return buffer_view(&blob->buffer);
}

bool blob_is_shared(const struct blob *blob)
{
	return atomic_load_explicit(&blob->holds, memory_order_relaxed) > 1;
}

void blob_drop(struct blob **blob)
{
	struct blob *held = *blob;

	*blob = NULL;
	if (held == NULL || atomic_fetch_sub_explicit(&held->holds, 1, memory_order_acq_rel) != 1)
		return;
	buffer_free(&held->buffer);
	free(held);
}
