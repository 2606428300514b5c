#include "base/json_write.h"
#include "routes/doors.h"

enum { HEALTH_BYTES_MAX = 4096 };

static void answer(struct visit *visit, int status, struct buffer *body)
{
	struct http_reply reply;

	http_reply_init(&reply, status);
	http_reply_field(&reply, "Content-Type", "application/json");
	http_reply_field(&reply, "Cache-Control", "no-store");
	if (status == 503)
		http_reply_field(&reply, "Retry-After", "5");
	reply.body = *body;
	visit_reply(visit, &reply);
}

/* The process answers. */
void door_healthz(struct visit *visit)
{
	struct buffer body = BUFFER(HEALTH_BYTES_MAX);

	buffer_text(&body, "{\"status\":\"ok\"}\n");
	answer(visit, 200, &body);
}

/* Whether gifts can be taken. What the problem is, is the operator's to read. */
void door_readyz(struct visit *visit)
{
	struct buffer body = BUFFER(HEALTH_BYTES_MAX);
	struct json_write json = JSON_WRITE(&body);
	struct ledger_status status;

	ledger_status(visit->site->service->ledger, &status);
	bool ready = !status.halted && !status.low_space && !status.clock_waits;

	json_write_object_open(&json, NULL);
	json_write_text(&json, "status", !ready ? "not-ready" : status.parked > 0 ? "warning" : "ready");
	if (visit->site->operator) {
		json_write_integer(&json, "head", (int64_t)status.head);
		json_write_integer(&json, "parked", (int64_t)status.parked);
		json_write_bool(&json, "halted", status.halted);
		json_write_bool(&json, "low_space", status.low_space);
		json_write_bool(&json, "clock_waits", status.clock_waits);
		if (status.problem[0] != '\0')
			json_write_text(&json, "problem", status.problem);
	}
	json_write_object_close(&json);
	buffer_char(&body, '\n');
	answer(visit, ready ? 200 : 503, &body);
}
