/*
 * What Prometheus scrapes: its text format 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/). Whole numbers only; labels are ids and words
 * of ours, which need no escape.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "routes/doors.h"
#include "service/reconcile.h"
#include "sys/clock.h"
#include "sys/log.h"

enum { METRICS_BYTES_MAX = 256 * 1024 };

/* ---- a family and its samples ---- */

static void put_family(struct buffer *out, const char *name, const char *type, const char *help)
{
	buffer_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void put_single(struct buffer *out, const char *name, const char *type, const char *help, uint64_t value)
{
	put_family(out, name, type, help);
	buffer_format(out, "%s %" PRIu64 "\n", name, value);
}

static void put_labelled(struct buffer *out, const char *name, const char *label, const char *value, uint64_t number)
{
	buffer_format(out, "%s{%s=\"%s\"} %" PRIu64 "\n", name, label, value, number);
}

/* ---- what has happened ---- */

static void put_counters(struct buffer *out, struct counters *counters)
{
	put_family(out, "pledger_deliveries_total", "counter", "Webhook deliveries since the start, by what they were.");
	put_labelled(out, "pledger_deliveries_total", "result", "authentic", atomic_load(&counters->deliveries_authentic));
	put_labelled(out, "pledger_deliveries_total", "result", "forged", atomic_load(&counters->deliveries_forged));
	put_labelled(out, "pledger_deliveries_total", "result", "unreadable", atomic_load(&counters->deliveries_unreadable));
	put_family(out, "pledger_events_total", "counter", "Events that deliveries, a provider's list and its answers told since the start, by what became of them.");
	put_labelled(out, "pledger_events_total", "result", "booked", atomic_load(&counters->events_booked));
	put_labelled(out, "pledger_events_total", "result", "already", atomic_load(&counters->events_already));
	put_labelled(out, "pledger_events_total", "result", "not_ours", atomic_load(&counters->events_not_ours));
	put_family(out, "pledger_sessions_total", "counter", "Payment sessions since the start, by what became of the attempt.");
	put_labelled(out, "pledger_sessions_total", "result", "opened", atomic_load(&counters->sessions_opened));
	put_labelled(out, "pledger_sessions_total", "result", "failed", atomic_load(&counters->sessions_failed));
	put_labelled(out, "pledger_sessions_total", "result", "limited", atomic_load(&counters->sessions_limited));
	put_single(out, "pledger_log_lines_lost_total", "counter", "Log lines that nobody took.", log_lost());
}

/* ---- the ledger ---- */

static void put_ledger(struct buffer *out, struct ledger *ledger)
{
	struct ledger_status status;

	ledger_status(ledger, &status);
	put_single(out, "pledger_ledger_head", "gauge", "The newest durable seq.", status.head);
	put_single(out, "pledger_parked", "gauge", "Entries that wait for a person.", status.parked);
	put_single(out, "pledger_owed", "gauge", "Things that the provider is still to be asked for.", status.owed);
	put_single(out, "pledger_ledger_queue", "gauge", "Submissions that wait for the writer.", status.waiting);
	put_single(out, "pledger_ledger_halted", "gauge", "1: nothing is appended until a restart.", status.halted);
	put_single(out, "pledger_low_space", "gauge", "1: no pledges are taken until the disk has room.", status.low_space);
	put_single(out, "pledger_clock_waits", "gauge", "1: nothing is taken until the clock is believed.", status.clock_waits);
}

/* ---- the last reconciliation ---- */

static void put_last(struct buffer *out, const struct reconciliation *last)
{
	put_family(out, "pledger_reconciled", "gauge", "1 for the result of the last reconciliation; absent until one has ended.");
	for (enum reconciled result = RECONCILED_EQUAL; result <= RECONCILED_FAILED; result++)
		put_labelled(out, "pledger_reconciled", "result", reconciled_name(result), last->result == result);
	put_single(out, "pledger_differences", "gauge", "Differences that it found between books and provider.", last->report.difference_count);
	put_single(out, "pledger_reconciled_timestamp_seconds", "gauge", "When it ended.", (uint64_t)(last->ended_us / 1000000));
}

static void put_reconciled(struct buffer *out, struct reconciler *reconciler)
{
	struct reconciliation *last = malloc(sizeof *last); /* too large for the stack */

	if (last == NULL)
		return;
	reconciler_last(reconciler, last);
	if (last->run > 0)
		put_last(out, last);
	free(last);
}

/* ---- the provider accounts ---- */

/* One family over all accounts: a sample for each, or several, or none. */
typedef void put_samples(struct buffer *out, const struct provider_account *account, const struct pulse_reading *reading, int64_t now_us);

static void put_heard(struct buffer *out, const struct provider_account *account, const struct pulse_reading *reading, int64_t now_us)
{
	if (reading->heard_us != 0)
		put_labelled(out, "pledger_last_delivery_age_seconds", "account", account->id, (uint64_t)(now_us - reading->heard_us) / 1000000);
}

static void put_opened(struct buffer *out, const struct provider_account *account, const struct pulse_reading *reading, int64_t now_us)
{
	(void)now_us;
	put_labelled(out, "pledger_sessions_since_delivery", "account", account->id, reading->opened);
}

static void put_quiet(struct buffer *out, const struct provider_account *account, const struct pulse_reading *reading, int64_t now_us)
{
	put_labelled(out, "pledger_account_quiet", "account", account->id, pulse_is_quiet(reading, account, now_us));
}

static void put_old_secret(struct buffer *out, const struct provider_account *account, const struct pulse_reading *reading, int64_t now_us)
{
	put_labelled(out, "pledger_old_secret_in_use", "account", account->id, pulse_old_secret(reading, account, now_us));
}

static void put_rests(struct buffer *out, const struct provider_account *account, const struct pulse_reading *reading, int64_t now_us)
{
	put_labelled(out, "pledger_account_rests", "account", account->id, pulse_is_resting(reading, account, now_us));
}

static void put_secrets(struct buffer *out, const struct provider_account *account, const struct pulse_reading *reading, int64_t now_us)
{
	(void)now_us;
	for (size_t i = 0; i < account->webhook_secret_count; i++)
		buffer_format(out, "pledger_deliveries_by_secret_total{account=\"%s\",secret=\"%zu\"} %" PRIu64 "\n", account->id, i + 1,
		              reading->deliveries[i]);
}

static void put_accounts(struct buffer *out, const struct visit *visit, int64_t now_us)
{
	static const struct {
		const char *name;
		const char *type;
		const char *help;
		put_samples *put;
	} families[] = {
		{ "pledger_last_delivery_age_seconds", "gauge", "Since the last authentic delivery; absent until one has come.", put_heard },
		{ "pledger_sessions_since_delivery", "gauge", "Sessions opened since the last authentic delivery, also before the start.", put_opened },
		{ "pledger_account_quiet", "gauge", "1: sessions were opened and no event has come for quiet_hours.", put_quiet },
		{ "pledger_old_secret_in_use", "gauge", "1: a delivery of the last day was signed with another secret than the first.", put_old_secret },
		{ "pledger_account_rests", "gauge", "1: it does not answer, and what is owed to it rests.", put_rests },
		{ "pledger_deliveries_by_secret_total", "counter", "Authentic deliveries by the place of the secret that matched.", put_secrets },
	};
	const struct config *config = visit->snapshot->config;

	for (size_t family = 0; family < sizeof families / sizeof families[0]; family++) {
		put_family(out, families[family].name, families[family].type, families[family].help);
		for (size_t i = 0; i < config->account_count; i++) {
			struct pulse_reading reading = pulse_read(visit->site->service->pulse, config->accounts[i].id);

			families[family].put(out, &config->accounts[i], &reading, now_us);
		}
	}
}

void door_metrics(struct visit *visit)
{
	struct service *service = visit->site->service;
	struct http_reply reply;

	http_reply_init(&reply, 200);
	http_reply_field(&reply, "Content-Type", "text/plain; version=0.0.4; charset=utf-8");
	http_reply_field(&reply, "Cache-Control", "no-store");
	reply.body = BUFFER(METRICS_BYTES_MAX);
	put_family(&reply.body, "pledger_build_info", "gauge", "The version that runs.");
	put_labelled(&reply.body, "pledger_build_info", "version", PLEDGER_VERSION, 1);
	put_counters(&reply.body, &service->counters);
	put_ledger(&reply.body, service->ledger);
	put_reconciled(&reply.body, service->reconciler);
	put_accounts(&reply.body, visit, clock_mono_us());
	visit_reply(visit, &reply);
}
