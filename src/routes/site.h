/*
 * site.h -- what the doors share: the service behind them, which listener they
 * are on, and the one way in.
 */
#ifndef ROUTES_SITE_H
#define ROUTES_SITE_H

#include <stdbool.h>

#include "base/http_message.h"
#include "domain/language.h"
#include "net/http_server.h"
#include "routes/pages.h"
#include "routes/policy.h"
#include "service/service.h"

/* A listener's doors. */
struct site {
	struct service *service;
	bool operator;                  /* the operator's listener, else the public one */
	bool demo;                      /* donors' pages may show the commands too */
	const struct shown_commands *commands; /* ready to be typed; NULL where there are none to show */
};

/* One request on its way through a door. */
struct visit {
	const struct site *site;
	struct exchange *exchange;
	const struct http_request *request;
	const struct snapshot *snapshot; /* held; dropped by visit_end */
	struct bytes parameter;          /* what stands for {…} in the path */
	enum policy policy;              /* of the answer */
	char form_language[LANGUAGE_TAG_SIZE]; /* what the form in the body asks for, "" where it does not */
};

/* ---- for the server: the functions of http_server_options; the context is a struct site ---- */

size_t site_body_bytes_max(void *site, const struct http_request *head);
void site_handle(void *site, struct exchange *exchange);
void site_refuse(void *site, const struct http_request *head, int status, const char *why, struct http_reply *reply);
void site_completed(void *site, const struct http_request *request, int status, uint64_t body_bytes,
                    int64_t duration_us);

/* ---- for the doors ---- */

/*
 * Answer and end the visit. Fields that every answer carries are added here. For
 * a later answer a door keeps its own copy of the visit (a value).
 */
void visit_reply(struct visit *visit, struct http_reply *reply);

/* The same for an answer to a machine that knows us: without the fields that only browsers heed. */
void visit_reply_plain(struct visit *visit, struct http_reply *reply);

/*
 * The value of that name in the address's query: the first one that fits. False, and `value` is "", where there
 * is none.
 */
bool visit_query(const struct visit *visit, const char *name, char *value, size_t size);

/* Whether the other end would rather read HTML: a browser, not a program. */
bool visit_wants_page(const struct visit *visit);

/*
 * Answer with a problem: a page for browsers, else application/problem+json
 * (RFC 9457). `detail` is for the other end to read; `retry` is a path that a
 * page offers to try again, or NULL.
 */
void visit_problem(struct visit *visit, int status, const char *detail, const char *retry);

/* CORS (https://fetch.spec.whatwg.org/#http-cors-protocol): let scripts of the configured sites read the answer. */
void site_allow_origin(const struct visit *visit, struct http_reply *reply);

/* For Allow: the methods of the visited path, NULL where there is none. */
const char *site_allowed_method(const struct visit *visit);

/* The HTTP status of an error, the exhaustive switch. `webhook`: as a provider must hear it. */
int status_of(enum err err, bool webhook);

#endif
