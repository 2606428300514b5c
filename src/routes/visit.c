#include <string.h>

#include "base/json_write.h"
#include "routes/pages.h"
#include "routes/rendered.h"
#include "routes/site.h"

enum { PROBLEM_BYTES_MAX = 64 * 1024 };

/* ---- what every answer carries ---- */

static void add_common_fields(struct http_reply *reply, bool framed)
{
	http_reply_field(reply, "X-Content-Type-Options", "nosniff");
	http_reply_field(reply, "Referrer-Policy", "no-referrer");
	/* Where some may frame it only the policy can say who: this field knows no lists. */
	if (!framed)
		http_reply_field(reply, "X-Frame-Options", "DENY");
	http_reply_field(reply, "Cross-Origin-Opener-Policy", "same-origin");
	http_reply_field(reply, "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()");
}

void visit_reply(struct visit *visit, struct http_reply *reply)
{
	add_common_fields(reply, visit->policy == POLICY_FRAMED);
	http_reply_field_copy(reply, "Content-Security-Policy",
	                      buffer_view(&rendered_of(visit->snapshot)->policies[visit->policy]));
	site_allow_origin(visit, reply);
	exchange_reply(visit->exchange, reply);
	snapshot_drop(&visit->snapshot);
}

void visit_reply_plain(struct visit *visit, struct http_reply *reply)
{
	exchange_reply(visit->exchange, reply);
	snapshot_drop(&visit->snapshot);
}

bool visit_query(const struct visit *visit, const char *name, char *value, size_t size)
{
	struct bytes rest = visit->request->query;
	char key[32];
	bool more = true;

	while (more) {
		/* What cannot be read is somebody else's. */
		if (http_form_next(&rest, &more, key, sizeof key, value, size) == OK && more && strcmp(key, name) == 0)
			return true;
	}
	value[0] = '\0';
	return false;
}

/* ---- problems ---- */

int status_of(enum err err, bool webhook)
{
	switch (err) {
	case OK:
		return 200;
	case ERR_INPUT:
		/* Authentic, but not even an id: the provider keeps it and tries again. */
		return webhook ? 503 : 400;
	case ERR_FORGED:
		return webhook ? 400 : 401;
	case ERR_UNKNOWN:
		return 404;
	case ERR_CONFLICT:
	case ERR_GONE:
		return 409;
	case ERR_TOO_BIG:
		return 413;
	case ERR_LIMITED:
		return webhook ? 503 : 429;
	case ERR_PROVIDER:
		return webhook ? 503 : 502;
	case ERR_BUSY:
	case ERR_STORAGE:
	case ERR_CORRUPT:
	case ERR_MEMORY:
	case ERR_SYSTEM:
		return 503;
	}
	return 500;
}

bool visit_wants_page(const struct visit *visit)
{
	struct bytes accept;

	if (!http_request_field(visit->request, "Accept", &accept))
		return false;
	for (size_t at = 0; at + 9 <= accept.length; at++)
		if (memcmp(accept.data + at, "text/html", 9) == 0)
			return true;
	return false;
}

static void write_problem(struct buffer *out, int status, const char *detail)
{
	struct json_write json = JSON_WRITE(out);

	json_write_object_open(&json, NULL);
	json_write_text(&json, "type", "about:blank");
	json_write_text(&json, "title", http_status_text(status));
	json_write_integer(&json, "status", status);
	json_write_text(&json, "detail", detail);
	json_write_object_close(&json);
	buffer_char(out, '\n');
}

/* Fields that belong to a status rather than to a door. */
static void add_status_fields(struct http_reply *reply, int status, const char *allow)
{
	http_reply_field(reply, "Cache-Control", "no-store");
	if (status == 405 && allow != NULL)
		http_reply_field(reply, "Allow", allow);
	if (status == 429)
		http_reply_field(reply, "Retry-After", "60");
	if (status == 502 || status == 503)
		http_reply_field(reply, "Retry-After", "5");
	if (status == 401)
		http_reply_field(reply, "WWW-Authenticate", "Basic realm=\"pledger\", charset=\"UTF-8\"");
}

void visit_problem(struct visit *visit, int status, const char *detail, const char *retry)
{
	const struct problem_page page = { status, detail, retry };
	struct http_reply reply;

	http_reply_init(&reply, status);
	add_status_fields(&reply, status, site_allowed_method(visit));
	reply.body = BUFFER(PROBLEM_BYTES_MAX);
	if (visit_wants_page(visit) && pages_problem(visit->snapshot->config, &page, page_language_of(visit, NULL), &reply.body, NULL) == OK) {
		http_reply_field(&reply, "Content-Type", "text/html; charset=utf-8");
	} else {
		buffer_clear(&reply.body);
		write_problem(&reply.body, status, detail);
		http_reply_field(&reply, "Content-Type", "application/problem+json");
	}
	visit_reply(visit, &reply);
}

/* Before there is a visit: the request is malformed, too large, or there are too many. */
void site_refuse(void *context, const struct http_request *head, int status, const char *why, struct http_reply *reply)
{
	(void)context;
	(void)head;
	reply->status = status;
	reply->body = BUFFER(PROBLEM_BYTES_MAX);
	add_status_fields(reply, status, NULL);
	add_common_fields(reply, false);
	http_reply_field(reply, "Content-Security-Policy", "default-src 'none'");
	http_reply_field(reply, "Content-Type", "application/problem+json");
	write_problem(&reply->body, status, why);
}
