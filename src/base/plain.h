/*
 * plain.h -- plain bytes: ASCII from the blank up but for '"' and '\', which stand for themselves inside a
 * string of JSON. Names, ids and amounts consist of nothing else: they are passed over eight at a time.
 */
#ifndef BASE_PLAIN_H
#define BASE_PLAIN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t plain_load(const char *text)
{
	uint64_t word;

	memcpy(&word, text, sizeof word);
	return word;
}

/* The bytes in front of the first marked one. On a machine that stores them the other way round: none. */
static inline size_t plain_before_mark(uint64_t marks)
{
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? (size_t)__builtin_ctzll(marks) / 8 : 0;
}

/* Marks the bytes that are not plain. The first mark is right, later ones may not be. */
static inline uint64_t plain_marks(uint64_t word)
{
	const uint64_t ones = 0x0101010101010101;
	const uint64_t highs = 0x8080808080808080;
	uint64_t quote = word ^ (ones * '"');
	uint64_t slash = word ^ (ones * '\\');

	return ((word - ones * 0x20) | word | (quote - ones) | (slash - ones)) & highs;
}

/* How many bytes at the front are plain. */
static inline size_t plain_length(const char *text, size_t length)
{
	size_t at = 0;

	for (; length - at >= 8; at += 8) {
		uint64_t marks = plain_marks(plain_load(text + at));

		if (marks != 0) {
			at += plain_before_mark(marks);
			break;
		}
	}
	while (at < length && (signed char)text[at] >= 0x20 && text[at] != '"' && text[at] != '\\')
		at++;
	return at;
}

#endif
