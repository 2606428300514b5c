/*
 * The good road: read every line from the first → remember what each pledge was and what each account
 * holds → a line of the period becomes its rows → stop at the first line behind the period or behind
 * `as_of`. Where a row tells what became of something later, the lines are read twice.
 *
 * The bad ones: damage, a ledger that ends before `as_of`, money of an unknown kind → an error behind
 * rows that were already given out; the caller says that they are not the whole.
 */
#include "books/export.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest_stream.h"
#include "books/deposits.h"
#include "books/payments.h"
#include "books/profile.h"
#include "ledger/scan.h"

enum {
	PIECE_BYTES = 16 * 1024, /* no further entry once a piece is this long; one entry's rows fit in the rest */
	PIECE_ENTRIES = 1024,    /* and a piece without rows does not take for ever */
};

struct export {
	struct export_options options;
	char *data_dir;
	const struct profile *profile;
	struct scan *scan;
	struct entry entry;
	struct sheet sheet;
	bool begun;                   /* the header was written */
	bool foreseeing;              /* the first of two readings */
	uint64_t last;                /* of two readings: where the first one ended */
	bool closed;                  /* an entry behind the period was seen */
	uint64_t as_of;               /* the last seq of the period so far */
	uint64_t bytes;
	struct digest_stream *digest; /* of everything given out */
	struct trial_balance opening;
	struct trial_balance closing;
};

/* ---- options ---- */

static enum err check_form(const struct export_options *options, const struct profile *profile, struct why *why)
{
	bool csv = strcmp(profile->extension, "csv") == 0;
	bool given = options->delimiter != 0 || options->decimal_mark != 0 || options->bom;

	if (!csv && given)
		return why_set(why, ERR_INPUT, "delimiter, decimal mark and byte order mark are for CSV, which %s is not", profile->name);
	if ((options->delimiter == 0 ? ',' : options->delimiter) == (options->decimal_mark == 0 ? '.' : options->decimal_mark))
		return why_set(why, ERR_INPUT, "a decimal mark ',' needs another delimiter");
	return OK;
}

static enum err check_options(const struct export_options *options, const struct profile *profile, struct why *why)
{
	if (options->to_us != 0 && options->from_us >= options->to_us)
		return why_set(why, ERR_INPUT, "the period is empty: it ends just before 'to', which must be later than 'from'");
	if (options->campaign[0] != '\0' && !id_is_valid(bytes_of(options->campaign)))
		return why_set(why, ERR_INPUT, "'%s' cannot be a campaign's id", options->campaign);
	if (options->account[0] != '\0' && !profile->by_account)
		return why_set(why, ERR_INPUT, "an account is chosen for a statement or for deposits, which %s is not", profile->name);
	if (options->currency[0] != '\0' && !profile->by_currency)
		return why_set(why, ERR_INPUT, "%s is of all currencies: none can be chosen", profile->name);
	if (options->campaign[0] != '\0' && options->profile == EXPORT_PAYOUTS)
		return why_set(why, ERR_INPUT, "a deposit holds the gifts of all campaigns: %s is of none", profile->name);
	return check_form(options, profile, why);
}

/* ---- the stream ---- */

static enum err open_parts(struct export *export, struct why *why)
{
	export->data_dir = strdup(export->options.data_dir);
	export->options.data_dir = export->data_dir;
	export->digest = digest_stream_new();
	return export->data_dir == NULL || export->digest == NULL ? ERR_MEMORY : scan_open(&export->scan, export->data_dir, why);
}

enum err export_open(struct export **export, const struct export_options *options, struct why *why)
{
	const struct profile *profile = profile_of(options->profile);
	enum err err = check_options(options, profile, why);

	if (err != OK)
		return err;
	struct export *made = calloc(1, sizeof *made);

	if (made == NULL)
		return ERR_MEMORY;
	made->options = *options;
	made->profile = profile;
	made->foreseeing = profile->foresee != NULL;
	made->sheet.options = &made->options;
	err = open_parts(made, why);
	if (err != OK) {
		export_close(&made);
		return err;
	}
	*export = made;
	return OK;
}

/* ---- balances ---- */

static enum err post_all(struct trial_balance *trial, const struct export *export, struct why *why)
{
	const char *campaign = export->options.campaign;

	for (size_t i = 0; i < export->entry.posting_count; i++) {
		const struct posting *posting = &export->entry.postings[i];
		bool counts = campaign[0] == '\0' || sheet_is_of(&posting->account, campaign);
		enum err err = counts ? trial_balance_post(trial, posting) : OK;

		if (err != OK)
			return why_set(why, err, "seq %llu: an account's balance cannot be kept", (unsigned long long)export->entry.seq);
	}
	return OK;
}

/* ---- the period ---- */

/* By the time that puts an entry into a period. */
static enum sheet_when when_of(const struct export *export)
{
	const struct export_options *options = &export->options;
	const struct entry *entry = &export->entry;
	int64_t time_us = options->by_at && entry->at_s != 0 ? entry->at_s * 1000000 : entry->time_us;

