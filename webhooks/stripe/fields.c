#include <stdlib.h>
#include <string.h>

#include "domain/token.h"
#include "webhooks/stripe/stripe.h"

enum err stripe_json_read(struct json_text *json, struct bytes text, struct why *why)
{
	size_t node_max = text.length / 4 + 16;

	if (node_max > JSON_NODES_MAX)
		node_max = JSON_NODES_MAX;
	struct json_node *nodes = malloc(node_max * sizeof *nodes);

	if (nodes == NULL)
		return why_set(why, ERR_MEMORY, "out of memory");
	enum err err = json_text_read(json, text, nodes, (uint32_t)node_max, why);

	if (err != OK)
		free(nodes);
	return err == ERR_TOO_BIG ? ERR_INPUT : err;
}

bool stripe_time_is_good(int64_t time_s)
{
	return time_s > 0 && time_s <= 7258118400;
}

enum err stripe_id(const struct json_text *json, const struct json_node *node, char id[static OBJECT_ID_SIZE])
{
	if (json_text_string(json, node, id, OBJECT_ID_SIZE) != OK || id[0] == '\0') {
		id[0] = '\0';
		return ERR_INPUT;
	}
	for (const char *c = id; *c != '\0'; c++)
		if (*c <= ' ' || *c > '~') {
			id[0] = '\0';
			return ERR_INPUT;
		}
	return OK;
}

enum err stripe_member_id(const struct json_text *json, const struct json_node *object, const char *name,
                          char id[static OBJECT_ID_SIZE])
{
	const struct json_node *node = json_text_member(json, object, name);

	id[0] = '\0';
	if (node == NULL || node->kind == JSON_KIND_NULL)
		return OK;
	if (node->kind == JSON_KIND_OBJECT)
		node = json_text_member(json, node, "id");
	return stripe_id(json, node, id);
}

enum err stripe_member_ref(const struct json_text *json, const struct json_node *object, const char *name,
                           enum ref_kind kind, struct event *event)
{
	char id[OBJECT_ID_SIZE];
	enum err err = stripe_member_id(json, object, name, id);

	return err == OK ? event_add_ref(event, kind, bytes_of(id)) : err;
}

enum err stripe_member_signed(const struct json_text *json, const struct json_node *object, const char *amount_name,
                              struct money *amount)
{
	const struct json_node *currency = json_text_member(json, object, "currency");
	int64_t units;

	if (currency == NULL || currency->kind != JSON_KIND_STRING
	    || json_text_integer(json, json_text_member(json, object, amount_name), &units) != OK)
		return ERR_INPUT;
	return stripe_amount_from(units, json_text_raw(json, currency), amount);
}

enum err stripe_member_amount(const struct json_text *json, const struct json_node *object, const char *amount_name,
                              struct money *amount)
{
	struct money found;
	enum err err = stripe_member_signed(json, object, amount_name, &found);

	if (err == OK && found.minor < 0)
		err = ERR_INPUT;
	if (err == OK)
		*amount = found;
	return err;
}

enum err stripe_list(const struct json_text *json, const struct json_node *list, const struct json_node **data, bool *more)
{
	*data = json_text_member(json, list, "data");
	if (*data == NULL || (*data)->kind != JSON_KIND_ARRAY || json_text_bool(json_text_member(json, list, "has_more"), more) != OK)
		return ERR_INPUT;
	/* A next page begins behind the last object of this one. */
	return *more && (*data)->count == 0 ? ERR_INPUT : OK;
}

void stripe_metadata_pledge(const struct json_text *json, const struct json_node *metadata, struct event *event)
{
	const struct json_node *node = json_text_member(json, metadata, "pledge");

	if (event->pledge[0] != '\0' || node == NULL || node->kind != JSON_KIND_STRING)
		return;
	struct bytes text = json_text_raw(json, node);

	if (token_is_pledge(text))
		err_ignore(bytes_copy_text(text, event->pledge, sizeof event->pledge)); /* of its form, so it fits */
}
