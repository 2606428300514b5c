/*
 * posting.h -- the accounts of the double-entry books, and a line of them.
 *
 * assets:provider:<account>, assets:transit:<account>, assets:disputed:<account>,
 * assets:bank, assets:cash, income:donations|refunds|chargebacks:<campaign>:<tier>,
 * expenses:fees:<account>:<campaign>, liabilities:unidentified:<account>,
 * equity:conversion, equity:other-business:<account>. Debit is positive.
 */
#ifndef DOMAIN_POSTING_H
#define DOMAIN_POSTING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "domain/money.h"

enum ledger_account_kind {
	ACCOUNT_PROVIDER,
	ACCOUNT_TRANSIT,
	ACCOUNT_DISPUTED,
	ACCOUNT_BANK,
	ACCOUNT_CASH,
	ACCOUNT_DONATIONS,
	ACCOUNT_REFUNDS,
	ACCOUNT_CHARGEBACKS,
	ACCOUNT_FEES,
	ACCOUNT_UNIDENTIFIED,
	ACCOUNT_CONVERSION,
	ACCOUNT_OTHER_BUSINESS,
};

enum { LEDGER_ACCOUNT_TEXT_SIZE = 40 + 2 * ID_SIZE };

/* first and second are the ids that the kind's name takes, "" where it takes none. */
struct ledger_account {
	enum ledger_account_kind kind;
	char first[ID_SIZE];
	char second[ID_SIZE];
};

struct posting {
	struct ledger_account account;
	struct money amount;
};

/* `first` and `second` are valid ids or "". */
struct ledger_account ledger_account_make(enum ledger_account_kind kind,
                                          const char *first, const char *second);

void ledger_account_format(const struct ledger_account *account,
                           char text[static LEDGER_ACCOUNT_TEXT_SIZE]);

/* ERR_INPUT for a text that names no account of ours. */
MUST_CHECK enum err ledger_account_parse(struct bytes text, struct ledger_account *account);

/* Whether it has just the ids that its kind takes. */
bool ledger_account_is_valid(const struct ledger_account *account);

/* Whether the postings sum to zero in each currency. ERR_INPUT when not, ERR_TOO_BIG on overflow. */
MUST_CHECK enum err postings_balance(const struct posting *postings, size_t count);

#endif
