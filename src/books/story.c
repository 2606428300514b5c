/*
 * The good road: read the lines for every entry that is meant, and remember the gift they belong to → read them again and
 * tell each entry of that gift, and each that is meant. Where they belong to several gifts (a payout holds many), these
 * alone are told, briefly.
 */
#include "books/story.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "books/quote.h"
#include "domain/trial_balance.h"
#include "ledger/scan.h"

struct story {
	const struct quote *quote;
	struct buffer *out;
	char pledge[TOKEN_SIZE];   /* the gift that the quoted text leads to; "" for none */
	bool several;              /* … to another one, too */
	uint64_t entries;          /* read */
	uint64_t meant;            /* of them by the text itself */
	uint64_t told;
	struct trial_balance sums; /* of the entries told so far */
};

/* ---- the first reading ---- */

static enum err find(struct story *story, const struct entry *entry, struct why *why)
{
	bool meant;
	enum err err = quote_means(story->quote, entry, &meant);

	(void)why;
	story->entries++;
	if (err != OK || !meant)
		return err;
	story->meant++;
	if (story->pledge[0] == '\0')
		memcpy(story->pledge, entry->pledge, TOKEN_SIZE);
	else if (entry->pledge[0] != '\0' && strcmp(story->pledge, entry->pledge) != 0)
		story->several = true;
	return OK;
}

/* ---- the second ---- */

static void put_id(struct buffer *out, const char *name, const char *id)
{
	if (id[0] != '\0')
		buffer_format(out, "  %-20s %s\n", name, id);
}

static void put_ids(struct buffer *out, const struct entry *entry)
{
	char at[TIME_TEXT_SIZE] = "";

	if (entry->at_s != 0)
		text_time_s(entry->at_s, at);
	put_id(out, "provider's time", at);
	put_id(out, "account", entry->account);
	put_id(out, "event", entry->event);
	put_id(out, "pledge", entry->pledge);
	put_id(out, "payment", entry->payment);
	put_id(out, "reference", entry->reference);
	put_id(out, "reason", reason_name(entry->reason));
	if (entry->parked != 0)
		buffer_format(out, "  %-20s seq %" PRIu64 "\n", "had been parked as", entry->parked);
	for (size_t i = 0; i < entry->ref_count; i++)
		if (strcmp(entry->refs[i].id, entry->payment) != 0)
			put_id(out, ref_kind_name(entry->refs[i].kind), entry->refs[i].id);
}

static void put_balance(struct buffer *out, const char *sign, const struct ledger_account *account, const struct money *money)
{
	char name[LEDGER_ACCOUNT_TEXT_SIZE];
	char amount[AMOUNT_TEXT_SIZE];

	ledger_account_format(account, name);
	money_format(money, amount);
	buffer_format(out, "  %s %-50s %14s %s\n", sign, name, amount, money->currency.code);
}

static void put_postings(struct buffer *out, const struct entry *entry)
{
	for (size_t i = 0; i < entry->posting_count; i++)
		put_balance(out, "booked", &entry->postings[i].account, &entry->postings[i].amount);
}

/* What the gift's accounts hold; of several gifts together that would say nothing. */
static enum err put_sums(struct story *story, const struct entry *entry, struct why *why)
{
	enum err err = trial_balance_add(&story->sums, entry, why);

	for (size_t i = 0; err == OK && entry->posting_count > 0 && i < story->sums.count; i++)
		put_balance(story->out, "so far", &story->sums.balances[i].account, &story->sums.balances[i].sum);
	return err;
}

static void put_head(struct story *story, const struct entry *entry)
{
	char time[TIME_TEXT_SIZE];

	text_time(entry->time_us, time);
	buffer_format(story->out, "%sseq %" PRIu64 ", %s, %s\n  ", story->told > 0 ? "\n" : "", entry->seq, time,
	              entry->kind == ENTRY_OTHER ? entry->other_kind : entry_kind_name(entry->kind));
	story_sentence(story->out, entry);
	buffer_char(story->out, '\n');
	story->told++;
}

static enum err tell(struct story *story, const struct entry *entry, struct why *why)
{
	bool meant;
	enum err err = quote_means(story->quote, entry, &meant);
	bool belongs = story->pledge[0] != '\0' && strcmp(entry->pledge, story->pledge) == 0;

	if (err != OK || (!meant && (story->several || !belongs)))
		return err;
	put_head(story, entry);
	put_ids(story->out, entry);
	put_postings(story->out, entry);
	err = story->several ? OK : put_sums(story, entry, why);
	if (err == OK)
		err = buffer_err(story->out);
	return err == ERR_TOO_BIG ? why_set(why, err, "the story is too long") : err;
}

/* ---- the whole ---- */

static enum err read_lines(struct story *story, const char *data_dir,
                           enum err (*take)(struct story *story, const struct entry *entry, struct why *why), struct why *why)
{
	struct entry *entry = malloc(sizeof *entry);
	struct scan *scan = NULL;
	bool more = true;

	if (entry == NULL)
		return ERR_MEMORY;
	enum err err = scan_open(&scan, data_dir, why);

	while (err == OK && more) {
		err = scan_next(scan, entry, &more, why);
		if (err == OK && more)
			err = take(story, entry, why);
	}
	scan_close(&scan);
	free(entry);
	return err;
}

/* The first reading, and what it has come to. */
static enum err look(struct story *story, const char *data_dir, struct why *why)
{
	enum err err = read_lines(story, data_dir, find, why);

	if (err != OK)
		return err;
	if (story->meant == 0)
		return story->quote->is_receipt
		               ? why_set(why, ERR_UNKNOWN, "nothing found: no gift of the ledger's entries (seq 1..%" PRIu64 ") has that page", story->entries)
		               : why_set(why, ERR_UNKNOWN, "nothing found: none of the ledger's entries (seq 1..%" PRIu64 ") names %s", story->entries,
		                         story->quote->text);
	if (story->several)
		buffer_format(story->out, "%" PRIu64 " entries name %s, and they are about several gifts. The whole story of one:"
		              " pledger explain PLEDGE\n\n", story->meant, story->quote->text);
	return OK;
}

enum err story_tell(const char *data_dir, const char *text, struct buffer *out, struct why *why)
{
	struct story story = { .out = out };
	struct quote quote;
	enum err err = quote_read(data_dir, text, &quote, why);

	story.quote = &quote;
	if (err == OK)
		err = look(&story, data_dir, why);
	if (err == OK)
		err = read_lines(&story, data_dir, tell, why);
	trial_balance_free(&story.sums);
	explicit_bzero(&quote, sizeof quote);
	return err;
}
