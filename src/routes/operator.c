#include "routes/doors.h"
#include "routes/pages.h"

enum { PAGE_BYTES_MAX = 1024 * 1024 };

void door_operator(struct visit *visit)
{
	const struct snapshot *snapshot = visit->snapshot;
	struct ledger_status status;
	struct http_reply reply;

	ledger_status(visit->site->service->ledger, &status);
	http_reply_init(&reply, 200);
	reply.body = BUFFER(PAGE_BYTES_MAX);
	reply.err = pages_operator(snapshot->config, &status, snapshot->totals, visit->site->commands,
	                           page_language_of(visit, NULL), &reply.body, NULL);
	http_reply_field(&reply, "Content-Type", "text/html; charset=utf-8");
	http_reply_field(&reply, "Cache-Control", "no-store");
	visit_reply(visit, &reply);
}

void door_snippets(struct visit *visit)
{
	struct http_reply reply;

	http_reply_init(&reply, 200);
	reply.body = BUFFER(PAGE_BYTES_MAX);
	reply.err = pages_snippets(visit->snapshot->config, &reply.body, NULL);
	http_reply_field(&reply, "Content-Type", "text/html; charset=utf-8");
	http_reply_field(&reply, "Cache-Control", "no-store");
	visit_reply(visit, &reply);
}
