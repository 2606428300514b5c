/*
 * quote.h -- private to the story: what somebody quotes from a mail, an export or a bank's list, and whether an entry
 * is meant by it.
 */
#ifndef BOOKS_QUOTE_H
#define BOOKS_QUOTE_H

#include <stdbool.h>

#include "base/err.h"
#include "domain/entry.h"
#include "domain/token.h"

struct quote {
	const char *text;       /* as it was given; lent */
	char token[TOKEN_SIZE]; /* the pledge id or receipt token in it, as of a link; "" for none */
	uint64_t seq;           /* the entry's number: "17", or "17-EUR" as QuickBooks has it; 0 for none */
	bool is_receipt;        /* the token opens a donor's pages, and: */
	uint8_t secret[RECEIPT_SECRET_BYTES];
};

/*
 * Read the text. Only a receipt token wants more of `data_dir`: the secret that tokens are made with. ERR_UNKNOWN for
 * an empty text and for a receipt token without the secret; ERR_CORRUPT, ERR_STORAGE when it cannot be read.
 */
MUST_CHECK enum err quote_read(const char *data_dir, const char *text, struct quote *quote, struct why *why);

/*
 * Whether the entry is meant: by its seq, its pledge, event or payment (which is a receipt's number), any object of the
 * provider, or the reference of an operator's entry; by a receipt token the entry that its page is about. ERR_MEMORY.
 */
MUST_CHECK enum err quote_means(const struct quote *quote, const struct entry *entry, bool *meant);

#endif
