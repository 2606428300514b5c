/*
 * profile.h -- private to the export: the profiles, and what one makes of
 * an entry.
 */
#ifndef BOOKS_PROFILE_H
#define BOOKS_PROFILE_H

#include "books/sheet.h"

struct profile {
	const char *name;       /* with its version: "gifts/1" */
	const char *extension;  /* of a file: "csv" */
	const char *media_type;
	/* Failures are the buffer's. */
	void (*header)(struct sheet *sheet);
	/*
	 * For profiles whose rows tell what became of something later: called with each entry up to `as_of` in a first
	 * reading of the ledger; NULL: one reading is enough.
	 */
	enum err (*foresee)(struct sheet *sheet, const struct entry *entry, enum sheet_when when, struct why *why);
	/* Called with each entry up to the period's end, of whatever campaign, before its rows; NULL: nothing to remember. */
	enum err (*learn)(struct sheet *sheet, const struct entry *entry, enum sheet_when when, struct why *why);
	/* Writes whole rows, or none where the entry has nothing of the profile. */
	enum err (*rows)(struct sheet *sheet, const struct entry *entry, struct why *why);
	bool by_account;        /* takes the option 'account' */
	bool by_currency;       /* takes the option 'currency' */
	bool chooses;           /* `rows` looks itself at the campaign that is asked for; else entries of others do not come to it */
};

/* By enum export_profile. */
const struct profile *profile_of(enum export_profile profile);

/* ---- the profiles, a file each ---- */

extern const struct profile profile_gifts;
extern const struct profile profile_gifts_1;
extern const struct profile profile_payouts;
extern const struct profile profile_journal;
extern const struct profile profile_journal_1;
extern const struct profile profile_hledger;
extern const struct profile profile_hledger_1;
extern const struct profile profile_ledger;
extern const struct profile profile_ledger_1;
extern const struct profile profile_beancount;
extern const struct profile profile_beancount_1;
extern const struct profile profile_xero;
extern const struct profile profile_quickbooks;
extern const struct profile profile_quickbooks_1;

#endif
