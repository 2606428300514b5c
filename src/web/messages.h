/*
 * messages.h -- the words that people are shown, in their language.
 *
 * A message is known by its English words; the catalogues of the other languages
 * are src/web/locales/LANGUAGE.po, compiled in as msgfmt makes them.
 */
#ifndef WEB_MESSAGES_H
#define WEB_MESSAGES_H

#include <stdint.h>

#include "base/bytes.h"
#include "domain/language.h"

/* Marks a literal in the code as a message, for the test that looks for missing and unused ones. */
#define MESSAGE(english) english

/*
 * The words for `message`; where there is a plural, `many`, those that `count` of
 * it takes. English words where the catalogue has none.
 */
struct bytes messages_find(enum language language, struct bytes message, struct bytes many, uint64_t count);

/* Whether such a message is known in the language; every one is in English. */
bool messages_has(enum language language, struct bytes message);

#endif
