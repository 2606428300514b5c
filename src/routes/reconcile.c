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

enum { ANSWER_BYTES_MAX = 512 * 1024, SINCE_SIZE = 64 };

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

static enum err take_member(const struct json_body *read, const struct json_node *member, struct reconcile_wish *wish, struct why *why)
{
	char name[JSON_BODY_NAME_SIZE];
	char text[SINCE_SIZE];
	int64_t since_us = 0;
	const struct zone utc = { 0 };

	json_body_name(read, member, name);
	if (strcmp(name, "dry_run") == 0 && json_text_bool(member, &wish->dry_run) == OK)
		return OK;
	enum err err = strcmp(name, "since") == 0 ? json_text_string(&read->json, member, text, sizeof text) : ERR_INPUT;

	if (err != OK)
		return why_set(why, ERR_INPUT, "\"%.60s\" is not known here, or of another kind.", name);
	err = moment_parse(bytes_of(text), &utc, &since_us, why);

	wish->since_s = since_us / 1000000;
	return err;
}

static enum err read_wish(struct bytes body, struct reconcile_wish *wish, struct why *why)
{
	struct json_body read;
	enum err err = json_body_read(&read, body, why);

	if (err != OK)
		return err;
	for (const struct json_node *member = json_body_first(&read); err == OK && member != NULL; member = json_body_next(&read, member))
		err = take_member(&read, member, wish, why);
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
