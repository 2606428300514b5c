#include "routes/pages.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "routes/page_data.h"
#include "routes/page_meter.h"
#include "web/messages.h"

/* ---- the form ---- */

/* The place of the donor's choice, or of the default where that is gone. */
static size_t chosen_tier(const struct campaign *campaign, const struct support_form *form)
{
	for (size_t i = 0; i < campaign->tier_count && form->tier != NULL; i++)
		if (strcmp(campaign->tiers[i].id, form->tier) == 0)
			return i;
	return campaign->default_tier;
}

static size_t chosen_account(const struct config *config, const struct support_form *form)
{
	for (size_t i = 0; i < config->account_count && form->account != NULL; i++)
		if (strcmp(config->accounts[i].id, form->account) == 0)
			return i;
	return 0;
}

static void page_tiers(struct page_data *data, const struct campaign *campaign, const struct support_form *form)
{
	size_t chosen = chosen_tier(campaign, form);

	page_list_open(data, "tiers");
	for (size_t i = 0; i < campaign->tier_count; i++) {
		const struct tier *tier = &campaign->tiers[i];

		page_item_open(data);
		page_text(data, "id", tier->id);
		page_text(data, "label", tier->label);
		page_text(data, "text", tier->text);
		page_money_short(data, "amount", &tier->amount);
		page_interval(data, tier->interval);
		page_flag(data, "checked", i == chosen);
		page_item_close(data);
	}
	page_list_close(data);
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

/* Two accounts at one provider are told apart by their ids. */
static void page_account_name(struct page_data *data, const struct config *config,
                              const struct provider_account *account)
{
	const char *title = provider_title(account->provider);
	char name[LABEL_SIZE];

	if (is_only_one(config, account->provider))
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
static void page_refusal(struct page_data *data, const struct config *config, const struct campaign *campaign,
                         const struct support_form *form)
{
	bool of_account = form->refusal == REFUSAL_UNKNOWN_ACCOUNT;
	char field[ID_SIZE + sizeof "account-"];

	if (form->refusal == REFUSAL_NONE) {
		page_absent(data, "problem");
		return;
	}
	snprintf(field, sizeof field, "%s-%s", of_account ? "account" : "tier",
	         of_account ? config->accounts[chosen_account(config, form)].id
	                    : campaign->tiers[chosen_tier(campaign, form)].id);
	page_object_open(data, "problem");
	page_text(data, "field", field);
	page_flag(data, "no_tier", form->refusal == REFUSAL_NO_TIER);
	page_flag(data, "unknown_tier", form->refusal == REFUSAL_UNKNOWN_TIER);
	page_flag(data, "unknown_account", of_account);
	page_object_close(data);
}

/* ---- pages ---- */

static void page_campaign(struct page_data *data, const struct campaign *campaign,
                          const struct campaign_totals *totals)
{
	page_text(data, "id", campaign->id);
	page_text(data, "title", campaign->title);
	page_text(data, "text", campaign->text);
	page_text(data, "button", campaign->button);
	page_meter(data, campaign, totals);
}

enum err pages_support(const struct config *config, const struct campaign *campaign,
                       const struct campaign_totals *totals, const struct support_form *form,
                       struct page_language language, struct buffer *out, struct why *why)
{
	static const struct support_form empty = { .refusal = REFUSAL_NONE };
	struct page_data data;

	if (form == NULL)
		form = &empty;
	page_data_begin(&data, config, language);
	page_flag(&data, "home", config->campaign_count > 1);
	if (form->refusal == REFUSAL_NONE)
		page_languages(&data);
	page_campaign(&data, campaign, totals);
	page_tiers(&data, campaign, form);
	page_accounts(&data, config, form);
	page_refusal(&data, config, campaign, form);
	return page_data_end(&data, WEB_SUPPORT, out, why);
}

enum err pages_campaigns(const struct config *config, const struct campaign_totals *totals,
                         struct page_language language, struct buffer *out, struct why *why)
{
	struct page_data data;

	if (config->campaign_count == 1)
		return pages_support(config, &config->campaigns[0], &totals[0], NULL, language, out, why);
	page_data_begin(&data, config, language);
	page_languages(&data);
	page_list_open(&data, "campaigns");
	for (size_t i = 0; i < config->campaign_count; i++) {
		page_item_open(&data);
		page_campaign(&data, &config->campaigns[i], &totals[i]);
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
		return MESSAGE("This was chosen before");
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
