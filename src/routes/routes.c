/*
 * The URL table on one screen, and the way from a request to its door.
 */
#include <string.h>

#include "routes/doors.h"
#include "routes/operator_token.h"
#include "sys/log.h"
#include "web/messages.h"

enum listener {
	PUBLIC = 1,
	OPERATOR = 2,
	BOTH = PUBLIC | OPERATOR,
};

static const struct route {
	enum listener listener;
	const char *method;         /* GET stands for HEAD too */
	const char *path;           /* "{…}" stands for one segment, or what of it is in front of a last ".svg" */
	void (*door)(struct visit *visit);
	size_t body_bytes_max;
	bool read_by_sites;         /* scripts of the configured sites may read the answer */
} table[] = {
	{ PUBLIC,   "GET",  "/",                      door_home,       0,                       false },
	{ BOTH,     "GET",  "/icon.svg",              door_icon,       0,                       false },
	{ BOTH,     "GET",  "/logo",                  door_logo,       0,                       false },
	{ PUBLIC,   "GET",  "/c/{campaign}",          door_campaign,   0,                       false },
	{ PUBLIC,   "GET",  "/button.js",             door_script,     0,                       false },
	{ PUBLIC,   "GET",  "/v1/button/{campaign}",  door_words,      0,                       true },
	{ PUBLIC,   "GET",  "/embed/{campaign}",      door_embed,      0,                       false },
	{ PUBLIC,   "GET",  "/meter/{campaign}.svg",  door_picture,    0,                       false },
	{ PUBLIC,   "GET",  "/v1/meter/{campaign}",   door_meter,      0,                       true },
	{ PUBLIC,   "GET",  "/v1/tiers",              door_tiers,      0,                       true },
	{ PUBLIC,   "POST", "/v1/checkout",           door_checkout,   CHECKOUT_BODY_BYTES_MAX, true },
	{ PUBLIC,   "GET",  "/thanks/{receipt}",      door_thanks,     0,                       false },
	{ PUBLIC,   "GET",  "/receipt/{receipt}",     door_receipt_page, 0,                    false },
	{ PUBLIC,   "GET",  "/v1/receipts/{receipt}", door_receipt,    0,                       true },
	{ PUBLIC,   "POST", "/webhooks/{account}",    door_webhook,    WEBHOOK_BODY_BYTES_MAX,  false },
	{ BOTH,     "GET",  "/healthz",               door_healthz,    0,                       false },
	{ BOTH,     "GET",  "/readyz",                door_readyz,     0,                       false },
	{ OPERATOR, "GET",  "/",                      door_operator,   0,                       false },
	{ OPERATOR, "GET",  "/snippets",              door_snippets,   0,                       false },
	{ OPERATOR, "GET",  "/books",                 door_books,      0,                       false },
	{ OPERATOR, "GET",  "/v1/ledger.csv",         door_ledger_csv, 0,                       false },
	{ OPERATOR, "GET",  "/metrics",                door_metrics,    0,                       false },
	{ OPERATOR, "POST", "/v1/record",              door_record,     OPERATION_BODY_BYTES_MAX, false },
	{ OPERATOR, "POST", "/v1/adjust",              door_adjust,     OPERATION_BODY_BYTES_MAX, false },
	{ OPERATOR, "POST", "/v1/refund",              door_refund,     OPERATION_BODY_BYTES_MAX, false },
	{ OPERATOR, "GET",  "/v1/parked",              door_parked,     0,                       false },
	{ OPERATOR, "POST", "/v1/parked/retry",        door_retry,      OPERATION_BODY_BYTES_MAX, false },
	{ OPERATOR, "POST", "/v1/reconcile",           door_reconcile,  OPERATION_BODY_BYTES_MAX, false },
	{ OPERATOR, "GET",  "/v1/reconciliation",      door_reconciliation, 0,                   false },
	{ OPERATOR, "POST", "/v1/parked/drop",         door_drop,       OPERATION_BODY_BYTES_MAX, false },
};

enum { ROUTES = sizeof table / sizeof table[0] };

/* Whether the path fits a pattern; what stands for its "{…}" goes to `parameter`. */
static bool fits(const char *pattern, struct bytes path, struct bytes *parameter)
{
	*parameter = (struct bytes){ "", 0 };
	/* Each begins with a '/'; most differ in what follows it. */
	if (pattern[1] != (path.length > 1 ? path.data[1] : '\0'))
		return false;
	const char *brace = strchr(pattern, '{');

	if (brace == NULL)
		return bytes_is(path, pattern);
	size_t fixed = (size_t)(brace - pattern);
	const char *suffix = strchr(brace, '}') + 1;
	size_t ending = strlen(suffix);

	if (path.length <= fixed + ending || memcmp(path.data, pattern, fixed) != 0
	    || memcmp(path.data + path.length - ending, suffix, ending) != 0)
		return false;
	*parameter = (struct bytes){ path.data + fixed, path.length - fixed - ending };
	return memchr(parameter->data, '/', parameter->length) == NULL;
}

