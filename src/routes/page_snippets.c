#include "routes/page_data.h"
#include "routes/pages.h"

static void page_sites(struct page_data *data, const struct config *config)
{
	page_list_open(data, "sites");
	for (size_t i = 0; i < config->site_count; i++)
		page_text(data, NULL, config->sites[i]);
	page_list_close(data);
}

enum err pages_snippets(const struct config *config, struct buffer *out, struct why *why)
{
	const struct page_language english = { LANGUAGE_EN, false };
	struct page_data data;

	page_data_begin(&data, config, english);
	page_text(&data, "public_url", config->public_url);
	page_sites(&data, config);
	page_text(&data, "first", config->campaigns[0].id);
	page_list_open(&data, "campaigns");
	for (size_t i = 0; i < config->campaign_count; i++) {
		const struct campaign *campaign = &config->campaigns[i];

		page_item_open(&data);
		page_text(&data, "id", campaign->id);
		page_text(&data, "title", campaign->title);
		page_text(&data, "tier", campaign->tiers[campaign->default_tier].id);
		page_item_close(&data);
	}
	page_list_close(&data);
	return page_data_end(&data, WEB_SNIPPETS, out, why);
}
