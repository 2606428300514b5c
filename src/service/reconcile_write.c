/* The result of a run as JSON: what the operator's door answers and the command prints. */
#include "base/json_write.h"
#include "base/text.h"
#include "service/reconcile.h"

static void write_time(struct json_write *json, const char *name, int64_t time_us)
{
	char text[TIME_TEXT_SIZE];

	text_time(time_us, text);
	json_write_text(json, name, text);
}

static void write_amount(struct json_write *json, const char *name, const struct money *money)
{
	char text[AMOUNT_TEXT_SIZE];

	money_format(money, text);
	json_write_text(json, name, text);
}

static void write_sums(struct json_write *json, const struct report *report)
{
	json_write_array_open(json, "balances");
	for (size_t i = 0; i < report->sum_count; i++) {
		const struct reconciled_sum *sum = &report->sums[i];

		json_write_object_open(json, NULL);
		json_write_text(json, "account", sum->account);
		json_write_text(json, "currency", sum->provider.currency.code);
		write_amount(json, "provider", &sum->provider);
		write_amount(json, "books", &sum->books);
		json_write_object_close(json);
	}
	json_write_array_close(json);
}

static void write_payouts(struct json_write *json, const struct report *report)
{
	json_write_array_open(json, "payouts");
	for (size_t i = 0; i < report->payout_count && i < PAYOUTS_MAX; i++) {
		const struct reconciled_payout *payout = &report->payouts[i];

		json_write_object_open(json, NULL);
		json_write_text(json, "account", payout->account);
		json_write_text(json, "payout", payout->payout);
		json_write_text(json, "currency", payout->amount.currency.code);
		write_amount(json, "amount", &payout->amount);
		if (payout->explained) {
			write_amount(json, "ours", &payout->ours);
			write_amount(json, "others", &payout->others);
		}
		json_write_object_close(json);
	}
	json_write_array_close(json);
}

static void write_differences(struct json_write *json, const struct report *report)
{
	json_write_array_open(json, "differences");
	for (size_t i = 0; i < report->difference_count && i < DIFFERENCES_MAX; i++) {
		const struct difference *difference = &report->differences[i];

		json_write_object_open(json, NULL);
		json_write_text(json, "account", difference->account);
		json_write_text(json, "transaction", difference->transaction);
		json_write_text(json, "object", difference->object);
		json_write_text(json, "reason", difference_reason_name(difference->reason));
		json_write_text(json, "currency", difference->provider.currency.code);
		write_amount(json, "provider", &difference->provider);
		write_amount(json, "books", &difference->books);
		json_write_object_close(json);
	}
	json_write_array_close(json);
}

void reconciliation_write(const struct reconciliation *result, struct buffer *out)
{
	struct json_write json = JSON_WRITE(out);
	const struct report *report = &result->report;

	json_write_object_open(&json, NULL);
	json_write_integer(&json, "run", (int64_t)result->run);
	if (result->run > 0) {
		json_write_text(&json, "result", reconciled_name(result->result));
		if (result->result == RECONCILED_FAILED)
			json_write_text(&json, "why", result->why.text);
		json_write_bool(&json, "dry_run", result->wish.dry_run);
		write_time(&json, "since", result->wish.since_s * 1000000);
		write_time(&json, "began", result->began_us);
		write_time(&json, "ended", result->ended_us);
		json_write_integer(&json, "events", (int64_t)result->events);
		json_write_integer(&json, "sessions", (int64_t)result->sessions);
		json_write_integer(&json, "recalled", (int64_t)result->recalled);
		json_write_integer(&json, "owed", (int64_t)result->owed);
		json_write_integer(&json, "lines", (int64_t)report->lines);
		json_write_integer(&json, "lines_ours", (int64_t)report->lines_ours);
		json_write_integer(&json, "waits", (int64_t)report->waits);
		json_write_integer(&json, "difference_count", (int64_t)report->difference_count);
		json_write_integer(&json, "payout_count", (int64_t)report->payout_count);
		write_sums(&json, report);
		write_differences(&json, report);
		write_payouts(&json, report);
	}
	json_write_object_close(&json);
	buffer_char(out, '\n');
}
