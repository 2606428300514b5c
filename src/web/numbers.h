/*
 * numbers.h -- numbers and amounts as people read them in their language:
 * "$2,500", "2.500,00 €", "-3,000 ¥".
 *
 * Marks, groups, symbols and their places are Unicode CLDR's (number_forms.h); a
 * currency without a symbol has its code. What machines read is money_format.
 */
#ifndef WEB_NUMBERS_H
#define WEB_NUMBERS_H

#include <stdint.h>

#include "domain/language.h"
#include "domain/money.h"

enum { MONEY_TEXT_SIZE = 96, COUNT_TEXT_SIZE = 64 };

/* With exactly the currency's decimals: what was paid. */
void numbers_money(enum language language, const struct money *money, char text[static MONEY_TEXT_SIZE]);

/* The same, but "$25" when nothing stands behind the point: choices, goals, sums. */
void numbers_money_short(enum language language, const struct money *money, char text[static MONEY_TEXT_SIZE]);

/* "12,345" */
void numbers_count(enum language language, uint64_t count, char text[static COUNT_TEXT_SIZE]);

/* "63%" */
void numbers_percent(enum language language, uint64_t percent, char text[static COUNT_TEXT_SIZE]);

#endif
