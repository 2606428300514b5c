/*
 * statement.h -- what the books say of a payment or a payout, as a function of
 * its state, and the difference between two such statements as an entry's
 * postings. The rules stand at the top of statement.c.
 */
#ifndef DOMAIN_STATEMENT_H
#define DOMAIN_STATEMENT_H

#include "domain/entry.h"
#include "domain/payment.h"
#include "domain/pledge.h"

enum { STATEMENT_LINES_MAX = 2 * POSTINGS_MAX };

struct statement {
	struct posting lines[STATEMENT_LINES_MAX];
	size_t count;
};

/* Whether lines are put in, or taken out again. */
enum side {
	SIDE_AFTER,
	SIDE_BEFORE,
};

/*
 * What the books say of a payment at the provider account: nothing before it has settled or once it is dropped. The
 * pledge names campaign and tier; parked money needs none. ERR_TOO_BIG.
 */
MUST_CHECK enum err statement_payment(struct statement *statement, enum side side, const struct payment *payment,
                                      const char *account, const struct pledge *pledge);

/* The same of a payout. */
MUST_CHECK enum err statement_payout(struct statement *statement, enum side side, const struct provider_object *payout,
                                     const char *account);

/* Put the lines that are not zero into the entry, in the order in which they came. ERR_TOO_BIG. */
MUST_CHECK enum err statement_post(const struct statement *statement, struct entry *entry);

#endif
