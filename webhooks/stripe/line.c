/*
 * Lines of Stripe's balance ("balance transactions"): what truly moved, in the currency that the account keeps. A
 * payment has one, a refund that came back two, a dispute that was won two.
 */
#include <string.h>

#include "base/text.h"
#include "webhooks/stripe/stripe.h"

/* ---- a number as it may stand in JSON, without an exponent: "3.9e-05" is "0.000039" ---- */

struct digits {
	char text[RATE_SIZE];
	int count;
	int point; /* so many of them stand before it */
};

static enum err take_digits(struct bytes raw, struct digits *digits, size_t *used)
{
	bool behind = false;
	size_t i = 0;

	*digits = (struct digits){ .count = 0 };
	for (; i < raw.length && raw.data[i] != 'e' && raw.data[i] != 'E'; i++) {
		char c = raw.data[i];

		if (c == '.') {
			behind = true;
			continue;
		}
		if (c < '0' || c > '9' || digits->count == RATE_SIZE - 1)
			return ERR_INPUT;
		digits->text[digits->count++] = c;
		digits->point += !behind;
	}
	*used = i;
	return OK;
}

static enum err take_exponent(struct bytes raw, size_t at, int *exponent)
{
	bool minus = at + 1 < raw.length && raw.data[at + 1] == '-';
	int value = 0;

	for (size_t i = at + 1; i < raw.length; i++) {
		char c = raw.data[i];

		if (c < '0' || c > '9')
			continue; /* its sign: the grammar was checked */
		value = value * 10 + (c - '0');
		if (value > RATE_SIZE)
			return ERR_INPUT;
	}
	*exponent = minus ? -value : value;
	return OK;
}

static enum err read_rate(const struct json_text *json, const struct json_node *node, char rate[static RATE_SIZE])
{
	char space[RATE_SIZE];
	struct buffer out = BUFFER_ON(space);
	struct digits digits;
	int exponent = 0;
	size_t used;

	rate[0] = '\0';
	if (node == NULL || node->kind == JSON_KIND_NULL)
		return OK;
	if (node->kind != JSON_KIND_INTEGER && node->kind != JSON_KIND_REAL)
		return ERR_INPUT;
	struct bytes raw = json_text_raw(json, node);

	if (take_digits(raw, &digits, &used) != OK || take_exponent(raw, used, &exponent) != OK)
		return ERR_INPUT;
	digits.point += exponent;
	if (digits.point <= 0)
		buffer_text(&out, "0.");
	for (int i = digits.point; i < 0; i++)
		buffer_char(&out, '0');
	for (int i = 0; i < digits.count || i < digits.point; i++) {
		if (i == digits.point && i > 0)
			buffer_char(&out, '.');
		buffer_char(&out, i < digits.count ? digits.text[i] : '0');
	}
	if (buffer_err(&out) != OK)
		return ERR_INPUT;
	return bytes_copy_text(buffer_view(&out), rate, RATE_SIZE);
}

/* ---- one line ---- */

static enum err read_amounts(const struct json_text *json, const struct json_node *object, struct clearing *clearing)
{
	struct money net;
	enum err err = stripe_member_signed(json, object, "amount", &clearing->settlement);

	if (err == OK)
		err = stripe_member_signed(json, object, "fee", &clearing->fee);
	if (err == OK)
		err = stripe_member_signed(json, object, "net", &clearing->net);
	if (err == OK)
		err = read_rate(json, json_text_member(json, object, "exchange_rate"), clearing->rate);
	if (err == OK)
		err = money_subtract(&clearing->settlement, &clearing->fee, &net);
	clearing->lines = 1;
	return err == OK && net.minor == clearing->net.minor ? OK : ERR_INPUT;
}

/* So small an amount may come to nothing in another currency: then the category says the direction. */
static int sign_of(const struct json_text *json, const struct json_node *object, int64_t amount)
{
	const struct json_node *category = json_text_member(json, object, "reporting_category");

	if (amount != 0)
		return amount > 0 ? 1 : -1;
	return json_text_is(json, category, "refund") || json_text_is(json, category, "dispute") ? -1 : 1;
}

