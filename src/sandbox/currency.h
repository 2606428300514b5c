/*
 * currency.h -- Stripe's currencies: how many digits its smallest unit has, what
 * the least and the largest charge is. As documented in 2026-11 (docs/providers.md).
 *
 * The stand-in keeps its own table on purpose: it judges the adapter's, so it
 * must not share it.
 */
#ifndef SANDBOX_CURRENCY_H
#define SANDBOX_CURRENCY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "sandbox/refusal.h"

enum { STRIPE_CURRENCY_SIZE = 4 };

/* Whether Stripe takes the currency ("eur"); lower case only. */
bool currency_is_known(const char *currency);

/* Whether the unit amount has a form that the currency allows; refuses otherwise. */
bool currency_check_unit(const char *currency, int64_t unit_amount, const char *param, struct refusal *refusal);

/* Whether the total can be charged; refuses otherwise. */
bool currency_check_total(const char *currency, int64_t total, const char *param, struct refusal *refusal);

/* "25.00 EUR": for people, on the payment page. */
void currency_show(const char *currency, int64_t amount, struct buffer *out);

/* The stand-in's own price for a charge: 1.5 % rounded half up, and 0.25 (or 25) in the currency. */
int64_t currency_fee(const char *currency, int64_t amount);

/* … for a dispute: 15.00 (or 1500) in the currency. */
int64_t currency_dispute_fee(const char *currency);

#endif
