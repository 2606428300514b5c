#include <stdio.h>
#include <string.h>

#include "routes/page_campaign.h"
#include "routes/page_data.h"
#include "routes/page_tier.h"
#include "routes/pages.h"

/* ---- the form ---- */

static size_t chosen_account(const struct config *config, const struct support_form *form)
{
	for (size_t i = 0; i < config->account_count && form->account != NULL; i++)
		if (strcmp(config->accounts[i].id, form->account) == 0)
			return i;
	return 0;
}

/*
 * The one that is checked among those of an interval: the chosen one where it is of them, else the default, else the first
 * that is left, else the first.
 */
static size_t checked_of(const struct campaign *campaign, const struct offer *offer, enum interval interval, size_t chosen)
{
	size_t first = campaign->tier_count;

	if (campaign->tiers[chosen].interval == interval)
		return chosen;
	if (campaign->tiers[campaign->default_tier].interval == interval && offer_has(offer, campaign->default_tier))
		return campaign->default_tier;
	for (size_t i = campaign->tier_count; i-- > 0;)
		if (campaign->tiers[i].interval == interval
		    && (first == campaign->tier_count || offer_has(offer, i) || !offer_has(offer, first)))
			first = i;
	return first;
}

static void page_interval_tiers(struct page_data *data, const struct campaign *campaign, const struct offer *offer,
                                enum interval interval, size_t checked)
{
	page_list_open(data, "tiers");
	for (size_t i = 0; i < campaign->tier_count; i++)
		if (campaign->tiers[i].interval == interval) {
			page_item_open(data);
			page_tier(data, campaign, offer, i, i == checked);
			page_item_close(data);
		}
	page_list_close(data);
}

/*
 * Each interval has a form of its own, so that what is not seen is not sent; which of them is seen is for the
 * style to say.
 */
static void page_intervals(struct page_data *data, const struct campaign *campaign, const struct offer *offer, size_t chosen)
{
	size_t count = 0;

	page_list_open(data, "intervals");
	for (unsigned i = 0; i < INTERVALS; i++) {
		enum interval interval = (enum interval)i;
		size_t checked = checked_of(campaign, offer, interval, chosen);

		if (checked == campaign->tier_count)
			continue;
		count++;
		page_item_open(data);
		page_text(data, "every", interval_name(interval));
		page_interval(data, interval);
		page_flag(data, "chosen", campaign->tiers[chosen].interval == interval);
		page_flag(data, "any", offer_has(offer, checked));
		page_interval_tiers(data, campaign, offer, interval, checked);
		page_item_close(data);
	}
	page_list_close(data);
	page_flag(data, "several_intervals", count > 1);
}

/* The name that people know a provider by; an adapter that is not listed has its own. */
static const char *provider_title(const char *provider)
{
	static const char *const titles[][2] = {
		{ "adyen", "Adyen" },   { "btcpay", "BTCPay Server" }, { "gocardless", "GoCardless" },
		{ "mollie", "Mollie" }, { "paddle", "Paddle" },        { "paypal", "PayPal" },
		{ "razorpay", "Razorpay" }, { "square", "Square" },    { "stripe", "Stripe" },
	};

	for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++)
		if (strcmp(titles[i][0], provider) == 0)
			return titles[i][1];
	return provider;
}

static bool is_only_one(const struct config *config, const char *provider)
{
	size_t count = 0;

	for (size_t i = 0; i < config->account_count; i++)
		count += strcmp(config->accounts[i].provider, provider) == 0;
	return count == 1;
}

/* What the configuration calls it; without that two accounts at one provider are told apart by their ids. */
static void page_account_name(struct page_data *data, const struct config *config,
                              const struct provider_account *account)
{
	const char *title = provider_title(account->provider);
	char name[LABEL_SIZE];

	if (account->label[0] != '\0')
		snprintf(name, sizeof name, "%s", account->label);
	else if (is_only_one(config, account->provider))
		snprintf(name, sizeof name, "%s", title);
	else
		snprintf(name, sizeof name, "%s (%s)", title, account->id);
	page_text(data, "name", name);
}

