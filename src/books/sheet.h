/*
 * sheet.h -- private to the export: where a profile writes its rows, what it may know of the entries before them, and
 * what the profiles have in common.
 */
#ifndef BOOKS_SHEET_H
#define BOOKS_SHEET_H

#include "base/csv.h"
#include "books/deposits.h"
#include "books/export.h"
#include "books/payments.h"
#include "books/terms.h"
#include "books/words.h"
#include "domain/entry.h"

/* Where rows go, and what the entries before them said. */
struct sheet {
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
enum sheet_when {
	SHEET_BEFORE, /* the period */
	SHEET_WITHIN,
	SHEET_BEHIND, /* it, and not behind `as_of` */
};

/* Whether an account is the campaign's own. */
bool sheet_is_of(const struct ledger_account *account, const char *campaign);

/*
 * Whether the entry is shown: without a filter always; with one when any of its
 * postings is the campaign's. It is then shown whole, so that it balances.
 */
bool sheet_is_wanted(const struct sheet *sheet, const struct entry *entry);

/* Whether the posting is of the account and currency that the options ask for, where they ask. */
bool sheet_is_chosen(const struct sheet *sheet, const struct posting *posting);

/* An account as accounting tools want it: "Income:Donations:Box:Box-100". In lower case it is the ledger's name again. */
void sheet_account_name(const struct ledger_account *account, char name[static LEDGER_ACCOUNT_TEXT_SIZE]);

/* The entry's kind in a word, of later versions too. */
const char *sheet_kind(const struct entry *entry);

/* End a row and count it. */
void sheet_row_end(struct sheet *sheet);

void sheet_put_header(struct csv *csv, const char *const *names, size_t count);
/* Ten characters of it are the date in the options' zone, 2026-11-22; its "Z" is none. */
void sheet_local(const struct sheet *sheet, int64_t time_us, char text[static TIME_TEXT_SIZE]);

void sheet_put_date(struct sheet *sheet, int64_t time_us);
void sheet_put_time(struct csv *csv, int64_t time_us);
void sheet_put_booked(struct sheet *sheet, int64_t time_us); /* the date in the zone, and date and time in UTC */
void sheet_put_time_s(struct csv *csv, int64_t time_s); /* empty for 0 */
void sheet_put_money(struct csv *csv, const struct money *money); /* currency, amount */
void sheet_put_amount(struct csv *csv, int64_t minor, const struct currency *currency);

/* Debit and credit in a column each, without a sign: what many programs of accountants read. */
void sheet_put_sides(struct csv *csv, const struct money *amount);

#endif
