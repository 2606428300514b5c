#include "service/watch.h"

#include "sys/log.h"

enum { TELL_EVERY_MS = 60 * 1000, LOOK_EVERY_MS = 1000, ASK_TIMEOUT_MS = 10 * 1000 };

static void tell(const struct ledger_status *status)
{
	struct log_line line;

	log_begin(&line, LOG_ERROR, "ledger-takes-nothing");
	log_word(&line, "trouble", status->halted ? "halted" : status->clock_waits ? "clock" : "low-space");
	log_number(&line, "head", (int64_t)status->head);
	if (status->problem[0] != '\0')
		log_text(&line, "why", bytes_of(status->problem));
	log_end(&line);
}

static void tell_end(const struct ledger_status *status)
{
	struct log_line line;

	log_begin(&line, LOG_INFO, "ledger-takes-again");
	log_number(&line, "head", (int64_t)status->head);
	log_end(&line);
}

/* ---- what time do others have? ---- */

static void on_answer(void *context, const struct http_answer *answer)
{
	struct service *service = context;
	int64_t date_s;

	if (http_answer_date(answer, &date_s))
		ledger_hear_date(service->ledger, date_s);
}

/* Any answer has a Date: without a key the provider says no more than that the key is missing. */
static void ask_time(struct service *service)
{
	const struct snapshot *snapshot = snapshot_hold(service->snapshots);
	struct http_call call;

	http_call_init(&call, "GET");
	call.timeout_ms = ASK_TIMEOUT_MS;
	buffer_format(&call.url, "%s/", snapshot->config->accounts[0].api_url);
	if (http_call_err(&call) != OK || https_client_send(service->client, &call, on_answer, service) != OK)
		http_call_free(&call); /* it is asked again in a minute */
	snapshot_drop(&snapshot);
}

int watch_look(struct watch *watch, int64_t now_us)
{
	struct ledger_status status;

	if (watch->troubled)
		ledger_look_at_space(watch->service->ledger);
	ledger_status(watch->service->ledger, &status);
	bool troubled = status.halted || status.low_space || status.clock_waits;

	if (!troubled && watch->troubled)
		tell_end(&status);
	if (troubled && (!watch->troubled || now_us - watch->told_us >= (int64_t)TELL_EVERY_MS * 1000)) {
		tell(&status);
		watch->told_us = now_us;
		if (status.clock_waits)
			ask_time(watch->service);
	}
	watch->troubled = troubled;
	return troubled ? LOOK_EVERY_MS : -1;
}
