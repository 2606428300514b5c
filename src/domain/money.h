/*
 * money.h -- amounts: int64_t minor units with a currency, and the only
 * arithmetic on them. No floating point anywhere.
 *
 * Not here: what a provider calls a minor unit (each adapter has its own dated
 * table), how a donor sees an amount (locales).
 */
#ifndef DOMAIN_MONEY_H
#define DOMAIN_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"

/* An upper-case code, 3 to 12 letters or digits: "EUR", "USDTLN". */
struct currency {
	char code[CURRENCY_SIZE];
};

struct money {
	int64_t minor;             /* in the currency's smallest unit */
	struct currency currency;
};

/*
 * Read a currency code in upper case that the table knows (ISO 4217 list one as
 * of 2026-01, and a few that donation providers add). ERR_INPUT otherwise.
 */
MUST_CHECK enum err currency_parse(struct bytes text, struct currency *currency);

/* How many decimals an amount of the currency has: 0 to 8. The currency must come from currency_parse. */
unsigned currency_digits(const struct currency *currency);

bool currency_equal(const struct currency *a, const struct currency *b);

/*
 * Read a decimal amount exactly: "25", "25.00", "-3.50", "80". At most the
 * currency's decimals, no exponent, no sign but '-', no blank, no leading zeros
 * ("0.50" is right), no group marks. ERR_INPUT for any other form or more
 * decimals than the currency has (`why` says which), ERR_TOO_BIG beyond int64.
 */
MUST_CHECK enum err money_parse(struct bytes text, const struct currency *currency,
                                struct money *money, struct why *why);

/*
 * The same, but exactly the spelling of money_format: what a ledger line holds.
 */
MUST_CHECK enum err money_parse_exact(struct bytes text, const struct currency *currency,
                                      struct money *money);

/* The same of an amount and its currency's code, each a text. ERR_INPUT for a currency that is not known, too. */
MUST_CHECK enum err money_parse_pair(struct bytes amount, struct bytes currency, struct money *money);

/* Write with exactly the currency's decimals: "25.00", "-3.50", "80". */
void money_format(const struct money *money, char text[static AMOUNT_TEXT_SIZE]);

bool money_equal(const struct money *a, const struct money *b);

/*
 * a + b, a - b, -a. ERR_INPUT when the currencies differ, ERR_TOO_BIG on overflow; `sum` is
 * written on OK only and may be one of the operands.
 */
MUST_CHECK enum err money_add(const struct money *a, const struct money *b, struct money *sum);
MUST_CHECK enum err money_subtract(const struct money *a, const struct money *b, struct money *difference);
MUST_CHECK enum err money_negate(const struct money *a, struct money *negated);

/*
 * How many thousandths of `whole` `part` is, rounded down, so that only a full
 * meter says 1000. Same currency; less than nothing is 0, and so is a share of
 * nothing; more than INT32_MAX is INT32_MAX.
 */
int32_t money_permille(const struct money *part, const struct money *whole);

#endif
