#include "sandbox/payout.h"
#include "sandbox/render.h"

static void render_moved(struct view *view, const char *key, const struct transaction *transaction)
{
	render_reference(view, key, transaction == NULL ? NULL : &transaction->object);
}

void render_payout(struct view *view, const struct payout *payout)
{
	struct json_write *w = view->w;
	bool failed = payout->state == PAYOUT_FAILED;

	json_write_text(w, "object", "payout");
	render_amount(view, "amount", payout->price.amount);
	render_constants(w, "application_fee=null application_fee_amount=null");
	json_write_integer(w, "arrival_date", payout->arrival_s);
	json_write_bool(w, "automatic", payout->automatic);
	render_moved(view, "balance_transaction", payout->transaction);
	json_write_integer(w, "created", payout->object.created_s);
	json_write_text(w, "currency", payout->price.currency);
	json_write_text(w, "description", payout->automatic ? "STRIPE PAYOUT" : NULL);
	render_id(w, "destination", view->state->bank_account);
	render_moved(view, "failure_balance_transaction", payout->failure);
	json_write_text(w, "failure_code", failed ? "account_closed" : NULL);
	json_write_text(w, "failure_message", failed ? "The bank account has been closed." : NULL);
	json_write_bool(w, "livemode", view->state->live);
	render_constants(w, "metadata={} method=\"standard\" original_payout=null payout_method=null");
	json_write_text(w, "reconciliation_status",
	                !payout->automatic ? "not_applicable" : payout->reconciled ? "completed" : "in_progress");
	render_constants(w, "reversed_by=null source_type=\"card\" statement_descriptor=null");
	json_write_text(w, "status", payout_state_name(payout->state));
	render_constant_object(w, "trace_id", "status=\"pending\" value=null");
	render_constants(w, "type=\"bank_account\"");
}
