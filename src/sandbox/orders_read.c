#include "sandbox/orders_read.h"

#include "sandbox/render.h"

const struct json_node *order_member(const struct order *order, const char *name)
{
	return json_text_member(&order->json, json_text_root(&order->json), name);
}

enum err order_need_text(struct order *order, const char *name, char *out, size_t size)
{
	if (json_text_string(&order->json, order_member(order, name), out, size) == OK)
		return OK;
	return why_set(&order->why, ERR_INPUT, "\"%s\" must be a text.", name);
}

enum err order_read_number(struct order *order, const char *name, int64_t otherwise, int64_t max, int64_t *number)
{
	const struct json_node *node = order_member(order, name);

	*number = otherwise;
	if (node == NULL)
		return OK;
	if (json_text_integer(&order->json, node, number) == OK && *number >= 0 && *number <= max)
		return OK;
	return why_set(&order->why, ERR_INPUT, "\"%s\" must be an integer from 0 to %lld.", name, (long long)max);
}

enum err order_read_bool(struct order *order, const char *name, bool *value)
{
	const struct json_node *node = order_member(order, name);

	*value = false;
	if (node == NULL || json_text_bool(node, value) == OK)
		return OK;
	return why_set(&order->why, ERR_INPUT, "\"%s\" must be true or false.", name);
}

enum err order_need_currency(struct order *order, const char *name, char currency[static STRIPE_CURRENCY_SIZE])
{
	if (json_text_string(&order->json, order_member(order, name), currency, STRIPE_CURRENCY_SIZE) == OK &&
	    currency_is_known(currency))
		return OK;
	return why_set(&order->why, ERR_INPUT, "\"%s\" must be a currency in lower case.", name);
}

enum err order_need_object(struct order *order, const char *name, enum kind kind, struct object **object)
{
	char id[SANDBOX_ID_SIZE];
	enum err err = order_need_text(order, name, id, sizeof id);

	if (err != OK)
		return err;
	*object = store_find(&order->control->state->store, kind, id);
	return *object != NULL ? OK : why_set(&order->why, ERR_UNKNOWN, "There is no %s %s.", name, id);
}

static const struct intent *intent_of(const struct object *object)
{
	return object->kind == KIND_SESSION ? ((const struct session *)object)->intent
	       : object->kind == KIND_INVOICE ? ((const struct invoice *)object)->intent : (const struct intent *)object;
}

enum err order_need_charge(struct order *order, struct charge **charge)
{
	static const struct {
		const char *name;
		enum kind kind;
	} ways[] = { { "session", KIND_SESSION }, { "invoice", KIND_INVOICE }, { "payment_intent", KIND_INTENT } };
	struct object *object = NULL;

	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
		if (order_member(order, ways[i].name) == NULL)
			continue;
		enum err err = order_need_object(order, ways[i].name, ways[i].kind, &object);

		if (err != OK)
			return err;
		const struct intent *intent = intent_of(object);

		*charge = intent == NULL ? NULL : intent->latest_charge;
		return *charge != NULL ? OK : why_set(&order->why, ERR_CONFLICT, "Nothing was paid there.");
	}
	enum err err = order_need_object(order, "charge", KIND_CHARGE, &object);

	*charge = (struct charge *)object;
	return err;
}

enum err order_read_success(struct order *order, bool *succeeds)
{
	const struct json_node *node = order_member(order, "outcome");

	*succeeds = node == NULL || json_text_is(&order->json, node, "succeeded");
	if (*succeeds || json_text_is(&order->json, node, "failed"))
		return OK;
	return why_set(&order->why, ERR_INPUT, "\"outcome\" must be \"succeeded\" or \"failed\".");
}

enum err order_show(struct order *order, const struct object *object)
{
	struct view view = { .state = order->control->state, .w = order->w };

	render_object(&view, NULL, object);
	return OK;
}

enum err order_end(struct order *order, enum err err, const struct object *object, const char *conflict)
{
	if (err == ERR_CONFLICT)
		return why_set(&order->why, ERR_CONFLICT, "%s", conflict);
	return err != OK ? err : order_show(order, object);
}
