/*
 * pages.h -- what a browser is shown, out of our own values.
 *
 * Each function appends one whole page to `out`. It fails with ERR_MEMORY,
 * ERR_TOO_BIG (the buffer's bound) or, by a mistake of ours, ERR_INPUT with
 * `why`. Nothing here looks anything up: the same values are the same bytes.
 */
#ifndef ROUTES_PAGES_H
#define ROUTES_PAGES_H

#include "base/bytes.h"
#include "base/err.h"
#include "config/config.h"
#include "domain/campaign.h"
#include "domain/pledge.h"
#include "ledger/ledger.h"
#include "routes/page_language.h"
#include "service/meter.h"
#include "service/reconcile.h"

/* Where the pages link to. */
#define PAGES_CAMPAIGN_PATH "/c/"     /* + campaign id; "?tier=" chooses */
#define PAGES_RECEIPT_PATH "/receipt/" /* + receipt token */
#define PAGES_THANKS_PATH "/thanks/"  /* + receipt token */
#define PAGES_NEWS_PATH "/v1/receipts/" /* + receipt token */

enum { PAGES_CHOICE_PATH_SIZE = sizeof PAGES_CAMPAIGN_PATH "?tier=&account=" + 3 * ID_SIZE };

/* The page of a campaign with a choice: the tier where it is of the campaign, the account where there are several. */
void pages_choice_path(const struct config *config, const struct campaign *campaign, const char *tier, const char *account,
                       char path[static PAGES_CHOICE_PATH_SIZE]);

/* The start page. `meters` and `offers` are in the configuration's order; of a single campaign it is the support page. */
MUST_CHECK enum err pages_campaigns(const struct config *config, const struct meter *meters, const struct offer *offers,
                                    struct page_language language, struct buffer *out, struct why *why);

/* What a button on another site says of a campaign, JSON (schemas/button.schema.json). */
MUST_CHECK enum err pages_words(const struct config *config, const struct campaign *campaign, const struct meter *meter,
                                const struct offer *offer, struct page_language language, struct buffer *out,
                                struct why *why);

/* The meter of a campaign as a picture, SVG. */
MUST_CHECK enum err pages_picture(const struct config *config, const struct campaign *campaign,
                                  const struct meter *meter, const struct offer *offer, struct page_language language,
                                  struct buffer *out, struct why *why);

/* The picture for the browser's tab in the organisation's colours, SVG. */
MUST_CHECK enum err pages_icon(const struct config *config, struct buffer *out, struct why *why);

/* Why a form comes back to the donor. */
enum refusal {
	REFUSAL_NONE,
	REFUSAL_NO_TIER,
	REFUSAL_UNKNOWN_TIER,
	REFUSAL_SOLD_OUT,
	REFUSAL_UNKNOWN_ACCOUNT,
};

/* What the donor had chosen. NULL or an id that is gone: the campaign's, or the installation's, default. */
struct support_form {
	const char *tier;
	const char *account;
	enum refusal refusal;
	bool framed; /* it stands in a frame of another page: links and forms lead out of it */
};

/* The page of a campaign. `form` may be NULL: nothing was chosen yet. */
MUST_CHECK enum err pages_support(const struct config *config, const struct campaign *campaign,
                                  const struct meter *meter, const struct offer *offer,
                                  const struct support_form *form, struct page_language language,
                                  struct buffer *out, struct why *why);

/*
 * The meter and the form of a campaign as a piece of another site's page: without style, its links and its form lead
 * to `public.url`, in `language` where that is not the campaign's own.
 */
MUST_CHECK enum err pages_fragment(const struct config *config, const struct campaign *campaign,
                                   const struct meter *meter, const struct offer *offer,
                                   struct page_language language, struct buffer *out, struct why *why);

/* Ready-made commands, to be shown as they are. */
struct shown_commands {
	const char *export_gifts;
	const char *verify;
};

enum { SHOWN_GIFTS_MAX = 600 };

/* What has come of a pledge: of one that is given once its gift, of one that comes again the first so many, the oldest first. */
struct shown_gifts {
	size_t count;
	struct payment single;
	struct {
		char receipt[TOKEN_SIZE];
		int64_t given_s;
		enum payment_rest rest;
	} list[SHOWN_GIFTS_MAX];
};

/*
 * What became of a pledge. `demo` is NULL outside a demo. While more is to be told
 * (receipt_state_changes) a script stands in it, which POLICY_NEWS allows.
 */
MUST_CHECK enum err pages_thanks(const struct config *config, const struct pledge *pledge,
                                 const char *receipt_token, const struct shown_gifts *gifts,
                                 const struct shown_commands *demo, struct page_language language,
                                 struct buffer *out, struct why *why);

/*
 * The receipt of a gift, with what became of it since. `receipt_token` opened it: where that is the pledge's own there is
 * a way back to its page.
 */
MUST_CHECK enum err pages_receipt(const struct config *config, const struct pledge *pledge, const struct payment *payment,
                                  const char *receipt_token, struct page_language language, struct buffer *out,
                                  struct why *why);

struct problem_page {
	int status;            /* of the HTTP answer */
	const char *detail;    /* in English, shown where it is a message of the language; NULL: the title says it all */
	const char *retry_url; /* NULL: there is nothing to try again */
};

/* Why there is no other page. `config` may be NULL. */
MUST_CHECK enum err pages_problem(const struct config *config, const struct problem_page *problem,
                                  struct page_language language, struct buffer *out, struct why *why);

/* The operator's start page. `commands` may be NULL. */
MUST_CHECK enum err pages_operator(const struct config *config, const struct ledger_status *status,
                                   const struct campaign_totals *totals, const struct shown_commands *commands,
                                   struct page_language language, struct buffer *out, struct why *why);

/* The lines to copy into other sites, in English. */
MUST_CHECK enum err pages_snippets(const struct config *config, struct buffer *out, struct why *why);

enum { BOOKS_MONTHS = 12, BOOKS_MONTH_SIZE = sizeof "2026-11", BOOKS_PARKED = 50 };

/* What the page of the books tells of besides the meters. */
struct books_shown {
	struct ledger_status status;
	struct campaign_totals totals[CAMPAIGNS_MAX];             /* in the configuration's order, as what follows */
	char months[BOOKS_MONTHS][BOOKS_MONTH_SIZE];               /* the newest first */
	struct campaign_totals sums[CAMPAIGNS_MAX][BOOKS_MONTHS]; /* what each month changed, by campaign */
	size_t counts[CAMPAIGNS_MAX];                             /* of those months up to the first in which something happened */
	struct parked parked[BOOKS_PARKED];
	size_t parked_count;
	struct reconciliation reconciled;                         /* how the books were last compared with the provider */
};

/* The operator's page of the books: sums by campaign and month, what waits, downloads. */
MUST_CHECK enum err pages_books(const struct config *config, const struct meter *meters, const struct books_shown *shown,
                                struct page_language language, struct buffer *out, struct why *why);

#endif
