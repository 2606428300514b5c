#include "routes/doors.h"
#include "routes/rendered.h"

void door_script(struct visit *visit)
{
	struct http_reply reply;

	http_reply_init(&reply, 200);
	/* A page that isolates itself (https://html.spec.whatwg.org/#coep) may have it all the same. */
	http_reply_field(&reply, "Cross-Origin-Resource-Policy", "cross-origin");
	ready_body_reply(visit, &rendered_of(visit->snapshot)->script, "text/javascript; charset=utf-8", &reply);
}

void door_words(struct visit *visit)
{
	const struct ready_body *body;
	struct http_reply reply;

	if (!visit_rendered(visit, RENDERED_WORDS, &body, &reply))
		return;
	http_reply_field(&reply, "Vary", "Accept-Language");
	ready_body_reply(visit, body, "application/json", &reply);
}