static bool is_method(const struct route *route, struct bytes method)
{
	return bytes_is(method, route->method) || (strcmp(route->method, "GET") == 0 && bytes_is(method, "HEAD"));
}

/* The route of a request. NULL when there is none; *known says whether the path has one for another method. */
static const struct route *find(const struct site *site, const struct http_request *request, struct bytes *parameter,
                                const struct route **known)
{
	*known = NULL;
	for (size_t i = 0; i < ROUTES; i++) {
		if ((table[i].listener & (site->operator ? OPERATOR : PUBLIC)) == 0
		    || !fits(table[i].path, request->path, parameter))
			continue;
		*known = &table[i];
		if (is_method(&table[i], request->method))
			return &table[i];
	}
	return NULL;
}

size_t site_body_bytes_max(void *site, const struct http_request *head)
{
	const struct route *known;
	struct bytes parameter;
	const struct route *route = find(site, head, &parameter, &known);

	/* Where nothing is, a body is read all the same: the answer is that nothing is there. */
	return route != NULL ? route->body_bytes_max : OPERATION_BODY_BYTES_MAX;
}

/* ---- scripts on the sites ---- */

static bool is_site(const struct config *config, struct bytes origin)
{
	for (size_t i = 0; i < config->site_count; i++)
		if (bytes_is(origin, config->sites[i]))
			return true;
	return false;
}

void site_allow_origin(const struct visit *visit, struct http_reply *reply)
{
	const struct route *known;
	struct bytes parameter;
	struct bytes origin;

	(void)find(visit->site, visit->request, &parameter, &known);
	if (known == NULL || !known->read_by_sites)
		return;
	if (http_request_field(visit->request, "Origin", &origin) && is_site(visit->snapshot->config, origin)) {
		http_reply_field_copy(reply, "Access-Control-Allow-Origin", origin);
		http_reply_field(reply, "Access-Control-Expose-Headers", "ETag, Location, Retry-After");
	}
	/* Caches must not hand one origin's answer to another. */
	http_reply_field(reply, "Vary", "Origin");
}

static void answer_preflight(struct visit *visit, const struct route *known)
{
	struct http_reply reply;

	http_reply_init(&reply, 204);
	http_reply_field(&reply, "Access-Control-Allow-Methods", known->method);
	http_reply_field(&reply, "Access-Control-Allow-Headers", "Content-Type, Idempotency-Key");
	http_reply_field(&reply, "Access-Control-Max-Age", "600");
	visit_reply(visit, &reply);
}

static void answer_wrong_method(struct visit *visit, const struct route *known)
{
	if (known == NULL)
		visit_problem(visit, 404, MESSAGE("There is nothing at this address."), NULL);
	else if (bytes_is(visit->request->method, "OPTIONS") && known->read_by_sites)
		answer_preflight(visit, known);
	else
		visit_problem(visit, 405, MESSAGE("This address is not for requests of this kind."), NULL);
}

const char *site_allowed_method(const struct visit *visit)
{
	const struct route *known;
	struct bytes parameter;

	(void)find(visit->site, visit->request, &parameter, &known);
	if (known == NULL)
		return NULL;
	return strcmp(known->method, "GET") == 0 ? "GET, HEAD" : known->method;
}

void site_handle(void *context, struct exchange *exchange)
{
	const struct site *site = context;
	struct visit visit = {
		.site = site,
		.exchange = exchange,
		.request = exchange_request(exchange),
		.snapshot = snapshot_hold(site->service->snapshots),
	};
	const struct route *known;
	const struct route *route = find(site, visit.request, &visit.parameter, &known);

	if (site->operator && !operator_may_enter(&visit))
		return; /* it has answered */
	if (route != NULL)
		route->door(&visit);
	else
		answer_wrong_method(&visit, known);
}

/* One line a request. The path's parameter may be a receipt token and the peer is a person: neither is logged. */
void site_completed(void *context, const struct http_request *request, int status, uint64_t body_bytes,
                    int64_t duration_us)
{
	const struct site *site = context;
	const struct route *known;
	struct bytes parameter;
	struct log_line line;

	(void)find(site, request, &parameter, &known);
	log_begin(&line, LOG_INFO, "request");
	log_word(&line, "listener", site->operator ? "operator" : "public");
	log_text(&line, "method", request->method);
	log_word(&line, "route", known != NULL ? known->path : "-");
	log_number(&line, "status", status);
	log_number(&line, "bytes", (int64_t)body_bytes);
	log_number(&line, "us", duration_us);
	log_end(&line);
}
