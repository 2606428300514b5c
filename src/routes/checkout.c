#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_write.h"
#include "routes/checkout_form.h"
#include "routes/client_address.h"
#include "routes/doors.h"
#include "routes/pages.h"
#include "web/messages.h"

enum { PAGE_BYTES_MAX = 1024 * 1024, URL_BYTES_MAX = 2048 };

/* What is kept while the provider is asked. */
struct waiting {
	struct visit visit;
	bool form;
	char tier[ID_SIZE];
	char account[ID_SIZE];
	char campaign[ID_SIZE]; /* whose page the form stood on */
};

static void add_no_store(struct http_reply *reply)
{
	http_reply_field(reply, "Cache-Control", "no-store");
}

/* ---- refused input: where the page is known, the same page again with the message beside the choice ---- */

static void show_form_again(struct visit *visit, int status, const struct campaign *campaign,
                            const struct support_form *form)
{
	const struct snapshot *snapshot = visit->snapshot;
	size_t index = (size_t)(campaign - snapshot->config->campaigns);
	struct http_reply reply;

	http_reply_init(&reply, status);
	reply.body = BUFFER(PAGE_BYTES_MAX);
	reply.err = pages_support(snapshot->config, campaign, &snapshot->meters[index], &snapshot->offers[index], form,
	                          page_language_of(visit, campaign), &reply.body, NULL);
	http_reply_field(&reply, "Content-Type", "text/html; charset=utf-8");
	add_no_store(&reply);
	visit_reply(visit, &reply);
}

/* The campaign whose page a form stood on; NULL where that is not known. */
static const struct campaign *page_of(const struct config *config, const char *campaign)
{
	const struct campaign *named = config_campaign(config, bytes_of(campaign));

	return named == NULL && config->campaign_count == 1 ? &config->campaigns[0] : named;
}

static void refuse(struct visit *visit, const struct checkout_request *request, bool form, int status,
                   const char *message)
{
	const struct campaign *campaign = page_of(visit->snapshot->config, request->campaign);
	bool no_tier = status == 400 && request->tier[0] == '\0';
	const struct support_form refused = { .account = request->account, .refusal = REFUSAL_NO_TIER };

	if (form && no_tier && campaign != NULL && visit_wants_page(visit))
		show_form_again(visit, status, campaign, &refused);
	else
		visit_problem(visit, status, message, "/");
}

/* ---- the answer ---- */

/*
 * The donor goes on at the provider: this connection is not needed again, and kept open it would hold memory that a
 * rush of donors has better use for.
 */
static void send_off(struct visit *visit, struct http_reply *reply)
{
	add_no_store(reply);
	reply->close_connection = true;
	visit_reply(visit, reply);
}

static void answer_redirect(struct visit *visit, const char *url)
{
	struct http_reply reply;

	http_reply_init(&reply, 303);
	http_reply_field_copy(&reply, "Location", bytes_of(url));
	send_off(visit, &reply);
}

static void write_created(struct buffer *out, const struct config *config, const struct checkout_result *result)
{
	struct json_write json = JSON_WRITE(out);
	char amount[AMOUNT_TEXT_SIZE];
	char url[URL_BYTES_MAX];

	money_format(&result->pledge.amount, amount);
	json_write_object_open(&json, NULL);
	json_write_text(&json, "pledge", result->pledge.id);
	json_write_text(&json, "url", result->url);
	snprintf(url, sizeof url, "%s/v1/receipts/%s", config->public_url, result->receipt);
	json_write_text(&json, "receipt_url", url);
	json_write_text(&json, "campaign", result->pledge.campaign);
	json_write_text(&json, "tier", result->pledge.tier);
	json_write_text(&json, "interval", interval_name(result->pledge.interval));
	json_write_text(&json, "amount", amount);
	json_write_text(&json, "currency", result->pledge.amount.currency.code);
	json_write_object_close(&json);
	buffer_char(out, '\n');
}

static void answer_created(struct visit *visit, const struct checkout_result *result)
{
	struct http_reply reply;

	http_reply_init(&reply, 201);
	http_reply_field_copy(&reply, "Location", bytes_of(result->url));
	http_reply_field(&reply, "Content-Type", "application/json");
	reply.body = BUFFER(PAGE_BYTES_MAX);
	write_created(&reply.body, visit->snapshot->config, result);
	send_off(visit, &reply);
}

