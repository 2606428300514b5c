/*
 * page_meter.h -- how much of a campaign's goal has arrived, as values of a
 * page: the object "meter".
 */
#ifndef ROUTES_PAGE_METER_H
#define ROUTES_PAGE_METER_H

#include "domain/campaign.h"
#include "routes/page_data.h"
#include "service/meter.h"

/* `open`: whoever reads it can give. */
void page_meter(struct page_data *data, const struct campaign *campaign, const struct meter *meter, bool open);

/*
 * What a picture of it has to reckon itself, beside "meter": where a line of text begins and ends, how far the bar is
 * filled, what is said beneath in lines, and how high all that is.
 */
void page_meter_picture(struct page_data *data, const struct campaign *campaign, const struct meter *meter, enum campaign_state state);

#endif
