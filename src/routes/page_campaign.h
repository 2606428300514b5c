/*
 * page_campaign.h -- what a page says of a campaign: title, texts, meter.
 */
#ifndef ROUTES_PAGE_CAMPAIGN_H
#define ROUTES_PAGE_CAMPAIGN_H

#include "routes/page_data.h"
#include "service/meter.h"

/*
 * As values of the open object: id, title, text, button, meter, and the object "closed" with one of ended, reached,
 * sold_out true; absent where gifts are taken.
 */
void page_campaign(struct page_data *data, const struct campaign *campaign, const struct meter *meter, const struct offer *offer);

#endif
