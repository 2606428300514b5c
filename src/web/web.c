#include "web/web.h"

#include <assert.h>
#include <openssl/evp.h>
#include <stdio.h>

#include "base/digest.h"
#include "base/html.h"
#include "base/json_write.h"
#include "base/template.h"
#include "web/file_bytes.h"
#include "web/messages.h"

FILE_BYTES(web_campaigns, "src/web/campaigns.html");
FILE_BYTES(web_support, "src/web/support.html");
FILE_BYTES(web_thanks, "src/web/thanks.html");
FILE_BYTES(web_receipt, "src/web/receipt.html");
FILE_BYTES(web_portal, "src/web/portal.html");
FILE_BYTES(web_problem, "src/web/problem.html");
FILE_BYTES(web_operator, "src/web/operator.html");
FILE_BYTES(web_books, "src/web/books.html");
FILE_BYTES(web_button, "src/web/button.html");
FILE_BYTES(web_gap, "src/web/gap.html");
FILE_BYTES(web_gift, "src/web/gift.html");
FILE_BYTES(web_gone, "src/web/gone.html");
FILE_BYTES(web_rest, "src/web/rest.html");
FILE_BYTES(web_head, "src/web/head.html");
FILE_BYTES(web_top, "src/web/top.html");
FILE_BYTES(web_name, "src/web/name.html");
FILE_BYTES(web_foot, "src/web/foot.html");
FILE_BYTES(web_meter, "src/web/meter.html");
FILE_BYTES(web_meter_sum, "src/web/meter-sum.html");
FILE_BYTES(web_meter_note, "src/web/meter-note.html");
FILE_BYTES(web_interval, "src/web/interval.html");
FILE_BYTES(web_often, "src/web/often.html");
FILE_BYTES(web_closed, "src/web/closed.html");
FILE_BYTES(web_stock, "src/web/stock.html");
FILE_BYTES(web_form, "src/web/form.html");
FILE_BYTES(web_refusal, "src/web/refusal.html");
FILE_BYTES(web_thanks_title, "src/web/thanks-title.html");
FILE_BYTES(web_picture, "src/web/meter.svg");
FILE_BYTES(web_fragment, "src/web/fragment.html");
FILE_BYTES(web_snippets, "src/web/snippets.html");
FILE_BYTES(web_words, "src/web/button.json");
FILE_BYTES(web_script, "src/web/button.js");
FILE_BYTES(web_news, "src/web/news.js");
FILE_BYTES(web_style, "src/web/style.css");
FILE_BYTES(web_books_style, "src/web/books.css");
FILE_BYTES(web_picture_style, "src/web/picture.css");
FILE_BYTES(web_icon, "src/web/icon.svg");

