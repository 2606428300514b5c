#include "routes/page_pledge.h"

void page_choice(struct page_data *data, const struct config *config, const struct pledge *pledge)
{
	const struct campaign *of_tier = NULL;
	const struct campaign *campaign = config_campaign(config, bytes_of(pledge->campaign));
	const struct tier *tier = config_tier(config, bytes_of(pledge->tier), &of_tier);

	page_text(data, "title", campaign == NULL ? pledge->campaign : campaign->title);
	page_text(data, "label", tier == NULL ? pledge->tier : tier->label);
}

void page_portal(struct page_data *data, const struct config *config, const struct pledge *pledge)
{
	const struct provider_account *account = config_account(config, bytes_of(pledge->account));
	bool runs = pledge->interval != INTERVAL_ONCE && pledge->status == PLEDGE_ACTIVE;

	page_flag(data, "runs", runs);
	page_text(data, "portal", !runs || account == NULL || account->portal_url[0] == '\0' ? NULL : account->portal_url);
}
