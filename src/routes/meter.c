#include "routes/doors.h"
#include "routes/rendered.h"

void door_meter(struct visit *visit)
{
	const struct ready_body *body;
	struct http_reply reply;

	if (visit_rendered(visit, RENDERED_METER, &body, &reply))
		ready_body_reply(visit, body, "application/json", &reply);
}

void door_picture(struct visit *visit)
{
	const struct ready_body *body;
	struct http_reply reply;

	if (!visit_rendered(visit, RENDERED_PICTURE, &body, &reply))
		return;
	http_reply_field(&reply, "Vary", "Accept-Language");
	/* A page that isolates itself (https://html.spec.whatwg.org/#coep) may show it all the same. */
	http_reply_field(&reply, "Cross-Origin-Resource-Policy", "cross-origin");
	visit->policy = POLICY_PICTURE;
	ready_body_reply(visit, body, "image/svg+xml", &reply);
}
