/*
 * language.h -- the languages that people are spoken to in, and which of them
 * somebody wants.
 */
#ifndef DOMAIN_LANGUAGE_H
#define DOMAIN_LANGUAGE_H

#include <stdbool.h>

#include "base/bytes.h"

enum { LANGUAGE_TAG_SIZE = 16 };

enum language {
	LANGUAGE_EN, /* what is taken where nothing else is wanted */
	LANGUAGE_DE,
	LANGUAGE_FR,
	LANGUAGE_ES,
	LANGUAGE_UK,
	LANGUAGE_JA,
	LANGUAGE_AR,
	LANGUAGES,   /* how many there are */
};

/* "en", "ar", … (BCP 47). */
const char *language_tag(enum language language);

/* What the language calls itself: "English", "Deutsch". */
const char *language_title(enum language language);

/* The direction of its text, as HTML has it: "ltr" or "rtl". */
const char *language_direction(enum language language);

/* Whether a blank stands between its sentences. */
bool language_is_spaced(enum language language);

/* The language of exactly such a tag, letters compared without case. */
bool language_parse(struct bytes tag, enum language *language);

/*
 * The best of ours for an Accept-Language field (RFC 9110, 12.5.4): the range
 * with the greatest weight that one of ours answers to by RFC 4647's look-up
 * ("de-AT" is content with "de"), the first of equal ones. A range with weight 0
 * refuses what it names. Malformed elements are passed over. False where
 * nothing of ours is wanted.
 */
bool language_accept(struct bytes field, enum language *language);

#endif
