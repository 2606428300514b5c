/*
 * plural.h -- which plural form a number takes, by the expression in a gettext
 * catalogue's header: "nplurals=2; plural=(n != 1);".
 */
#ifndef BASE_PLURAL_H
#define BASE_PLURAL_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

enum { PLURAL_FORMS_MAX = 6 };

/*
 * The form of `count`, from 0, by a header's Plural-Forms value. The expression
 * is C's with n, numbers, ? : || && == != < > <= >= + - * / % ! and parentheses.
 * ERR_INPUT when it is malformed, divides by zero, is nested too deeply, or its
 * value is not below nplurals (at most PLURAL_FORMS_MAX).
 */
MUST_CHECK enum err plural_form(struct bytes forms, uint64_t count, unsigned *form);

#endif
