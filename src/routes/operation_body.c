#include "routes/operation_body.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "routes/json_body.h"

static enum err take_value(struct operation_body *read, int wish, const char *name, const json_t *value, struct why *why)
{
	char *place = read->space[wish];

	/* A seq is a number in every answer, so it may be one here; amounts never are. */
	if (wish == OPERATION_SEQ && json_is_integer(value) && json_integer_value(value) > 0)
		snprintf(place, OPERATION_TEXT_SIZE, "%" PRId64, (int64_t)json_integer_value(value));
	else if (wish == OPERATION_SEQ)
		return why_set(why, ERR_INPUT, "\"%s\" is not the seq of an entry.", name);
	else if (!json_is_string(value))
		return why_set(why, ERR_INPUT, "\"%s\" is not a string.", name);
	else if (json_string_length(value) == 0)
		return why_set(why, ERR_INPUT, "\"%s\" is empty.", name);
	else if (bytes_copy_text((struct bytes){ json_string_value(value), json_string_length(value) }, place, OPERATION_TEXT_SIZE) != OK)
		return why_set(why, ERR_INPUT, "\"%s\" is too long.", name);
	read->request.texts[wish] = place;
	return OK;
}

static enum err take_member(struct operation_body *read, const char *name, const json_t *value, struct why *why)
{
	int wish = 0;

	while (wish < OPERATION_WISHES && strcmp(name, operation_wish_name((enum operation_wish)wish)) != 0)
		wish++;
	if (wish == OPERATION_WISHES || !operation_takes(read->request.operation, (enum operation_wish)wish))
		return why_set(why, ERR_INPUT, "\"%.60s\" is not known here.", name);
	return take_value(read, wish, name, value, why);
}

enum err operation_body_read(struct bytes body, enum operation operation, struct operation_body *read, struct why *why)
{
	json_t *root = json_body(body);
	const char *name;
	json_t *value;
	enum err err = OK;

	read->request = (struct operation_request){ .operation = operation };
	if (root == NULL)
		return why_set(why, ERR_INPUT, "The body is not a JSON object.");
	json_object_foreach(root, name, value) {
		err = take_member(read, name, value, why);
		if (err != OK)
			break;
	}
	json_decref(root);
	for (int i = 0; err == OK && i < OPERATION_WISHES; i++)
		if (read->request.texts[i] == NULL && operation_needs(operation, (enum operation_wish)i))
			err = why_set(why, ERR_INPUT, "\"%s\" is missing.", operation_wish_name((enum operation_wish)i));
	return err;
}
