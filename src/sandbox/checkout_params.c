#include "sandbox/checkout.h"

/*
 * Parameters that change nothing in what the stand-in does are accepted and
 * echoed where Stripe echoes them; those that would (discounts, taxes, shipping,
 * saved prices) are unknown here, so that nobody takes silence for support.
 */
const struct param checkout_params[] = {
	{ "adaptive_pricing[enabled]", PARAM_BOOLEAN, NULL },
	{ "billing_address_collection", PARAM_CHOICE, "auto required" },
	{ "branding_settings[display_name]", PARAM_TEXT, NULL },
	{ "cancel_url", PARAM_URL, NULL },
	{ "client_reference_id", PARAM_TEXT, NULL },
	{ "custom_text[after_submit][message]", PARAM_TEXT, NULL },
	{ "custom_text[submit][message]", PARAM_TEXT, NULL },
	{ "customer_creation", PARAM_CHOICE, "always if_required" },
	{ "customer_email", PARAM_TEXT, NULL },
	{ "excluded_payment_method_types[#]", PARAM_TEXT, NULL },
	{ "expand[#]", PARAM_TEXT, NULL },
	{ "expires_at", PARAM_INTEGER, NULL },
	{ "line_items[#][price_data][currency]", PARAM_TEXT, NULL },
	{ "line_items[#][price_data][product_data][description]", PARAM_TEXT, NULL },
	{ "line_items[#][price_data][product_data][images][#]", PARAM_URL, NULL },
	{ "line_items[#][price_data][product_data][name]", PARAM_TEXT, NULL },
	{ "line_items[#][price_data][product_data][tax_code]", PARAM_TEXT, NULL },
	{ "line_items[#][price_data][recurring][interval]", PARAM_CHOICE, "day month week year" },
	{ "line_items[#][price_data][recurring][interval_count]", PARAM_INTEGER, NULL },
	{ "line_items[#][price_data][unit_amount]", PARAM_INTEGER, NULL },
	{ "line_items[#][quantity]", PARAM_INTEGER, NULL },
	{ "locale", PARAM_CHOICE,
	  "auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv ms mt nb nl pl pt "
	  "pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW" },
	{ "metadata", PARAM_METADATA, NULL },
	{ "mode", PARAM_CHOICE, "payment setup subscription" },
	{ "origin_context", PARAM_CHOICE, "mobile_app web" },
	{ "payment_intent_data[description]", PARAM_TEXT, NULL },
	{ "payment_intent_data[metadata]", PARAM_METADATA, NULL },
	{ "payment_intent_data[receipt_email]", PARAM_TEXT, NULL },
	{ "payment_intent_data[statement_descriptor]", PARAM_TEXT, NULL },
	{ "payment_intent_data[statement_descriptor_suffix]", PARAM_TEXT, NULL },
	{ "payment_method_collection", PARAM_CHOICE, "always if_required" },
	{ "payment_method_types[#]", PARAM_TEXT, NULL },
	{ "submit_type", PARAM_CHOICE, "auto book donate pay subscribe" },
	{ "subscription_data[description]", PARAM_TEXT, NULL },
	{ "subscription_data[metadata]", PARAM_METADATA, NULL },
	{ "success_url", PARAM_URL, NULL },
	{ "ui_mode", PARAM_CHOICE, "hosted_page" },
	{ NULL, PARAM_TEXT, NULL },
};
