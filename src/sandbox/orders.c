#include "sandbox/orders_read.h"

enum { ADVANCE_MAX_S = 10 * 366 * 86400 };

enum err order_tell_all(struct order *order)
{
	static const char *const names[KINDS] = {
		[KIND_SESSION] = "sessions", [KIND_INTENT] = "payment_intents", [KIND_CHARGE] = "charges",
		[KIND_TRANSACTION] = "balance_transactions", [KIND_INVOICE] = "invoices",
		[KIND_INVOICE_PAYMENT] = "invoice_payments", [KIND_SUBSCRIPTION] = "subscriptions",
		[KIND_REFUND] = "refunds", [KIND_DISPUTE] = "disputes", [KIND_PAYOUT] = "payouts", [KIND_EVENT] = "events",
	};
	const struct state *state = order->control->state;
	struct json_write *w = order->w;

	json_write_object_open(w, NULL);
	json_write_integer(w, "now", state_now_s(state));
	json_write_integer(w, "ahead_s", state->shift_ms / 1000);
	json_write_object_open(w, "objects");
	for (int kind = 0; kind < KINDS; kind++)
		json_write_integer(w, names[kind], (int64_t)store_count(&state->store, (enum kind)kind));
	json_write_object_close(w);
	json_write_text(w, "webhook_url", order->control->deliveries->url);
	json_write_integer(w, "webhook_secrets", (int64_t)order->control->deliveries->secrets.count);
	deliveries_write(order->control->deliveries, w, "deliveries", NULL, 0);
	knobs_write(&state->knobs, w, "misbehaviour");
	json_write_object_close(w);
	return OK;
}

static enum err move_clock(struct order *order)
{
	struct state *state = order->control->state;
	int64_t advance_s;
	enum err err = order_read_number(order, "advance", 0, ADVANCE_MAX_S, &advance_s);

	if (err != OK)
		return err;
	state->shift_ms += advance_s * 1000;
	state_advance(state, order->control->wall_ms);
	json_write_object_open(order->w, NULL);
	json_write_integer(order->w, "now", state_now_s(state));
	json_write_integer(order->w, "ahead_s", state->shift_ms / 1000);
	json_write_object_close(order->w);
	return OK;
}

static enum err misbehave(struct order *order)
{
	enum err err = knobs_read(&order->control->state->knobs, order->request->body, &order->why);

	if (err == OK)
		knobs_write(&order->control->state->knobs, order->w, NULL);
	return err;
}

static enum err behave(struct order *order)
{
	order->control->state->knobs = knobs_init();
	knobs_write(&order->control->state->knobs, order->w, NULL);
	return OK;
}

/* ---- the table ---- */

static const struct {
	const char *method;
	const char *path;
	order_run *run;
} orders[] = {
	{ "GET", "/sandbox", order_tell_all },
	{ "GET", "/sandbox/deliveries", order_deliveries },
	{ "GET", "/sandbox/statement", order_statement },
	{ "POST", "/sandbox/clock", move_clock },
	{ "POST", "/sandbox/pay", order_pay },
	{ "POST", "/sandbox/settle", order_settle },
	{ "POST", "/sandbox/expire", order_expire },
	{ "POST", "/sandbox/renew", order_renew },
	{ "POST", "/sandbox/retry", order_retry },
	{ "POST", "/sandbox/cancel", order_cancel },
	{ "POST", "/sandbox/refund", order_refund },
	{ "POST", "/sandbox/refund_end", order_refund_end },
	{ "POST", "/sandbox/dispute", order_dispute },
	{ "POST", "/sandbox/dispute_move", order_dispute_move },
	{ "POST", "/sandbox/payout", order_payout },
	{ "POST", "/sandbox/payout_end", order_payout_end },
	{ "POST", "/sandbox/payout_schedule", order_payout_schedule },
	{ "POST", "/sandbox/fee", order_fee },
	{ "POST", "/sandbox/adjustment", order_adjustment },
	{ "POST", "/sandbox/rate", order_rate },
	{ "POST", "/sandbox/other_business", order_other_business },
	{ "POST", "/sandbox/misbehave", misbehave },
	{ "POST", "/sandbox/behave", behave },
	{ "POST", "/sandbox/pause", order_pause },
	{ "POST", "/sandbox/resume", order_resume },
	{ "POST", "/sandbox/resend", order_resend },
	{ "POST", "/sandbox/webhook", order_webhook },
};

order_run *order_find(struct bytes method, struct bytes path)
{
	for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++)
		if (bytes_is(method, orders[i].method) && bytes_is(path, orders[i].path))
			return orders[i].run;
	return NULL;
}
