/*
 * plain.h -- plain bytes: ASCII from the blank up but for '"' and '\', which stand for themselves inside a
 * string of JSON. Names, ids and amounts consist of nothing else: they are passed over eight at a time,
 * sixteen where the compiler may count on SSE2, as on every x86-64.
 */
#ifndef BASE_PLAIN_H
#define BASE_PLAIN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

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

#ifdef __SSE2__

static inline __m128i plain_load_16(const char *text)
{
	__m128i bytes;

	memcpy(&bytes, text, sizeof bytes);
	return bytes;
}

/* A bit for each byte that is not plain. Signs count: what is above 0x7f is below the blank. */
static inline unsigned plain_marks_16(__m128i bytes)
{
	__m128i low = _mm_cmplt_epi8(bytes, _mm_set1_epi8(' '));
	__m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
	__m128i slash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(low, _mm_or_si128(quote, slash)));
}

#endif

/* How many bytes at the front are plain. */
static inline size_t plain_length(const char *text, size_t length)
{
	size_t at = 0;

#ifdef __SSE2__
	for (; length - at >= 16; at += 16) {
		unsigned marks = plain_marks_16(plain_load_16(text + at));

		if (marks != 0)
			return at + (size_t)__builtin_ctz(marks);
	}
#endif
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

/* How many bytes at the front are blanks. */
static inline size_t plain_blanks(const char *text, size_t length)
{
	size_t at = 0;

#ifdef __SSE2__
	for (; length - at >= 16; at += 16) {
		unsigned blanks = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(plain_load_16(text + at), _mm_set1_epi8(' ')));

		if (blanks != 0xffff)
			return at + (size_t)__builtin_ctz(~blanks);
	}
#endif
	while (at < length && text[at] == ' ')
		at++;
	return at;
}

#endif
