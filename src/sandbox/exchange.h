/*
 * exchange.h -- into which currency a charge settles, and at what rate.
 */
#ifndef SANDBOX_EXCHANGE_H
#define SANDBOX_EXCHANGE_H

#include "base/bytes.h"
#include "base/err.h"
#include "sandbox/currency.h"

/* An amount as Stripe writes it, in its smallest unit. */
struct price {
	int64_t amount;
	char currency[STRIPE_CURRENCY_SIZE];
};

enum { RATES_MAX = 32, RATE_ONE = 1000 * 1000 };

/* The greatest rate: a product with any amount still fits. */
#define RATE_MAX (INT64_C(1000) * RATE_ONE)

struct rate {
	char from[STRIPE_CURRENCY_SIZE], to[STRIPE_CURRENCY_SIZE];
	int64_t millionths;  /* smallest units of `to` for a million smallest units of `from` */
};

struct exchange {
	struct rate rates[RATES_MAX];
	size_t count;
};

/* From now on `from` settles in `to`; in itself when the two are the same. ERR_TOO_BIG beyond RATES_MAX. */
MUST_CHECK enum err exchange_set(struct exchange *exchange, const struct rate *rate);

/* The rate at which the currency settles now; NULL when it is not changed. */
const struct rate *exchange_find(const struct exchange *exchange, const char *from);

/* Rounded half away from zero. */
struct price exchange_convert(const struct rate *rate, int64_t amount);

/* "0.923456" as millionths. ERR_INPUT for what is no decimal above 0, has over six digits behind its point, or exceeds RATE_MAX. */
MUST_CHECK enum err rate_read(struct bytes text, int64_t *millionths);

/* The same as the shortest decimal. */
void rate_write(int64_t millionths, struct buffer *out);

#endif
