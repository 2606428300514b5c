#include <jansson.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NODES_MAX = 4096 };

static struct json_node nodes[NODES_MAX];

/* Bounds are ours alone, and jansson passes over NUL bytes where we refuse them. */
static bool may_refuse_alone(struct bytes text, enum err err, const struct why *why)
{
	return err == ERR_TOO_BIG || strstr(why->text, "nested too deeply") != NULL
	       || (text.length > 0 && memchr(text.data, '\0', text.length) != NULL);
}

/* jansson has no double for a real such as 1e999, and refuses an integer beyond int64. */
static bool has_vast_number(const struct json_text *json)
{
	for (uint32_t i = 0; i < json->node_count; i++) {
		char text[1024];

		if (json->nodes[i].kind != JSON_KIND_REAL)
			continue;
		if (bytes_copy_text(json_text_raw(json, &json->nodes[i]), text, sizeof text) != OK || isinf(strtod(text, NULL))
		    || strpbrk(text, ".eE") == NULL)
			return true;
	}
	return false;
}

static bool same_value(const struct json_text *json, const struct json_node *node, const json_t *theirs);

static bool same_string(const struct json_text *json, const struct json_node *node, const json_t *theirs)
{
	size_t length = json_string_length(theirs);
	char *text = malloc(length + 2);
	bool same = text != NULL && json_is_string(theirs) && json_text_string(json, node, text, length + 2) == OK
	            && strlen(text) == length && memcmp(text, json_string_value(theirs), length) == 0;

	free(text);
	return same;
}

static bool same_array(const struct json_text *json, const struct json_node *node, const json_t *theirs)
{
	size_t index = 0;

	if (!json_is_array(theirs) || json_array_size(theirs) != node->count)
		return false;
	for (const struct json_node *at = json_text_first(json, node); at != NULL; at = json_text_next(json, at))
		if (!same_value(json, at, json_array_get(theirs, index++)))
			return false;
	return index == node->count;
}

/* Members keep their order in jansson. */
static bool same_object(const struct json_text *json, const struct json_node *node, const json_t *theirs)
{
	json_t *lent = json_incref((json_t *)(uintptr_t)theirs);
	void *at = json_object_iter(lent);
	const struct json_node *ours = json_text_first(json, node);
	bool same = json_is_object(theirs) && json_object_size(theirs) == node->count;

	while (same && at != NULL && ours != NULL) {
		const char *key = json_object_iter_key(at);

		same = (ours->key_escaped || bytes_is(json_text_key(json, ours), key))
		       && same_value(json, ours, json_object_iter_value(at));
		at = json_object_iter_next(lent, at);
		ours = json_text_next(json, ours);
	}
	json_decref(lent);
	return same && at == NULL && ours == NULL;
}

static bool same_value(const struct json_text *json, const struct json_node *node, const json_t *theirs)
{
	int64_t number;

	switch (node->kind) {
	case JSON_KIND_NULL:
		return json_is_null(theirs);
	case JSON_KIND_FALSE:
		return json_is_false(theirs);
	case JSON_KIND_TRUE:
		return json_is_true(theirs);
	case JSON_KIND_INTEGER:
		return json_is_integer(theirs) && json_text_integer(json, node, &number) == OK
		       && number == json_integer_value(theirs);
	case JSON_KIND_REAL:
		return json_is_real(theirs);
	case JSON_KIND_STRING:
		return same_string(json, node, theirs);
	case JSON_KIND_ARRAY:
		return same_array(json, node, theirs);
	case JSON_KIND_OBJECT:
		return same_object(json, node, theirs);
	}
	return false;
}

/*
 * The strict reader and jansson judge the same bytes and agree, but where they are known to differ: ours
 * bounds depth and the number of values and refuses every NUL, jansson refuses integers beyond int64 and reals beyond a double's
 * range. What both accept means the same.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = { (const char *)data, size };
	struct json_text json;
	struct why why = { "" };
	enum err err = json_text_read(&json, text, nodes, NODES_MAX, &why);
	json_t *theirs = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);

	if (err != OK && why.text[0] == '\0')
		abort();
	if (err == OK && theirs == NULL && !has_vast_number(&json))
		abort();
	if (err != OK && theirs != NULL && !may_refuse_alone(text, err, &why))
		abort();
	if (err == OK && theirs != NULL && !same_value(&json, json_text_root(&json), theirs))
		abort();
	json_decref(theirs);
	return 0;
}
