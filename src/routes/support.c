#include "routes/doors.h"
#include "routes/pages.h"
#include "routes/rendered.h"
#include "web/web.h"

static const char html[] = "text/html; charset=utf-8";

void door_home(struct visit *visit)
{
	struct http_reply reply;

	http_reply_init(&reply, 200);
	rendered_reply(visit, &rendered_of(visit->snapshot)->home, html, &reply);
}

void door_tiers(struct visit *visit)
{
	struct http_reply reply;

	http_reply_init(&reply, 200);
	rendered_reply(visit, &rendered_of(visit->snapshot)->tiers, "application/json", &reply);
}

/* The picture for the browser's tab. */
void door_icon(struct visit *visit)
{
	struct http_reply reply;

	http_reply_init(&reply, 200);
	http_reply_field(&reply, "Content-Type", "image/svg+xml");
	http_reply_field(&reply, "Cache-Control", "public, max-age=86400");
	reply.body = BUFFER(PAGE_BYTES_MAX);
	buffer_bytes(&reply.body, web_icon());
	visit_reply(visit, &reply);
}

/* The tier that a link chose: ?tier=…; NULL when it chose none of this campaign's. */
static const struct tier *chosen_tier(const struct visit *visit, const struct campaign *campaign)
{
	struct bytes rest = visit->request->query;
	const struct campaign *of = NULL;
	char name[16];
	char value[ID_SIZE];
	bool more = true;

	while (http_form_next(&rest, &more, name, sizeof name, value, sizeof value) == OK && more) {
		if (!bytes_is(bytes_of(name), "tier"))
			continue;
		const struct tier *tier = config_tier(visit->snapshot->config, bytes_of(value), &of);

		return tier != NULL && of == campaign ? tier : NULL;
	}
	return NULL;
}

void door_campaign(struct visit *visit)
{
	const struct snapshot *snapshot = visit->snapshot;
	const struct campaign *campaign = config_campaign(snapshot->config, visit->parameter);
	struct http_reply reply;

	if (campaign == NULL) {
		visit_problem(visit, 404, "There is no such campaign.", "/");
		return;
	}
	size_t index = (size_t)(campaign - snapshot->config->campaigns);
	const struct tier *tier = chosen_tier(visit, campaign);

	http_reply_init(&reply, 200);
	if (tier == NULL) {
		rendered_reply(visit, &rendered_of(snapshot)->campaigns[index], html, &reply);
		return;
	}
	struct support_form form = { .tier = tier->id };

	reply.body = BUFFER(PAGE_BYTES_MAX);
	reply.err = pages_support(snapshot->config, campaign, &snapshot->totals[index], &form, &reply.body, NULL);
	http_reply_field(&reply, "Content-Type", html);
	http_reply_field(&reply, "Cache-Control", "no-cache");
	visit_reply(visit, &reply);
}
