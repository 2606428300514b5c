#include "sandbox/refund.h"
#include "sandbox/render.h"

static void write_destination(struct json_write *w, const struct refund *refund)
{
	json_write_object_open(w, "destination_details");
	if (refund->charge->intent->debit) {
		render_constants(w, "type=\"sepa_debit\"");
		json_write_object_close(w);
		return;
	}
	json_write_object_open(w, "card");
	if (refund->referenced)
		render_constants(w, "reference=\"715900000000\" reference_status=\"available\"");
	else
		render_constants(w, "reference_status=\"pending\"");
	render_constants(w, "reference_type=\"acquirer_reference_number\" type=\"refund\"");
	json_write_object_close(w);
	render_constants(w, "type=\"card\"");
	json_write_object_close(w);
}

/* Members that only a refund in trouble has. */
static void write_trouble(struct view *view, const struct refund *refund)
{
	if (refund->failure != NULL)
		render_reference(view, "failure_balance_transaction", &refund->failure->object);
	if (refund->state == REFUND_FAILED)
		json_write_text(view->w, "failure_reason", "lost_or_stolen_card");
}

static const struct object *of(const struct transaction *transaction)
{
	return transaction == NULL ? NULL : &transaction->object;
}

void render_refund(struct view *view, const struct refund *refund)
{
	struct json_write *w = view->w;
	const struct charge *charge = refund->charge;
	const struct form *form = &refund->form;

	json_write_text(w, "object", "refund");
	render_amount(view, "amount", refund->amount);
	render_reference(view, "balance_transaction", of(refund->transaction));
	render_reference(view, "charge", &charge->object);
	json_write_integer(w, "created", refund->object.created_s);
	json_write_text(w, "currency", charge->intent->price.currency);
	render_id(w, "customer", charge->intent->customer);
	json_write_null(w, "customer_account");
	write_destination(w, refund);
	write_trouble(view, refund);
	render_metadata(w, form, "metadata");
	render_reference(view, "payment_intent", &charge->intent->object);
	json_write_text(w, "payment_method", charge->method);
	if (refund->state == REFUND_PENDING)
		json_write_text(w, "pending_reason", refund->waits ? "insufficient_funds" : "processing");
	json_write_text(w, "reason", form_get(form, "reason"));
	json_write_null(w, "receipt_number");
	json_write_null(w, "source_transfer_reversal");
	json_write_text(w, "status", refund_state_name(refund->state));
	json_write_null(w, "transfer_reversal");
}
