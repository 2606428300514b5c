/*
 * books_names.h -- private to the export: accounts and currencies that were named
 * once already, for the formats that declare them before their first use.
 */
#ifndef SERVICE_BOOKS_NAMES_H
#define SERVICE_BOOKS_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "domain/posting.h"

enum { NAME_SIZE = LEDGER_ACCOUNT_TEXT_SIZE, NAMES_MAX = 64 * 1024 };

/* All zero is an empty one. */
struct names {
	char (*sorted)[NAME_SIZE];
	size_t count;
	size_t capacity;
};

/* Add a name shorter than NAME_SIZE; *is_new says whether it was not there yet. ERR_MEMORY, ERR_TOO_BIG beyond NAMES_MAX. */
MUST_CHECK enum err names_add(struct names *names, const char *name, bool *is_new);

void names_free(struct names *names);

#endif
