#include "sandbox/api_write.h"

#include <string.h>

#include "sandbox/checkout.h"
#include "sandbox/dispute.h"
#include "sandbox/refund.h"
#include "sandbox/subscription.h"

/* Parameters of their form, and wishes that can be met for an answer of that kind. */
static bool check(const struct api_call *call, const struct param *params, enum kind kind, struct result *out)
{
	return params_check(&call->form, params, &out->refusal) &&
	       expand_check(&call->form, kind, false, &out->refusal);
}

/* Done, or failed: the object is the answer. */
static void answer(const struct state *state, const struct api_call *call, enum err err, const struct object *object,
                   struct result *out)
{
	if (err != OK)
		refuse_failure(&out->refusal, err);
	else
		api_write_object(state, call, &call->form, object, out);
}

/* ---- checkout sessions ---- */

static void create_session(struct state *state, struct api_call *call, struct result *out)
{
	struct session *session = NULL;

	if (!check(call, checkout_params, KIND_SESSION, out) ||
	    !session_create(state, &call->form, &session, &out->refusal))
		return;
	out->executed = true;
	/* The session has taken over the form. */
	api_write_object(state, call, &session->form, &session->object, out);
}

static void expire_session(struct state *state, const struct api_call *call, const char *id, struct result *out)
{
	struct session *session = (struct session *)store_find(&state->store, KIND_SESSION, id);

	if (!check(call, api_expand_only, KIND_SESSION, out))
		return;
	if (session == NULL) {
		refuse_missing(&out->refusal, "checkout.session", "session", id);
		return;
	}
	out->executed = true;
	if (session->state != SESSION_IS_OPEN) {
		refuse(&out->refusal, 400, NULL, NULL,
		       "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of `%s`.",
		       session->state == SESSION_IS_COMPLETE ? "complete" : "expired");
		return;
	}
	answer(state, call, session_expire(state, session), &session->object, out);
}

/* ---- refunds, disputes ---- */

static void create_refund(struct state *state, struct api_call *call, struct result *out)
{
	struct charge *charge = NULL;
	struct refund *refund = NULL;
	int64_t amount;

	if (!check(call, refund_params, KIND_REFUND, out) ||
	    !refund_read(state, &call->form, &charge, &amount, &out->refusal))
		return;
	out->executed = true;
	if (refund_make(state, charge, amount, refund_course_of(state, charge), &call->form, &refund, &out->refusal))
		api_write_object(state, call, &refund->form, &refund->object, out);
}

static void close_dispute(struct state *state, const struct api_call *call, const char *id, struct result *out)
{
	struct dispute *dispute = (struct dispute *)store_find(&state->store, KIND_DISPUTE, id);

	if (!check(call, api_expand_only, KIND_DISPUTE, out))
		return;
	if (dispute == NULL) {
		refuse_missing(&out->refusal, "dispute", "dispute", id);
		return;
	}
	out->executed = true;
	enum err err = dispute_move(state, dispute, DISPUTE_LOST, false);

	if (err == ERR_CONFLICT)
		refuse(&out->refusal, 400, NULL, NULL, "This dispute is already closed.");
	else
		answer(state, call, err, &dispute->object, out);
}

/* ---- subscriptions ---- */

static const struct param cancel_params[] = {
	{ "expand[#]", PARAM_TEXT, NULL },
	{ "invoice_now", PARAM_BOOLEAN, NULL },
	{ "prorate", PARAM_BOOLEAN, NULL },
	{ NULL, PARAM_TEXT, NULL },
};

static const struct param update_params[] = {
	{ "cancel_at_period_end", PARAM_BOOLEAN, NULL },
	{ "expand[#]", PARAM_TEXT, NULL },
	{ NULL, PARAM_TEXT, NULL },
};

/* One that goes on; the original does not find one that has ended either. */
static struct subscription *need_subscription(const struct state *state, const char *id, struct result *out)
{
	struct subscription *subscription = (struct subscription *)store_find(&state->store, KIND_SUBSCRIPTION, id);

	if (subscription != NULL && subscription->state != SUBSCRIPTION_CANCELED)
		return subscription;
	refuse_missing(&out->refusal, "subscription", "id", id);
	return NULL;
}

static void cancel_subscription(struct state *state, const struct api_call *call, const char *id, struct result *out)
{
	struct subscription *subscription;

	if (!check(call, cancel_params, KIND_SUBSCRIPTION, out) ||
	    (subscription = need_subscription(state, id, out)) == NULL)
		return;
	out->executed = true;
	answer(state, call, subscription_end(state, subscription, "cancellation_requested"), &subscription->object, out);
}

static void update_subscription(struct state *state, const struct api_call *call, const char *id, struct result *out)
{
	const char *ends = form_get(&call->form, "cancel_at_period_end");
	struct subscription *subscription;
	enum err err = OK;

	if (!check(call, update_params, KIND_SUBSCRIPTION, out) ||
	    (subscription = need_subscription(state, id, out)) == NULL)
		return;
	out->executed = true;
	if (ends != NULL)
		err = subscription_end_later(state, subscription, strcmp(ends, "true") == 0);
	answer(state, call, err, &subscription->object, out);
}

/* ---- by path ---- */

bool api_post(struct state *state, struct api_call *call, struct result *out)
{
	char id[SANDBOX_ID_SIZE];

	if (bytes_is(call->path, "/v1/checkout/sessions"))
		create_session(state, call, out);
	else if (bytes_is(call->path, "/v1/refunds"))
		create_refund(state, call, out);
	else if (api_path_id(call->path, "/v1/checkout/sessions/", "/expire", id))
		expire_session(state, call, id, out);
	else if (api_path_id(call->path, "/v1/disputes/", "/close", id))
		close_dispute(state, call, id, out);
	else if (api_path_id(call->path, "/v1/subscriptions/", "", id))
		update_subscription(state, call, id, out);
	else
		return false;
	return true;
}

bool api_delete(struct state *state, struct api_call *call, struct result *out)
{
	char id[SANDBOX_ID_SIZE];

	if (!api_path_id(call->path, "/v1/subscriptions/", "", id))
		return false;
	cancel_subscription(state, call, id, out);
	return true;
}
