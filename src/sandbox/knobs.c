#include "sandbox/knobs.h"

#include <stddef.h>
#include <string.h>

#include "base/json_text.h"

enum { NODES_MAX = 256 };

enum knob_type { KNOB_NUMBER, KNOB_COUNT_OR_ALL, KNOB_SWITCH, KNOB_STAGE, KNOB_PATH };

#define KNOB(name, type, max) { #name, type, offsetof(struct knobs, name), max }

static const struct knob {
	const char *name;
	enum knob_type type;
	size_t offset;
	int64_t max;
} knob_table[] = {
	KNOB(wrong_amount, KNOB_NUMBER, INT32_MAX),
	KNOB(wrong_currency, KNOB_NUMBER, INT32_MAX),
	KNOB(wrong_livemode, KNOB_NUMBER, INT32_MAX),
	KNOB(unreadable, KNOB_NUMBER, INT32_MAX),
	KNOB(twin_events, KNOB_SWITCH, 0),
	KNOB(expires_min_s, KNOB_NUMBER, EXPIRES_MAX_S),
	KNOB(slow_debit_ms, KNOB_NUMBER, INT32_MAX),
	KNOB(slow_balance_ms, KNOB_NUMBER, INT32_MAX),
	KNOB(slow_refund, KNOB_COUNT_OR_ALL, INT32_MAX),
	KNOB(slow_refund_ms, KNOB_NUMBER, INT32_MAX),
	KNOB(refund_fails, KNOB_COUNT_OR_ALL, INT32_MAX),
	KNOB(renewal_fails, KNOB_COUNT_OR_ALL, INT32_MAX),
	KNOB(duplicate, KNOB_NUMBER, 100),
	KNOB(reorder, KNOB_SWITCH, 0),
	KNOB(delay_ms, KNOB_NUMBER, 600 * 1000),
	KNOB(drop, KNOB_COUNT_OR_ALL, INT32_MAX),
	KNOB(forge, KNOB_COUNT_OR_ALL, INT32_MAX),
	KNOB(stale, KNOB_COUNT_OR_ALL, INT32_MAX),
	KNOB(api_count, KNOB_COUNT_OR_ALL, INT32_MAX),
	KNOB(api_status, KNOB_NUMBER, 599),
	KNOB(api_stage, KNOB_STAGE, 0),
	KNOB(api_path, KNOB_PATH, 0),
	KNOB(answer_delay_ms, KNOB_NUMBER, 600 * 1000),
};

static const char *const stage_names[] = {
	[API_BEFORE] = "before",
	[API_STORED] = "stored",
	[API_AFTER] = "after",
};

struct knobs knobs_init(void)
{
	return (struct knobs){
		.expires_min_s = EXPIRES_MIN_S,
		.slow_debit_ms = SLOW_DEBIT_MS,
		.slow_refund_ms = SLOW_REFUND_MS,
		.api_status = 500,
		.api_path = "/v1/",
	};
}

static enum err read_stage(const struct json_text *json, const struct json_node *node, enum api_stage *stage)
{
	for (size_t i = 0; i < sizeof stage_names / sizeof stage_names[0]; i++) {
		if (!json_text_is(json, node, stage_names[i]))
			continue;
		*stage = (enum api_stage)i;
		return OK;
	}
	return ERR_INPUT;
}

/* A number; where it counts, `true` stands for without end. */
static enum err read_number(const struct knob *knob, const struct json_text *json,
                            const struct json_node *node, int64_t *number)
{
	int64_t value = -1;

	if (knob->type == KNOB_COUNT_OR_ALL && node->kind == JSON_KIND_TRUE) {
		*number = -1;
		return OK;
	}
	if (knob->type == KNOB_COUNT_OR_ALL && node->kind == JSON_KIND_FALSE) {
		*number = 0;
		return OK;
	}
	if (json_text_integer(json, node, &value) != OK || value < 0 || value > knob->max)
		return ERR_INPUT;
	*number = value;
	return OK;
}

static enum err read_knob(const struct knob *knob, const struct json_text *json,
                          const struct json_node *node, struct knobs *knobs)
{
	void *place = (char *)knobs + knob->offset;

	switch (knob->type) {
	case KNOB_NUMBER:
	case KNOB_COUNT_OR_ALL:
		return read_number(knob, json, node, place);
	case KNOB_SWITCH:
		return json_text_bool(node, place);
	case KNOB_STAGE:
		return read_stage(json, node, place);
	case KNOB_PATH:
		return json_text_string(json, node, place, sizeof knobs->api_path);
	}
	return ERR_INPUT;
}

static const struct knob *knob_of(struct bytes name)
{
	for (size_t i = 0; i < sizeof knob_table / sizeof knob_table[0]; i++)
		if (bytes_is(name, knob_table[i].name))
			return &knob_table[i];
	return NULL;
}

enum err knobs_read(struct knobs *knobs, struct bytes text, struct why *why)
{
	struct json_node nodes[NODES_MAX];
	struct json_text json;
	struct knobs changed = *knobs;
	enum err err = json_text_read(&json, text, nodes, NODES_MAX, why);

	if (err != OK)
		return err;
	const struct json_node *root = json_text_root(&json);

	if (root->kind != JSON_KIND_OBJECT)
		return why_set(why, ERR_INPUT, "This must be a JSON object.");
	for (const struct json_node *node = json_text_first(&json, root); node != NULL;
	     node = json_text_next(&json, node)) {
		struct bytes name = json_text_key(&json, node);
		const struct knob *knob = knob_of(name);

		if (knob == NULL)
			return why_set(why, ERR_INPUT, "There is no misbehaviour \"%.*s\".", (int)name.length, name.data);
		if (read_knob(knob, &json, node, &changed) != OK)
			return why_set(why, ERR_INPUT, "The value of \"%s\" makes no sense.", knob->name);
	}
	*knobs = changed;
	return OK;
}

void knobs_write(const struct knobs *knobs, struct json_write *w, const char *key)
{
	json_write_object_open(w, key);
	for (size_t i = 0; i < sizeof knob_table / sizeof knob_table[0]; i++) {
		const struct knob *knob = &knob_table[i];
		const void *place = (const char *)knobs + knob->offset;
		int64_t number = 0;

		switch (knob->type) {
		case KNOB_NUMBER:
		case KNOB_COUNT_OR_ALL:
			memcpy(&number, place, sizeof number);
			if (number < 0)
				json_write_bool(w, knob->name, true);
			else
				json_write_integer(w, knob->name, number);
			break;
		case KNOB_SWITCH:
			json_write_bool(w, knob->name, *(const bool *)place);
			break;
		case KNOB_STAGE:
			json_write_text(w, knob->name, stage_names[knobs->api_stage]);
			break;
		case KNOB_PATH:
			json_write_text(w, knob->name, knobs->api_path);
			break;
		}
	}
	json_write_object_close(w);
}

bool knob_strikes(int64_t *count)
{
	if (*count > 0)
		(*count)--;
	else if (*count == 0)
		return false;
	return true;
}
