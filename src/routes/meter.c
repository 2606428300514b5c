#include "routes/doors.h"
#include "routes/rendered.h"
#include "web/messages.h"

/* What there is of the campaign in the path, in the visit's language; false, and it was answered, where there is none. */
static bool find(struct visit *visit, enum rendered_kind kind, const struct ready_body **body, struct http_reply *reply)
{
	const struct snapshot *snapshot = visit->snapshot;
	const struct campaign *campaign = config_campaign(snapshot->config, visit->parameter);

	if (campaign == NULL) {
		visit_problem(visit, 404, MESSAGE("There is no such campaign."), "/");
		return false;
	}
	size_t index = (size_t)(campaign - snapshot->config->campaigns);

	http_reply_init(reply, 200);
	reply->err = rendered_campaign(snapshot, kind, index, page_language_of(visit, campaign).language, body);
	if (reply->err != OK)
		visit_reply(visit, reply);
	return reply->err == OK;
}

void door_meter(struct visit *visit)
{
	const struct ready_body *body;
	struct http_reply reply;

	if (find(visit, RENDERED_METER, &body, &reply))
		ready_body_reply(visit, body, "application/json", &reply);
}

void door_picture(struct visit *visit)
{
	const struct ready_body *body;
	struct http_reply reply;

	if (!find(visit, RENDERED_PICTURE, &body, &reply))
		return;
	http_reply_field(&reply, "Vary", "Accept-Language");
	/* A page that isolates itself (https://html.spec.whatwg.org/#coep) may show it all the same. */
	http_reply_field(&reply, "Cross-Origin-Resource-Policy", "cross-origin");
	visit->policy = POLICY_PICTURE;
	ready_body_reply(visit, body, "image/svg+xml", &reply);
}
