#include "service/watch.h"

#include "sys/log.h"

enum {
	TELL_EVERY_MS = 60 * 1000,
	LOOK_EVERY_MS = 1000,
	ASK_EVERY_MS = 10 * 1000,
	ASK_TIMEOUT_MS = 10 * 1000,
	TELL_ACCOUNT_EVERY_MS = 60 * 60 * 1000,
	KEEP_EVERY_MS = 60 * 1000,
	KEEP_STEP_S = 10 * 60, /* what a crash may forget: most sessions hear of an event sooner, and are never written */
};

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
		http_call_free(&call); /* it is asked again soon */
	snapshot_drop(&snapshot);
}

/* ---- do the providers still tell us anything? ---- */

static void tell_account(const char *event, const struct provider_account *account, const struct pulse_reading *reading, int64_t now_us)
{
	struct log_line line;

	log_begin(&line, LOG_WARNING, event);
	log_word(&line, "account", account->id);
	log_number(&line, "sessions", (int64_t)reading->opened);
	if (reading->opened > 0)
		log_number(&line, "seconds", (now_us - reading->opened_us) / 1000000);
	if (reading->heard_us != 0)
		log_number(&line, "last_event_seconds", (now_us - reading->heard_us) / 1000000);
	log_end(&line);
}

/* Once when it begins, and once an hour while it lasts. */
static bool is_due(bool odd, int64_t *told_us, int64_t now_us)
{
	bool due = odd && (*told_us == 0 || now_us - *told_us >= (int64_t)TELL_ACCOUNT_EVERY_MS * 1000);

	*told_us = !odd ? 0 : due ? now_us : *told_us;
	return due;
}

static void look_at_accounts(struct watch *watch, int64_t now_us)
{
	const struct snapshot *snapshot = snapshot_hold(watch->service->snapshots);

	for (size_t i = 0; i < snapshot->config->account_count; i++) {
		const struct provider_account *account = &snapshot->config->accounts[i];
		struct pulse_reading reading = pulse_read(watch->service->pulse, account->id);
		bool old_secret = pulse_old_secret(&reading, account, now_us);

		if (is_due(pulse_is_quiet(&reading, account, now_us), &watch->told_quiet_us[i], now_us))
			tell_account("no-events", account, &reading, now_us);
		if (is_due(old_secret, &watch->told_secret_us[i], now_us))
			tell_account("old-secret-in-use", account, &reading, now_us);
	}
	snapshot_drop(&snapshot);
}

/* ---- over a restart ---- */

static void keep(struct watch *watch, int64_t step_s, int64_t now_us)
{
	const struct snapshot *snapshot = snapshot_hold(watch->service->snapshots);
	struct why why = { "" };

	/* Tried again with the next step; silence is then told of a little later, and a full disk tells of itself. */
	err_ignore(pulse_file_write(&watch->kept, watch->service->pulse, snapshot->config, step_s, now_us, &why));
	watch->kept_us = now_us;
	snapshot_drop(&snapshot);
}

void watch_begin(struct watch *watch, int64_t now_us)
{
	const struct snapshot *snapshot = snapshot_hold(watch->service->snapshots);

	pulse_file_read(&watch->kept, watch->service->pulse, snapshot->config, now_us);
	snapshot_drop(&snapshot);
	watch->kept_us = now_us;
	watch->keeps = true;
}

void watch_end(struct watch *watch, int64_t now_us)
{
	if (watch->keeps)
		keep(watch, 1, now_us);
	watch->keeps = false;
}

int watch_look(struct watch *watch, int64_t now_us)
{
	struct ledger_status status;

	ledger_look(watch->service->ledger);
	ledger_status(watch->service->ledger, &status);
	bool troubled = status.halted || status.low_space || status.clock_waits;

	if (!troubled && watch->troubled)
		tell_end(&status);
	if (troubled && (!watch->troubled || now_us - watch->told_us >= (int64_t)TELL_EVERY_MS * 1000)) {
		tell(&status);
		watch->told_us = now_us;
	}
	watch->troubled = troubled;
	if (status.clock_waits && (watch->asked_us == 0 || now_us - watch->asked_us >= (int64_t)ASK_EVERY_MS * 1000)) {
		ask_time(watch->service);
		watch->asked_us = now_us;
	}
	look_at_accounts(watch, now_us);
	if (watch->keeps && now_us - watch->kept_us >= (int64_t)KEEP_EVERY_MS * 1000)
		keep(watch, KEEP_STEP_S, now_us);
	return LOOK_EVERY_MS;
}
