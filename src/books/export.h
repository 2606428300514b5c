/*
 * export.h -- the ledger as finance wants it, CSV or the journals of accounting
 * tools: an export is a stream of bytes that is pulled.
 *
 * It is a function of the ledger and the options, and of nothing else: no
 * configuration, no clock, no index. The same options over the same lines give
 * the same bytes, on any machine. The columns of each profile are in
 * docs/export.md; a published version of one never changes.
 */
#ifndef BOOKS_EXPORT_H
#define BOOKS_EXPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/zone.h"
#include "domain/money.h"
#include "domain/trial_balance.h"

enum export_profile {
	EXPORT_GIFTS,      /* a row for each payment, and for each later change of an earlier one */
	EXPORT_JOURNAL,    /* a row for each posting */
	EXPORT_HLEDGER,    /* the entries with postings, as these three read them */
	EXPORT_LEDGER,
	EXPORT_BEANCOUNT,
	EXPORT_XERO,       /* a row for each posting of a provider's account: a bank statement */
	EXPORT_QUICKBOOKS, /* a row for each posting: a journal import, one currency a number */
	EXPORT_PAYOUTS,    /* a row for each deposit, with the sums that explain it */
	EXPORT_GIFTS_1,    /* a row for each settled payment, of ledgers where nothing more has happened */
	EXPORT_JOURNAL_1,  /* the same without what an operator calls an entry and why it is */
	EXPORT_QUICKBOOKS_1, /* the same, one number for all of an entry */
	EXPORT_HLEDGER_1,  /* these, too, without what an operator calls an entry and why it is */
	EXPORT_LEDGER_1,
	EXPORT_BEANCOUNT_1,
	EXPORT_PROFILES,   /* how many there are */
};

/* "gifts/2", "journal/2". */
const char *export_profile_name(enum export_profile profile);

/* The end of a file's name; the media type of the bytes. */
const char *export_profile_extension(enum export_profile profile);
const char *export_profile_media_type(enum export_profile profile);

/* From that name, or from it without its version: the newest one. */
bool export_profile_parse(struct bytes text, enum export_profile *profile);

enum { ZONE_NAME_SIZE = 64, PERIOD_NAME_SIZE = sizeof "2026-11" };

struct export_options {
	const char *data_dir;      /* holds ledger/; lent to export_open */
	enum export_profile profile;
	int64_t from_us;           /* by the time of booking; 0: from the first entry */
	int64_t to_us;             /* the first moment outside; 0: no end */
	uint64_t as_of;            /* the last seq to look at; 0: the period's, or the newest durable one */
	bool by_at;                /* the period is by the provider's time: for reports, it is never closed */
	char campaign[ID_SIZE];    /* only what belongs to it; "": everything */
	char account[ID_SIZE];     /* of a statement, of deposits; "": the only one, or all */
	char currency[CURRENCY_SIZE]; /* of these, and of a journal import; "": the only one, or all */
	char delimiter;            /* of CSV: ',', ';' or a tab; 0: ',' */
	char decimal_mark;         /* of CSV: '.' or ','; 0: '.' */
	char period_name[PERIOD_NAME_SIZE]; /* as it was asked for; "" for one by its ends */
	bool bom;                  /* of CSV: a byte order mark in front, for programs that guess the encoding */
	struct zone zone;          /* whose days dates are; all zero: UTC */
	char zone_name[ZONE_NAME_SIZE]; /* as it was asked for; "" for UTC */
};

struct export;

/* No call of export_next appends more. */
enum { EXPORT_PIECE_BYTES_MAX = 64 * 1024 };

/*
 * Begin. On OK the caller owns `*export`. ERR_INPUT for an empty period or what
 * cannot be a campaign's id; otherwise as scan_open.
 */
MUST_CHECK enum err export_open(struct export **export, const struct export_options *options, struct why *why);

/*
 * Append some rows, the first time the header. *more = false when nothing comes
 * after them; a piece may be empty and not the last. ERR_CORRUPT when the ledger
 * is damaged; ERR_UNKNOWN when it ends before `as_of`, or holds money of a kind
 * that only a later version can show; ERR_TOO_BIG, ERR_MEMORY, ERR_STORAGE. After
 * an error what was given out is not the whole.
 */
MUST_CHECK enum err export_next(struct export *export, struct buffer *out, bool *more, struct why *why);

/* What an export has given out, to compare with other books and later exports. */
struct export_totals {
	uint64_t rows;       /* the header not counted; transactions of a journal */
	uint64_t bytes;
	uint8_t sha256[32];  /* of all bytes given out */
	uint64_t as_of;      /* the last seq of the period, 0 when there is none: with it the same bytes come again */
	bool provisional;    /* the period is still open: later entries may belong to it */
	/* Each account's balance before and after the period; of a campaign's own accounts when one is asked for. Lent. */
	const struct trial_balance *opening;
	const struct trial_balance *closing;
};

/* To be asked once *more was false. ERR_MEMORY. */
MUST_CHECK enum err export_totals(struct export *export, struct export_totals *totals);

/* Free and null. Does nothing with NULL. */
void export_close(struct export **export);

#endif
