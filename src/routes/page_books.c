#include "routes/pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "routes/page_data.h"
#include "routes/page_meter.h"
#include "routes/reason_words.h"
#include "web/messages.h"

/* What is left of what was given; "" where no sum can hold it. */
static void page_left(struct page_data *data, const struct campaign_totals *totals)
{
	struct money left = totals->settled;
	enum err err = money_subtract(&left, &totals->refunded, &left);

	if (err == OK)
		err = money_subtract(&left, &totals->lost, &left);
	if (err == OK)
		err = money_subtract(&left, &totals->fees, &left);
	if (err == OK)
		page_money(data, "left", &left);
	else
		page_absent(data, "left");
}

static void page_sums(struct page_data *data, const struct campaign_totals *totals)
{
	page_count(data, "gifts", totals->gifts);
	page_money(data, "settled", &totals->settled);
	page_money(data, "refunded", &totals->refunded);
	page_money(data, "lost", &totals->lost);
	page_money(data, "fees", &totals->fees);
}

static void page_months(struct page_data *data, const struct books_shown *shown, size_t index)
{
	if (shown->counts[index] == 0) {
		page_absent(data, "months");
		return;
	}
	page_object_open(data, "months");
	page_list_open(data, "each");
	for (size_t i = 0; i < shown->counts[index]; i++) {
		page_item_open(data);
		page_text(data, "month", shown->months[i]);
		page_sums(data, &shown->sums[index][i]);
		page_item_close(data);
	}
	page_list_close(data);
	page_object_close(data);
}

static void page_campaigns(struct page_data *data, const struct config *config, const struct meter *meters, const struct books_shown *shown)
{
	page_list_open(data, "campaigns");
	for (size_t i = 0; i < config->campaign_count; i++) {
		const struct campaign *campaign = &config->campaigns[i];
		const struct campaign_totals *totals = &shown->totals[i];

		page_item_open(data);
		page_text(data, "id", campaign->id);
		page_text(data, "title", campaign->title);
		page_meter(data, campaign, &meters[i], false);
		page_sums(data, totals);
		page_left(data, totals);
		page_money(data, "disputed", &totals->disputed);
		page_money(data, "pending", &totals->pending);
		page_months(data, shown, i);
		page_item_close(data);
	}
	page_list_close(data);
}

/* "2026-11-25 18:20:39 UTC" */
static void page_moment(struct page_data *data, const char *name, int64_t time_s)
{
	char at[TIME_TEXT_SIZE];
	char text[TIME_TEXT_SIZE + 8];

	text_time_s(time_s, at);
	snprintf(text, sizeof text, "%.10s %.8s UTC", at, at + 11);
	page_text(data, name, text);
}

static void page_parked(struct page_data *data, const struct parked *parked)
{
	const struct event *event = &parked->event;
	char seq[24];

	snprintf(seq, sizeof seq, "%llu", (unsigned long long)parked->seq);
	page_item_open(data);
	page_text(data, "seq", seq);
	if (event->at_s != 0)
		page_moment(data, "at", event->at_s);
	else
		page_absent(data, "at");
	page_text(data, "account", parked->account);
	page_text(data, "what", event_kind_name(event->kind));
	page_message(data, "words", reason_words_parked(parked->reason));
	page_text(data, "reason", reason_name(parked->reason));
	if (event->amount.currency.code[0] != '\0')
		page_money(data, "amount", &event->amount);
	else
		page_absent(data, "amount");
	page_item_close(data);
}

static void page_waiting(struct page_data *data, const struct books_shown *shown)
{
	page_count(data, "waiting", shown->status.parked);
	if (shown->status.parked > shown->parked_count)
		page_count(data, "more", shown->status.parked - shown->parked_count);
	else
		page_absent(data, "more");
	if (shown->parked_count == 0) {
		page_absent(data, "parked");
		return;
	}
	page_object_open(data, "parked");
	page_list_open(data, "each");
	for (size_t i = 0; i < shown->parked_count; i++)
		page_parked(data, &shown->parked[i]);
	page_list_close(data);
	page_object_close(data);
}

static void page_difference(struct page_data *data, const struct difference *difference)
{
	page_item_open(data);
	page_text(data, "account", difference->account);
	page_text(data, "object", difference->object);
	page_message(data, "words", reason_words_difference(difference->reason));
	page_text(data, "reason", difference_reason_name(difference->reason));
	page_money(data, "provider", &difference->provider);
	page_money(data, "books", &difference->books);
	page_item_close(data);
}

