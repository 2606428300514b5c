/*
 * page_pledge.h -- what every page of a pledge says: what was chosen, and where a
 * donor changes or ends a gift that comes again.
 */
#ifndef ROUTES_PAGE_PLEDGE_H
#define ROUTES_PAGE_PLEDGE_H

#include "domain/pledge.h"
#include "routes/page_data.h"

/* "title" and "label" of campaign and tier. Both may be gone from the configuration: their ids remain. */
void page_choice(struct page_data *data, const struct config *config, const struct pledge *pledge);

/*
 * "runs": more will be given. "portal": the provider's public login page, absent where the configuration names none.
 * It asks for the donor's own proof of who she is: whoever has the link to our page gets no further.
 */
void page_portal(struct page_data *data, const struct config *config, const struct pledge *pledge);

#endif
