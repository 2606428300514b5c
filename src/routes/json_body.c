#include "routes/json_body.h"

#include <stdio.h>

enum err json_body_read(struct json_body *read, struct bytes body, struct why *why)
{
	enum err err = json_text_read(&read->json, body, read->nodes, JSON_BODY_VALUES_MAX, NULL);

	if (err == ERR_TOO_BIG)
		return why_set(why, ERR_INPUT, "The body holds more values than are known here.");
	if (err != OK || json_text_root(&read->json)->kind != JSON_KIND_OBJECT)
		return why_set(why, ERR_INPUT, "The body is not a JSON object.");
	return OK;
}

const struct json_node *json_body_first(const struct json_body *read)
{
	return json_text_first(&read->json, json_text_root(&read->json));
}

const struct json_node *json_body_next(const struct json_body *read, const struct json_node *member)
{
	return json_text_next(&read->json, member);
}

void json_body_name(const struct json_body *read, const struct json_node *member, char name[static JSON_BODY_NAME_SIZE])
{
	const struct json_node as_value = {
		.kind = JSON_KIND_STRING, .escaped = member->key_escaped, .start = member->key_start, .end = member->key_end,
	};
	struct bytes raw = json_text_key(&read->json, member);

	if (json_text_string(&read->json, &as_value, name, JSON_BODY_NAME_SIZE) != OK)
		snprintf(name, JSON_BODY_NAME_SIZE, "%.*s", (int)raw.length, raw.data);
}
