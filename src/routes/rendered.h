/*
 * rendered.h -- bytes made once for a snapshot and answered to everyone: the
 * tiers, and of each campaign what there is in each language, plain and
 * compressed, with their ETags.
 *
 * The tiers, and each page in the language that it has by itself, are made with
 * the snapshot; everything else when it is asked for first.
 */
#ifndef ROUTES_RENDERED_H
#define ROUTES_RENDERED_H

#include <stdatomic.h>

#include "domain/language.h"
#include "routes/policy.h"
#include "routes/ready_body.h"
#include "service/snapshot.h"

/* For snapshots_open. */
extern const struct renderer rendered_renderer;

/* What there is of a campaign. */
enum rendered_kind {
	RENDERED_PAGE,    /* its support page */
	RENDERED_FRAMED,  /* … for a frame of another page */
	RENDERED_PICTURE, /* its meter as SVG */
	RENDERED_WORDS,   /* what a button on another site says */
	RENDERED_FRAGMENT, /* a piece of another site's page */
	RENDERED_METER,   /* its meter as JSON, the same in every language */
	RENDERED_KINDS,
};

/* One thing in every language; NULL as long as nobody asked for it. */
struct rendered_page {
	_Atomic(struct ready_body *) languages[LANGUAGES];
};

struct rendered_campaign {
	struct rendered_page kinds[RENDERED_KINDS];
};

struct rendered {
	struct rendered_page home;
	struct ready_body tiers;
	struct ready_body script;         /* of the button */
	struct ready_body icon;           /* for the browser's tab */
	struct ready_body logo;           /* empty where there is none */
	struct blob *received;            /* what a provider hears whose delivery is in the ledger */
	struct buffer policies[POLICIES];
	size_t campaign_count;
	struct rendered_campaign campaigns[]; /* as the configuration's */
};

const struct rendered *rendered_of(const struct snapshot *snapshot);

/* The start page, and what there is of the campaign of that index; the snapshot owns them. ERR_MEMORY, ERR_TOO_BIG. */
MUST_CHECK enum err rendered_home(const struct snapshot *snapshot, enum language language,
                                  const struct ready_body **body);
MUST_CHECK enum err rendered_campaign(const struct snapshot *snapshot, enum rendered_kind kind, size_t index,
                                      enum language language, const struct ready_body **body);

/*
 * That of the campaign in the visit's path, in the visit's language, and a reply
 * for it; false where there is none: then it was answered.
 */
bool visit_rendered(struct visit *visit, enum rendered_kind kind, const struct ready_body **body, struct http_reply *reply);

#endif
