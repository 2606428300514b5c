#include "routes/page_campaign.h"

#include "routes/page_meter.h"

void page_campaign(struct page_data *data, const struct campaign *campaign,
                   const struct meter *meter)
{
	page_text(data, "id", campaign->id);
	page_text(data, "title", campaign->title);
	page_text(data, "text", campaign->text);
	page_text(data, "button", campaign->button);
	page_meter(data, campaign, meter);
}
