#include "routes/pages.h"

#include <stdio.h>
#include <string.h>

#include "routes/page_data.h"
#include "routes/page_pledge.h"

static void page_receipt_state(struct page_data *data, enum receipt_state state)
{
	page_text(data, "state", receipt_state_name(state));
	page_flag(data, "received", state == RECEIPT_RECEIVED);
	page_flag(data, "on_its_way", state == RECEIPT_ON_ITS_WAY);
	page_flag(data, "waiting", state == RECEIPT_WAITING);
	page_flag(data, "failed", state == RECEIPT_NOT_COMPLETED);
}

/* Where the page asks for news of itself, while there may be some. */
static void page_news(struct page_data *data, enum receipt_state state, const char *token)
{
	char path[sizeof PAGES_NEWS_PATH + TOKEN_SIZE];

	if (!receipt_state_changes(state)) {
		page_absent(data, "news");
		return;
	}
	snprintf(path, sizeof path, PAGES_NEWS_PATH "%s", token);
	page_text(data, "news", path);
	page_flag(data, "scripted", true);
}

/* To the same choice; where its campaign is gone, to the front. */
static void page_again(struct page_data *data, const struct config *config, const struct pledge *pledge,
                       struct page_language language)
{
	const struct campaign *campaign = config_campaign(config, bytes_of(pledge->campaign));
	char again[PAGES_CHOICE_PATH_SIZE] = "/";

	if (campaign != NULL)
		pages_choice_path(config, campaign, pledge->tier, pledge->account, again);
	page_path(data, "again", again, language);
}

static void page_receipt_path(struct page_data *data, const char *name, const char *token, struct page_language language)
{
	char path[sizeof PAGES_RECEIPT_PATH + TOKEN_SIZE];

	snprintf(path, sizeof path, PAGES_RECEIPT_PATH "%s", token);
	page_path(data, name, path, language);
}

/* What is given once has its receipt under the same token; what comes again has one for each gift, the newest first. */
static void page_receipts(struct page_data *data, const char *token, bool again, const struct shown_gifts *gifts,
                          struct page_language language)
{
	if (!again)
		page_receipt_path(data, "receipt", token, language);
	else
		page_absent(data, "receipt");
	page_flag(data, "several", again && gifts->count > 0);
	page_list_open(data, "receipts");
	for (size_t i = again ? gifts->count : 0; i-- > 0;) {
		page_item_open(data);
		page_receipt_path(data, "path", gifts->list[i].receipt, language);
		page_date(data, "date", gifts->list[i].given_s);
		page_rest(data, gifts->list[i].rest);
		page_item_close(data);
	}
	page_list_close(data);
}

enum err pages_thanks(const struct config *config, const struct pledge *pledge, const char *receipt_token,
                      const struct shown_gifts *gifts, const struct shown_commands *demo, struct page_language language,
                      struct buffer *out, struct why *why)
{
	const enum receipt_state state = receipt_state(pledge);
	bool again = pledge->interval != INTERVAL_ONCE;
	struct page_data data;
	char here[sizeof PAGES_THANKS_PATH + TOKEN_SIZE];

	snprintf(here, sizeof here, PAGES_THANKS_PATH "%s", receipt_token);
	page_data_begin(&data, config, language);
	page_languages(&data);
	page_flag(&data, "home", true);
	page_receipt_state(&data, state);
	page_news(&data, state, receipt_token);
	page_choice(&data, config, pledge);
	page_again(&data, config, pledge, language);
	page_money(&data, "amount", &pledge->amount);
	page_interval(&data, pledge->interval);
	page_text(&data, "reference", pledge->id);
	page_path(&data, "here", here, language);
	page_count(&data, "payments", pledge->settled_count);
	page_receipts(&data, receipt_token, again, gifts, language);
	page_gone(&data, again || gifts->count == 0 ? NULL : &gifts->single);
	page_portal(&data, config, pledge);
	page_commands(&data, "demo", demo);
	return page_data_end(&data, WEB_THANKS, out, why);
}
