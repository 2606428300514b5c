#include <stdio.h>

#include "sandbox/render.h"

/* What a subscription was made with, text included. */
static const struct form *form_of(const struct invoice *invoice)
{
	return invoice->subscription == NULL ? NULL : &invoice->subscription->session->form;
}

static void write_parent(struct view *view, const struct invoice *invoice)
{
	struct json_write *w = view->w;

	if (invoice->subscription == NULL) {
		json_write_null(w, "parent");
		return;
	}
	json_write_object_open(w, "parent");
	json_write_null(w, "quote_details");
	json_write_object_open(w, "subscription_details");
	render_metadata(w, form_of(invoice), "subscription_data[metadata]");
	json_write_text(w, "subscription", invoice->subscription->object.id);
	json_write_object_close(w);
	json_write_text(w, "type", "subscription_details");
	json_write_object_close(w);
}

static void write_line_parent(struct view *view, const struct invoice *invoice)
{
	struct json_write *w = view->w;

	if (invoice->subscription == NULL) {
		json_write_null(w, "parent");
		return;
	}
	json_write_object_open(w, "parent");
	json_write_null(w, "invoice_item_details");
	json_write_object_open(w, "subscription_item_details");
	render_constants(w, "invoice_item=null proration=false");
	json_write_object_open(w, "proration_details");
	json_write_null(w, "credited_items");
	json_write_object_close(w);
	json_write_text(w, "subscription", invoice->subscription->object.id);
	json_write_text(w, "subscription_item", invoice->subscription->item_id);
	json_write_object_close(w);
	json_write_text(w, "type", "subscription_item_details");
	json_write_object_close(w);
}

static void write_pricing(struct json_write *w, const struct line *line)
{
	char decimal[24];

	snprintf(decimal, sizeof decimal, "%lld", (long long)line->unit.amount);
	json_write_object_open(w, "pricing");
	json_write_object_open(w, "price_details");
	json_write_text(w, "price", line->price_id);
	json_write_text(w, "product", line->product_id);
	json_write_object_close(w);
	json_write_text(w, "type", "price_details");
	json_write_text(w, "unit_amount_decimal", decimal);
	json_write_object_close(w);
}

static void write_quantity(struct json_write *w, int64_t quantity)
{
	char decimal[24];

	snprintf(decimal, sizeof decimal, "%lld", (long long)quantity);
	json_write_integer(w, "quantity", quantity);
	json_write_text(w, "quantity_decimal", decimal);
}

static void write_line(struct view *view, const struct invoice *invoice)
{
	struct json_write *w = view->w;
	const struct subscription *subscription = invoice->subscription;

	json_write_object_open(w, NULL);
	json_write_text(w, "id", invoice->line_id);
	json_write_text(w, "object", "line_item");
	json_write_integer(w, "amount", invoice->price.amount);
	json_write_text(w, "currency", invoice->price.currency);
	json_write_text(w, "description", subscription == NULL ? "Services" : subscription->line.name);
	render_constants(w, "discount_amounts=[] discountable=true discounts=[]");
	json_write_text(w, "invoice", invoice->object.id);
	json_write_bool(w, "livemode", view->state->live);
	render_metadata(w, form_of(invoice), "subscription_data[metadata]");
	if (!view->old)
		write_line_parent(view, invoice);
	json_write_object_open(w, "period");
	json_write_integer(w, "end", invoice->period_end_s);
	json_write_integer(w, "start", invoice->period_start_s);
	json_write_object_close(w);
	json_write_array_open(w, "pretax_credit_amounts");
	json_write_array_close(w);
	if (view->old)
		render_old_line(view, invoice);
	else if (subscription == NULL)
		json_write_null(w, "pricing");
	else
		write_pricing(w, &subscription->line);
	write_quantity(w, subscription == NULL ? 1 : subscription->line.quantity);
	json_write_text(w, "subscription", subscription == NULL ? NULL : subscription->object.id);
	json_write_integer(w, "subtotal", invoice->price.amount);
	if (!view->old)
		render_constants(w, "taxes=[]");
	json_write_object_close(w);
}

/* Only when it is asked for: see docs/providers.md. */
static void write_payments(struct view *view, const struct invoice *invoice)
{
	size_t mark;
	size_t inner;
	bool expanded = expand_enter(view->expand, "payments", &mark);

	if (expanded) {
		expand_enter(view->expand, "data", &inner);
		render_list_open(view->w, "payments");
		if (invoice->payment != NULL)
			render_object(view, NULL, &invoice->payment->object);
		render_list_close(view->w, false, "/v1/invoice_payments");
		expand_leave(view->expand, inner);
	}
	expand_leave(view->expand, mark);
}

void render_invoice_payment(struct view *view, const struct invoice_payment *payment)
{
	struct json_write *w = view->w;
	const struct invoice *invoice = payment->invoice;
	bool paid = invoice->state == INVOICE_PAID;
	size_t mark;

	json_write_text(w, "object", "invoice_payment");
	if (paid)
		json_write_integer(w, "amount_paid", invoice->price.amount);
	else
		json_write_null(w, "amount_paid");
	json_write_integer(w, "amount_requested", invoice->price.amount);
	json_write_integer(w, "created", payment->object.created_s);
	json_write_text(w, "currency", invoice->price.currency);
	render_reference(view, "invoice", &invoice->object);
	json_write_bool(w, "is_default", true);
	json_write_bool(w, "livemode", view->state->live);
	expand_enter(view->expand, "payment", &mark);
	json_write_object_open(w, "payment");
	render_reference(view, "payment_intent", &invoice->intent->object);
	json_write_text(w, "type", "payment_intent");
	json_write_object_close(w);
	expand_leave(view->expand, mark);
	json_write_text(w, "status", paid ? "paid" : "open");
	json_write_object_open(w, "status_transitions");
	json_write_null(w, "canceled_at");
	if (paid)
		json_write_integer(w, "paid_at", invoice->paid_s);
	else
		json_write_null(w, "paid_at");
	json_write_object_close(w);
}

