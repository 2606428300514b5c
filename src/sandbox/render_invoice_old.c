#include "sandbox/render.h"

void render_old_invoice(struct view *view, const struct invoice *invoice)
{
	struct json_write *w = view->w;
	const struct subscription *subscription = invoice->subscription;
	const struct intent *intent = invoice->intent;
	const struct charge *charge = intent == NULL ? NULL : intent->latest_charge;

	render_reference(view, "charge", charge == NULL ? NULL : &charge->object);
	json_write_null(w, "discount");
	json_write_bool(w, "paid", invoice->state == INVOICE_PAID);
	json_write_bool(w, "paid_out_of_band", false);
	render_reference(view, "payment_intent", intent == NULL ? NULL : &intent->object);
	json_write_null(w, "quote");
	render_reference(view, "subscription", subscription == NULL ? NULL : &subscription->object);
	if (subscription == NULL) {
		json_write_null(w, "subscription_details");
	} else {
		json_write_object_open(w, "subscription_details");
		render_metadata(w, &subscription->session->form, "subscription_data[metadata]");
		json_write_object_close(w);
	}
	render_constants(w, "tax=null total_tax_amounts=[] transfer_data=null");
}

void render_old_line(struct view *view, const struct invoice *invoice)
{
	struct json_write *w = view->w;
	const struct subscription *subscription = invoice->subscription;

	json_write_text(w, "amount_excluding_tax", NULL);
	if (subscription != NULL) {
		render_plan(view, &subscription->line, subscription->object.created_s);
		render_price(view, &subscription->line, subscription->object.created_s);
		json_write_text(w, "subscription_item", subscription->item_id);
	}
	render_constants(w, "proration=false proration_details={\"credited_items\":null} tax_amounts=[] tax_rates=[]");
	json_write_text(w, "type", subscription == NULL ? "invoiceitem" : "subscription");
}
