/*
 * rendered.h -- bytes made once for a snapshot and answered to everyone: the
 * support pages in each language and the tiers, plain and compressed, with
 * their ETags.
 *
 * The tiers, and each page in the language that it has by itself, are made with
 * the snapshot; a page in another language when it is asked for first.
 */
#ifndef ROUTES_RENDERED_H
#define ROUTES_RENDERED_H

#include <stdatomic.h>

#include "domain/language.h"
#include "routes/ready_body.h"
#include "service/snapshot.h"

/* For snapshots_open. */
extern const struct renderer rendered_renderer;

/* One page in every language; NULL as long as nobody asked for it. */
struct rendered_page {
	_Atomic(struct ready_body *) languages[LANGUAGES];
};

struct rendered {
	struct rendered_page home;
	struct ready_body tiers;
	char policy[2048];                /* Content-Security-Policy of pages with a form */
	size_t campaign_count;
	struct rendered_page campaigns[]; /* as the configuration's */
};

const struct rendered *rendered_of(const struct snapshot *snapshot);

/* The start page, and the page of the campaign of that index; the snapshot owns them. ERR_MEMORY, ERR_TOO_BIG. */
MUST_CHECK enum err rendered_home(const struct snapshot *snapshot, enum language language,
                                  const struct ready_body **body);
MUST_CHECK enum err rendered_campaign(const struct snapshot *snapshot, size_t index, enum language language,
                                      const struct ready_body **body);

#endif
