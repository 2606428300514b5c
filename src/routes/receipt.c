/*
 * What became of a pledge, told from the ledger and from nothing else: what the provider appended to
 * the URL is not looked at.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_write.h"
#include "base/text.h"
#include "routes/doors.h"
#include "routes/pages.h"
#include "routes/ready_body.h"
#include "web/messages.h"

enum { PAGE_BYTES_MAX = 256 * 1024 };

/* Find the pledge of the token in the path; answers by itself when there is none. */
static bool find_pledge(struct visit *visit, char token[static TOKEN_SIZE], struct pledge *pledge)
{
	enum err err = ERR_UNKNOWN;

	if (bytes_copy_text(visit->parameter, token, TOKEN_SIZE) == OK)
		err = ledger_receipt(visit->site->service->ledger, token, pledge);
	if (err == OK)
		return true;
	visit_problem(visit, status_of(err, false),
	              err == ERR_UNKNOWN ? MESSAGE("This link leads to no gift that we know.")
	                                 : MESSAGE("Please try again in a moment."), NULL);
	return false;
}

static enum err read_single(struct ledger *ledger, const char *token, struct shown_gifts *shown)
{
	struct pledge same;
	enum err err = ledger_gift(ledger, token, &same, &shown->single);

	shown->count = err == OK;
	return err == ERR_UNKNOWN ? OK : err;
}

static enum err read_series(struct ledger *ledger, const struct pledge *pledge, struct shown_gifts *shown)
{
	struct payment payment = { .given_s = 0 };
	char receipt[TOKEN_SIZE] = "";
	enum err err = OK;

	while (err == OK && shown->count < SHOWN_GIFTS_MAX) {
		err = ledger_gift_next(ledger, pledge, &payment, receipt);
		if (err != OK)
			break;
		memcpy(shown->list[shown->count].receipt, receipt, sizeof receipt);
		shown->list[shown->count].given_s = payment.given_s;
		shown->list[shown->count++].rest = payment_rest(&payment);
	}
	return err == ERR_UNKNOWN ? OK : err;
}

static enum err read_gifts(struct ledger *ledger, const char *token, const struct pledge *pledge, struct shown_gifts *shown)
{
	return pledge->interval == INTERVAL_ONCE ? read_single(ledger, token, shown) : read_series(ledger, pledge, shown);
}

static void reply_page(struct visit *visit, enum err err, struct buffer *page)
{
	ready_body_reply_once(visit, err, page, "text/html; charset=utf-8", "no-store");
}

void door_thanks(struct visit *visit)
{
	const struct site *site = visit->site;
	struct pledge pledge;
	char token[TOKEN_SIZE];

	if (!find_pledge(visit, token, &pledge))
		return;
	const struct config *config = visit->snapshot->config;
	struct page_language language = page_language_of(visit, config_campaign(config, bytes_of(pledge.campaign)));

	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	struct shown_gifts *gifts = calloc(1, sizeof *gifts);
	enum err err = gifts == NULL ? ERR_MEMORY : read_gifts(site->service->ledger, token, &pledge, gifts);

	if (err == OK)
		err = pages_thanks(config, &pledge, token, gifts, site->demo ? site->commands : NULL, language, &page, NULL);
	free(gifts);
	if (receipt_state_changes(receipt_state(&pledge)))
		visit->policy = POLICY_NEWS;
	reply_page(visit, err, &page);
}

/* Where there is no gift to print, the pledge's own page says what became of it. */
static void go_to_thanks(struct visit *visit)
{
	struct pledge pledge;
	char token[TOKEN_SIZE];
	char path[sizeof PAGES_THANKS_PATH + TOKEN_SIZE];
	struct http_reply reply;

	if (!find_pledge(visit, token, &pledge))
		return;
	snprintf(path, sizeof path, PAGES_THANKS_PATH "%s", token);
	http_reply_init(&reply, 303);
	http_reply_field_copy(&reply, "Location", bytes_of(path));
	http_reply_field(&reply, "Cache-Control", "no-store");
	visit_reply(visit, &reply);
}

void door_receipt_page(struct visit *visit)
{
	struct pledge pledge;
	struct payment payment;
	char token[TOKEN_SIZE];

	if (bytes_copy_text(visit->parameter, token, sizeof token) != OK
	    || ledger_gift(visit->site->service->ledger, token, &pledge, &payment) != OK) {
		go_to_thanks(visit);
		return;
	}
	const struct config *config = visit->snapshot->config;
	struct page_language language = page_language_of(visit, config_campaign(config, bytes_of(pledge.campaign)));

	struct buffer page = BUFFER(PAGE_BYTES_MAX);
	enum err err = pages_receipt(config, &pledge, &payment, token, language, &page, NULL);

	reply_page(visit, err, &page);
}

static void write_receipt(struct buffer *out, const struct pledge *pledge)
{
	struct json_write json = JSON_WRITE(out);
	char amount[AMOUNT_TEXT_SIZE];
	char time[TIME_TEXT_SIZE];

	money_format(&pledge->amount, amount);
	json_write_object_open(&json, NULL);
	json_write_text(&json, "state", receipt_state_name(receipt_state(pledge)));
	json_write_text(&json, "pledge", pledge->id);
	json_write_text(&json, "status", pledge_status_name(pledge->status));
	json_write_text(&json, "campaign", pledge->campaign);
	json_write_text(&json, "tier", pledge->tier);
	json_write_text(&json, "interval", interval_name(pledge->interval));
	json_write_text(&json, "amount", amount);
	json_write_text(&json, "currency", pledge->amount.currency.code);
	json_write_integer(&json, "payments", pledge->settled_count);
	text_time(pledge->pledged_us, time);
	json_write_text(&json, "pledged_at", time);
	text_time(pledge->changed_us, time);
	json_write_text(&json, "changed_at", time);
	json_write_object_close(&json);
	buffer_char(out, '\n');
}

void door_receipt(struct visit *visit)
{
	struct http_reply reply;
	struct pledge pledge;
	char token[TOKEN_SIZE];

	if (!find_pledge(visit, token, &pledge))
		return;
	http_reply_init(&reply, 200);
	reply.body = BUFFER(PAGE_BYTES_MAX);
	write_receipt(&reply.body, &pledge);
	http_reply_field(&reply, "Content-Type", "application/json");
	http_reply_field(&reply, "Cache-Control", "no-store");
	visit_reply(visit, &reply);
}
