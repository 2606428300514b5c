/*
 * wishes.h -- the options of an export as somebody typed them, on the
 * command line or in a URL.
 */
#ifndef BOOKS_WISHES_H
#define BOOKS_WISHES_H

#include "books/export.h"

enum wish {
	WISH_PROFILE,
	WISH_ZONE,             /* before all that is read with it */
	WISH_FISCAL_YEAR_START,
	WISH_FROM,
	WISH_TO,
	WISH_PERIOD,
	WISH_AS_OF,
	WISH_BY,
	WISH_CAMPAIGN,
	WISH_ACCOUNT,
	WISH_CURRENCY,
	WISH_DELIMITER,
	WISH_DECIMAL,
	WISH_BOM,
	WISHES, /* how many there are */
};

/* The parameter's name in a URL: "as_of". On a command line it has dashes: "--as-of". */
const char *wish_name(enum wish wish);

struct wishes {
	const char *texts[WISHES]; /* NULL where nothing was given */
};

/* Write what was given into `options`; the rest stays. ERR_INPUT with `why`. */
MUST_CHECK enum err wishes_read(const struct wishes *wishes, struct export_options *options,
                                       struct why *why);

#endif
