#include "sandbox/dispute.h"
#include "sandbox/render.h"

enum { ANSWER_DUE_S = 7 * 86400 };

static void write_transactions(struct view *view, const struct dispute *dispute)
{
	json_write_array_open(view->w, "balance_transactions");
	if (dispute->withdrawal != NULL)
		render_object(view, NULL, &dispute->withdrawal->object);
	if (dispute->reinstatement != NULL)
		render_object(view, NULL, &dispute->reinstatement->object);
	json_write_array_close(view->w);
}

static void write_evidence(struct json_write *w, const struct dispute *dispute)
{
	json_write_object_open(w, "evidence");
	render_constants(w, "access_activity_log=null billing_address=null cancellation_policy=null "
	                    "cancellation_policy_disclosure=null cancellation_rebuttal=null customer_communication=null");
	render_id(w, "customer_email_address", dispute->charge->payer.email);
	render_id(w, "customer_name", dispute->charge->payer.name);
	render_constants(w, "customer_purchase_ip=null customer_signature=null duplicate_charge_documentation=null "
	                    "duplicate_charge_explanation=null duplicate_charge_id=null enhanced_evidence={} "
	                    "product_description=null receipt=null refund_policy=null refund_policy_disclosure=null "
	                    "refund_refusal_explanation=null service_date=null service_documentation=null "
	                    "shipping_address=null shipping_carrier=null shipping_date=null shipping_documentation=null "
	                    "shipping_tracking_number=null uncategorized_file=null uncategorized_text=null");
	json_write_object_close(w);
	json_write_object_open(w, "evidence_details");
	json_write_integer(w, "due_by", dispute->object.created_s + ANSWER_DUE_S);
	render_constants(w, "enhanced_eligibility={}");
	json_write_bool(w, "has_evidence", dispute->answered);
	render_constants(w, "past_due=false");
	json_write_integer(w, "submission_count", dispute->answered ? 1 : 0);
	json_write_text(w, "submission_method", dispute->answered ? "manual" : "not_submitted");
	json_write_object_close(w);
}

static void write_method(struct json_write *w, const struct dispute *dispute)
{
	if (dispute->charge->intent->debit)
		return;
	json_write_object_open(w, "payment_method_details");
	json_write_object_open(w, "card");
	render_constants(w, "brand=\"visa\" case_type=\"chargeback\" network=\"visa\" network_reason_code=\"10.4\"");
	json_write_object_close(w);
	render_constants(w, "type=\"card\"");
	json_write_object_close(w);
}

void render_dispute(struct view *view, const struct dispute *dispute)
{
	struct json_write *w = view->w;

	json_write_text(w, "object", "dispute");
	render_amount(view, "amount", dispute->amount);
	write_transactions(view, dispute);
	render_reference(view, "charge", &dispute->charge->object);
	json_write_integer(w, "created", dispute->object.created_s);
	json_write_text(w, "currency", dispute->charge->intent->price.currency);
	render_constants(w, "enhanced_eligibility_types=[]");
	write_evidence(w, dispute);
	render_constants(w, "intended_submission_method=null");
	json_write_bool(w, "is_charge_refundable", dispute_lets_refund(dispute));
	json_write_bool(w, "livemode", view->state->live);
	render_constants(w, "metadata={}");
	render_reference(view, "payment_intent", &dispute->charge->intent->object);
	write_method(w, dispute);
	json_write_text(w, "reason", dispute->reason);
	json_write_text(w, "status", dispute_state_name(dispute->state));
}
