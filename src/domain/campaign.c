#include "domain/campaign.h"

#include <stddef.h>

static const char *const names[] = {
	[INTERVAL_ONCE] = "once",
	[INTERVAL_MONTH] = "month",
	[INTERVAL_YEAR] = "year",
};

const char *interval_name(enum interval interval)
{
	return (size_t)interval < INTERVALS ? names[interval] : "?";
}

bool interval_parse(struct bytes text, enum interval *interval)
{
	for (unsigned i = 0; i < INTERVALS; i++)
		if (bytes_is(text, names[i])) {
			*interval = (enum interval)i;
			return true;
		}
	return false;
}

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

bool id_is_valid(struct bytes text)
{
	if (text.length == 0 || text.length >= ID_SIZE || !is_letter(text.data[0]))
		return false;
	for (size_t i = 1; i < text.length; i++) {
		char c = text.data[i];

		if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '-')
			return false;
	}
	return true;
}

const char *campaign_state_name(enum campaign_state state)
{
	switch (state) {
	case CAMPAIGN_OPEN:
		return "open";
	case CAMPAIGN_ENDED:
		return "ended";
	case CAMPAIGN_REACHED:
		return "reached";
	case CAMPAIGN_SOLD_OUT:
		return "sold-out";
	}
	return "?";
}

bool offer_has(const struct offer *offer, size_t tier)
{
	return !offer->limited[tier] || offer->left[tier] > 0;
}

void offer_take(struct offer *offer, const struct campaign *campaign, size_t tier, uint64_t taken)
{
	uint32_t stock = campaign->tiers[tier].stock;

	offer->limited[tier] = stock > 0;
	offer->left[tier] = taken < stock ? stock - (uint32_t)taken : 0;
}

void offer_judge(struct offer *offer, const struct campaign *campaign, const struct money *settled, int64_t now_s)
{
	size_t gone = 0;

	for (size_t i = 0; i < campaign->tier_count; i++)
		gone += !offer_has(offer, i);
	if (campaign->ends_s != 0 && now_s >= campaign->ends_s)
		offer->state = CAMPAIGN_ENDED;
	else if (campaign->closes_at_goal && settled->minor >= campaign->goal.minor)
		offer->state = CAMPAIGN_REACHED;
	else
		offer->state = gone == campaign->tier_count ? CAMPAIGN_SOLD_OUT : CAMPAIGN_OPEN;
}
