/*
 * books_rows.h -- private to the export: what a profile makes of an entry.
 */
#ifndef SERVICE_BOOKS_ROWS_H
#define SERVICE_BOOKS_ROWS_H

#include "base/csv.h"
#include "domain/entry.h"
#include "service/books_terms.h"

/* One entry on its way into rows. */
struct books_row {
	const struct entry *entry;
	const char *campaign;      /* "": no filter */
	const struct terms *terms; /* of the pledges before it */
};

/* Each writes whole rows, or none where the entry has nothing of the profile. */
MUST_CHECK enum err books_gifts_rows(struct csv *csv, const struct books_row *row, struct why *why);
MUST_CHECK enum err books_journal_rows(struct csv *csv, const struct books_row *row, struct why *why);

void books_gifts_header(struct csv *csv);
void books_journal_header(struct csv *csv);

/* ---- cells that the profiles share ---- */

void books_put_header(struct csv *csv, const char *const *names, size_t count);
void books_put_date(struct csv *csv, int64_t time_us);
void books_put_time(struct csv *csv, int64_t time_us);
void books_put_time_s(struct csv *csv, int64_t time_s); /* empty for 0 */
void books_put_money(struct csv *csv, const struct money *money); /* currency, amount */

#endif
