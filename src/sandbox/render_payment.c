#include <stdio.h>

#include "sandbox/render.h"

static const char *intent_state_name(enum intent_state state)
{
	switch (state) {
	case INTENT_NEEDS_METHOD:
		return "requires_payment_method";
	case INTENT_PROCESSING:
		return "processing";
	case INTENT_SUCCEEDED:
		return "succeeded";
	}
	return NULL;
}

static void write_payment_error(struct view *view, const struct intent *intent)
{
	struct json_write *w = view->w;

	if (!intent->declined) {
		json_write_null(w, "last_payment_error");
		return;
	}
	json_write_object_open(w, "last_payment_error");
	json_write_text(w, "charge", intent->latest_charge == NULL ? NULL : intent->latest_charge->object.id);
	if (intent->debit)
		render_constants(w, "code=\"payment_intent_payment_attempt_failed\"");
	else
		render_constants(w, "code=\"card_declined\" decline_code=\"generic_decline\" "
		                    "doc_url=\"https://stripe.com/docs/error-codes/card-declined\"");
	json_write_text(w, "message", intent->debit ? "The payment failed." : "Your card was declined.");
	json_write_text(w, "type", intent->debit ? "invalid_request_error" : "card_error");
	json_write_object_close(w);
}

static void write_method_options(struct json_write *w)
{
	json_write_object_open(w, "payment_method_options");
	json_write_object_open(w, "card");
	render_constants(w, "installments=null mandate_options=null network=null request_three_d_secure=\"automatic\"");
	json_write_object_close(w);
	json_write_object_close(w);
	render_constants(w, "payment_method_types=[\"card\",\"sepa_debit\"] payment_record=null");
}

static void write_intent_amounts(struct view *view, const struct intent *intent)
{
	struct json_write *w = view->w;

	json_write_text(w, "object", "payment_intent");
	json_write_null(w, "allowed_payment_method_types");
	render_amount(view, "amount", intent->price.amount);
	json_write_integer(w, "amount_capturable", 0);
	json_write_object_open(w, "amount_details");
	render_constants(w, "tip={}");
	json_write_object_close(w);
	render_amount(view, "amount_received", intent->state == INTENT_SUCCEEDED ? intent->price.amount : 0);
	render_constants(w, "application=null application_fee_amount=null automatic_payment_methods=null canceled_at=null "
	                    "cancellation_reason=null capture_method=\"automatic_async\"");
}

void render_intent(struct view *view, const struct intent *intent)
{
	struct json_write *w = view->w;
	const struct charge *charge = intent->latest_charge;
	const char *description = intent->form == NULL ? NULL : form_get(intent->form, "payment_intent_data[description]");
	char secret[SANDBOX_ID_SIZE + 32];

	snprintf(secret, sizeof secret, "%s_secret_sandbox", intent->object.id);
	write_intent_amounts(view, intent);
	json_write_text(w, "client_secret", secret);
	render_constants(w, "confirmation_method=\"automatic\"");
	json_write_integer(w, "created", intent->object.created_s);
	json_write_text(w, "currency", intent->price.currency);
	render_id(w, "customer", intent->customer);
	json_write_null(w, "customer_account");
	json_write_text(w, "description", description != NULL ? description : intent->description);
	json_write_null(w, "excluded_payment_method_types");
	write_payment_error(view, intent);
	render_reference(view, "latest_charge", charge == NULL ? NULL : &charge->object);
	json_write_bool(w, "livemode", view->state->live);
	render_constants(w, "managed_payments=null");
	render_metadata(w, intent->form, "payment_intent_data[metadata]");
	render_constants(w, "next_action=null on_behalf_of=null");
	json_write_text(w, "payment_method", charge == NULL || intent->declined ? NULL : charge->method);
	json_write_null(w, "payment_method_configuration_details");
	write_method_options(w);
	render_constants(w, "processing=null");
	json_write_text(w, "receipt_email",
	                intent->form == NULL ? NULL : form_get(intent->form, "payment_intent_data[receipt_email]"));
	render_constants(w, "review=null setup_future_usage=null shipping=null source=null statement_descriptor=null "
	                    "statement_descriptor_suffix=null");
	json_write_text(w, "status", intent_state_name(intent->state));
	render_constants(w, "transfer_data=null transfer_group=null");
}

/* ---- charge ---- */

static const char *charge_state_name(enum charge_state state)
{
	switch (state) {
	case CHARGE_PENDING:
		return "pending";
	case CHARGE_SUCCEEDED:
		return "succeeded";
	case CHARGE_FAILED:
		return "failed";
	}
	return NULL;
}

