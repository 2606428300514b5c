/*
 * story.h -- everything that the ledger holds about one gift, in plain words:
 * for the person whom somebody asks "what became of my donation?".
 */
#ifndef BOOKS_STORY_H
#define BOOKS_STORY_H

#include "base/bytes.h"
#include "base/err.h"
#include "domain/entry.h"

enum { STORY_BYTES_MAX = 16 * 1024 * 1024 };

/*
 * Append the story of the gift that somebody quotes: by a pledge, an event, a payment (a receipt's number) or any other
 * object of a provider that an entry names, by the reference of what an operator entered, by an entry's seq, or by the
 * address of a donor's page. Where several gifts are quoted, the entries that are meant, each with its pledge. Reads
 * the lines twice (and the receipt secret, for a page) and nothing else, beside a running service up to the last durable
 * one. ERR_UNKNOWN when nothing is found, ERR_TOO_BIG for a story beyond STORY_BYTES_MAX; else as scan_next.
 */
MUST_CHECK enum err story_tell(const char *data_dir, const char *text, struct buffer *out, struct why *why);

/* One entry as a sentence with its full stop. */
void story_sentence(struct buffer *out, const struct entry *entry);

#endif
