/* What the operator is answered, and what is parked, as JSON. */
#include "base/json_write.h"
#include "base/text.h"
#include "service/operation.h"

static void write_given(struct json_write *json, const char *name, const char *text)
{
	if (text[0] != '\0')
		json_write_text(json, name, text);
}

static void write_money(struct json_write *json, const struct money *money)
{
	char amount[AMOUNT_TEXT_SIZE];

	if (money->currency.code[0] == '\0')
		return;
	money_format(money, amount);
	json_write_text(json, "amount", amount);
	json_write_text(json, "currency", money->currency.code);
}

static const char *kind_of(enum operation operation)
{
	static const enum entry_kind kinds[OPERATIONS] = {
		[OPERATION_RECORD] = ENTRY_RECORDED,     [OPERATION_ADJUST] = ENTRY_ADJUSTED,
		[OPERATION_REFUND] = ENTRY_REFUND_ASKED, [OPERATION_RETRY] = ENTRY_UNPARKED,
		[OPERATION_DROP] = ENTRY_DROPPED,
	};

	return entry_kind_name(kinds[operation]);
}

static void write_entry(struct json_write *json, const struct operation_result *result)
{
	json_write_bool(json, "already", result->already);
	json_write_integer(json, "seq", (int64_t)result->seq);
	json_write_text(json, "kind", kind_of(result->operation));
	json_write_text(json, "ref", result->reference);
	if (result->already)
		return;
	write_given(json, "account", result->account);
	write_given(json, "pledge", result->pledge);
	write_given(json, "payment", result->payment);
	write_given(json, "campaign", result->campaign);
	write_given(json, "tier", result->tier);
	write_money(json, &result->amount);
}

void operation_write(const struct operation_result *result, struct buffer *out)
{
	struct json_write json = JSON_WRITE(out);

	json_write_object_open(&json, NULL);
	if (result->operation == OPERATION_RETRY) {
		json_write_integer(&json, "booked", (int64_t)result->booked);
		json_write_integer(&json, "waiting", (int64_t)result->waiting);
	} else {
		write_entry(&json, result);
	}
	json_write_object_close(&json);
	buffer_char(out, '\n');
}

static void write_parked(struct json_write *json, const struct parked *parked)
{
	const struct event *event = &parked->event;
	char at[TIME_TEXT_SIZE];

	json_write_object_open(json, NULL);
	json_write_integer(json, "seq", (int64_t)parked->seq);
	json_write_text(json, "account", parked->account);
	json_write_text(json, "reason", reason_name(parked->reason));
	json_write_text(json, "status", event_kind_name(event->kind));
	write_given(json, "type", event->type);
	write_given(json, "event", event->id);
	write_given(json, "pledge", event->pledge);
	write_given(json, "payment", event->payment);
	write_money(json, &event->amount);
	if (event->at_s != 0) {
		text_time_s(event->at_s, at);
		json_write_text(json, "at", at);
	}
	json_write_object_close(json);
}

enum err operation_write_parked(struct ledger *ledger, uint64_t after, struct buffer *out)
{
	struct json_write json = JSON_WRITE(out);
	struct parked parked = { .seq = after };
	enum err err = ledger_parked_next(ledger, &parked);

	json_write_object_open(&json, NULL);
	json_write_array_open(&json, "parked");
	for (int count = 0; err == OK && count < PARKED_PAGE_MAX; count++) {
		write_parked(&json, &parked);
		err = ledger_parked_next(ledger, &parked);
	}
	json_write_array_close(&json);
	json_write_bool(&json, "more", err == OK);
	json_write_object_close(&json);
	buffer_char(out, '\n');
	return err == ERR_UNKNOWN || err == OK ? buffer_err(out) : err;
}
