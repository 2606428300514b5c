/*
 * balance.h -- what the balance transactions add up to: available and pending, a
 * pot a currency; GET /v1/balance.
 */
#ifndef SANDBOX_BALANCE_H
#define SANDBOX_BALANCE_H

#include "base/bytes.h"
#include "sandbox/state.h"

enum { BALANCE_CURRENCIES_MAX = 32 };

struct pot {
	char currency[STRIPE_CURRENCY_SIZE];
	int64_t available, pending;
};

struct pots {
	struct pot pot[BALANCE_CURRENCIES_MAX];
	size_t count;
};

/* Currencies beyond BALANCE_CURRENCIES_MAX are left out. */
void balance_pots(const struct state *state, struct pots *pots);

int64_t balance_available(const struct state *state, const char *currency);

void balance_write(const struct state *state, struct buffer *out);

#endif
