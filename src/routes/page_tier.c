#include "routes/page_tier.h"

#include <string.h>

size_t page_tier_place(const struct campaign *campaign, const char *id)
{
	size_t i = 0;

	while (i < campaign->tier_count && (id == NULL || strcmp(campaign->tiers[i].id, id) != 0))
		i++;
	return i;
}

size_t page_tier_chosen(const struct campaign *campaign, const struct offer *offer, const char *wanted)
{
	size_t chosen = page_tier_place(campaign, wanted);

	if (chosen < campaign->tier_count && offer_has(offer, chosen))
		return chosen;
	if (offer_has(offer, campaign->default_tier))
		return campaign->default_tier;
	for (size_t i = 0; i < campaign->tier_count; i++)
		if (offer_has(offer, i))
			return i;
	return campaign->default_tier;
}

void page_tier(struct page_data *data, const struct campaign *campaign, const struct offer *offer, size_t place, bool checked)
{
	const struct tier *tier = &campaign->tiers[place];
	bool gone = !offer_has(offer, place);

	page_text(data, "id", tier->id);
	page_text(data, "label", tier->label);
	page_text(data, "text", tier->text);
	page_money_short(data, "amount", &tier->amount);
	page_interval(data, tier->interval);
	page_flag(data, "checked", checked && !gone);
	page_flag(data, "gone", gone);
	page_flag(data, "limited", offer->limited[place]);
	if (offer->limited[place] && !gone)
		page_count(data, "left", offer->left[place]);
	else
		page_absent(data, "left");
}
