#include <stdio.h>
#include <string.h>

#include "sandbox/render.h"

static const char *state_name(enum session_state state)
{
	switch (state) {
	case SESSION_IS_OPEN:
		return "open";
	case SESSION_IS_COMPLETE:
		return "complete";
	case SESSION_IS_EXPIRED:
		return "expired";
	}
	return NULL;
}

/* A member that repeats what the request said, or null. */
static void echo(struct view *view, const struct session *session, const char *key)
{
	json_write_text(view->w, key, form_get(&session->form, key));
}

static void write_custom_text(struct view *view, const struct session *session)
{
	static const char *const places[] = { "after_submit", "shipping_address", "submit", "terms_of_service_acceptance" };

	json_write_object_open(view->w, "custom_text");
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		char name[FORM_NAME_SIZE];

		snprintf(name, sizeof name, "custom_text[%s][message]", places[i]);
		const char *message = form_get(&session->form, name);

		if (message == NULL) {
			json_write_null(view->w, places[i]);
			continue;
		}
		json_write_object_open(view->w, places[i]);
		json_write_text(view->w, "message", message);
		json_write_object_close(view->w);
	}
	json_write_object_close(view->w);
}

static void write_customer_details(struct view *view, const struct session *session)
{
	struct json_write *w = view->w;
	const struct payer *payer = &session->payer;
	const char *email = payer->email[0] != '\0' ? payer->email : form_get(&session->form, "customer_email");

	if (session->state != SESSION_IS_COMPLETE && email == NULL) {
		json_write_null(w, "customer_details");
		return;
	}
	json_write_object_open(w, "customer_details");
	if (session->state == SESSION_IS_COMPLETE) {
		json_write_object_open(w, "address");
		render_constants(w, "city=null country=\"DE\" line1=null line2=null postal_code=null state=null");
		json_write_object_close(w);
	} else {
		json_write_null(w, "address");
	}
	json_write_null(w, "business_name");
	json_write_text(w, "email", email);
	json_write_null(w, "individual_name");
	render_id(w, "name", payer->name);
	render_constants(w, "phone=null tax_exempt=\"none\" tax_ids=[]");
	json_write_object_close(w);
}

static void write_looks(struct view *view, const struct session *session)
{
	struct json_write *w = view->w;
	const char *name = form_get(&session->form, "branding_settings[display_name]");

	json_write_object_open(w, "branding_settings");
	render_constants(w, "background_color=\"#ffffff\" border_style=\"rounded\" button_color=\"#0074d4\"");
	json_write_text(w, "display_name", name != NULL ? name : view->state->merchant);
	render_constants(w, "font_family=\"default\" icon=null logo=null");
	json_write_object_close(w);
}

static void write_invoice_creation(struct view *view, const struct session *session)
{
	struct json_write *w = view->w;

	if (session->subscribes) {
		json_write_null(w, "invoice_creation");
		return;
	}
	json_write_object_open(w, "invoice_creation");
	json_write_bool(w, "enabled", false);
	json_write_object_open(w, "invoice_data");
	render_constants(w, "account_tax_ids=null custom_fields=null description=null footer=null issuer=null "
	                    "metadata={} rendering_options=null");
	json_write_object_close(w);
	json_write_object_close(w);
}

static void write_payment_methods(struct view *view, const struct session *session)
{
	struct json_write *w = view->w;
	size_t count = form_list_count(&session->form, "payment_method_types");

	json_write_text(w, "payment_method_collection", session->subscribes ? "always" : "if_required");
	json_write_object_open(w, "payment_method_configuration_details");
	json_write_text(w, "id", view->state->configuration);
	json_write_null(w, "parent");
	json_write_object_close(w);
	json_write_object_open(w, "payment_method_options");
	render_constant_object(w, "card", "request_three_d_secure=\"automatic\"");
	json_write_object_close(w);
	json_write_array_open(w, "payment_method_types");
	for (size_t i = 0; i < count; i++)
		json_write_text(w, NULL, form_get_at(&session->form, "payment_method_types", i, ""));
	if (count == 0) {
		json_write_text(w, NULL, "card");
		json_write_text(w, NULL, "sepa_debit");
	}
	json_write_array_close(w);
	json_write_text(w, "payment_status", session->paid ? "paid" : "unpaid");
}

