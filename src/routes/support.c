#include "routes/doors.h"
#include "routes/pages.h"
#include "routes/rendered.h"
#include "web/messages.h"
#include "web/web.h"

static const char html[] = "text/html; charset=utf-8";

void door_tiers(struct visit *visit)
{
	struct http_reply reply;

	http_reply_init(&reply, 200);
	ready_body_reply(visit, &rendered_of(visit->snapshot)->tiers, "application/json", &reply);
}

/* The picture for the browser's tab. */
void door_icon(struct visit *visit)
{
	struct http_reply reply;

	http_reply_init(&reply, 200);
	ready_body_reply(visit, &rendered_of(visit->snapshot)->icon, "image/svg+xml", &reply);
}

void door_logo(struct visit *visit)
{
	const struct look *look = &visit->snapshot->config->look;
	struct http_reply reply;

	if (look->logo_type == NULL) {
		visit_problem(visit, 404, MESSAGE("There is nothing at this address."), NULL);
		return;
	}
	http_reply_init(&reply, 200);
	visit->policy = POLICY_LOGO;
	ready_body_reply(visit, &rendered_of(visit->snapshot)->logo, look->logo_type, &reply);
}

/* The tier that a link chose: ?tier=…; NULL when it chose none of this campaign's. */
static const struct tier *chosen_tier(const struct visit *visit, const struct campaign *campaign)
{
	const struct campaign *of = NULL;
	char id[ID_SIZE];

	if (!visit_query(visit, "tier", id, sizeof id))
		return NULL;
	const struct tier *tier = config_tier(visit->snapshot->config, bytes_of(id), &of);

	return tier != NULL && of == campaign ? tier : NULL;
}

/* The account that a link chose: ?account=…; NULL when it chose none of ours. */
static const struct provider_account *chosen_account(const struct visit *visit)
{
	char id[ID_SIZE];

	return visit_query(visit, "account", id, sizeof id) ? config_account(visit->snapshot->config, bytes_of(id)) : NULL;
}

static void reply_ready(struct visit *visit, enum err err, const struct ready_body *body)
{
	struct http_reply reply;

	http_reply_init(&reply, 200);
	http_reply_field(&reply, "Vary", "Accept-Language");
	reply.err = err;
	if (err == OK)
		ready_body_reply(visit, body, html, &reply);
	else
		visit_reply(visit, &reply);
}

void door_home(struct visit *visit)
{
	const struct snapshot *snapshot = visit->snapshot;
	bool single = snapshot->config->campaign_count == 1;
	struct page_language language = page_language_of(visit, single ? &snapshot->config->campaigns[0] : NULL);
	const struct ready_body *body = NULL;

	if (!language.asked) {
		enum err err = rendered_home(snapshot, language.language, &body);

		reply_ready(visit, err, body);
		return;
	}
	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	enum err err = pages_campaigns(snapshot->config, snapshot->meters, snapshot->offers, language, &page, NULL);

	ready_body_reply_once(visit, err, &page, html, NULL);
}

static void reply_campaign(struct visit *visit, const struct campaign *campaign, bool framed)
{
	const struct snapshot *snapshot = visit->snapshot;
	size_t index = (size_t)(campaign - snapshot->config->campaigns);
	const struct tier *tier = chosen_tier(visit, campaign);
	const struct provider_account *account = chosen_account(visit);
	struct page_language language = page_language_of(visit, campaign);
	const struct ready_body *body = NULL;

	if (tier == NULL && account == NULL && !language.asked) {
		enum err err = rendered_campaign(snapshot, framed ? RENDERED_FRAMED : RENDERED_PAGE, index, language.language, &body);

		reply_ready(visit, err, body);
		return;
	}
	const struct support_form form = { .tier = tier == NULL ? NULL : tier->id,
		                           .account = account == NULL ? NULL : account->id, .framed = framed };
	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	enum err err = pages_support(snapshot->config, campaign, &snapshot->meters[index], &snapshot->offers[index], &form,
	                             language, &page, NULL);

	ready_body_reply_once(visit, err, &page, html, NULL);
}

void door_campaign(struct visit *visit)
{
	const struct campaign *campaign = config_campaign(visit->snapshot->config, visit->parameter);

	if (campaign == NULL)
		visit_problem(visit, 404, MESSAGE("There is no such campaign."), NULL);
	else
		reply_campaign(visit, campaign, false);
}

void door_embed(struct visit *visit)
{
	const struct campaign *campaign = config_campaign(visit->snapshot->config, visit->parameter);

	if (campaign == NULL) {
		visit_problem(visit, 404, MESSAGE("There is no such campaign."), NULL);
		return;
	}
	visit->policy = POLICY_FRAMED;
	reply_campaign(visit, campaign, true);
}
