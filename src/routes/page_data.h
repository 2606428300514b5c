/*
 * page_data.h -- the values of one page, put together front to back and then
 * rendered.
 *
 *	struct page_data data;
 *
 *	page_data_begin(&data, config, language);
 *	page_text(&data, "title", campaign->title);
 *	page_list_open(&data, "tiers");
 *	page_item_open(&data);
 *	…
 *	page_item_close(&data);
 *	page_list_close(&data);
 *	err = page_data_end(&data, WEB_SUPPORT, out, why);
 *
 * Nothing but page_data_end fails: it tells of every failure before it. A
 * template refuses a name that it does not find, so what is absent is said:
 * page_absent, or a text that is NULL.
 */
#ifndef ROUTES_PAGE_DATA_H
#define ROUTES_PAGE_DATA_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "config/config.h"
#include "domain/campaign.h"
#include "domain/money.h"
#include "routes/page_language.h"
#include "web/web.h"

enum { PAGE_DATA_DEPTH_MAX = 8 };

struct page_data {
	json_t *open[PAGE_DATA_DEPTH_MAX]; /* the containers inside each other; only the first one is owned */
	unsigned depth;
	bool failed;
	enum language language;
};

/* With what every page has: language, organisation, mode. `config` may be NULL. */
void page_data_begin(struct page_data *data, const struct config *config, struct page_language language);

/* The list of languages to choose from: for pages that have an address of their own. */
void page_languages(struct page_data *data);

/* The words of a message; absent where the page's language does not know it. */
void page_message(struct page_data *data, const char *name, const char *message);

/* A path on this site with the page's language, where somebody asked for it. */
void page_path(struct page_data *data, const char *name, const char *path, struct page_language language);

void page_text(struct page_data *data, const char *name, const char *text);
void page_flag(struct page_data *data, const char *name, bool value);
void page_number(struct page_data *data, const char *name, int64_t number);
void page_absent(struct page_data *data, const char *name);

/* A number for people, "12,345", and as `name`.n the bare one, which decides between one and many. */
void page_count(struct page_data *data, const char *name, uint64_t count);

/* "63%" */
void page_percent(struct page_data *data, const char *name, uint64_t percent);

/* As numbers_money and numbers_money_short. */
void page_money(struct page_data *data, const char *name, const struct money *money);
void page_money_short(struct page_data *data, const char *name, const struct money *money);

/* The date of a time in seconds since 1970, by UTC: "2026-11-25", and as `name`_text for people, "November 25, 2026". */
void page_date(struct page_data *data, const char *name, int64_t time_s);

/* Three flags, once, month and year, of which one is true. */
void page_interval(struct page_data *data, enum interval interval);

/* An object of the two commands, absent with NULL. */
struct shown_commands;
void page_commands(struct page_data *data, const char *name, const struct shown_commands *commands);

void page_object_open(struct page_data *data, const char *name);
void page_object_close(struct page_data *data);
void page_list_open(struct page_data *data, const char *name);
void page_list_close(struct page_data *data);

/* An object as the next element of the open list. */
void page_item_open(struct page_data *data);
void page_item_close(struct page_data *data);

/* Render and let go of the values. ERR_MEMORY, or as web_render. */
MUST_CHECK enum err page_data_end(struct page_data *data, enum web_page page, struct buffer *out,
                                  struct why *why);

#endif
