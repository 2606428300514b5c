/*
 * refund.h -- refunds: asked for by the API or in the dashboard, at once or
 * pending first, and now and then money that comes back.
 */
#ifndef SANDBOX_REFUND_H
#define SANDBOX_REFUND_H

#include "sandbox/params.h"
#include "sandbox/refusal.h"
#include "sandbox/state.h"

/* What POST /v1/refunds takes. */
extern const struct param refund_params[];

enum refund_course {
	REFUND_AT_ONCE,
	REFUND_PENDS,   /* the balance has moved, the donor's bank has not said anything */
	REFUND_WAITS,   /* the balance does not suffice: it has not moved either */
};

/*
 * The charge that a form (passed by params_check) wants to refund, and how much
 * of it. False with the refusal.
 */
bool refund_read(const struct state *state, const struct form *form, struct charge **charge, int64_t *amount,
                 struct refusal *refusal);

/* How a refund that nobody decides goes: as the knobs say, and those of debits pend. */
enum refund_course refund_course_of(struct state *state, const struct charge *charge);

/*
 * Refund `amount` (0: what is left) of the charge; refuses what cannot be
 * refunded. On true the refund has taken over the form (NULL: none). A pending
 * one ends by the clock.
 */
bool refund_make(struct state *state, struct charge *charge, int64_t amount, enum refund_course course,
                 struct form *form, struct refund **refund, struct refusal *refusal);

/*
 * It succeeds, fails or is canceled; one that has succeeded may still fail.
 * ERR_CONFLICT for a step that does not exist.
 */
MUST_CHECK enum err refund_end(struct state *state, struct refund *refund, enum refund_state end);

/* The clock: a pending refund ends so; another one stays. */
MUST_CHECK enum err refund_come_due(struct state *state, struct refund *refund, enum refund_state end);

/* "pending", … */
const char *refund_state_name(enum refund_state state);

#endif