static void write_transitions(struct json_write *w, const struct invoice *invoice)
{
	json_write_object_open(w, "status_transitions");
	json_write_integer(w, "finalized_at", invoice->object.created_s);
	json_write_null(w, "marked_uncollectible_at");
	if (invoice->state == INVOICE_PAID)
		json_write_integer(w, "paid_at", invoice->paid_s);
	else
		json_write_null(w, "paid_at");
	json_write_null(w, "voided_at");
	json_write_object_close(w);
}

static void write_invoice_amounts(struct view *view, const struct invoice *invoice)
{
	struct json_write *w = view->w;
	bool paid = invoice->state == INVOICE_PAID;

	json_write_text(w, "object", "invoice");
	render_constants(w, "account_country=\"DE\"");
	json_write_text(w, "account_name", view->state->merchant);
	render_constants(w, "account_tax_ids=null");
	render_amount(view, "amount_due", invoice->price.amount);
	json_write_integer(w, "amount_overpaid", 0);
	render_amount(view, "amount_paid", paid ? invoice->price.amount : 0);
	render_amount(view, "amount_remaining", paid ? 0 : invoice->price.amount);
	render_constants(w, "amount_shipping=0 application=null");
	json_write_integer(w, "attempt_count", invoice->attempts);
	json_write_bool(w, "attempted", invoice->attempts > 0);
	render_constants(w, "auto_advance=false");
	json_write_object_open(w, "automatic_tax");
	render_constants(w, "disabled_reason=null enabled=false liability=null provider=null status=null");
	json_write_object_close(w);
	render_constants(w, "automatically_finalizes_at=null");
	json_write_text(w, "billing_reason", invoice->reason);
	render_constants(w, "collection_method=\"charge_automatically\"");
	json_write_integer(w, "created", invoice->object.created_s);
	json_write_text(w, "currency", invoice->price.currency);
	render_constants(w, "custom_fields=null");
}

static void write_customer(struct view *view, const struct invoice *invoice)
{
	struct json_write *w = view->w;
	const struct subscription *subscription = invoice->subscription;

	render_id(w, "customer", invoice->intent == NULL ? "" : invoice->intent->customer);
	render_constants(w, "customer_account=null customer_address=null");
	render_id(w, "customer_email", subscription == NULL ? "" : subscription->payer.email);
	render_id(w, "customer_name", subscription == NULL ? "" : subscription->payer.name);
	render_constants(w, "customer_phone=null customer_shipping=null customer_tax_exempt=\"none\" customer_tax_ids=[] "
	                    "default_payment_method=null default_source=null default_tax_rates=[] description=null "
	                    "discounts=[] due_date=null");
}

void render_invoice(struct view *view, const struct invoice *invoice)
{
	struct json_write *w = view->w;
	char url[SANDBOX_ID_SIZE + 64];

	write_invoice_amounts(view, invoice);
	write_customer(view, invoice);
	json_write_integer(w, "effective_at", invoice->object.created_s);
	render_constants(w, "ending_balance=0 footer=null from_invoice=null hosted_invoice_url=null invoice_pdf=null");
	json_write_object_open(w, "issuer");
	render_constants(w, "type=\"self\"");
	json_write_object_close(w);
	render_constants(w, "last_finalization_error=null latest_revision=null");
	snprintf(url, sizeof url, "/v1/invoices/%s/lines", invoice->object.id);
	render_list_open(w, "lines");
	write_line(view, invoice);
	render_list_close(w, false, url);
	json_write_bool(w, "livemode", view->state->live);
	render_constants(w, "metadata={}");
	render_time(w, "next_payment_attempt", invoice->next_attempt_s);
	json_write_text(w, "number", invoice->number);
	render_constants(w, "on_behalf_of=null");
	if (view->old)
		render_old_invoice(view, invoice);
	else
		write_parent(view, invoice);
	json_write_object_open(w, "payment_settings");
	render_constants(w, "default_mandate=null payment_method_options=null payment_method_types=null");
	json_write_object_close(w);
	if (!view->old)
		write_payments(view, invoice);
	json_write_integer(w, "period_end", invoice->object.created_s);
	json_write_integer(w, "period_start", invoice->object.created_s);
	render_constants(w, "post_payment_credit_notes_amount=0 pre_payment_credit_notes_amount=0 receipt_number=null "
	                    "rendering=null shipping_cost=null shipping_details=null starting_balance=0 statement_descriptor=null");
	json_write_text(w, "status", invoice->state == INVOICE_PAID ? "paid" : "open");
	write_transitions(w, invoice);
	render_amount(view, "subtotal", invoice->price.amount);
	render_amount(view, "subtotal_excluding_tax", invoice->price.amount);
	json_write_null(w, "test_clock");
	render_amount(view, "total", invoice->price.amount);
	json_write_array_open(w, "total_discount_amounts");
	json_write_array_close(w);
	render_amount(view, "total_excluding_tax", invoice->price.amount);
	if (!view->old)
		render_constants(w, "total_pretax_credit_amounts=[] total_taxes=[]");
	json_write_integer(w, "webhooks_delivered_at", invoice->object.created_s);
}
