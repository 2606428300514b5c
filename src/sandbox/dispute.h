/*
 * dispute.h -- disputes: a bank takes a payment back, and the provider a fee;
 * what is won comes back. An inquiry is a dispute that has moved no money yet.
 */
#ifndef SANDBOX_DISPUTE_H
#define SANDBOX_DISPUTE_H

#include "sandbox/refusal.h"
#include "sandbox/state.h"

/* "fraudulent", …: the static text of a reason, NULL for one that is none. */
const char *dispute_reason(const char *name);

/*
 * The bank disputes `amount` of a charge. ERR_CONFLICT for a charge that has not
 * succeeded or is disputed already, or an amount beyond the charge's.
 */
MUST_CHECK enum err dispute_open(struct state *state, struct charge *charge, int64_t amount, const char *reason,
                                 bool inquiry, struct dispute **dispute);

/*
 * It goes on: evidence was given (under_review), an inquiry becomes a dispute
 * (needs_response), it ends (won, lost, warning_closed). Won with
 * `fee_returned` brings the fee back, too. ERR_CONFLICT for a step that does
 * not exist.
 */
MUST_CHECK enum err dispute_move(struct state *state, struct dispute *dispute, enum dispute_state to,
                                 bool fee_returned);

/* Whether the charge can be refunded beside it. */
bool dispute_lets_refund(const struct dispute *dispute);

/* Whether nothing more will happen to it. */
bool dispute_is_over(const struct dispute *dispute);

/* "needs_response", …, and back: false for a name that is none. */
const char *dispute_state_name(enum dispute_state state);
bool dispute_state_parse(const char *name, enum dispute_state *state);

#endif