	if (time_us < options->from_us)
		return SHEET_BEFORE;
	return options->to_us != 0 && time_us >= options->to_us ? SHEET_BEHIND : SHEET_WITHIN;
}

/* Booking times never go back: nothing of the period comes any more. */
static bool closes_period(const struct export *export)
{
	const struct export_options *options = &export->options;

	return !options->by_at && options->to_us != 0 && export->entry.time_us >= options->to_us;
}

/* The next entry that the options allow; *more = false behind the last one. */
static enum err next_entry(struct export *export, bool *more, struct why *why)
{
	uint64_t as_of = !export->foreseeing && export->last != 0 ? export->last : export->options.as_of;

	*more = false;
	if (as_of != 0 && scan_seq(export->scan) >= as_of)
		return OK;
	enum err err = scan_next(export->scan, &export->entry, more, why);

	if (err != OK)
		return err;
	if (!*more && as_of != 0)
		return why_set(why, ERR_UNKNOWN, "the ledger ends with seq %llu: there is no seq %llu yet",
		               (unsigned long long)scan_seq(export->scan), (unsigned long long)as_of);
	/* What became of a period's payments later is foreseen as far as `as_of` asks for. */
	if (*more && closes_period(export)) {
		export->closed = true;
		*more = export->foreseeing && as_of != 0;
	}
	return OK;
}

/* The first of two readings is over: what it has seen is all that the second one may see. */
static enum err read_again(struct export *export, struct why *why)
{
	export->foreseeing = false;
	if (export->last == 0)
		return OK; /* nothing to be read */
	scan_close(&export->scan);
	return scan_open(&export->scan, export->data_dir, why);
}

static enum err foresee(struct export *export, bool *more, struct why *why)
{
	enum err err = next_entry(export, more, why);

	if (err == OK && !*more) {
		*more = true;
		return read_again(export, why);
	}
	if (err != OK)
		return err;
	export->last = export->entry.seq;
	return export->profile->foresee(&export->sheet, &export->entry, when_of(export), why);
}

/* ---- the rows ---- */

static void begin(struct export *export)
{
	if (export->options.bom)
		buffer_text(export->sheet.csv.out, "\xef\xbb\xbf");
	export->profile->header(&export->sheet);
	export->begun = true;
}

/* An entry before the period counts into both balances, one of it into the closing one, and it has rows. */
static enum err take_entry(struct export *export, struct why *why)
{
	const struct profile *profile = export->profile;
	enum sheet_when when = when_of(export);
	enum err err = profile->learn != NULL ? profile->learn(&export->sheet, &export->entry, when, why) : OK;

	export->as_of = export->entry.seq;
	if (err != OK || when == SHEET_BEHIND)
		return err;
	err = post_all(&export->closing, export, why);
	if (err == OK && when == SHEET_BEFORE)
		err = post_all(&export->opening, export, why);
	if (err != OK || when == SHEET_BEFORE || (!profile->chooses && !sheet_is_wanted(&export->sheet, &export->entry)))
		return err;
	return profile->rows(&export->sheet, &export->entry, why);
}

static enum err next_step(struct export *export, bool *more, struct why *why)
{
	if (export->foreseeing)
		return foresee(export, more, why);
	if (!export->begun)
		begin(export);
	enum err err = next_entry(export, more, why);

	return err == OK && *more ? take_entry(export, why) : err;
}

enum err export_next(struct export *export, struct buffer *out, bool *more, struct why *why)
{
	struct csv *csv = &export->sheet.csv;
	size_t start = out->length;
	enum err err = OK;

	*csv = CSV(out);
	csv->delimiter = export->options.delimiter == 0 ? ',' : export->options.delimiter;
	csv->decimal_mark = export->options.decimal_mark == 0 ? '.' : export->options.decimal_mark;
	*more = true;
	for (int i = 0; err == OK && *more && i < PIECE_ENTRIES && out->length - start < PIECE_BYTES; i++)
		err = next_step(export, more, why);
	if (err == OK)
		err = buffer_err(out);
	if (err != OK)
		return err;
	export->bytes += out->length - start;
	return digest_stream_add(export->digest, (struct bytes){ out->data + start, out->length - start });
}

enum err export_totals(struct export *export, struct export_totals *totals)
{
	*totals = (struct export_totals){
		.rows = export->sheet.rows,
		.bytes = export->bytes,
		.as_of = export->profile->foresee != NULL ? export->last : export->as_of,
		.provisional = export->options.as_of == 0 && !export->closed,
		.opening = &export->opening,
		.closing = &export->closing,
	};
	return digest_stream_value(export->digest, totals->sha256);
}

void export_close(struct export **export)
{
	struct export *closed = *export;

	*export = NULL;
	if (closed == NULL)
		return;
	scan_close(&closed->scan);
	terms_free(&closed->sheet.terms);
	words_free(&closed->sheet.words);
	payments_free(&closed->sheet.payments);
	deposits_free(&closed->sheet.deposits);
	trial_balance_free(&closed->opening);
	trial_balance_free(&closed->closing);
	digest_stream_free(&closed->digest);
	free(closed->data_dir);
	free(closed);
}
