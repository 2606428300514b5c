/*
 * What an operator enters over HTTP. A body of application/json is what no other site's page can send unasked, and a
 * foreign Origin was refused on the way in (operator_token.c).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "routes/doors.h"
#include "routes/json_body.h"
#include "service/operation.h"
#include "sys/log.h"

enum { ANSWER_BYTES_MAX = 256 * 1024 };

/* What a body says, with room for its texts. */
struct body_texts {
	struct operation_request request;
	char space[OPERATION_WISHES][OPERATION_TEXT_SIZE];
};

/* ---- reading ---- */

static enum err take_value(struct body_texts *texts, int wish, const char *name, const json_t *value, struct why *why)
{
	char *place = texts->space[wish];

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
	texts->request.texts[wish] = place;
	return OK;
}

static enum err take_member(struct body_texts *texts, const char *name, const json_t *value, struct why *why)
{
	int wish = 0;

	while (wish < OPERATION_WISHES && strcmp(name, operation_wish_name((enum operation_wish)wish)) != 0)
		wish++;
	if (wish == OPERATION_WISHES || !operation_takes(texts->request.operation, (enum operation_wish)wish))
		return why_set(why, ERR_INPUT, "\"%.60s\" is not known here.", name);
	return take_value(texts, wish, name, value, why);
}

static enum err read_body(struct bytes body, struct body_texts *texts, struct why *why)
{
	json_t *root = json_body(body);
	const char *name;
	json_t *value;
	enum err err = OK;

	if (root == NULL)
		return why_set(why, ERR_INPUT, "The body is not a JSON object.");
	json_object_foreach(root, name, value) {
		err = take_member(texts, name, value, why);
		if (err != OK)
			break;
	}
	json_decref(root);
	for (int i = 0; err == OK && i < OPERATION_WISHES; i++)
		if (texts->request.texts[i] == NULL && operation_needs(texts->request.operation, (enum operation_wish)i))
			err = why_set(why, ERR_INPUT, "\"%s\" is missing.", operation_wish_name((enum operation_wish)i));
	return err;
}

/* ---- answering ---- */

static void log_entered(const struct operation_result *result)
{
	struct log_line line;

	log_begin(&line, LOG_INFO, result->operation == OPERATION_RETRY ? "parked-retried" : "entered");
	if (result->operation == OPERATION_RETRY) {
		log_number(&line, "booked", (int64_t)result->booked);
		log_number(&line, "waiting", (int64_t)result->waiting);
	} else {
		log_number(&line, "seq", (int64_t)result->seq);
		log_word(&line, "ref", result->reference);
		log_word(&line, "already", result->already ? "true" : "false");
	}
	log_end(&line);
}

static void on_entered(void *context, const struct operation_result *result)
{
	struct visit *visit = context;
	struct http_reply reply;

	if (result->err != OK) {
		/* The body has its form: what it asks for cannot be done. */
		visit_problem(visit, result->err == ERR_INPUT ? 422 : status_of(result->err, false),
		              result->why.text[0] != '\0' ? result->why.text : err_name(result->err), NULL);
		free(visit);
		return;
	}
	log_entered(result);
	http_reply_init(&reply, result->already || result->operation == OPERATION_RETRY ? 200 : 201);
	http_reply_field(&reply, "Content-Type", "application/json");
	http_reply_field(&reply, "Cache-Control", "no-store");
	reply.body = BUFFER(ANSWER_BYTES_MAX);
	operation_write(result, &reply.body);
	visit_reply(visit, &reply);
	free(visit);
}

static void operate(struct visit *visit, enum operation operation)
{
	struct body_texts texts = { .request = { .operation = operation } };
	struct why why = { "" };

	if (!http_request_is_type(visit->request, "application/json")) {
		visit_problem(visit, 415, "Send application/json.", NULL);
		return;
	}
	if (read_body(visit->request->body, &texts, &why) != OK) {
		visit_problem(visit, 400, why.text, NULL);
		return;
	}
	struct visit *waiting = malloc(sizeof *waiting);

	if (waiting == NULL) {
		visit_problem(visit, 503, "Memory is short.", NULL);
		return;
	}
	*waiting = *visit;
	operation_begin(visit->site->service->ledger, visit->snapshot->config, &texts.request, on_entered, waiting);
}

void door_record(struct visit *visit)
{
	operate(visit, OPERATION_RECORD);
}

void door_adjust(struct visit *visit)
{
	operate(visit, OPERATION_ADJUST);
}

void door_refund(struct visit *visit)
{
	operate(visit, OPERATION_REFUND);
}

void door_retry(struct visit *visit)
{
	operate(visit, OPERATION_RETRY);
}

void door_drop(struct visit *visit)
{
	operate(visit, OPERATION_DROP);
}

/* ---- what is parked ---- */

void door_parked(struct visit *visit)
{
	char after[32];
	uint64_t seq = 0;
	struct http_reply reply;

	if (visit_query(visit, "after", after, sizeof after) && text_unsigned(bytes_of(after), INT64_MAX, &seq) != OK) {
		visit_problem(visit, 400, "\"after\" is not the seq of an entry.", NULL);
		return;
	}
	http_reply_init(&reply, 200);
	http_reply_field(&reply, "Content-Type", "application/json");
	http_reply_field(&reply, "Cache-Control", "no-store");
	reply.body = BUFFER(ANSWER_BYTES_MAX);
	reply.err = operation_write_parked(visit->site->service->ledger, seq, &reply.body);
	visit_reply(visit, &reply);
}
