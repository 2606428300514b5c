/*
 * checkout.h -- the life of a checkout session: made, tried, completed, settled
 * or failed, expired.
 */
#ifndef SANDBOX_CHECKOUT_H
#define SANDBOX_CHECKOUT_H

#include "sandbox/params.h"
#include "sandbox/refusal.h"
#include "sandbox/state.h"

/* What POST /v1/checkout/sessions takes. */
extern const struct param checkout_params[];

/* What the donor does on the payment page. */
enum outcome {
	OUTCOME_CARD,
	OUTCOME_DECLINED,     /* the session stays open */
	OUTCOME_DEBIT,        /* complete now, paid later */
	OUTCOME_DEBIT_FAILS,  /* complete now, never paid */
};

/*
 * Make a session from a form that params_check has passed. On true the session
 * has taken over the form. False with the refusal.
 */
bool session_create(struct state *state, struct form *form, struct session **session, struct refusal *refusal);

/* The donor has chosen. The session must be open. */
MUST_CHECK enum err session_pay(struct state *state, struct session *session, enum outcome outcome,
                                const struct payer *payer);

/* The slow debit of a complete session arrives or fails. Does nothing with a session that is not settling. */
MUST_CHECK enum err session_settle(struct state *state, struct session *session, bool succeeds);

/* An open session ends unpaid. Does nothing with another one. */
MUST_CHECK enum err session_expire(struct state *state, struct session *session);

#endif
