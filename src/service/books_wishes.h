/*
 * books_wishes.h -- the options of an export as somebody typed them, on the
 * command line or in a URL.
 */
#ifndef SERVICE_BOOKS_WISHES_H
#define SERVICE_BOOKS_WISHES_H

#include "service/books.h"

/* NULL where nothing was given. */
struct export_wishes {
	const char *from;
	const char *to;
	const char *as_of;
	const char *campaign;
	const char *profile;
};

/* Write what was given into `options`; the rest stays. ERR_INPUT with `why`. */
MUST_CHECK enum err export_wishes_read(const struct export_wishes *wishes, struct export_options *options,
                                       struct why *why);

#endif
