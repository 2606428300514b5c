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

void page_rest(struct page_data *data, enum payment_rest rest)
{
	page_flag(data, "whole", rest == REST_WHOLE);
	page_flag(data, "part", rest == REST_PART);
	page_flag(data, "held", rest == REST_HELD);
	page_flag(data, "void", rest == REST_NOTHING);
}

static void page_part(struct page_data *data, const char *name, int64_t minor, const struct currency *currency)
{
	const struct money part = { minor, *currency };

	if (minor > 0)
		page_money(data, name, &part);
	else
		page_absent(data, name);
}

void page_gone(struct page_data *data, const struct payment *payment)
{
	static const struct payment none = { .given_s = 0 };
	const struct payment *of = payment == NULL ? &none : payment;

	page_part(data, "refunded", payment_refunded(of), &of->given.currency);
	page_part(data, "disputed", of->disputed, &of->given.currency);
	page_part(data, "lost", of->lost, &of->given.currency);
}
