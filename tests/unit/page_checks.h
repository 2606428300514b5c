/*
 * page_checks.h -- what the tests of the pages share: two configurations full
 * of hostile text, and looking at what was rendered.
 */
#ifndef TESTS_PAGE_CHECKS_H
#define TESTS_PAGE_CHECKS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "routes/pages.h"
#include "web/web.h"

/* Text that would leave its element, its attribute or its template. */
#define HOSTILE "\\\"'><script>alert(1)</script>{{title}}&amp;"
#define HOSTILE_ESCAPED "&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;{{title}}&amp;amp;"

#define ACCOUNT(id) "{\"id\":\"" id "\",\"provider\":\"stripe\",\"key_file\":\"k\",\"webhook_secret_files\":[\"w\"]}"
#define FRAME(mode, accounts, campaigns) \
	"{\"organisation\":{\"id\":\"fund\",\"name\":\"The " HOSTILE " Fund\"},\"mode\":\"" mode "\",\"data_dir\":\"data\"," \
	"\"public\":{\"url\":\"https://give.example.org\"},\"operator\":{\"token_file\":\"t\"}," \
	"\"accounts\":[" accounts "],\"campaigns\":[" campaigns "]}"
#define NEWSROOM \
	"{\"id\":\"newsroom\",\"title\":\"Title " HOSTILE "\",\"text\":\"Text " HOSTILE "\"," \
	"\"button\":\"Button " HOSTILE "\",\"currency\":\"USD\",\"goal\":\"5000\",\"marks\":[\"0\",\"2500\",\"5000\"]," \
	"\"tiers\":[" \
	"{\"id\":\"friend\",\"label\":\"Friend " HOSTILE "\",\"amount\":\"10\",\"interval\":\"month\",\"text\":\"Why " HOSTILE "\"}," \
	"{\"id\":\"reader\",\"label\":\"Reader\",\"amount\":\"25.50\",\"interval\":\"once\"}," \
	"{\"id\":\"patron\",\"label\":\"Patron\",\"amount\":\"1200\",\"interval\":\"year\"}],\"default_tier\":\"reader\"}"
#define WELL \
	"{\"id\":\"well\",\"title\":\"A well\",\"currency\":\"JPY\"," \
	"\"tiers\":[{\"id\":\"pipe\",\"label\":\"Pipe\",\"amount\":\"3000\",\"interval\":\"once\"}]}"

#define ONE_CAMPAIGN FRAME("live", ACCOUNT("stripe"), NEWSROOM)
#define TWO_CAMPAIGNS FRAME("test", ACCOUNT("stripe") "," ACCOUNT("stripe-eu"), NEWSROOM "," WELL)

static const struct page_language english = { LANGUAGE_EN, false };

static inline struct config *configuration(const char *text)
{
	static const char *const providers[] = { "stripe", NULL };
	static struct config_problems problems;
	struct config *config = NULL;

	assert_int_equal(config_parse(bytes_of(text), ".", false, providers, &config, &problems), OK);
	return config;
}

static inline size_t count_of(const struct buffer *page, const char *text)
{
	size_t count = 0;

	for (const char *at = page->data; (at = strstr(at, text)) != NULL; at += strlen(text))
		count++;
	return count;
}

static inline bool has(const struct buffer *page, const char *text)
{
	return count_of(page, text) > 0;
}

/* What holds for every page in every state. */
static inline void check_page(enum err err, const struct why *why, const struct buffer *page)
{
	assert_string_equal(why->text, "");
	assert_int_equal(err, OK);
	assert_true(strncmp(page->data, "<!doctype html>\n<html lang=\"en\" dir=\"ltr\">\n", 43) == 0);
	assert_true(page->length < 30 * 1024);
	assert_int_equal(count_of(page, "<h1>"), 1);
	assert_int_equal(count_of(page, "<main"), 1);
	assert_int_equal(count_of(page, "<title>"), 1);
	assert_int_equal(count_of(page, "<script"), count_of(page, " data-news=\"")); /* only where there may be news */
	assert_false(has(page, " style="));
	assert_false(has(page, "http-equiv"));
}

#endif
