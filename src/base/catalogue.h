/*
 * catalogue.h -- the translations in a gettext .mo file, as msgfmt writes it
 * (https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html).
 */
#ifndef BASE_CATALOGUE_H
#define BASE_CATALOGUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

/* Views into the file's bytes, which must outlive it. */
struct catalogue {
	struct bytes file;
	uint32_t count;       /* of messages, the header included */
	uint32_t originals;   /* where the table of what was written begins */
	uint32_t translations;
	struct bytes plurals; /* the header's Plural-Forms */
};

/* ERR_INPUT when it is no .mo file of this machine's byte order, or says nothing of plural forms. */
MUST_CHECK enum err catalogue_open(struct bytes file, struct catalogue *catalogue);

/*
 * The translation of `message`, in the form that `count` takes where the
 * catalogue has several. False when it has none.
 */
bool catalogue_find(const struct catalogue *catalogue, struct bytes message, uint64_t count, struct bytes *translation);

#endif
