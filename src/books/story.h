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
 * Append the story of the gift that `id` leads to: a pledge, an event, or any
 * object of a provider that an entry names. Reads the lines twice and nothing
 * else, beside a running service up to the last durable one. ERR_UNKNOWN when no
 * entry names the id, ERR_TOO_BIG for a story beyond STORY_BYTES_MAX; else as
 * scan_next.
 */
MUST_CHECK enum err story_tell(const char *data_dir, const char *id, struct buffer *out, struct why *why);

/* One entry as a sentence with its full stop. */
void story_sentence(struct buffer *out, const struct entry *entry);

#endif