static void page_differences(struct page_data *data, const struct report *report)
{
	uint64_t shown = report->difference_count < DIFFERENCES_MAX ? report->difference_count : DIFFERENCES_MAX;

	if (report->difference_count == 0) {
		page_absent(data, "differences");
		return;
	}
	page_object_open(data, "differences");
	page_count(data, "count", report->difference_count);
	if (report->difference_count > shown)
		page_count(data, "more", report->difference_count - shown);
	else
		page_absent(data, "more");
	page_list_open(data, "each");
	for (uint64_t i = 0; i < shown; i++)
		page_difference(data, &report->differences[i]);
	page_list_close(data);
	page_object_close(data);
}

static void page_reconciled(struct page_data *data, const struct reconciliation *last)
{
	char ended[TIME_TEXT_SIZE];

	if (last->run == 0) {
		page_absent(data, "reconciled");
		return;
	}
	text_time_s(last->ended_us / 1000000, ended);
	page_object_open(data, "reconciled");
	page_text(data, "ended", ended);
	page_moment(data, "ended_text", last->ended_us / 1000000);
	page_flag(data, "equal", last->result == RECONCILED_EQUAL);
	page_flag(data, "waits", last->result == RECONCILED_NOT_YET);
	page_text(data, "failed", last->result == RECONCILED_FAILED ? last->why.text : NULL);
	page_differences(data, &last->report);
	page_object_close(data);
}

static void page_period(struct page_data *data, const char *period)
{
	page_item_open(data);
	page_text(data, "period", period);
	page_item_close(data);
}

/* Months, each first one behind the year and the quarter that it is of. */
static void page_periods(struct page_data *data, const struct books_shown *shown)
{
	char year[sizeof "2026"] = "";
	char quarter[sizeof "2026-Q4"] = "";
	char other[sizeof quarter];

	page_list_open(data, "periods");
	for (int i = 0; i < BOOKS_MONTHS; i++) {
		const char *month = shown->months[i];

		if (memcmp(year, month, sizeof year - 1) != 0) {
			memcpy(year, month, sizeof year - 1);
			page_period(data, year);
		}
		snprintf(other, sizeof other, "%.4s-Q%c", month, (char)('1' + (strtol(month + 5, NULL, 10) - 1) / 3));
		if (strcmp(quarter, other) != 0) {
			memcpy(quarter, other, sizeof quarter);
			page_period(data, quarter);
		}
		page_period(data, month);
	}
	page_list_close(data);
}

/* Where a statement is of. */
static void page_places(struct page_data *data, const struct config *config)
{
	page_list_open(data, "places");
	for (size_t i = 0; i < config->account_count; i++) {
		page_item_open(data);
		page_text(data, "place", config->accounts[i].id);
		page_item_close(data);
	}
	page_list_close(data);
}

/* What there is to download, in the order of the buttons; names of programs are the same in every language. */
struct download_shown {
	const char *profile;
	const char *name;    /* NULL: the message */
	const char *message;
};

enum { GROUP_MAX = 3 };

static const struct {
	const char *id;
	const char *message;
	struct download_shown downloads[GROUP_MAX];
} groups[] = {
	{ "tables", MESSAGE("Tables"), { { "gifts", NULL, MESSAGE("Gifts") }, { "payouts", NULL, MESSAGE("Deposits") }, { "journal", NULL, MESSAGE("Journal") } } },
	{ "programs", MESSAGE("For accounting software"), { { "xero", "Xero", NULL }, { "quickbooks", "QuickBooks", NULL } } },
	{ "text", MESSAGE("For plain-text accounting"), { { "hledger", "hledger", NULL }, { "ledger", "ledger", NULL }, { "beancount", "beancount", NULL } } },
};

static void page_download(struct page_data *data, const struct download_shown *download)
{
	page_item_open(data);
	page_text(data, "profile", download->profile);
	if (download->name != NULL)
		page_text(data, "name", download->name);
	else
		page_message(data, "name", download->message);
	page_item_close(data);
}

static void page_downloads(struct page_data *data)
{
	page_list_open(data, "groups");
	for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
		page_item_open(data);
		page_text(data, "id", groups[i].id);
		page_message(data, "words", groups[i].message);
		page_list_open(data, "downloads");
		for (size_t j = 0; j < GROUP_MAX && groups[i].downloads[j].profile != NULL; j++)
			page_download(data, &groups[i].downloads[j]);
		page_list_close(data);
		page_item_close(data);
	}
	page_list_close(data);
}

enum err pages_books(const struct config *config, const struct meter *meters, const struct books_shown *shown,
                     struct page_language language, struct buffer *out, struct why *why)
{
	struct page_data data;

	page_data_begin(&data, config, language);
	page_languages(&data);
	page_campaigns(&data, config, meters, shown);
	page_waiting(&data, shown);
	page_reconciled(&data, &shown->reconciled);
	page_periods(&data, shown);
	page_places(&data, config);
	page_downloads(&data);
	return page_data_end(&data, WEB_BOOKS, out, why);
}