static void write_first_half(struct view *view, const struct session *session)
{
	struct json_write *w = view->w;
	const char *adaptive = form_get(&session->form, "adaptive_pricing[enabled]");

	json_write_text(w, "object", "checkout.session");
	json_write_object_open(w, "adaptive_pricing");
	json_write_bool(w, "enabled", adaptive == NULL || strcmp(adaptive, "true") == 0);
	json_write_object_close(w);
	render_constants(w, "after_expiration=null allow_promotion_codes=null allowed_payment_method_types=null");
	render_amount(view, "amount_subtotal", session->total.amount);
	render_amount(view, "amount_total", session->total.amount);
	render_constant_object(w, "automatic_tax", "enabled=false liability=null provider=null status=null");
	echo(view, session, "billing_address_collection");
	write_looks(view, session);
	echo(view, session, "cancel_url");
	echo(view, session, "client_reference_id");
	render_constants(w, "client_secret=null");
	if (session->state == SESSION_IS_COMPLETE)
		render_constant_object(w, "collected_information",
		                      "business_name=null individual_name=null shipping_details=null");
	else
		json_write_null(w, "collected_information");
	render_constants(w, "consent=null consent_collection=null");
	json_write_integer(w, "created", session->object.created_s);
	json_write_text(w, "currency", session->total.currency);
	render_constants(w, "currency_conversion=null custom_fields=[]");
	write_custom_text(view, session);
	render_id(w, "customer", session->customer);
	json_write_null(w, "customer_account");
	json_write_text(w, "customer_creation", session->subscribes ? "always" : "if_required");
	write_customer_details(view, session);
	echo(view, session, "customer_email");
	render_constants(w, "discounts=[]");
	json_write_integer(w, "expires_at", session->expires_s);
	json_write_null(w, "integration_identifier");
}

static void write_line_items(struct view *view, const struct session *session)
{
	size_t mark;

	if (expand_enter(view->expand, "line_items", &mark))
		render_line_items(view, "line_items", session);
	expand_leave(view->expand, mark);
}

static void write_second_half(struct view *view, const struct session *session)
{
	struct json_write *w = view->w;
	/* A subscription's payments hang on its invoices. */
	bool has_intent = session->state == SESSION_IS_COMPLETE && !session->subscribes && session->intent != NULL;

	render_reference(view, "invoice", session->invoice == NULL ? NULL : &session->invoice->object);
	write_invoice_creation(view, session);
	write_line_items(view, session);
	json_write_bool(w, "livemode", view->state->live);
	echo(view, session, "locale");
	render_constant_object(w, "managed_payments", "enabled=false");
	render_metadata(w, &session->form, "metadata");
	json_write_text(w, "mode", session->subscribes ? "subscription" : "payment");
	json_write_null(w, "origin_context");
	render_reference(view, "payment_intent", has_intent ? &session->intent->object : NULL);
	json_write_null(w, "payment_link");
	write_payment_methods(view, session);
	json_write_null(w, "permissions");
	render_constant_object(w, "phone_number_collection", "enabled=false");
	json_write_null(w, "recovered_from");
	if (session->subscribes)
		render_constant_object(w, "saved_payment_method_options",
		                      "allow_redisplay_filters=[\"always\"] payment_method_remove=\"disabled\" payment_method_save=null");
	else
		json_write_null(w, "saved_payment_method_options");
	render_constants(w, "setup_intent=null shipping_address_collection=null shipping_cost=null shipping_options=[]");
	json_write_text(w, "status", state_name(session->state));
	echo(view, session, "submit_type");
	render_reference(view, "subscription", session->subscription == NULL ? NULL : &session->subscription->object);
	echo(view, session, "success_url");
	render_constant_object(w, "total_details", "amount_discount=0 amount_shipping=0 amount_tax=0");
	json_write_text(w, "ui_mode", view->old ? "hosted" : "hosted_page");
}

void render_session(struct view *view, const struct session *session)
{
	char url[URL_SIZE + SANDBOX_ID_SIZE + 8];

	snprintf(url, sizeof url, "%s/pay/%s", view->state->base_url, session->object.id);
	write_first_half(view, session);
	write_second_half(view, session);
	json_write_text(view->w, "url", session->state == SESSION_IS_OPEN ? url : NULL);
	json_write_null(view->w, "wallet_options");
}

static void write_line_item(struct view *view, const struct session *session, const struct line *line)
{
	struct json_write *w = view->w;

	json_write_object_open(w, NULL);
	json_write_text(w, "id", line->id);
	render_constants(w, "object=\"item\" adjustable_quantity=null amount_discount=0");
	json_write_integer(w, "amount_subtotal", line->unit.amount * line->quantity);
	json_write_integer(w, "amount_tax", 0);
	json_write_integer(w, "amount_total", line->unit.amount * line->quantity);
	json_write_text(w, "currency", line->unit.currency);
	json_write_text(w, "description", line->name);
	render_constants(w, "metadata={}");
	render_price(view, line, session->object.created_s);
	json_write_integer(w, "quantity", line->quantity);
	json_write_object_close(w);
}

void render_line_items(struct view *view, const char *key, const struct session *session)
{
	char url[SANDBOX_ID_SIZE + 64];

	snprintf(url, sizeof url, "/v1/checkout/sessions/%s/line_items", session->object.id);
	render_list_open(view->w, key);
	for (size_t i = 0; i < session->line_count; i++)
		write_line_item(view, session, &session->lines[i]);
	render_list_close(view->w, false, url);
}
