#include "sandbox/balance.h"

#include <string.h>

#include "base/json_write.h"
#include "sandbox/render.h"

enum { BALANCE_CURRENCIES_MAX = 32 };

struct pot {
	char currency[STRIPE_CURRENCY_SIZE];
	int64_t available, pending;
};

/* The pot of the currency, a new one where there is none yet; NULL when there are too many. */
static struct pot *pot_of(struct pot *pots, size_t *count, const char *currency)
{
	for (size_t i = 0; i < *count; i++)
		if (strcmp(pots[i].currency, currency) == 0)
			return &pots[i];
	if (*count == BALANCE_CURRENCIES_MAX)
		return NULL;
	memcpy(pots[*count].currency, currency, STRIPE_CURRENCY_SIZE);
	return &pots[(*count)++];
}

static size_t add_up(const struct state *state, struct pot *pots)
{
	size_t count = 0;

	for (size_t i = 0; i < store_count(&state->store, KIND_TRANSACTION); i++) {
		const struct transaction *transaction =
			(const struct transaction *)store_at(&state->store, KIND_TRANSACTION, i);
		struct pot *pot = pot_of(pots, &count, transaction->gross.currency);
		int64_t net = transaction->gross.amount - transaction->fee;

		if (pot != NULL && transaction->available_s <= state_now_s(state))
			pot->available += net;
		else if (pot != NULL)
			pot->pending += net;
	}
	return count;
}

static void write_pots(struct json_write *w, const char *key, const struct pot *pots, size_t count, bool available)
{
	json_write_array_open(w, key);
	for (size_t i = 0; i < count; i++) {
		int64_t amount = available ? pots[i].available : pots[i].pending;

		json_write_object_open(w, NULL);
		json_write_integer(w, "amount", amount);
		json_write_text(w, "currency", pots[i].currency);
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
	struct pot pots[BALANCE_CURRENCIES_MAX] = { 0 };
	size_t count = add_up(state, pots);

	json_write_object_open(&w, NULL);
	json_write_text(&w, "object", "balance");
	write_pots(&w, "available", pots, count, true);
	json_write_bool(&w, "livemode", state->live);
	write_pots(&w, "pending", pots, count, false);
	json_write_object_close(&w);
}
