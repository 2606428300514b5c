#include "routes/operation_body.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "routes/json_body.h"

/* A member that is about to be taken. */
struct member {
	char name[JSON_BODY_NAME_SIZE];
	const struct json_text *json;
	const struct json_node *value;
};

static enum err take_seq(const struct member *member, char *place, struct why *why)
{
	int64_t seq = 0;

	if (json_text_integer(member->json, member->value, &seq) != OK || seq <= 0)
		return why_set(why, ERR_INPUT, "\"%s\" is not the seq of an entry.", member->name);
	snprintf(place, OPERATION_TEXT_SIZE, "%" PRId64, seq);
	return OK;
}

static enum err take_text(const struct member *member, char *place, struct why *why)
{
	enum err err = json_text_string(member->json, member->value, place, OPERATION_TEXT_SIZE);

	if (err == ERR_TOO_BIG)
		return why_set(why, ERR_INPUT, "\"%s\" is too long.", member->name);
	if (err != OK)
		return why_set(why, ERR_INPUT, "\"%s\" is not a string.", member->name);
	return place[0] != '\0' ? OK : why_set(why, ERR_INPUT, "\"%s\" is empty.", member->name);
}

static enum err take_value(struct operation_body *read, int wish, const struct member *member, struct why *why)
{
	char *place = read->space[wish];
	/* A seq is a number in every answer, so it may be one here; amounts never are. */
	enum err err = wish == OPERATION_SEQ ? take_seq(member, place, why) : take_text(member, place, why);

	if (err == OK)
		read->request.texts[wish] = place;
	return err;
}

static enum err take_member(struct operation_body *read, const struct member *member, struct why *why)
{
	int wish = 0;

	while (wish < OPERATION_WISHES && strcmp(member->name, operation_wish_name((enum operation_wish)wish)) != 0)
		wish++;
	if (wish == OPERATION_WISHES || !operation_takes(read->request.operation, (enum operation_wish)wish))
		return why_set(why, ERR_INPUT, "\"%.60s\" is not known here.", member->name);
	return take_value(read, wish, member, why);
}

enum err operation_body_read(struct bytes body, enum operation operation, struct operation_body *read, struct why *why)
{
	struct json_body object;
	struct member member = { .json = &object.json };
	enum err err = json_body_read(&object, body, why);

	read->request = (struct operation_request){ .operation = operation };
	if (err != OK)
		return err;
	for (member.value = json_body_first(&object); err == OK && member.value != NULL; member.value = json_body_next(&object, member.value)) {
		json_body_name(&object, member.value, member.name);
		err = take_member(read, &member, why);
	}
	for (int i = 0; err == OK && i < OPERATION_WISHES; i++)
		if (read->request.texts[i] == NULL && operation_needs(operation, (enum operation_wish)i))
			err = why_set(why, ERR_INPUT, "\"%s\" is missing.", operation_wish_name((enum operation_wish)i));
	return err;
}
