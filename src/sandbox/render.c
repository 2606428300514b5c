#include "sandbox/render.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void render_object(struct view *view, const char *key, const struct object *object)
{
	json_write_object_open(view->w, key);
	json_write_text(view->w, "id", object->id);
	switch (object->kind) {
	case KIND_SESSION:
		render_session(view, (const struct session *)object);
		break;
	case KIND_INTENT:
		render_intent(view, (const struct intent *)object);
		break;
	case KIND_CHARGE:
		render_charge(view, (const struct charge *)object);
		break;
	case KIND_TRANSACTION:
		render_transaction(view, (const struct transaction *)object);
		break;
	case KIND_INVOICE:
		render_invoice(view, (const struct invoice *)object);
		break;
	case KIND_INVOICE_PAYMENT:
		render_invoice_payment(view, (const struct invoice_payment *)object);
		break;
	case KIND_SUBSCRIPTION:
		render_subscription(view, (const struct subscription *)object);
		break;
	case KIND_REFUND:
		render_refund(view, (const struct refund *)object);
		break;
	case KIND_DISPUTE:
		render_dispute(view, (const struct dispute *)object);
		break;
	case KIND_PAYOUT:
		render_payout(view, (const struct payout *)object);
		break;
	case KIND_EVENT:
	case KINDS:
		break;
	}
	json_write_object_close(view->w);
}

void render_reference(struct view *view, const char *key, const struct object *object)
{
	size_t mark;
	bool expanded = expand_enter(view->expand, key, &mark);

	if (object == NULL)
		json_write_null(view->w, key);
	else if (expanded)
		render_object(view, key, object);
	else
		json_write_text(view->w, key, object->id);
	expand_leave(view->expand, mark);
}

void render_constants(struct json_write *w, const char *members)
{
	while (*members != '\0') {
		char key[64];
		size_t key_length = strcspn(members, "=");
		size_t value_length = strcspn(members + key_length + 1, " ");

		assert(key_length < sizeof key && members[key_length] == '=');
		memcpy(key, members, key_length);
		key[key_length] = '\0';
		json_write_raw(w, key, (struct bytes){ members + key_length + 1, value_length });
		members += key_length + 1 + value_length;
		members += *members == ' ';
	}
}

void render_constant_object(struct json_write *w, const char *key, const char *members)
{
	json_write_object_open(w, key);
	render_constants(w, members);
	json_write_object_close(w);
}

void render_amount(struct view *view, const char *key, int64_t amount)
{
	if (view->senseless)
		json_write_text(view->w, key, "plenty");
	else
		json_write_integer(view->w, key, amount);
}

void render_metadata(struct json_write *w, const struct form *form, const char *name)
{
	struct bytes key;
	const char *value;
	size_t i = 0;

	json_write_object_open(w, "metadata");
	while (form != NULL && form_next_member(form, name, &i, &key, &value))
		if (value[0] != '\0')
			json_write_bytes_under(w, key, bytes_of(value));
	json_write_object_close(w);
}

void render_id(struct json_write *w, const char *key, const char *id)
{
	json_write_text(w, key, id[0] == '\0' ? NULL : id);
}

void render_time(struct json_write *w, const char *key, int64_t time_s)
{
	if (time_s == 0)
		json_write_null(w, key);
	else
		json_write_integer(w, key, time_s);
}

void render_list_open(struct json_write *w, const char *key)
{
	json_write_object_open(w, key);
	json_write_text(w, "object", "list");
	json_write_array_open(w, "data");
}

void render_list_close(struct json_write *w, bool has_more, const char *url)
{
	json_write_array_close(w);
	json_write_bool(w, "has_more", has_more);
	json_write_text(w, "url", url);
	json_write_object_close(w);
}

void render_price(struct view *view, const struct line *line, int64_t created_s)
{
	struct json_write *w = view->w;
	char decimal[24];

	snprintf(decimal, sizeof decimal, "%" PRId64, line->unit.amount);
	json_write_object_open(w, "price");
	json_write_text(w, "id", line->price_id);
	render_constants(w, "object=\"price\" active=false billing_scheme=\"per_unit\"");
	json_write_integer(w, "created", created_s);
	json_write_text(w, "currency", line->unit.currency);
	render_constants(w, "custom_unit_amount=null");
	json_write_bool(w, "livemode", view->state->live);
	render_constants(w, "lookup_key=null metadata={} nickname=null");
	json_write_text(w, "product", line->product_id);
	if (line->interval == NULL) {
		json_write_null(w, "recurring");
	} else {
		json_write_object_open(w, "recurring");
		json_write_text(w, "interval", line->interval);
		json_write_integer(w, "interval_count", line->interval_count);
		render_constants(w, "meter=null trial_period_days=null usage_type=\"licensed\"");
		json_write_object_close(w);
	}
	render_constants(w, "tax_behavior=\"unspecified\" tiers_mode=null transform_quantity=null");
	json_write_text(w, "type", line->interval == NULL ? "one_time" : "recurring");
	json_write_integer(w, "unit_amount", line->unit.amount);
	json_write_text(w, "unit_amount_decimal", decimal);
	json_write_object_close(w);
}

void render_plan(struct view *view, const struct line *line, int64_t created_s)
{
	struct json_write *w = view->w;
	char decimal[24];

	snprintf(decimal, sizeof decimal, "%" PRId64, line->unit.amount);
	json_write_object_open(w, "plan");
	json_write_text(w, "id", line->price_id);
	render_constants(w, "object=\"plan\" active=false");
	json_write_integer(w, "amount", line->unit.amount);
	json_write_text(w, "amount_decimal", decimal);
	render_constants(w, "billing_scheme=\"per_unit\"");
	json_write_integer(w, "created", created_s);
	json_write_text(w, "currency", line->unit.currency);
	json_write_text(w, "interval", line->interval);
	json_write_integer(w, "interval_count", line->interval_count);
	json_write_bool(w, "livemode", view->state->live);
	render_constants(w, "metadata={} meter=null nickname=null");
	json_write_text(w, "product", line->product_id);
	render_constants(w, "tiers_mode=null transform_usage=null trial_period_days=null usage_type=\"licensed\"");
	json_write_object_close(w);
}
