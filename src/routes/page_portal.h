/*
 * page_portal.h -- where a donor changes or ends a gift that comes again.
 */
#ifndef ROUTES_PAGE_PORTAL_H
#define ROUTES_PAGE_PORTAL_H

#include "domain/pledge.h"
#include "routes/page_data.h"

/*
 * "runs": more will be given. "portal": the provider's public login page, absent where the configuration names none.
 * It asks for the donor's own proof of who she is: whoever has the link to our page gets no further.
 */
void page_portal(struct page_data *data, const struct config *config, const struct pledge *pledge);

#endif
