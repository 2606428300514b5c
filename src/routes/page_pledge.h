/*
 * page_pledge.h -- what every page of a pledge says: what was chosen, what of a gift is
 * still there, and where a donor changes or ends one that comes again.
 */
#ifndef ROUTES_PAGE_PLEDGE_H
#define ROUTES_PAGE_PLEDGE_H

#include "domain/payment.h"
#include "domain/pledge.h"
#include "routes/page_data.h"

/* "title" and "label" of campaign and tier. Both may be gone from the configuration: their ids remain. */
void page_choice(struct page_data *data, const struct config *config, const struct pledge *pledge);

/*
 * "runs": more will be given. "portal": the provider's public login page, absent where the configuration names none.
 * It asks for the donor's own proof of who she is: whoever has the link to our page gets no further.
 */
void page_portal(struct page_data *data, const struct config *config, const struct pledge *pledge);

/* One of "whole", "part", "held" and "void". */
void page_rest(struct page_data *data, enum payment_rest rest);

/* "refunded", "disputed" and "lost", each absent where it is nothing; what is disputed may come again. NULL: no gift. */
void page_gone(struct page_data *data, const struct payment *payment);

#endif