static const struct {
	const char *name;
	const char *start;
	const char *end;
} files[] = {
	[WEB_CAMPAIGNS] = { "campaigns.html", web_campaigns_start, web_campaigns_end },
	[WEB_SUPPORT] = { "support.html", web_support_start, web_support_end },
	[WEB_THANKS] = { "thanks.html", web_thanks_start, web_thanks_end },
	[WEB_RECEIPT] = { "receipt.html", web_receipt_start, web_receipt_end },
	[WEB_PROBLEM] = { "problem.html", web_problem_start, web_problem_end },
	[WEB_OPERATOR] = { "operator.html", web_operator_start, web_operator_end },
	[WEB_SNIPPETS] = { "snippets.html", web_snippets_start, web_snippets_end },
	[WEB_WORDS] = { "button.json", web_words_start, web_words_end },
	[WEB_PICTURE] = { "meter.svg", web_picture_start, web_picture_end },
	[WEB_BOOKS] = { "books.html", web_books_start, web_books_end },
	[WEB_FRAGMENT] = { "fragment.html", web_fragment_start, web_fragment_end },
	[WEB_ICON] = { "icon.svg", web_icon_start, web_icon_end },
	{ "button.html", web_button_start, web_button_end },
	{ "gap.html", web_gap_start, web_gap_end },
	{ "gift.html", web_gift_start, web_gift_end },
	{ "gone.html", web_gone_start, web_gone_end },
	{ "rest.html", web_rest_start, web_rest_end },
	{ "head.html", web_head_start, web_head_end },
	{ "top.html", web_top_start, web_top_end },
	{ "name.html", web_name_start, web_name_end },
	{ "foot.html", web_foot_start, web_foot_end },
	{ "meter.html", web_meter_start, web_meter_end },
	{ "meter-sum.html", web_meter_sum_start, web_meter_sum_end },
	{ "meter-note.html", web_meter_note_start, web_meter_note_end },
	{ "interval.html", web_interval_start, web_interval_end },
	{ "often.html", web_often_start, web_often_end },
	{ "portal.html", web_portal_start, web_portal_end },
	{ "closed.html", web_closed_start, web_closed_end },
	{ "stock.html", web_stock_start, web_stock_end },
	{ "form.html", web_form_start, web_form_end },
	{ "refusal.html", web_refusal_start, web_refusal_end },
	{ "thanks-title.html", web_thanks_title_start, web_thanks_title_end },
	{ "news.js", web_news_start, web_news_end },
	{ "style.css", web_style_start, web_style_end },
	{ "books.css", web_books_style_start, web_books_style_end },
	{ "picture.css", web_picture_style_start, web_picture_style_end },
};

static struct bytes between(const char *start, const char *end)
{
	return (struct bytes){ start, (size_t)(end - start) };
}

static bool find_file(struct bytes name, struct bytes *text)
{
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		if (!bytes_is(name, files[i].name))
			continue;
		*text = between(files[i].start, files[i].end);
		return true;
	}
	return false;
}

static struct bytes translate(const void *language, struct bytes message, struct bytes many, uint64_t count)
{
	return messages_find(*(const enum language *)language, message, many, count);
}

enum err web_render(enum web_page page, enum language language, const json_t *data, struct buffer *out, struct why *why)
{
	const struct template_source source = { find_file, translate, &language, page == WEB_WORDS ? json_write_escaped : html_escape };
	struct why inner = { "" };

	assert(page < WEB_PAGES);
	enum err err = template_render(between(files[page].start, files[page].end), data, &source, out, &inner);

	return err == ERR_INPUT ? why_set(why, err, "%s: %s", files[page].name, inner.text) : err;
}

static struct bytes inline_text(enum web_inline what)
{
	switch (what) {
	case WEB_STYLE_PAGE:
		return between(web_style_start, web_style_end);
	case WEB_STYLE_BOOKS:
		return between(web_books_style_start, web_books_style_end);
	case WEB_STYLE_PICTURE:
		return between(web_picture_style_start, web_picture_style_end);
	case WEB_SCRIPT_NEWS:
		break;
	}
	return between(web_news_start, web_news_end);
}

enum err web_inline_source(enum web_inline what, struct bytes colours, char source[static WEB_INLINE_SOURCE_SIZE])
{
	struct bytes text = inline_text(what);
	unsigned char base64[(DIGEST_BYTES + 2) / 3 * 4 + 1];
	uint8_t digest[DIGEST_BYTES];

	text.length--; /* it stands between its tags without the file's last line end */
	const struct bytes parts[] = { text, colours };
	enum err err = digest_sha256(parts, 2, digest);

	if (err != OK)
		return err;
	EVP_EncodeBlock(base64, digest, DIGEST_BYTES);
	snprintf(source, WEB_INLINE_SOURCE_SIZE, "'sha256-%s'", (const char *)base64);
	return OK;
}

struct web_script web_script(void)
{
	static const char mark[] = "/* colours */";
	struct bytes whole = between(web_script_start, web_script_end);
	struct bytes rest = whole;

	while (!bytes_starts_with(rest, mark)) {
		assert(rest.length > 0);
		rest.data++;
		rest.length--;
	}
	return (struct web_script){ { whole.data, whole.length - rest.length },
		                    { rest.data + sizeof mark - 1, rest.length - (sizeof mark - 1) } };
}
