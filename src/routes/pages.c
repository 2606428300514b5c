#include "routes/pages.h"

#include <stdio.h>

#include "routes/page_data.h"
#include "routes/page_campaign.h"
#include "routes/page_meter.h"
#include "routes/page_tier.h"
#include "web/messages.h"

void pages_choice_path(const struct config *config, const struct campaign *campaign, const char *tier, const char *account,
                       char path[static PAGES_CHOICE_PATH_SIZE])
{
	const struct campaign *of_tier = NULL;
	bool has_tier = config_tier(config, bytes_of(tier), &of_tier) != NULL && of_tier == campaign;
	bool has_account = config->account_count > 1 && config_account(config, bytes_of(account)) != NULL;

	snprintf(path, PAGES_CHOICE_PATH_SIZE, PAGES_CAMPAIGN_PATH "%s%s%s%s%s", campaign->id, has_tier ? "?tier=" : "",
	         has_tier ? tier : "", !has_account ? "" : has_tier ? "&account=" : "?account=", has_account ? account : "");
}

enum err pages_words(const struct config *config, const struct campaign *campaign, const struct meter *meter,
                     const struct offer *offer, struct page_language language, struct buffer *out, struct why *why)
{
	struct page_data data;

	page_data_begin(&data, config, language);
	page_campaign(&data, campaign, meter, offer);
	page_list_open(&data, "tiers");
	for (size_t i = 0; i < campaign->tier_count; i++) {
		page_item_open(&data);
		page_flag(&data, "first", i == 0);
		page_tier(&data, campaign, offer, i, i == page_tier_chosen(campaign, offer, NULL));
		page_item_close(&data);
	}
	page_list_close(&data);
	return page_data_end(&data, WEB_WORDS, out, why);
}

enum err pages_picture(const struct config *config, const struct campaign *campaign, const struct meter *meter,
                       const struct offer *offer, struct page_language language, struct buffer *out, struct why *why)
{
	struct page_data data;

	page_data_begin(&data, config, language);
	page_campaign(&data, campaign, meter, offer);
	page_meter_picture(&data, campaign, meter, offer->state);
	return page_data_end(&data, WEB_PICTURE, out, why);
}

enum err pages_icon(const struct config *config, struct buffer *out, struct why *why)
{
	const struct page_language none = { LANGUAGE_EN, false };
	const struct palette *palette = &config->look.palettes[SCHEME_LIGHT];
	struct page_data data;
	char text[COLOUR_TEXT_SIZE];

	page_data_begin(&data, config, none);
	colour_format(palette->colours[PALETTE_ACCENT], text);
	page_text(&data, "accent", text);
	colour_format(palette->colours[PALETTE_ON], text);
	page_text(&data, "on", text);
	return page_data_end(&data, WEB_ICON, out, why);
}

enum err pages_campaigns(const struct config *config, const struct meter *meters, const struct offer *offers,
                         struct page_language language, struct buffer *out, struct why *why)
{
	struct page_data data;

	if (config->campaign_count == 1)
		return pages_support(config, &config->campaigns[0], &meters[0], &offers[0], NULL, language, out, why);
	page_data_begin(&data, config, language);
	page_languages(&data);
	page_list_open(&data, "campaigns");
	for (size_t i = 0; i < config->campaign_count; i++) {
		page_item_open(&data);
		page_campaign(&data, &config->campaigns[i], &meters[i], &offers[i]);
		page_item_close(&data);
	}
	page_list_close(&data);
	return page_data_end(&data, WEB_CAMPAIGNS, out, why);
}

/* What a status means to somebody who looks at a page. */
static const char *problem_title(int status)
{
	switch (status) {
	case 401:
		return MESSAGE("Who is there?");
	case 404:
		return MESSAGE("There is nothing here");
	case 409:
		return MESSAGE("This is not possible any more");
	case 429:
		return MESSAGE("Too many at once");
	case 502:
		return MESSAGE("The payment provider does not answer");
	case 503:
		return MESSAGE("This is not possible at the moment");
	default:
		return MESSAGE("This was not understood");
	}
}

enum err pages_problem(const struct config *config, const struct problem_page *problem,
                       struct page_language language, struct buffer *out, struct why *why)
{
	struct page_data data;

	page_data_begin(&data, config, language);
	page_flag(&data, "home", config != NULL);
	page_number(&data, "status", problem->status);
	page_message(&data, "title", problem_title(problem->status));
	page_message(&data, "detail", problem->detail);
	page_path(&data, "retry", problem->retry_url, language);
	return page_data_end(&data, WEB_PROBLEM, out, why);
}
