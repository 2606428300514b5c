#include <stdio.h>

#include "sandbox/render.h"

static const char *state_name(enum subscription_state state)
{
	switch (state) {
	case SUBSCRIPTION_ACTIVE:
		return "active";
	case SUBSCRIPTION_PAST_DUE:
		return "past_due";
	case SUBSCRIPTION_CANCELED:
		return "canceled";
	}
	return NULL;
}

/* Of the items; before 2025-03-31 of the subscription. */
static void write_period(struct json_write *w, const struct subscription *subscription)
{
	json_write_integer(w, "current_period_end", subscription->period_end_s);
	json_write_integer(w, "current_period_start", subscription->period_start_s);
}

static void write_items(struct view *view, const struct subscription *subscription)
{
	struct json_write *w = view->w;
	char url[SANDBOX_ID_SIZE + 64];

	snprintf(url, sizeof url, "/v1/subscription_items?subscription=%s", subscription->object.id);
	render_list_open(w, "items");
	json_write_object_open(w, NULL);
	json_write_text(w, "id", subscription->item_id);
	render_constants(w, "object=\"subscription_item\" billing_thresholds=null");
	json_write_integer(w, "created", subscription->object.created_s);
	if (!view->old)
		write_period(w, subscription);
	render_constants(w, "current_trial=null discounts=[] metadata={}");
	render_plan(view, &subscription->line, subscription->object.created_s);
	render_price(view, &subscription->line, subscription->object.created_s);
	json_write_integer(w, "quantity", subscription->line.quantity);
	json_write_text(w, "subscription", subscription->object.id);
	render_constants(w, "tax_rates=[]");
	json_write_object_close(w);
	render_list_close(w, false, url);
}

static void write_settings(struct view *view, const struct subscription *subscription)
{
	struct json_write *w = view->w;
	const struct form *form = &subscription->session->form;

	json_write_text(w, "description", form_get(form, "subscription_data[description]"));
	render_constants(w, "discounts=[]");
	render_time(w, "ended_at", subscription->ended_s);
	render_constant_object(w, "invoice_settings",
	                      "account_tax_ids=null custom_fields=null description=null footer=null issuer={\"type\":\"self\"}");
	write_items(view, subscription);
	render_reference(view, "latest_invoice",
	                 subscription->latest_invoice == NULL ? NULL : &subscription->latest_invoice->object);
	json_write_bool(w, "livemode", view->state->live);
	render_constant_object(w, "managed_payments", "enabled=false");
	render_metadata(w, form, "subscription_data[metadata]");
	render_constants(w, "next_pending_invoice_item_invoice=null on_behalf_of=null pause_collection=null");
	render_constant_object(w, "payment_settings",
	                      "payment_method_options=null payment_method_types=null save_default_payment_method=\"off\"");
	render_constants(w, "pending_invoice_item_interval=null pending_setup_intent=null pending_update=null schedule=null");
	json_write_integer(w, "start_date", subscription->object.created_s);
	json_write_text(w, "status", state_name(subscription->state));
	render_constants(w, "test_clock=null transfer_data=null trial_end=null "
	                    "trial_settings={\"end_behavior\":{\"missing_payment_method\":\"create_invoice\"}} trial_start=null");
}

static void write_cancellation(struct json_write *w, const struct subscription *subscription)
{
	render_time(w, "cancel_at", subscription->ends_with_period ? subscription->period_end_s : 0);
	json_write_bool(w, "cancel_at_period_end", subscription->ends_with_period);
	render_time(w, "canceled_at", subscription->canceled_s);
	json_write_object_open(w, "cancellation_details");
	render_constants(w, "comment=null feedback=null feedback_option=null");
	json_write_text(w, "reason", subscription->cancel_reason);
	json_write_object_close(w);
}

void render_subscription(struct view *view, const struct subscription *subscription)
{
	struct json_write *w = view->w;

	render_constants(w, "object=\"subscription\" application=null application_fee_percent=null");
	render_constant_object(w, "automatic_tax", "disabled_reason=null enabled=false liability=null");
	json_write_integer(w, "billing_cycle_anchor", subscription->anchor_s);
	render_constants(w, "billing_cycle_anchor_config=null");
	render_constant_object(w, "billing_mode", "flexible={\"proration_discounts\":\"included\"} type=\"flexible\"");
	render_constants(w, "billing_schedules=[] billing_thresholds=null");
	write_cancellation(w, subscription);
	render_constants(w, "collection_method=\"charge_automatically\"");
	json_write_integer(w, "created", subscription->object.created_s);
	json_write_text(w, "currency", subscription->price.currency);
	json_write_text(w, "customer", subscription->customer);
	if (view->old)
		write_period(w, subscription);
	render_constants(w, "customer_account=null days_until_due=null default_payment_method=null default_source=null "
	                    "default_tax_rates=[]");
	write_settings(view, subscription);
}
