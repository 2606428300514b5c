#include "routes/page_data.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "routes/page_look.h"
#include "routes/pages.h"
#include "web/dates.h"
#include "web/messages.h"
#include "web/numbers.h"

static json_t *innermost(const struct page_data *data)
{
	return data->open[data->depth - 1];
}

/* Put a value into the innermost container, which owns it then. */
static void put(struct page_data *data, const char *name, json_t *value)
{
	assert(data->depth > 0);
	json_t *container = innermost(data);
	int put = name == NULL ? json_array_append_new(container, value)
	                       : json_object_set_new_nocheck(container, name, value);

	data->failed = data->failed || put != 0;
}

/*
 * Out of memory there is nothing to put values into: the container around
 * takes them, and the page fails at its end.
 */
static void open_container(struct page_data *data, const char *name, json_t *container)
{
	assert(data->depth < PAGE_DATA_DEPTH_MAX);
	put(data, name, container);
	data->open[data->depth] = container == NULL ? innermost(data) : container;
	data->depth++;
}

static void close_container(struct page_data *data)
{
	assert(data->depth > 1);
	data->depth--;
}

void page_data_begin(struct page_data *data, const struct config *config, struct page_language language)
{
	json_t *root = json_object();

	*data = (struct page_data){ .open = { root }, .depth = 1, .failed = root == NULL, .language = language.language };
	page_text(data, "lang", language_tag(language.language));
	page_text(data, "dir", language_direction(language.language));
	page_flag(data, "spaced", language_is_spaced(language.language));
	page_path(data, "lang_query", "", language);
	page_absent(data, "languages");
	page_text(data, "organisation", config == NULL ? NULL : config->organisation_name);
	page_flag(data, "test", config != NULL && !config->live);
	page_flag(data, "home", false);
	page_flag(data, "framed", false);
	page_flag(data, "scripted", false);
	page_look(data, config);
}

void page_languages(struct page_data *data)
{
	page_object_open(data, "languages");
	page_list_open(data, "each");
	for (unsigned i = 0; i < LANGUAGES; i++) {
		page_item_open(data);
		page_text(data, "tag", language_tag((enum language)i));
		page_text(data, "title", language_title((enum language)i));
		page_flag(data, "chosen", (enum language)i == data->language);
		page_item_close(data);
	}
	page_list_close(data);
	page_object_close(data);
}

/* ---- values ---- */

void page_text(struct page_data *data, const char *name, const char *text)
{
	/* Not checked to be UTF-8: escaping takes care of every byte. */
	put(data, name, text == NULL ? json_null() : json_string_nocheck(text));
}

void page_flag(struct page_data *data, const char *name, bool value)
{
	put(data, name, json_boolean(value));
}

void page_number(struct page_data *data, const char *name, int64_t number)
{
	put(data, name, json_integer(number));
}

void page_absent(struct page_data *data, const char *name)
{
	put(data, name, json_null());
}

void page_message(struct page_data *data, const char *name, const char *message)
{
	struct bytes none = { NULL, 0 };

	if (message == NULL || !messages_has(data->language, bytes_of(message))) {
		page_absent(data, name);
		return;
	}
	struct bytes words = messages_find(data->language, bytes_of(message), none, 1);

	put(data, name, json_stringn_nocheck(words.data, words.length));
}

void page_path(struct page_data *data, const char *name, const char *path, struct page_language language)
{
	char whole[URL_SIZE];

	if (path == NULL) {
		page_absent(data, name);
		return;
	}
	snprintf(whole, sizeof whole, "%s%slang=%s", path, strchr(path, '?') == NULL ? "?" : "&",
	         language_tag(language.language));
	page_text(data, name, language.asked ? whole : path);
}

void page_count(struct page_data *data, const char *name, uint64_t count)
{
	char bare[LABEL_SIZE];
	char text[COUNT_TEXT_SIZE];

	numbers_count(data->language, count, text);
	page_text(data, name, text);
	snprintf(bare, sizeof bare, "%s.n", name);
	page_number(data, bare, count > INT64_MAX ? INT64_MAX : (int64_t)count);
}

void page_percent(struct page_data *data, const char *name, uint64_t percent)
{
	char text[COUNT_TEXT_SIZE];

	numbers_percent(data->language, percent, text);
	page_text(data, name, text);
}

void page_money(struct page_data *data, const char *name, const struct money *money)
{
	char text[MONEY_TEXT_SIZE];

	numbers_money(data->language, money, text);
	page_text(data, name, text);
}

void page_money_short(struct page_data *data, const char *name, const struct money *money)
{
	char text[MONEY_TEXT_SIZE];

	numbers_money_short(data->language, money, text);
	page_text(data, name, text);
}

void page_date(struct page_data *data, const char *name, int64_t time_s)
{
	char text_name[LABEL_SIZE];
	char plain[TIME_TEXT_SIZE];
	char text[DATE_TEXT_SIZE];

	text_time_s(time_s, plain);
	plain[sizeof "2026-11-25" - 1] = '\0';
	page_text(data, name, plain);
	dates_long(data->language, time_s, text);
	snprintf(text_name, sizeof text_name, "%s_text", name);
	page_text(data, text_name, text);
}

void page_interval(struct page_data *data, enum interval interval)
{
	page_flag(data, "once", interval == INTERVAL_ONCE);
	page_flag(data, "month", interval == INTERVAL_MONTH);
	page_flag(data, "year", interval == INTERVAL_YEAR);
}

/* ---- containers ---- */

void page_object_open(struct page_data *data, const char *name)
{
	open_container(data, name, json_object());
}

void page_object_close(struct page_data *data)
{
	close_container(data);
}

void page_list_open(struct page_data *data, const char *name)
{
	open_container(data, name, json_array());
}

void page_list_close(struct page_data *data)
{
	close_container(data);
}

void page_item_open(struct page_data *data)
{
	open_container(data, NULL, json_object());
}

void page_item_close(struct page_data *data)
{
	close_container(data);
}

void page_commands(struct page_data *data, const char *name, const struct shown_commands *commands)
{
	if (commands == NULL) {
		page_absent(data, name);
		return;
	}
	page_object_open(data, name);
	page_text(data, "export", commands->export_gifts);
	page_text(data, "verify", commands->verify);
	page_object_close(data);
}

enum err page_data_end(struct page_data *data, enum web_page page, struct buffer *out, struct why *why)
{
	assert(data->depth == 1);
	enum err err = data->failed ? ERR_MEMORY : web_render(page, data->language, data->open[0], out, why);

	json_decref(data->open[0]);
	*data = (struct page_data){ 0 };
	return err;
}
