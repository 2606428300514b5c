#include "sandbox/balance.h"

#include <string.h>

#include "base/json_write.h"
#include "sandbox/render.h"
#include "sandbox/transaction.h"

/* The pot of the currency, a new one where there is none yet; NULL when there are too many. */
static struct pot *pot_of(struct pots *pots, const char *currency)
{
	for (size_t i = 0; i < pots->count; i++)
		if (strcmp(pots->pot[i].currency, currency) == 0)
			return &pots->pot[i];
	if (pots->count == BALANCE_CURRENCIES_MAX)
		return NULL;
	struct pot *pot = &pots->pot[pots->count++];

	*pot = (struct pot){ .available = 0 };
	memcpy(pot->currency, currency, strlen(currency) + 1);
	return pot;
}

void balance_pots(const struct state *state, struct pots *pots)
{
	pots->count = 0;
	for (size_t i = 0; i < store_count(&state->store, KIND_TRANSACTION); i++) {
		const struct transaction *transaction =
			(const struct transaction *)store_at(&state->store, KIND_TRANSACTION, i);
		struct pot *pot = pot_of(pots, transaction->gross.currency);

		if (pot != NULL && transaction->available_s <= state_now_s(state))
			pot->available += transaction_net(transaction);
		else if (pot != NULL)
			pot->pending += transaction_net(transaction);
	}
}

int64_t balance_available(const struct state *state, const char *currency)
{
	struct pots pots;

	balance_pots(state, &pots);
	for (size_t i = 0; i < pots.count; i++)
		if (strcmp(pots.pot[i].currency, currency) == 0)
			return pots.pot[i].available;
	return 0;
}

static void write_pots(struct json_write *w, const char *key, const struct pots *pots, bool available)
{
	json_write_array_open(w, key);
	for (size_t i = 0; i < pots->count; i++) {
		int64_t amount = available ? pots->pot[i].available : pots->pot[i].pending;

		json_write_object_open(w, NULL);
		json_write_integer(w, "amount", amount);
		json_write_text(w, "currency", pots->pot[i].currency);
		json_write_object_open(w, "source_types");
		json_write_integer(w, "card", amount);
		json_write_object_close(w);
		json_write_object_close(w);
	}
	json_write_array_close(w);
}

void balance_write(const struct state *state, struct buffer *out)
{
	struct json_write w = JSON_WRITE_PRETTY(out);
	struct pots pots;

	balance_pots(state, &pots);
	json_write_object_open(&w, NULL);
	json_write_text(&w, "object", "balance");
	write_pots(&w, "available", &pots, true);
	json_write_bool(&w, "livemode", state->live);
	write_pots(&w, "pending", &pots, false);
	json_write_object_close(&w);
}
