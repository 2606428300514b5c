/*
 * Reconciliation over HTTP. A run may take minutes: who asks for one hears its number at once, and looks at the last
 * one that has ended until that number comes.
 */
#include "service/reconcile.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_write.h"
#include "base/moment.h"
#include "routes/doors.h"
#include "routes/json_body.h"
#include "sys/clock.h"

enum { ANSWER_BYTES_MAX = 512 * 1024 };

static void answer(struct visit *visit, int status, struct buffer *body)
{
	struct http_reply reply;

	http_reply_init(&reply, status);
	http_reply_field(&reply, "Content-Type", "application/json");
	http_reply_field(&reply, "Cache-Control", "no-store");
	reply.body = *body;
	visit_reply(visit, &reply);
}

void door_reconciliation(struct visit *visit)
{
	struct reconciliation *last = malloc(sizeof *last);
	struct buffer body = BUFFER(ANSWER_BYTES_MAX);

	if (last == NULL) {
		visit_problem(visit, 503, "Memory is short.", NULL);
		return;
	}
	reconciler_last(visit->site->service->reconciler, last);
	reconciliation_write(last, &body);
	free(last);
	answer(visit, 200, &body);
}

static enum err take_member(const char *name, const json_t *value, struct reconcile_wish *wish, struct why *why)
{
	int64_t since_us = 0;
	const struct zone utc = { 0 };
	struct bytes text = { json_string_value(value), json_string_length(value) };

	if (strcmp(name, "dry_run") == 0 && json_is_boolean(value)) {
		wish->dry_run = json_boolean_value(value);
		return OK;
	}
	if (strcmp(name, "since") != 0 || !json_is_string(value))
		return why_set(why, ERR_INPUT, "\"%.60s\" is not known here, or of another kind.", name);
	enum err err = moment_parse(text, &utc, &since_us, why);

	wish->since_s = since_us / 1000000;
	return err;
}

static enum err read_wish(struct bytes body, struct reconcile_wish *wish, struct why *why)
{
	json_t *root = json_body(body);
	const char *name;
	json_t *value;
	enum err err = OK;

	if (root == NULL)
		return why_set(why, ERR_INPUT, "The body is not a JSON object.");
	json_object_foreach(root, name, value) {
		err = take_member(name, value, wish, why);
		if (err != OK)
			break;
	}
	json_decref(root);
	return err;
}

void door_reconcile(struct visit *visit)
{
	struct reconcile_wish wish = { .since_s = 0 };
	struct buffer body = BUFFER(ANSWER_BYTES_MAX);
	struct json_write json = JSON_WRITE(&body);
	struct why why = { "" };
	uint64_t run = 0;

	if (!http_request_is_type(visit->request, "application/json")) {
		visit_problem(visit, 415, "Send application/json.", NULL);
		return;
	}
	if (read_wish(visit->request->body, &wish, &why) != OK) {
		visit_problem(visit, 400, why.text, NULL);
		return;
	}
	if (reconcile_wish_check(&wish, clock_wall_us() / 1000000, &why) != OK) {
		visit_problem(visit, 422, why.text, NULL);
		return;
	}
	if (reconciler_ask(visit->site->service->reconciler, &wish, &run) != OK) {
		visit_problem(visit, 503, "Another run was asked for and has not begun yet.", NULL);
		return;
	}
	json_write_object_open(&json, NULL);
	json_write_integer(&json, "run", (int64_t)run);
	json_write_object_close(&json);
	buffer_char(&body, '\n');
	answer(visit, 202, &body);
}
