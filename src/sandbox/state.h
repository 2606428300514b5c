/*
 * state.h -- everything the stand-in provider knows, as a value: the time and
 * the seed come from outside, what is to be sent waits in the outbox.
 *
 * The functions that change it (checkout.h, payment.h, refund.h and so on) return
 * ERR_TOO_BIG when a bound is hit and ERR_MEMORY; what they had done until then
 * stays. A stand-in may be wrong after running out of memory, not crash.
 */
#ifndef SANDBOX_STATE_H
#define SANDBOX_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/limits.h"
#include "sandbox/agenda.h"
#include "sandbox/exchange.h"
#include "sandbox/knobs.h"
#include "sandbox/objects.h"
#include "sandbox/store.h"
#include "sandbox/version.h"

/* An event on its way to the webhook endpoint. Events are forgotten one day, so this holds its own body. */
struct outgoing {
	char event[SANDBOX_ID_SIZE];
	const char *type;
	struct blob *body;
};

/* What the clock brings: to a session, a charge, an invoice, a subscription, a refund, a payout, the account. */
enum due {
	DUE_EXPIRY,
	DUE_DEBIT_SUCCEEDS,
	DUE_DEBIT_FAILS,
	DUE_BOOKING,
	DUE_INVOICE_DEBIT,
	DUE_INVOICE_RETRY,
	DUE_RENEWAL,
	DUE_REFUND_SUCCEEDS,
	DUE_REFUND_FAILS,
	DUE_ARRIVAL,
	DUE_PAYOUTS,
};

enum payout_interval { PAYOUTS_MANUAL, PAYOUTS_DAILY, PAYOUTS_WEEKLY, PAYOUTS_MONTHLY };

struct state {
	struct store store;
	struct ids ids;
	struct agenda agenda;      /* by the provider's clock */
	struct knobs knobs;
	struct exchange exchange;
	enum payout_interval payout_interval;
	int64_t next_payouts_s;    /* when the clock makes automatic payouts next; 0: never */
	int64_t now_ms;            /* the provider's clock */
	int64_t shift_ms;          /* how far it is ahead of everybody else's */
	bool live;
	char base_url[URL_SIZE];   /* where the payment pages are, without a trailing '/' */
	char merchant[LABEL_SIZE];
	char configuration[SANDBOX_ID_SIZE]; /* pmc_… */
	char bank_account[SANDBOX_ID_SIZE];  /* ba_… */
	char webhook_version[API_VERSION_SIZE]; /* in which events are delivered; "": SANDBOX_API_VERSION */

	struct outgoing *outbox;
	size_t outbox_count, outbox_capacity;

	/* the API request under way; NULL in between */
	const char *request_id;
	const char *idempotency_key;
};

/* Let the clock run to `wall_ms` plus the shift: everything due on the way happens, in order. */
void state_advance(struct state *state, int64_t wall_ms);

int64_t state_now_s(const struct state *state);

/* Mint an id and store a new object of the kind, made now. */
MUST_CHECK enum err state_add(struct state *state, enum kind kind, const char *prefix, size_t letters,
                              struct object **object);

void state_free(struct state *state);

#endif
