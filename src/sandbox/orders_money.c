#include <string.h>

#include "sandbox/dispute.h"
#include "sandbox/orders_read.h"
#include "sandbox/payout.h"
#include "sandbox/refund.h"
#include "sandbox/statement.h"
#include "sandbox/transaction.h"

enum { NAME_SIZE = 40 };

/* The number of a name in a list of names ended by NULL. */
static enum err read_name(struct order *order, const char *name, const char *const names[], int *number)
{
	const struct json_node *node = order_member(order, name);

	for (int i = 0; names[i] != NULL; i++) {
		if (!json_text_is(&order->json, node, names[i]))
			continue;
		*number = i;
		return OK;
	}
	return why_set(&order->why, ERR_INPUT, "\"%s\" must be \"%s\" or one of the others that docs/sandbox.md lists.", name, names[0]);
}

/* ---- refunds ---- */

static enum err read_course(struct order *order, const struct charge *charge, enum refund_course *course)
{
	static const char *const names[] = { "succeeded", "pending", "waiting", NULL };
	int number = 0;

	if (order_member(order, "course") == NULL) {
		*course = refund_course_of(order->control->state, charge);
		return OK;
	}
	enum err err = read_name(order, "course", names, &number);

	*course = (enum refund_course)number;
	return err;
}

enum err order_refund(struct order *order)
{
	struct charge *charge = NULL;
	struct refund *refund = NULL;
	struct refusal refusal = { 0 };
	enum refund_course course;
	int64_t amount;
	enum err err = order_need_charge(order, &charge);

	if (err == OK)
		err = order_read_number(order, "amount", 0, INT32_MAX, &amount);
	if (err == OK)
		err = read_course(order, charge, &course);
	if (err != OK)
		return err;
	if (!refund_make(order->control->state, charge, amount, course, NULL, &refund, &refusal))
		return why_set(&order->why, ERR_CONFLICT, "%s", refusal.message);
	return order_show(order, &refund->object);
}

enum err order_refund_end(struct order *order)
{
	static const char *const names[] = { "pending", "succeeded", "failed", "canceled", NULL };
	struct object *object = NULL;
	int end = 0;
	enum err err = order_need_object(order, "refund", KIND_REFUND, &object);

	if (err == OK)
		err = read_name(order, "outcome", names, &end);
	if (err != OK)
		return err;
	err = refund_end(order->control->state, (struct refund *)object, (enum refund_state)end);
	return order_end(order, err, object, "The refund cannot end so any more.");
}

/* ---- disputes ---- */

static enum err read_reason(struct order *order, const char **reason)
{
	char name[NAME_SIZE] = "fraudulent";
	enum err err = order_member(order, "reason") == NULL ? OK : order_need_text(order, "reason", name, sizeof name);

	if (err != OK)
		return err;
	*reason = dispute_reason(name);
	return *reason != NULL ? OK : why_set(&order->why, ERR_INPUT, "There is no reason \"%s\".", name);
}

enum err order_dispute(struct order *order)
{
	struct charge *charge = NULL;
	struct dispute *dispute = NULL;
	const char *reason = NULL;
	int64_t amount = 0;
	bool inquiry = false;
	enum err err = order_need_charge(order, &charge);

	if (err == OK)
		err = order_read_number(order, "amount", charge->intent->price.amount, INT32_MAX, &amount);
	if (err == OK)
		err = read_reason(order, &reason);
	if (err == OK)
		err = order_read_bool(order, "inquiry", &inquiry);
	if (err == OK)
		err = dispute_open(order->control->state, charge, amount, reason, inquiry, &dispute);
	return order_end(order, err, dispute == NULL ? NULL : &dispute->object,
	                 "This charge cannot be disputed, or not over so much.");
}

enum err order_dispute_move(struct order *order)
{
	struct object *object = NULL;
	enum dispute_state to;
	char name[NAME_SIZE];
	bool fee_returned = false;
	enum err err = order_need_object(order, "dispute", KIND_DISPUTE, &object);

