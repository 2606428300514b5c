/* The books for people: what the index knows, put together for one page. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "routes/doors.h"
#include "routes/pages.h"
#include "sys/clock.h"

enum { BOOKS_PAGE_BYTES_MAX = 1024 * 1024, MONTH_CHARACTERS = sizeof "2026-11" - 1 };

/* The months up to this one, the newest first. */
static void name_months(int64_t now_us, char months[static BOOKS_MONTHS][BOOKS_MONTH_SIZE])
{
	char text[TIME_TEXT_SIZE];

	text_time(now_us, text);
	unsigned year = (unsigned)strtoul(text, NULL, 10);
	unsigned month = (unsigned)strtoul(text + 5, NULL, 10);

	for (int i = 0; i < BOOKS_MONTHS; i++) {
		struct buffer name = { .data = months[i], .capacity = BOOKS_MONTH_SIZE, .max = BOOKS_MONTH_SIZE };

		months[i][0] = '\0';
		buffer_format(&name, "%04u-%02u", year % 10000, month);
		month = month == 1 ? 12 : month - 1;
		year -= month == 12;
	}
}

static enum err subtract(struct campaign_totals *sums, const struct campaign_totals *later)
{
	struct money *const parts[] = { &sums->settled, &sums->refunded, &sums->lost, &sums->fees };
	const struct money *const taken[] = { &later->settled, &later->refunded, &later->lost, &later->fees };
	enum err err = OK;

	for (int i = 0; err == OK && i < 4; i++)
		err = money_subtract(parts[i], taken[i], parts[i]);
	sums->gifts -= later->gifts;
	return err;
}

static bool is_empty(const struct campaign_totals *sums)
{
	return sums->gifts == 0 && sums->settled.minor == 0 && sums->refunded.minor == 0 && sums->lost.minor == 0 && sums->fees.minor == 0;
}

/* What each month changed: what it and the later ones did, less what the later ones did. */
static enum err read_months(struct ledger *ledger, const struct campaign *campaign, struct books_shown *shown, size_t index)
{
	struct campaign_totals(*sums)[BOOKS_MONTHS] = &shown->sums[index];
	enum err err = OK;

	for (int i = 0; err == OK && i < BOOKS_MONTHS; i++)
		err = ledger_totals_since(ledger, campaign->id, &campaign->currency, shown->months[i], &(*sums)[i]);
	for (int i = BOOKS_MONTHS - 1; err == OK && i > 0; i--)
		err = subtract(&(*sums)[i], &(*sums)[i - 1]);
	shown->counts[index] = BOOKS_MONTHS;
	while (shown->counts[index] > 0 && is_empty(&(*sums)[shown->counts[index] - 1]))
		shown->counts[index]--;
	return err;
}

static enum err read_parked(struct ledger *ledger, struct books_shown *shown)
{
	struct parked parked = { .seq = 0 };
	enum err err = OK;

	while (shown->parked_count < BOOKS_PARKED && (err = ledger_parked_next(ledger, &parked)) == OK)
		shown->parked[shown->parked_count++] = parked;
	return err == ERR_UNKNOWN ? OK : err;
}

static enum err read_all(const struct visit *visit, struct books_shown *shown)
{
	const struct config *config = visit->snapshot->config;
	struct ledger *ledger = visit->site->service->ledger;
	enum err err = OK;

	ledger_status(ledger, &shown->status);
	reconciler_last(visit->site->service->reconciler, &shown->reconciled);
	name_months(clock_wall_us(), shown->months);
	for (size_t i = 0; err == OK && i < config->campaign_count; i++) {
		const struct campaign *campaign = &config->campaigns[i];

		err = ledger_totals(ledger, campaign->id, &campaign->currency, &shown->totals[i]);
		if (err == OK)
			err = read_months(ledger, campaign, shown, i);
	}
	return err == OK ? read_parked(ledger, shown) : err;
}

void door_books(struct visit *visit)
{
	struct books_shown *shown = calloc(1, sizeof *shown);
	struct http_reply reply;

	http_reply_init(&reply, 200);
	reply.body = BUFFER(BOOKS_PAGE_BYTES_MAX);
	reply.err = shown == NULL ? ERR_MEMORY : read_all(visit, shown);
	if (reply.err == OK)
		reply.err = pages_books(visit->snapshot->config, visit->snapshot->meters, shown, page_language_of(visit, NULL), &reply.body, NULL);
	free(shown);
	http_reply_field(&reply, "Content-Type", "text/html; charset=utf-8");
	http_reply_field(&reply, "Cache-Control", "no-store");
	visit->policy = POLICY_BOOKS;
	visit_reply(visit, &reply);
}
