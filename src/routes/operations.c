/*
 * What an operator enters over HTTP. A body of application/json is what no other site's page can send unasked, and a
 * foreign Origin was refused on the way in (operator_token.c).
 */
#include <stdlib.h>

#include "base/text.h"
#include "routes/doors.h"
#include "routes/operation_body.h"
#include "sys/log.h"

enum { ANSWER_BYTES_MAX = 256 * 1024 };

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
	struct operation_body body;
	struct why why = { "" };

	if (!http_request_is_type(visit->request, "application/json")) {
		visit_problem(visit, 415, "Send application/json.", NULL);
		return;
	}
	if (operation_body_read(visit->request->body, operation, &body, &why) != OK) {
		visit_problem(visit, 400, why.text, NULL);
		return;
	}
	struct visit *waiting = malloc(sizeof *waiting);

	if (waiting == NULL) {
		visit_problem(visit, 503, "Memory is short.", NULL);
		return;
	}
	*waiting = *visit;
	operation_begin(visit->site->service->ledger, visit->snapshot->config, &body.request, on_entered, waiting);
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
