/*
 * page_language.h -- which language a page is in.
 */
#ifndef ROUTES_PAGE_LANGUAGE_H
#define ROUTES_PAGE_LANGUAGE_H

#include <stdbool.h>

#include "domain/campaign.h"
#include "domain/language.h"

struct page_language {
	enum language language;
	bool asked;          /* by "?lang=" or a form: the page's links keep it */
};

struct visit;

/*
 * By what the form or, with "?lang=", the address asks for, else the campaign's
 * own (NULL: the page belongs to none), else by Accept-Language, else English.
 */
struct page_language page_language_of(const struct visit *visit, const struct campaign *campaign);

/* The campaign's, or else English: what is made before anybody asks. */
enum language page_language_own(const struct campaign *campaign);

#endif
