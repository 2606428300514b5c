#include "routes/page_campaign.h"

#include "routes/page_meter.h"

static void page_closed(struct page_data *data, const struct offer *offer)
{
	if (offer->state == CAMPAIGN_OPEN) {
		page_absent(data, "closed");
		return;
	}
	page_object_open(data, "closed");
	page_flag(data, "ended", offer->state == CAMPAIGN_ENDED);
	page_flag(data, "reached", offer->state == CAMPAIGN_REACHED);
	page_flag(data, "sold_out", offer->state == CAMPAIGN_SOLD_OUT);
	page_object_close(data);
}

void page_campaign(struct page_data *data, const struct campaign *campaign, const struct meter *meter, const struct offer *offer)
{
	page_text(data, "id", campaign->id);
	page_text(data, "title", campaign->title);
	page_text(data, "text", campaign->text);
	page_text(data, "button", campaign->button);
	page_meter(data, campaign, meter, offer->state == CAMPAIGN_OPEN);
	page_closed(data, offer);
}
