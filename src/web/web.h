/*
 * web.h -- the templates of pages and pictures, compiled in, and the style inside each.
 *
 * A page is one answer: its style stands in it and nothing else is fetched. One
 * page has a script, inside it as well, while there may be news of a gift: news.js.
 * What a template wants is written at its top.
 */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include <jansson.h>

#include "base/bytes.h"
#include "base/err.h"
#include "domain/language.h"

enum web_page {
	WEB_CAMPAIGNS, /* what is collected for, when it is more than one thing */
	WEB_SUPPORT,   /* one campaign and its form */
	WEB_THANKS,    /* what became of a pledge */
	WEB_RECEIPT,   /* what was given, to be printed */
	WEB_PROBLEM,
	WEB_OPERATOR,
	WEB_SNIPPETS,  /* what an operator copies into other sites; in English */
	WEB_WORDS,     /* what a button on another site says, as JSON */
	WEB_PICTURE,   /* a campaign's meter as SVG */
	WEB_BOOKS,     /* the operator's: sums, what waits, downloads */
	WEB_FRAGMENT,  /* a campaign's meter and form as a piece of another site's page */
	WEB_ICON,      /* the picture for the browser's tab, SVG */
	WEB_PAGES,     /* how many there are */
};

enum { PAGE_BYTES_MAX = 256 * 1024, WEB_INLINE_SOURCE_SIZE = 54 };

/*
 * Append the page filled with `data`, its words in `language`. As
 * template_render: ERR_INPUT with `why` is a mistake of ours that the tests of
 * the pages find.
 */
MUST_CHECK enum err web_render(enum web_page page, enum language language, const json_t *data, struct buffer *out,
                               struct why *why);

/* What stands inside of what is rendered and has to be allowed there. */
enum web_inline {
	WEB_STYLE_PAGE,
	WEB_STYLE_BOOKS,   /* … and behind it that of the books, without colours */
	WEB_STYLE_PICTURE,
	WEB_SCRIPT_NEWS,
};

/*
 * The source expression that allows it in a Content-Security-Policy: 'sha256-…', with its quotes. `colours` is what
 * the page has as `colours` behind its style; what else stands there has none. Compute it once. ERR_MEMORY.
 */
MUST_CHECK enum err web_inline_source(enum web_inline what, struct bytes colours, char source[static WEB_INLINE_SOURCE_SIZE]);

/*
 * The script that makes a button out of a link, text/javascript: what goes before
 * the organisation's colours in its style (for the selector WEB_SCRIPT_BOX), and
 * what behind.
 */
#define WEB_SCRIPT_BOX ".box"
struct web_script {
	struct bytes before;
	struct bytes behind;
};

struct web_script web_script(void);

#endif
