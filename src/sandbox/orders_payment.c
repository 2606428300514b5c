#include <string.h>

#include "sandbox/invoice.h"
#include "sandbox/orders_read.h"
#include "sandbox/other_business.h"
#include "sandbox/page.h"
#include "sandbox/subscription.h"

enum err order_pay(struct order *order)
{
	struct object *object = NULL;
	struct payer payer = { "Jane Doe", "donor@example.com" };
	char name[32] = "card";
	enum outcome outcome;
	enum err err = order_need_object(order, "session", KIND_SESSION, &object);

	if (err == OK && order_member(order, "outcome") != NULL)
		err = order_need_text(order, "outcome", name, sizeof name);
	if (err == OK && order_member(order, "name") != NULL)
		err = order_need_text(order, "name", payer.name, sizeof payer.name);
	if (err == OK && order_member(order, "email") != NULL)
		err = order_need_text(order, "email", payer.email, sizeof payer.email);
	if (err != OK)
		return err;
	if (!outcome_parse(name, &outcome))
		return why_set(&order->why, ERR_INPUT, "There is no outcome \"%s\".", name);
	if (((struct session *)object)->state != SESSION_IS_OPEN)
		return why_set(&order->why, ERR_CONFLICT, "The session is not open.");
	err = session_pay(order->control->state, (struct session *)object, outcome, &payer);
	return err != OK ? err : order_show(order, object);
}

enum err order_settle(struct order *order)
{
	struct object *object = NULL;
	bool succeeds;
	enum err err = order_need_object(order, "session", KIND_SESSION, &object);

	if (err == OK)
		err = order_read_success(order, &succeeds);
	if (err != OK)
		return err;
	if (!((struct session *)object)->settling)
		return why_set(&order->why, ERR_CONFLICT, "No slow debit of this session is under way.");
	err = session_settle(order->control->state, (struct session *)object, succeeds);
	return err != OK ? err : order_show(order, object);
}

enum err order_expire(struct order *order)
{
	struct object *object = NULL;
	enum err err = order_need_object(order, "session", KIND_SESSION, &object);

	if (err != OK)
		return err;
	if (((struct session *)object)->state != SESSION_IS_OPEN)
		return why_set(&order->why, ERR_CONFLICT, "The session is not open.");
	err = session_expire(order->control->state, (struct session *)object);
	return err != OK ? err : order_show(order, object);
}

static enum err need_subscription(struct order *order, struct subscription **subscription)
{
	struct object *object = NULL;
	enum err err = order_need_object(order, "subscription", KIND_SUBSCRIPTION, &object);

	if (err != OK)
		return err;
	*subscription = (struct subscription *)object;
	if ((*subscription)->state == SUBSCRIPTION_CANCELED)
		return why_set(&order->why, ERR_CONFLICT, "The subscription has ended.");
	return OK;
}

enum err order_renew(struct order *order)
{
	struct subscription *subscription = NULL;
	struct invoice *invoice = NULL;
	bool succeeds;
	enum err err = need_subscription(order, &subscription);

	if (err == OK)
		err = order_read_success(order, &succeeds);
	if (err == OK)
		err = subscription_renew(order->control->state, subscription, succeeds, &invoice);
	return err != OK ? err : order_show(order, &invoice->object);
}

enum err order_retry(struct order *order)
{
	struct object *object = NULL;
	bool succeeds;
	enum err err = order_need_object(order, "invoice", KIND_INVOICE, &object);

	if (err == OK)
		err = order_read_success(order, &succeeds);
	if (err == OK && !invoice_can_be_tried((struct invoice *)object))
		err = why_set(&order->why, ERR_CONFLICT, "This invoice cannot be tried now.");
	if (err == OK)
		err = invoice_attempt(order->control->state, (struct invoice *)object, succeeds);
	return err != OK ? err : order_show(order, object);
}

/* As the donor does it in the provider's portal: "now", with the "period_end", or "never" after all. */
enum err order_cancel(struct order *order)
{
	struct state *state = order->control->state;
	struct subscription *subscription = NULL;
	char at[16] = "now";
	enum err err = need_subscription(order, &subscription);

	if (err == OK && order_member(order, "at") != NULL)
		err = order_need_text(order, "at", at, sizeof at);
	if (err != OK)
		return err;
	if (strcmp(at, "now") == 0)
		err = subscription_end(state, subscription, "cancellation_requested");
	else if (strcmp(at, "period_end") == 0 || strcmp(at, "never") == 0)
		err = subscription_end_later(state, subscription, at[0] == 'p');
	else
		err = why_set(&order->why, ERR_INPUT, "\"at\" must be \"now\", \"period_end\" or \"never\".");
	return err != OK ? err : order_show(order, &subscription->object);
}

enum err order_other_business(struct order *order)
{
	struct other_business wanted = { .payments = 0 };
	const struct {
		const char *name;
		int64_t *count;
	} counts[] = {
		{ "payments", &wanted.payments }, { "sessions", &wanted.sessions }, { "subscriptions", &wanted.subscriptions },
		{ "invoices", &wanted.invoices }, { "refunds", &wanted.refunds }, { "disputes", &wanted.disputes },
	};
	enum err err = OK;

	for (size_t i = 0; i < sizeof counts / sizeof counts[0] && err == OK; i++)
		err = order_read_number(order, counts[i].name, 0, OTHER_BUSINESS_MAX, counts[i].count);
	if (err == OK)
		err = other_business_make(order->control->state, &wanted);
	return err != OK ? err : order_tell_all(order);
}
