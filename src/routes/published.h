/*
 * published.h -- what donors see of each campaign as files for a CDN or a static
 * site, the same bytes as the doors answer:
 *
 *	ID.meter.json     /v1/meter/ID
 *	ID.meter.svg      /meter/ID.svg
 *	ID.fragment.html  meter and form, a piece of a site's own page
 *	tiers.json        /v1/tiers
 *
 * in each campaign's own language; on request in every other one beside it:
 * ID.meter.de.svg. No id of a campaign has a dot, so none is another one's file.
 */
#ifndef ROUTES_PUBLISHED_H
#define ROUTES_PUBLISHED_H

#include "service/mirror.h"
#include "service/snapshot.h"

struct published_report {
	unsigned files; /* that there are */
	unsigned written;
	unsigned removed;
};

/*
 * See to it that the folder shows this snapshot: write what changed, remove files of such names whose campaign (or
 * language, where not every one is asked for) is not published any more, and touch nothing else. What failed half-way
 * is made good by the next call. ERR_STORAGE, ERR_MEMORY, ERR_TOO_BIG.
 */
MUST_CHECK enum err published_write(struct mirror *mirror, const struct snapshot *snapshot, bool every_language,
                                    struct published_report *report, struct why *why);

#endif
