/*
 * text.h -- small readings and spellings of text: numbers, hexadecimal,
 * blanks, RFC 3339 times, UTF-8.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"

/* Digits only, no sign, no leading zero (but "0"), at most `max`. ERR_INPUT, ERR_TOO_BIG. */
MUST_CHECK enum err text_unsigned(struct bytes text, uint64_t max, uint64_t *number);

/* Lower hex of `length` bytes; `out` holds 2 × length + 1. */
void text_hex(const uint8_t *bytes, size_t length, char *out);

/* Exactly `length` bytes from exactly 2 × length lower-case digits. ERR_INPUT. */
MUST_CHECK enum err text_unhex(struct bytes text, uint8_t *bytes, size_t length);

/* Whether all characters are lower-case hexadecimal digits. */
bool text_is_hex(struct bytes text);

/* The value of a hexadecimal digit of either case; -1 for what is none. */
int text_hex_digit(char c);

/* A space or a tab: what HTTP (RFC 9110, 5.6.3) and our own files let stand around a value. */
static inline bool text_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The same text without the blanks at its ends. */
struct bytes text_trim(struct bytes text);

/* Whether all bytes are well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms). */
bool text_is_utf8(struct bytes text);

/* Microseconds since 1970 as 2026-11-22T10:59:09.123456Z; years 1970 to 9999. */
void text_time(int64_t time_us, char out[static TIME_TEXT_SIZE]);

/* Seconds since 1970 as 2026-11-22T10:59:09Z. */
void text_time_s(int64_t time_s, char out[static TIME_TEXT_SIZE]);

/* Read either form exactly as written above. ERR_INPUT for anything else, impossible dates included. */
MUST_CHECK enum err text_parse_time(struct bytes text, int64_t *time_us);
MUST_CHECK enum err text_parse_time_s(struct bytes text, int64_t *time_s);

/* Read a date, 2026-11-22, as its first second in UTC. ERR_INPUT. */
MUST_CHECK enum err text_parse_date(struct bytes text, int64_t *time_s);

#endif
