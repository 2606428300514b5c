#include "base/json_write.h"
#include "routes/doors.h"
#include "sys/clock.h"

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

/* Accounts of which something is to be told. */
typedef bool account_is(const struct pulse_reading *reading, const struct provider_account *account, int64_t now_us);

/* Their ids as a list under `name`, where there is JSON to write; how many there are. */
static size_t list_accounts(const struct visit *visit, account_is *is, struct json_write *json, const char *name)
{
	const struct config *config = visit->snapshot->config;
	size_t count = 0;

	if (json != NULL)
		json_write_array_open(json, name);
	for (size_t i = 0; i < config->account_count; i++) {
		struct pulse_reading reading = pulse_read(visit->site->service->pulse, config->accounts[i].id);

		if (!is(&reading, &config->accounts[i], clock_mono_us()))
			continue;
		count++;
		if (json != NULL)
			json_write_text(json, NULL, config->accounts[i].id);
	}
	if (json != NULL)
		json_write_array_close(json);
	return count;
}

static void write_details(const struct visit *visit, const struct ledger_status *status, struct json_write *json)
{
	json_write_integer(json, "head", (int64_t)status->head);
	json_write_integer(json, "parked", (int64_t)status->parked);
	json_write_bool(json, "halted", status->halted);
	json_write_bool(json, "low_space", status->low_space);
	json_write_bool(json, "clock_waits", status->clock_waits);
	(void)list_accounts(visit, pulse_is_quiet, json, "quiet");
	(void)list_accounts(visit, pulse_old_secret, json, "old_secret");
	(void)list_accounts(visit, pulse_is_resting, json, "resting");
	if (status->problem[0] != '\0')
		json_write_text(json, "problem", status->problem);
}

/* Whether gifts can be taken. What the problem is, is the operator's to read. */
void door_readyz(struct visit *visit)
{
	struct buffer body = BUFFER(HEALTH_BYTES_MAX);
	struct json_write json = JSON_WRITE(&body);
	struct ledger_status status;

	ledger_status(visit->site->service->ledger, &status);
	bool ready = !status.halted && !status.low_space && !status.clock_waits;
	size_t odd_accounts = list_accounts(visit, pulse_is_quiet, NULL, NULL) + list_accounts(visit, pulse_old_secret, NULL, NULL)
	                      + list_accounts(visit, pulse_is_resting, NULL, NULL);
	bool odd = status.parked > 0 || odd_accounts > 0;

	json_write_object_open(&json, NULL);
	json_write_text(&json, "status", !ready ? "not-ready" : odd ? "warning" : "ready");
	if (visit->site->operator)
		write_details(visit, &status, &json);
	json_write_object_close(&json);
	buffer_char(&body, '\n');
	answer(visit, ready ? 200 : 503, &body);
}