/* The session of a repeated key is not open any more: say what became of the pledge. */
static void answer_ended(struct visit *visit, bool form, const struct checkout_result *result)
{
	char text[URL_BYTES_MAX];

	if (form) {
		snprintf(text, sizeof text, "/thanks/%s%s%s", result->receipt, visit->form_language[0] != '\0' ? "?lang=" : "",
		         visit->form_language);
		answer_redirect(visit, text);
		return;
	}
	snprintf(text, sizeof text, "The pledge of this key cannot be paid any more. Its state: %s.",
	         receipt_state_name(receipt_state(&result->pledge)));
	visit_problem(visit, 409, text, NULL);
}

static const char *message_of_gone(enum campaign_state state)
{
	if (state == CAMPAIGN_ENDED)
		return MESSAGE("This campaign has ended.");
	if (state == CAMPAIGN_REACHED)
		return MESSAGE("This campaign has reached its goal and takes no more gifts.");
	return MESSAGE("This amount is sold out.");
}

static const char *message_of(enum err err)
{
	if (err == ERR_UNKNOWN)
		return MESSAGE("There is no such tier or account.");
	if (err == ERR_CONFLICT)
		return MESSAGE("This Idempotency-Key was used for another choice.");
	if (err == ERR_LIMITED)
		return MESSAGE("Too many payments were started in the last minute. Please try again in a minute.");
	if (err == ERR_PROVIDER)
		return MESSAGE("The payment provider cannot be reached at the moment. Nothing was charged. Please try again.");
	return MESSAGE("Gifts cannot be taken at the moment. Nothing was charged. Please try again.");
}

/* What of the choice is wrong; REFUSAL_NONE where it is not the choice, or the form has no place for the message. */
static enum refusal refusal_of(const struct config *config, enum err err, bool known)
{
	if (err == ERR_GONE)
		return REFUSAL_SOLD_OUT;
	if (err != ERR_UNKNOWN)
		return REFUSAL_NONE;
	if (!known)
		return REFUSAL_UNKNOWN_TIER;
	return config->account_count > 1 ? REFUSAL_UNKNOWN_ACCOUNT : REFUSAL_NONE;
}

static void answer_failed(struct waiting *waiting, enum err err)
{
	const struct campaign *campaign = NULL;
	struct visit *visit = &waiting->visit;
	const struct snapshot *snapshot = visit->snapshot;
	const struct config *config = snapshot->config;
	char retry[PAGES_CHOICE_PATH_SIZE] = "/";
	bool known = config_tier(config, bytes_of(waiting->tier), &campaign) != NULL;
	const struct support_form refused = { waiting->tier, waiting->account, refusal_of(config, err, known), false };

	if (!known)
		campaign = page_of(config, waiting->campaign);
	if (campaign != NULL && refused.refusal != REFUSAL_NONE && waiting->form && visit_wants_page(visit)) {
		show_form_again(visit, status_of(err, false), campaign, &refused);
		return;
	}
	if (known && err == ERR_GONE) {
		visit_problem(visit, status_of(err, false), message_of_gone(snapshot->offers[campaign - config->campaigns].state), NULL);
		return;
	}
	if (campaign != NULL)
		pages_choice_path(config, campaign, waiting->tier, waiting->account, retry);
	visit_problem(visit, status_of(err, false), message_of(err), retry);
}

static void on_checkout(void *context, const struct checkout_result *result)
{
	struct waiting *waiting = context;

	if (result->err != OK)
		answer_failed(waiting, result->err);
	else if (!result->session_open)
		answer_ended(&waiting->visit, waiting->form, result);
	else if (waiting->form)
		answer_redirect(&waiting->visit, result->url);
	else
		answer_created(&waiting->visit, result);
	free(waiting);
}

void door_checkout(struct visit *visit)
{
	struct checkout_request request;
	struct why why = { "" };
	bool form;
	int status;

	checkout_form_read(visit->request, &request, &form, &status, &why);
	memcpy(visit->form_language, request.language, sizeof visit->form_language);
	if (status != 0) {
		refuse(visit, &request, form, status, why.text);
		return;
	}
	struct waiting *waiting = malloc(sizeof *waiting);

	if (waiting == NULL) {
		visit_problem(visit, 503, message_of(ERR_MEMORY), "/");
		return;
	}
	*waiting = (struct waiting){ .visit = *visit, .form = form };
	memcpy(waiting->tier, request.tier, sizeof waiting->tier);
	memcpy(waiting->account, request.account, sizeof waiting->account);
	memcpy(waiting->campaign, request.campaign, sizeof waiting->campaign);
	client_address(visit->snapshot->config, visit->request, request.address);
	checkout_begin(visit->site->service, visit->snapshot, &request, on_checkout, waiting);
}
