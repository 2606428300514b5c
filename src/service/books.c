/*
 * The good road: read every line from the first → remember what each pledge was → a line of the
 * period becomes its rows → stop at the first line behind the period or behind `as_of`.
 *
 * The bad ones: damage, a ledger that ends before `as_of`, money of an unknown kind → an error behind
 * rows that were already given out; the caller says that they are not the whole.
 */
#include "service/books.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ledger/scan.h"
#include "service/books_rows.h"

enum {
	PIECE_BYTES = 16 * 1024, /* no further entry once a piece is this long; one entry's rows fit in the rest */
	PIECE_ENTRIES = 1024,    /* and a piece without rows does not take for ever */
};

struct export {
	struct export_options options;
	struct scan *scan;
	struct terms terms;
	struct entry entry;
	bool begun; /* the header was written */
};

/* ---- options ---- */

static const char *const profile_names[] = {
	[EXPORT_GIFTS] = "gifts/1",
	[EXPORT_JOURNAL] = "journal/1",
};

const char *export_profile_name(enum export_profile profile)
{
	return profile_names[profile];
}

bool export_profile_parse(struct bytes text, enum export_profile *profile)
{
	for (size_t i = 0; i < sizeof profile_names / sizeof profile_names[0]; i++) {
		struct bytes bare = { profile_names[i], strcspn(profile_names[i], "/") };

		if (bytes_is(text, profile_names[i]) || bytes_equal(text, bare)) {
			*profile = (enum export_profile)i;
			return true;
		}
	}
	return false;
}

static enum err check_options(const struct export_options *options, struct why *why)
{
	if (options->to_us != 0 && options->from_us >= options->to_us)
		return why_set(why, ERR_INPUT, "the period is empty: it ends just before 'to', which must be later than 'from'");
	if (options->campaign[0] != '\0' && !id_is_valid(bytes_of(options->campaign)))
		return why_set(why, ERR_INPUT, "'%s' cannot be a campaign's id", options->campaign);
	return OK;
}

/* ---- cells that the profiles share ---- */

void books_put_header(struct csv *csv, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		csv_text(csv, names[i]);
	csv_row_end(csv);
}

void books_put_date(struct csv *csv, int64_t time_us)
{
	char text[TIME_TEXT_SIZE];

	text_time(time_us, text);
	csv_bytes(csv, (struct bytes){ text, sizeof "2026-11-22" - 1 });
}

void books_put_time(struct csv *csv, int64_t time_us)
{
	char text[TIME_TEXT_SIZE];

	text_time(time_us, text);
	csv_text(csv, text);
}

void books_put_time_s(struct csv *csv, int64_t time_s)
{
	char text[TIME_TEXT_SIZE] = "";

	if (time_s != 0)
		text_time_s(time_s, text);
	csv_text(csv, text);
}

void books_put_money(struct csv *csv, const struct money *money)
{
	char amount[AMOUNT_TEXT_SIZE];

	money_format(money, amount);
	csv_text(csv, money->currency.code);
	csv_decimal(csv, amount);
}

/* ---- the stream ---- */

enum err export_open(struct export **export, const struct export_options *options, struct why *why)
{
	enum err err = check_options(options, why);

	if (err != OK)
		return err;
	struct export *made = calloc(1, sizeof *made);

	if (made == NULL)
		return ERR_MEMORY;
	made->options = *options;
	made->options.data_dir = NULL; /* lent until now only */
	err = scan_open(&made->scan, options->data_dir, why);
	if (err != OK) {
		export_close(&made);
		return err;
	}
	*export = made;
	return OK;
}

static void put_header(struct csv *csv, enum export_profile profile)
{
	switch (profile) {
	case EXPORT_GIFTS:
		books_gifts_header(csv);
		break;
	case EXPORT_JOURNAL:
		books_journal_header(csv);
		break;
	}
}

static enum err put_rows(struct export *export, struct csv *csv, struct why *why)
{
	const struct books_row row = { &export->entry, export->options.campaign, &export->terms };

	switch (export->options.profile) {
	case EXPORT_GIFTS:
		return books_gifts_rows(csv, &row, why);
	case EXPORT_JOURNAL:
		return books_journal_rows(csv, &row, why);
	}
	return ERR_INPUT;
}

/* What later rows will ask of this entry. */
static enum err remember(struct export *export, struct why *why)
{
	const struct entry *entry = &export->entry;

	if (export->options.profile != EXPORT_GIFTS || entry->kind != ENTRY_PLEDGED)
		return OK;
	if (export->options.campaign[0] != '\0' && strcmp(entry->campaign, export->options.campaign) != 0)
		return OK;
	enum err err = terms_add(&export->terms, entry->pledge, entry->time_us, entry->interval);

	return err == ERR_TOO_BIG ? why_set(why, err, "the ledger has too many pledges for one export") : err;
}

/* The next entry that the options allow; *more = false behind the last one. */
static enum err next_entry(struct export *export, bool *more, struct why *why)
{
	const struct export_options *options = &export->options;

	*more = false;
	if (options->as_of != 0 && scan_seq(export->scan) >= options->as_of)
		return OK;
	enum err err = scan_next(export->scan, &export->entry, more, why);

	if (err != OK)
		return err;
	if (!*more && options->as_of != 0)
		return why_set(why, ERR_UNKNOWN, "the ledger ends with seq %llu: there is no seq %llu yet",
		               (unsigned long long)scan_seq(export->scan), (unsigned long long)options->as_of);
	if (*more && options->to_us != 0 && export->entry.time_us >= options->to_us)
		*more = false;
	return OK;
}

enum err export_next(struct export *export, struct buffer *out, bool *more, struct why *why)
{
	struct csv csv = CSV(out);
	size_t start = out->length;
	enum err err = OK;

	if (!export->begun)
		put_header(&csv, export->options.profile);
	export->begun = true;
	*more = true;
	for (int i = 0; err == OK && *more && i < PIECE_ENTRIES && out->length - start < PIECE_BYTES; i++) {
		err = next_entry(export, more, why);
		if (err == OK && *more)
			err = remember(export, why);
		if (err == OK && *more && export->entry.time_us >= export->options.from_us)
			err = put_rows(export, &csv, why);
	}
	return err == OK ? buffer_err(out) : err;
}

void export_close(struct export **export)
{
	struct export *closed = *export;

	*export = NULL;
	if (closed == NULL)
		return;
	scan_close(&closed->scan);
	terms_free(&closed->terms);
	free(closed);
}