	if (err == OK)
		err = order_need_text(order, "status", name, sizeof name);
	if (err == OK && !dispute_state_parse(name, &to))
		err = why_set(&order->why, ERR_INPUT, "There is no status \"%s\".", name);
	if (err == OK)
		err = order_read_bool(order, "fee_returned", &fee_returned);
	if (err != OK)
		return err;
	err = dispute_move(order->control->state, (struct dispute *)object, to, fee_returned);
	return order_end(order, err, object, "The dispute cannot go on so.");
}

/* ---- payouts ---- */

static enum err read_price(struct order *order, struct price *price)
{
	enum err err = order_need_currency(order, "currency", price->currency);

	return err != OK ? err : order_read_number(order, "amount", 0, INT32_MAX, &price->amount);
}

enum err order_payout(struct order *order)
{
	struct state *state = order->control->state;
	struct payout *payout = NULL;
	struct price price;
	enum err err = read_price(order, &price);

	if (err == OK && price.amount > 0)
		err = payout_manual(state, &price, &payout);
	else if (err == OK)
		err = payout_automatic(state, price.currency, &payout);
	if (err == OK && payout == NULL)
		err = ERR_CONFLICT;
	return order_end(order, err, payout == NULL ? NULL : &payout->object, "There is not so much available.");
}

enum err order_payout_end(struct order *order)
{
	static const char *const names[] = { "pending", "paid", "failed", "canceled", NULL };
	struct object *object = NULL;
	int end = 0;
	enum err err = order_need_object(order, "payout", KIND_PAYOUT, &object);

	if (err == OK)
		err = read_name(order, "outcome", names, &end);
	if (err != OK)
		return err;
	err = payout_end(order->control->state, (struct payout *)object, (enum payout_state)end);
	return order_end(order, err, object, "The payout cannot end so any more.");
}

enum err order_payout_schedule(struct order *order)
{
	static const char *const names[] = { "manual", "daily", "weekly", "monthly", NULL };
	int interval = 0;
	enum err err = read_name(order, "interval", names, &interval);

	if (err == OK)
		err = payouts_schedule(order->control->state, (enum payout_interval)interval);
	return err != OK ? err : order_tell_all(order);
}

/* ---- the rest of the balance ---- */

enum err order_fee(struct order *order)
{
	struct transaction *transaction = NULL;
	struct price price;
	enum err err = read_price(order, &price);

	if (err == OK)
		err = transaction_fee(order->control->state, &price, &transaction);
	return err != OK ? err : order_show(order, &transaction->object);
}

enum err order_adjustment(struct order *order)
{
	struct transaction *transaction = NULL;
	struct price price;
	bool taken = false;
	enum err err = read_price(order, &price);

	if (err == OK)
		err = order_read_bool(order, "taken", &taken);
	if (err != OK)
		return err;
	price.amount = taken ? -price.amount : price.amount;
	err = transaction_adjust(order->control->state, &price, &transaction);
	return err != OK ? err : order_show(order, &transaction->object);
}

enum err order_rate(struct order *order)
{
	struct rate rate;
	char text[NAME_SIZE];
	enum err err = order_need_currency(order, "from", rate.from);

	if (err == OK)
		err = order_need_currency(order, "to", rate.to);
	if (err == OK)
		err = order_need_text(order, "rate", text, sizeof text);
	if (err == OK && rate_read(bytes_of(text), &rate.millionths) != OK)
		err = why_set(&order->why, ERR_INPUT, "\"rate\" must be a decimal as a text, like \"0.923456\", above 0 and below 1000.");
	if (err == OK && exchange_set(&order->control->state->exchange, &rate) != OK)
		err = why_set(&order->why, ERR_INPUT, "The sandbox knows %d rates at most.", RATES_MAX);
	return err != OK ? err : order_tell_all(order);
}

enum err order_statement(struct order *order)
{
	statement_write(order->control->state, order->w);
	return OK;
}