static void page_accounts(struct page_data *data, const struct config *config, const struct support_form *form)
{
	size_t chosen = chosen_account(config, form);

	page_flag(data, "several_accounts", config->account_count > 1);
	page_list_open(data, "accounts");
	for (size_t i = 0; i < config->account_count; i++) {
		page_item_open(data);
		page_text(data, "id", config->accounts[i].id);
		page_account_name(data, config, &config->accounts[i]);
		page_flag(data, "checked", i == chosen);
		page_item_close(data);
	}
	page_list_close(data);
}

/* Where the link of the summary leads: to the choice that is checked in the refused group. */
static void page_refusal(struct page_data *data, const struct config *config, const struct tier *tier,
                         const struct support_form *form)
{
	bool of_account = form->refusal == REFUSAL_UNKNOWN_ACCOUNT;
	char field[2 * ID_SIZE + sizeof "account-"];

	if (form->refusal == REFUSAL_NONE) {
		page_absent(data, "problem");
		return;
	}
	if (of_account)
		snprintf(field, sizeof field, "account-%s-%s", config->accounts[chosen_account(config, form)].id,
		         interval_name(tier->interval));
	else
		snprintf(field, sizeof field, "tier-%s", tier->id);
	page_object_open(data, "problem");
	page_text(data, "field", field);
	page_flag(data, "no_tier", form->refusal == REFUSAL_NO_TIER);
	page_flag(data, "unknown_tier", form->refusal == REFUSAL_UNKNOWN_TIER);
	page_flag(data, "sold_out", form->refusal == REFUSAL_SOLD_OUT);
	page_flag(data, "unknown_account", of_account);
	page_object_close(data);
}

/* ---- the page ---- */

/* Whoever was told that a tier is sold out must not see it offered by a page that is older than that. */
static struct offer offer_now(const struct campaign *campaign, const struct offer *offer, const struct support_form *form)
{
	struct offer now = *offer;
	size_t place = page_tier_place(campaign, form->tier);
	bool any = false;

	if (form->refusal == REFUSAL_SOLD_OUT && place < campaign->tier_count) {
		now.limited[place] = true;
		now.left[place] = 0;
	}
	for (size_t i = 0; i < campaign->tier_count; i++)
		any = any || offer_has(&now, i);
	if (!any && now.state == CAMPAIGN_OPEN)
		now.state = CAMPAIGN_SOLD_OUT;
	return now;
}

enum err pages_support(const struct config *config, const struct campaign *campaign,
                       const struct meter *meter, const struct offer *offer, const struct support_form *form,
                       struct page_language language, struct buffer *out, struct why *why)
{
	static const struct support_form empty = { .refusal = REFUSAL_NONE };
	struct page_data data;

	if (form == NULL)
		form = &empty;
	const struct offer now = offer_now(campaign, offer, form);
	size_t chosen = page_tier_chosen(campaign, &now, form->tier);

	page_data_begin(&data, config, language);
	page_flag(&data, "home", config->campaign_count > 1);
	page_flag(&data, "framed", form->framed);
	if (form->refusal == REFUSAL_NONE)
		page_languages(&data);
	page_campaign(&data, campaign, meter, &now);
	page_text(&data, "campaign", campaign->id);
	page_intervals(&data, campaign, &now, chosen);
	page_accounts(&data, config, form);
	page_refusal(&data, config, &campaign->tiers[chosen], form);
	return page_data_end(&data, WEB_SUPPORT, out, why);
}

enum err pages_fragment(const struct config *config, const struct campaign *campaign, const struct meter *meter,
                        const struct offer *offer, struct page_language language, struct buffer *out, struct why *why)
{
	struct page_data data;

	language.asked = language.language != page_language_own(campaign);
	page_data_begin(&data, config, language);
	page_text(&data, "public_url", config->public_url);
	page_campaign(&data, campaign, meter, offer);
	page_intervals(&data, campaign, offer, page_tier_chosen(campaign, offer, NULL));
	return page_data_end(&data, WEB_FRAGMENT, out, why);
}