static void write_billing(struct json_write *w, const struct payer *payer)
{
	json_write_object_open(w, "billing_details");
	json_write_object_open(w, "address");
	render_constants(w, "city=null country=\"DE\" line1=null line2=null postal_code=null state=null");
	json_write_object_close(w);
	render_id(w, "email", payer->email);
	render_id(w, "name", payer->name);
	render_constants(w, "phone=null tax_id=null");
	json_write_object_close(w);
}

static void write_outcome(struct json_write *w, const struct charge *charge)
{
	bool failed = charge->state == CHARGE_FAILED;

	json_write_object_open(w, "outcome");
	render_constants(w, "advice_code=null network_advice_code=null");
	json_write_text(w, "network_decline_code", failed ? "01" : NULL);
	json_write_text(w, "network_status", failed ? "declined_by_network" : "approved_by_network");
	json_write_text(w, "reason", failed ? "generic_decline" : NULL);
	render_constants(w, "risk_level=\"normal\" risk_score=12");
	json_write_text(w, "seller_message",
	                failed ? "The bank did not return any further details with this decline." : "Payment complete.");
	json_write_text(w, "type", failed ? "issuer_declined" : "authorized");
	json_write_object_close(w);
}

static void write_method_details(struct json_write *w, const struct charge *charge)
{
	bool debit = charge->intent->debit;

	json_write_object_open(w, "payment_method_details");
	json_write_object_open(w, debit ? "sepa_debit" : "card");
	if (debit)
		render_constants(w, "bank_code=\"37040044\" branch_code=\"\" country=\"DE\" fingerprint=\"sandboxsepadebit\" "
		                    "last4=\"3201\" mandate=null");
	else
		render_constants(w, "amount_authorized=null brand=\"visa\" country=\"US\" exp_month=12 exp_year=2034 "
		                    "fingerprint=\"sandboxvisa4242\" funding=\"credit\" installments=null last4=\"4242\" "
		                    "mandate=null network=\"visa\" three_d_secure=null wallet=null");
	json_write_object_close(w);
	json_write_text(w, "type", debit ? "sepa_debit" : "card");
	json_write_object_close(w);
}

static void write_failure(struct json_write *w, const struct charge *charge)
{
	bool failed = charge->state == CHARGE_FAILED;

	json_write_null(w, "failure_balance_transaction");
	json_write_text(w, "failure_code", !failed ? NULL : charge->intent->debit ? "insufficient_funds" : "card_declined");
	json_write_text(w, "failure_message", !failed ? NULL
	                : charge->intent->debit ? "The bank account has insufficient funds." : "Your card was declined.");
	render_constants(w, "fraud_details={}");
}

void render_charge(struct view *view, const struct charge *charge)
{
	struct json_write *w = view->w;
	const struct intent *intent = charge->intent;
	bool succeeded = charge->state == CHARGE_SUCCEEDED;

	json_write_text(w, "object", "charge");
	render_amount(view, "amount", intent->price.amount);
	render_amount(view, "amount_captured", succeeded ? intent->price.amount : 0);
	json_write_integer(w, "amount_refunded", charge->refunded);
	render_constants(w, "application=null application_fee=null application_fee_amount=null");
	render_reference(view, "balance_transaction", charge->transaction == NULL ? NULL : &charge->transaction->object);
	write_billing(w, &charge->payer);
	render_constants(w, "calculated_statement_descriptor=\"SANDBOX\"");
	json_write_bool(w, "captured", succeeded);
	json_write_integer(w, "created", charge->object.created_s);
	json_write_text(w, "currency", intent->price.currency);
	render_id(w, "customer", intent->customer);
	json_write_text(w, "description", intent->form == NULL ? intent->description
	                                  : form_get(intent->form, "payment_intent_data[description]"));
	json_write_bool(w, "disputed", charge->dispute != NULL);
	write_failure(w, charge);
	json_write_bool(w, "livemode", view->state->live);
	render_metadata(w, intent->form, "payment_intent_data[metadata]");
	render_constants(w, "on_behalf_of=null");
	write_outcome(w, charge);
	json_write_bool(w, "paid", succeeded);
	render_reference(view, "payment_intent", &intent->object);
	json_write_text(w, "payment_method", charge->method);
	write_method_details(w, charge);
	render_constants(w, "radar_options={} receipt_email=null receipt_number=null receipt_url=null");
	json_write_bool(w, "refunded", charge->refunded == intent->price.amount);
	render_constants(w, "review=null shipping=null source=null source_transfer=null statement_descriptor=null "
	                    "statement_descriptor_suffix=null");
	json_write_text(w, "status", charge_state_name(charge->state));
	render_constants(w, "transfer_data=null transfer_group=null");
}
