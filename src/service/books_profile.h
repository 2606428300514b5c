/*
 * books_profile.h -- private to the export: the profiles, and what one makes of
 * an entry.
 */
#ifndef SERVICE_BOOKS_PROFILE_H
#define SERVICE_BOOKS_PROFILE_H

#include "base/csv.h"
#include "domain/entry.h"
#include "service/books.h"
#include "service/books_deposits.h"
#include "service/books_payments.h"
#include "service/books_terms.h"
#include "service/books_words.h"

/* Where rows go, and what the entries before them said. */
struct books_sheet {
	struct csv csv;       /* CSV profiles write cells, the others into csv.out */
	struct terms terms;   /* of the pledges so far */
	struct words words;   /* accounts and currencies declared so far, for the text formats */
	struct payments *payments; /* and what becomes of them, and: */
	enum payment_news news;    /* what this entry is to one */
	struct deposits *deposits; /* the same of payouts */
	const struct export_options *options;
	uint64_t rows;        /* written so far, the header not counted */
};

/* Where an entry stands, by the time that the options ask for. */
enum books_when {
	BOOKS_BEFORE, /* the period */
	BOOKS_WITHIN,
	BOOKS_BEHIND, /* it, and not behind `as_of` */
};

struct books_profile {
	const char *name;       /* with its version: "gifts/1" */
	const char *extension;  /* of a file: "csv" */
	const char *media_type;
	/* Failures are the buffer's. */
	void (*header)(struct books_sheet *sheet);
	/*
	 * For profiles whose rows tell what became of something later: called with each entry up to `as_of` in a first
	 * reading of the ledger; NULL: one reading is enough.
	 */
	enum err (*foresee)(struct books_sheet *sheet, const struct entry *entry, enum books_when when, struct why *why);
	/* Called with each entry up to the period's end, of whatever campaign, before its rows; NULL: nothing to remember. */
	enum err (*learn)(struct books_sheet *sheet, const struct entry *entry, enum books_when when, struct why *why);
	/* Writes whole rows, or none where the entry has nothing of the profile. */
	enum err (*rows)(struct books_sheet *sheet, const struct entry *entry, struct why *why);
	bool chooses;           /* `rows` looks itself at the campaign that is asked for; else entries of others do not come to it */
};

/* By enum export_profile. */
const struct books_profile *books_profile(enum export_profile profile);

/* ---- the profiles, a file each ---- */

extern const struct books_profile books_gifts;
extern const struct books_profile books_gifts_1;
extern const struct books_profile books_payouts;
extern const struct books_profile books_journal;
extern const struct books_profile books_hledger;
extern const struct books_profile books_ledger;
extern const struct books_profile books_beancount;
extern const struct books_profile books_xero;
extern const struct books_profile books_quickbooks;

/* ---- what they share ---- */

/* Whether an account is the campaign's own. */
bool books_is_of(const struct ledger_account *account, const char *campaign);

/*
 * Whether the entry is shown: without a filter always; with one when any of its
 * postings is the campaign's. It is then shown whole, so that it balances.
 */
bool books_is_wanted(const struct books_sheet *sheet, const struct entry *entry);

/* Whether the posting is of the account and currency that the options ask for, where they ask. */
bool books_is_chosen(const struct books_sheet *sheet, const struct posting *posting);

/* An account as accounting tools want it: "Income:Donations:Box:Box-100". In lower case it is the ledger's name again. */
void books_account_name(const struct ledger_account *account, char name[static LEDGER_ACCOUNT_TEXT_SIZE]);

/* The entry's kind in a word, of later versions too. */
const char *books_kind(const struct entry *entry);

/* End a row and count it. */
void books_row_end(struct books_sheet *sheet);

void books_put_header(struct csv *csv, const char *const *names, size_t count);
/* Ten characters of it are the date in the options' zone, 2026-11-22; its "Z" is none. */
void books_local(const struct books_sheet *sheet, int64_t time_us, char text[static TIME_TEXT_SIZE]);

void books_put_date(struct books_sheet *sheet, int64_t time_us);
void books_put_time(struct csv *csv, int64_t time_us);
void books_put_booked(struct books_sheet *sheet, int64_t time_us); /* the date in the zone, and date and time in UTC */
void books_put_time_s(struct csv *csv, int64_t time_s); /* empty for 0 */
void books_put_money(struct csv *csv, const struct money *money); /* currency, amount */
void books_put_amount(struct csv *csv, int64_t minor, const struct currency *currency);

/* Debit and credit in a column each, without a sign: what many programs of accountants read. */
void books_put_sides(struct csv *csv, const struct money *amount);

#endif
