/*
 * rendered.h -- bytes made once for a snapshot and answered to everyone: the
 * support pages and the tiers, plain and compressed, with their ETags.
 */
#ifndef ROUTES_RENDERED_H
#define ROUTES_RENDERED_H

#include "routes/site.h"
#include "service/snapshot.h"

/* For snapshots_open. */
extern const struct renderer rendered_renderer;

enum { ETAG_SIZE = 40 };

struct rendered_body {
	struct blob *plain;
	struct blob *gzip;
	char etag[ETAG_SIZE];      /* with its quotes */
	char etag_gzip[ETAG_SIZE];
};

struct rendered {
	struct rendered_body home;
	struct rendered_body tiers;
	char policy[2048];                /* Content-Security-Policy of pages with a form */
	size_t campaign_count;
	struct rendered_body campaigns[]; /* as the configuration's */
};

const struct rendered *rendered_of(const struct snapshot *snapshot);

/* Answer with such bytes: 200, or 304 when the other end has them. `reply` may carry fields already. */
void rendered_reply(struct visit *visit, const struct rendered_body *body, const char *type, struct http_reply *reply);

#endif
