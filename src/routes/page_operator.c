#include "routes/pages.h"

#include <stdio.h>
#include <string.h>

#include "routes/page_data.h"

static void page_status(struct page_data *data, const struct ledger_status *status)
{
	page_count(data, "head", status->head);
	page_count(data, "waiting", status->parked);
	page_flag(data, "parked", status->parked > 0);
	page_flag(data, "halted", status->halted);
	page_flag(data, "low_space", status->low_space);
	page_text(data, "reason", status->problem);
}

/* An address that starts with how donors reach us. */
static void page_url(struct page_data *data, const struct config *config, const char *path, const char *id)
{
	char url[URL_SIZE + LABEL_SIZE];

	snprintf(url, sizeof url, "%s%s%s", config->public_url, path, id);
	page_text(data, "url", url);
}

static void page_campaign_sums(struct page_data *data, const struct config *config,
                               const struct campaign_totals *totals)
{
	page_list_open(data, "campaigns");
	for (size_t i = 0; i < config->campaign_count; i++) {
		const struct campaign *campaign = &config->campaigns[i];

		page_item_open(data);
		page_text(data, "title", campaign->title);
		page_money(data, "settled", &totals[i].settled);
		page_money(data, "pending", &totals[i].pending);
		page_count(data, "gifts", totals[i].gifts);
		page_url(data, config, PAGES_CAMPAIGN_PATH, campaign->id);
		page_item_close(data);
	}
	page_list_close(data);
}

static void page_webhooks(struct page_data *data, const struct config *config)
{
	page_list_open(data, "webhooks");
	for (size_t i = 0; i < config->account_count; i++) {
		page_item_open(data);
		page_text(data, "id", config->accounts[i].id);
		page_url(data, config, "/webhooks/", config->accounts[i].id);
		page_item_close(data);
	}
	page_list_close(data);
}

enum err pages_operator(const struct config *config, const struct ledger_status *status,
                        const struct campaign_totals *totals, const struct shown_commands *commands,
                        struct page_language language, struct buffer *out, struct why *why)
{
	struct page_data data;

	page_data_begin(&data, config, language);
	page_languages(&data);
	page_status(&data, status);
	page_campaign_sums(&data, config, totals);
	page_webhooks(&data, config);
	page_text(&data, "public_url", config->public_url);
	page_text(&data, "operator", config->operator_listen);
	page_commands(&data, "commands", commands);
	return page_data_end(&data, WEB_OPERATOR, out, why);
}
