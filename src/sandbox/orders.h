/*
 * orders.h -- the single things that control.h does.
 */
#ifndef SANDBOX_ORDERS_H
#define SANDBOX_ORDERS_H

#include "base/json_text.h"
#include "sandbox/control.h"

enum { ORDER_NODES_MAX = 256 };

/* One request: its JSON, and where the answer goes. */
struct order {
	struct control *control;
	const struct http_request *request;
	struct json_text json;
	struct json_node nodes[ORDER_NODES_MAX];
	struct json_write *w;
	struct why why;
};

/* An order writes its answer, or returns an error with `why`. */
typedef enum err order_run(struct order *order);

/* NULL when there is no such order. */
order_run *order_find(struct bytes method, struct bytes path);

/* The orders, by the subject that their files are named after. */
order_run order_tell_all;
order_run order_pay, order_settle, order_expire, order_renew, order_retry, order_cancel, order_other_business;
order_run order_refund, order_refund_end, order_dispute, order_dispute_move, order_payout, order_payout_end,
	order_payout_schedule, order_fee, order_adjustment, order_rate, order_statement;
order_run order_pause, order_resume, order_deliveries, order_resend, order_webhook;

#endif
