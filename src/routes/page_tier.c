#include "routes/page_tier.h"

#include <string.h>

size_t page_tier_place(const struct campaign *campaign, const char *id)
{
	size_t i = 0;

	while (i < campaign->tier_count && (id == NULL || strcmp(campaign->tiers[i].id, id) != 0))
		i++;
	return i;
}

/* How well one serves in place of the best one: its interval goes before the default, and what cannot be given is nothing. */
static int rank(const struct campaign *campaign, const struct offer *offer, size_t place, size_t best)
{
	bool same = campaign->tiers[place].interval == campaign->tiers[best].interval;

	return offer_has(offer, place) ? 1 + 4 * (place == best) + 2 * same + (place == campaign->default_tier) : 0;
}

size_t page_tier_chosen(const struct campaign *campaign, const struct offer *offer, const char *wanted)
{
	size_t place = page_tier_place(campaign, wanted);
	size_t best = place < campaign->tier_count ? place : campaign->default_tier;
	size_t chosen = best;

	for (size_t i = 0; i < campaign->tier_count; i++)
		if (rank(campaign, offer, i, best) > rank(campaign, offer, chosen, best))
			chosen = i;
	return chosen;
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
