#include "routes/tiers.h"

#include "base/text.h"
#include "routes/meter_json.h"

/* `left` is NULL where any number can be given. */
static void write_tier(struct json_write *json, const struct tier *tier, const uint32_t *left)
{
	char amount[AMOUNT_TEXT_SIZE];

	money_format(&tier->amount, amount);
	json_write_object_open(json, NULL);
	json_write_text(json, "id", tier->id);
	json_write_text(json, "label", tier->label);
	if (tier->text[0] != '\0')
		json_write_text(json, "text", tier->text);
	json_write_text(json, "amount", amount);
	json_write_text(json, "interval", interval_name(tier->interval));
	if (left != NULL)
		json_write_integer(json, "left", *left);
	json_write_object_close(json);
}

static void write_campaign(struct json_write *json, const struct campaign *campaign, const struct meter *meter,
                           const struct offer *offer)
{
	char ends[TIME_TEXT_SIZE];

	json_write_object_open(json, NULL);
	json_write_text(json, "id", campaign->id);
	json_write_text(json, "title", campaign->title);
	if (campaign->text[0] != '\0')
		json_write_text(json, "text", campaign->text);
	json_write_text(json, "button", campaign->button[0] != '\0' ? campaign->button : "Support");
	json_write_text(json, "currency", campaign->currency.code);
	json_write_text(json, "state", campaign_state_name(offer->state));
	if (campaign->ends_s != 0) {
		text_time_s(campaign->ends_s, ends);
		json_write_text(json, "ends", ends);
	}
	meter_json_member(json, campaign, meter);
	json_write_text(json, "default_tier", campaign->tiers[campaign->default_tier].id);
	json_write_array_open(json, "tiers");
	for (size_t i = 0; i < campaign->tier_count; i++)
		write_tier(json, &campaign->tiers[i], offer->limited[i] ? &offer->left[i] : NULL);
	json_write_array_close(json);
	json_write_object_close(json);
}

void tiers_write(struct buffer *out, const struct snapshot *snapshot)
{
	const struct config *config = snapshot->config;
	struct json_write json = JSON_WRITE(out);

	json_write_object_open(&json, NULL);
	json_write_text(&json, "organisation", config->organisation_name);
	json_write_text(&json, "mode", config->live ? "live" : "test");
	json_write_array_open(&json, "accounts");
	for (size_t i = 0; i < config->account_count; i++)
		json_write_text(&json, NULL, config->accounts[i].id);
	json_write_array_close(&json);
	json_write_array_open(&json, "campaigns");
	for (size_t i = 0; i < config->campaign_count; i++)
		write_campaign(&json, &config->campaigns[i], &snapshot->meters[i], &snapshot->offers[i]);
	json_write_array_close(&json);
	json_write_object_close(&json);
	buffer_char(out, '\n');
}
