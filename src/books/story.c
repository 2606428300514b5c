/*
 * The good road: read the lines for every entry that names the id, and remember the pledges they
 * belong to → read them again and tell each entry that names one of these pledges, or the id itself.
 */
#include "books/story.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "domain/trial_balance.h"
#include "ledger/scan.h"

enum { PLEDGES_MAX = 64 };

struct story {
	const char *id;
	struct buffer *out;
	char pledges[PLEDGES_MAX][TOKEN_SIZE];
	size_t pledge_count;
	uint64_t told;
	struct trial_balance sums; /* of the entries told so far */
};

static bool names(const struct entry *entry, const char *id)
{
	if (strcmp(entry->pledge, id) == 0 || strcmp(entry->event, id) == 0 || strcmp(entry->payment, id) == 0)
		return true;
	for (size_t i = 0; i < entry->ref_count; i++)
		if (strcmp(entry->refs[i].id, id) == 0)
			return true;
	return false;
}

static bool is_remembered(const struct story *story, const char *pledge)
{
	for (size_t i = 0; i < story->pledge_count; i++)
		if (strcmp(story->pledges[i], pledge) == 0)
			return true;
	return false;
}

/* ---- the first reading ---- */

static enum err remember(struct story *story, const struct entry *entry, struct why *why)
{
	if (entry->pledge[0] == '\0' || !names(entry, story->id) || is_remembered(story, entry->pledge))
		return OK;
	if (story->pledge_count == PLEDGES_MAX)
		return why_set(why, ERR_TOO_BIG, "more than %d pledges are named together with %s", PLEDGES_MAX, story->id);
	memcpy(story->pledges[story->pledge_count++], entry->pledge, TOKEN_SIZE);
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

static enum err put_postings(struct story *story, const struct entry *entry, struct why *why)
{
	enum err err = trial_balance_add(&story->sums, entry, why);

	for (size_t i = 0; err == OK && i < entry->posting_count; i++)
		put_balance(story->out, "booked", &entry->postings[i].account, &entry->postings[i].amount);
	for (size_t i = 0; err == OK && entry->posting_count > 0 && i < story->sums.count; i++)
		put_balance(story->out, "so far", &story->sums.balances[i].account, &story->sums.balances[i].sum);
	return err;
}

static enum err tell(struct story *story, const struct entry *entry, struct why *why)
{
	char time[TIME_TEXT_SIZE];

	if (!names(entry, story->id) && !is_remembered(story, entry->pledge))
		return OK;
	text_time(entry->time_us, time);
	buffer_format(story->out, "%sseq %" PRIu64 ", %s, %s\n  ", story->told > 0 ? "\n" : "", entry->seq, time,
	              entry->kind == ENTRY_OTHER ? entry->other_kind : entry_kind_name(entry->kind));
	story_sentence(story->out, entry);
	buffer_char(story->out, '\n');
	put_ids(story->out, entry);
	story->told++;
	enum err err = put_postings(story, entry, why);

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

enum err story_tell(const char *data_dir, const char *id, struct buffer *out, struct why *why)
{
	struct story *story = calloc(1, sizeof *story);

	if (story == NULL)
		return ERR_MEMORY;
	story->id = id;
	story->out = out;
	enum err err = id[0] == '\0' ? ERR_UNKNOWN : read_lines(story, data_dir, remember, why);

	if (err == OK)
		err = read_lines(story, data_dir, tell, why);
	if (err == OK && story->told == 0)
		err = why_set(why, ERR_UNKNOWN, "no entry names %s", id);
	trial_balance_free(&story->sums);
	free(story);
	return err;
}
