/*
 * utf8.h -- whether bytes are UTF-8 as RFC 3629 has it: no overlong forms, no
 * surrogates, nothing beyond U+10FFFF.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

/* The bytes of the sequence that `text` begins with: 1 to 4, or 0 when it is not UTF-8 (or empty). */
size_t utf8_sequence(struct bytes text);

bool utf8_is_valid(struct bytes text);

#endif