bool stripe_is_line(struct bytes text)
{
	for (size_t i = 4; i < text.length; i++) {
		char c = text.data[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z'))
			return false;
	}
	return text.length > 4 && bytes_starts_with(text, "txn_");
}

enum err stripe_read_line(const struct json_text *json, const struct json_node *object, struct stripe_line *line)
{
	const struct json_node *source = json_text_member(json, object, "source");

	memset(line, 0, sizeof *line);
	line->source = source != NULL && source->kind == JSON_KIND_OBJECT ? source : NULL;
	if (stripe_id(json, json_text_member(json, object, "id"), line->id) != OK
	    || json_text_string(json, json_text_member(json, object, "type"), line->type, sizeof line->type) != OK
	    || json_text_integer(json, json_text_member(json, object, "created"), &line->created_s) != OK
	    || !stripe_time_is_good(line->created_s) || read_amounts(json, object, &line->clearing) != OK)
		return ERR_INPUT;
	line->sign = sign_of(json, object, line->clearing.settlement.minor);
	return OK;
}

/* ---- all lines about one object ---- */

static enum err add(struct money *sum, const struct money *amount)
{
	if (sum->currency.code[0] != '\0')
		return money_add(sum, amount, sum);
	*sum = *amount;
	return OK;
}

static enum err add_line(const struct stripe_line *line, const struct money *amount, struct event *event)
{
	struct clearing *sum = &event->clearing;
	struct money part = { line->sign * amount->minor, amount->currency };
	enum err err = add(&sum->settlement, &line->clearing.settlement);

	if (err == OK)
		err = add(&sum->fee, &line->clearing.fee);
	if (err == OK)
		err = add(&sum->net, &line->clearing.net);
	if (err == OK)
		err = add(&event->amount, &part);
	if (sum->rate[0] == '\0')
		memcpy(sum->rate, line->clearing.rate, sizeof sum->rate);
	if (line->created_s > event->at_s)
		event->at_s = line->created_s;
	sum->lines++;
	return err == OK ? OK : ERR_INPUT;
}

enum err stripe_sum_lines(const struct json_text *json, const struct json_node *lines, const struct money *amount,
                          struct event *event)
{
	struct event sum = { .at_s = 0 };
	struct stripe_line line;
	enum err err = OK;

	for (const struct json_node *item = json_text_first(json, lines); err == OK && item != NULL; item = json_text_next(json, item)) {
		err = stripe_read_line(json, item, &line);
		if (err == OK)
			err = add_line(&line, amount, &sum);
	}
	if (err != OK || sum.clearing.lines == 0)
		return err;
	event->clearing = sum.clearing;
	event->amount = sum.amount;
	event->at_s = sum.at_s;
	return OK;
}

/* ---- a line as an event ---- */

static enum err about_payment(const struct json_text *json, const struct json_node *source, enum ref_kind kind, struct event *event)
{
	enum err err = stripe_member_ref(json, source, "id", kind, event);

	event->kind = EVENT_CLEARED;
	if (kind == REF_CHARGE)
		stripe_metadata_pledge(json, json_text_member(json, source, "metadata"), event);
	else if (err == OK)
		err = stripe_member_ref(json, source, "charge", REF_CHARGE, event);
	return err == OK ? stripe_member_ref(json, source, "payment_intent", REF_PAYMENT_INTENT, event) : err;
}

/* A payout has lines of its own when it is sent and when it comes back; what else names it is held back or a fee. */
static enum err about_payout(const struct json_text *json, const struct stripe_line *line, struct event *event)
{
	bool sent = strcmp(line->type, "payout") == 0;

	if (!sent && strcmp(line->type, "payout_failure") != 0 && strcmp(line->type, "payout_cancel") != 0)
		return OK;
	event->kind = sent ? EVENT_PAYOUT_SENT : EVENT_PAYOUT_FAILED;
	enum err err = stripe_member_ref(json, line->source, "id", REF_PAYOUT, event);

	return err == OK ? stripe_member_signed(json, line->source, "amount", &event->amount) : err;
}

static enum err add_source(const struct json_text *json, const struct stripe_line *line, struct event *event)
{
	const struct json_node *kind = json_text_member(json, line->source, "object");

	if (json_text_is(json, kind, "charge"))
		return about_payment(json, line->source, REF_CHARGE, event);
	if (json_text_is(json, kind, "refund"))
		return about_payment(json, line->source, REF_REFUND, event);
	if (json_text_is(json, kind, "dispute"))
		return about_payment(json, line->source, REF_DISPUTE, event);
	return json_text_is(json, kind, "payout") ? about_payout(json, line, event) : OK;
}

enum err stripe_line_event(const struct json_text *json, const struct stripe_line *line, struct event *event)
{
	*event = (struct event){ .kind = EVENT_ADJUSTED, .at_s = line->created_s, .clearing = line->clearing };
	memcpy(event->type, line->type, sizeof event->type);
	enum err err = event_add_ref(event, REF_BALANCE_TRANSACTION, bytes_of(line->id));

	return err == OK ? add_source(json, line, event) : err;
}
