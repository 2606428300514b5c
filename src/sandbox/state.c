#include "sandbox/state.h"

#include <stdlib.h>

#include "sandbox/checkout.h"
#include "sandbox/invoice.h"
#include "sandbox/payment.h"
#include "sandbox/payout.h"
#include "sandbox/refund.h"
#include "sandbox/subscription.h"

int64_t state_now_s(const struct state *state)
{
	return state->now_ms / 1000;
}

enum err state_add(struct state *state, enum kind kind, const char *prefix, size_t letters,
                   struct object **object)
{
	char id[SANDBOX_ID_SIZE];

	id_mint(&state->ids, prefix, letters, id);
	return store_add(&state->store, kind, id, state_now_s(state), object);
}

static enum err happen(struct state *state, const struct agenda_item *item)
{
	switch ((enum due)item->what) {
	case DUE_EXPIRY:
		return session_expire(state, item->subject);
	case DUE_DEBIT_SUCCEEDS:
		return session_settle(state, item->subject, true);
	case DUE_DEBIT_FAILS:
		return session_settle(state, item->subject, false);
	case DUE_BOOKING:
		return charge_book(state, item->subject);
	case DUE_INVOICE_DEBIT:
		return invoice_debit_arrives(state, item->subject);
	case DUE_INVOICE_RETRY:
		return invoice_come_due(state, item->subject);
	case DUE_RENEWAL:
		return subscription_come_due(state, item->subject);
	case DUE_REFUND_SUCCEEDS:
		return refund_come_due(state, item->subject, REFUND_SUCCEEDED);
	case DUE_REFUND_FAILS:
		return refund_come_due(state, item->subject, REFUND_FAILED);
	case DUE_ARRIVAL:
		return payout_come_due(state, item->subject);
	case DUE_PAYOUTS:
		return payouts_come_due(state);
	}
	return OK;
}

void state_advance(struct state *state, int64_t wall_ms)
{
	int64_t now_ms = wall_ms + state->shift_ms;
	struct agenda_item item;

	while (agenda_take(&state->agenda, now_ms, &item)) {
		if (item.due_ms > state->now_ms)
			state->now_ms = item.due_ms;
		/* The stand-in is full or out of memory: this one thing does not happen, later ones may. */
		err_ignore(happen(state, &item));
	}
	if (now_ms > state->now_ms)
		state->now_ms = now_ms;
}

void state_free(struct state *state)
{
	for (size_t i = 0; i < state->outbox_count; i++)
		blob_drop(&state->outbox[i].body);
	free(state->outbox);
	agenda_free(&state->agenda);
	store_free(&state->store);
	*state = (struct state){ 0 };
}
