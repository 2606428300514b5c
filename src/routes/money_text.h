/*
 * money_text.h -- an amount as a donor reads it, in English: "$2,500",
 * "€25.00", "CHF 1,000", "-¥3,000".
 *
 * The symbols are those that Unicode's CLDR gives English; a currency without
 * one has its code in front. Between a code and the number stands a no-break
 * space. What machines read is money_format.
 */
#ifndef ROUTES_MONEY_TEXT_H
#define ROUTES_MONEY_TEXT_H

#include "domain/money.h"

enum { MONEY_TEXT_SIZE = 64 };

/* With exactly the currency's decimals: what was paid. */
void money_text(const struct money *money, char text[static MONEY_TEXT_SIZE]);

/* The same, but "$25" when nothing stands behind the point: choices, goals, sums. */
void money_text_short(const struct money *money, char text[static MONEY_TEXT_SIZE]);

#endif
