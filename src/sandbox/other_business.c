#include "sandbox/other_business.h"

#include "sandbox/checkout.h"
#include "sandbox/dispute.h"
#include "sandbox/invoice.h"
#include "sandbox/payment.h"
#include "sandbox/refund.h"

static const struct payer customer = { "Other Customer", "customer@example.com" };
static const struct price price = { 1999, "eur" };

enum { REFUNDED = 500 };

static const char shop_form[] =
	"mode=payment&client_reference_id=order-4711&metadata[order]=4711&payment_intent_data[metadata][order]=4711&"
	"line_items[0][quantity]=1&line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=1999&"
	"line_items[0][price_data][product_data][name]=T-shirt&success_url=https://shop.example/thanks";

static const char membership_form[] =
	"mode=subscription&subscription_data[metadata][member]=42&line_items[0][quantity]=1&"
	"line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=1999&"
	"line_items[0][price_data][recurring][interval]=month&"
	"line_items[0][price_data][product_data][name]=Membership&success_url=https://club.example/thanks";

static enum err pay(struct state *state, struct charge **charge)
{
	struct intent *intent = NULL;
	enum err err = intent_create(state, &price, NULL, "Till", "", &intent);

	if (err == OK)
		err = intent_succeed(state, intent, &customer);
	if (err == OK)
		*charge = intent->latest_charge;
	return err;
}

static enum err make_payment(struct state *state)
{
	struct charge *charge = NULL;

	return pay(state, &charge);
}

static enum err make_refund(struct state *state)
{
	struct charge *charge = NULL;
	struct refund *refund = NULL;
	struct refusal refusal = { 0 };
	enum err err = pay(state, &charge);

	if (err != OK)
		return err;
	return refund_make(state, charge, REFUNDED, refund_course_of(state, charge), NULL, &refund, &refusal) ? OK : ERR_TOO_BIG;
}

static enum err make_dispute(struct state *state)
{
	struct charge *charge = NULL;
	struct dispute *dispute = NULL;
	enum err err = pay(state, &charge);

	return err != OK ? err : dispute_open(state, charge, price.amount, dispute_reason("general"), false, &dispute);
}

static enum err make_session(struct state *state, const char *text)
{
	struct form form = { 0 };
	struct refusal refusal = { 0 };
	struct session *session = NULL;
	enum err err = form_read(bytes_of(text), &form, NULL);

	if (err != OK)
		return err;
	if (session_create(state, &form, &session, &refusal))
		err = session_pay(state, session, OUTCOME_CARD, &customer);
	else
		err = ERR_TOO_BIG;
	form_free(&form);
	return err;
}

enum err other_business_make(struct state *state, const struct other_business *wanted)
{
	enum err err = OK;

	for (int64_t i = 0; i < wanted->payments && err == OK; i++)
		err = make_payment(state);
	for (int64_t i = 0; i < wanted->sessions && err == OK; i++)
		err = make_session(state, shop_form);
	for (int64_t i = 0; i < wanted->subscriptions && err == OK; i++)
		err = make_session(state, membership_form);
	for (int64_t i = 0; i < wanted->invoices && err == OK; i++)
		err = invoice_alone(state, &price, &customer);
	for (int64_t i = 0; i < wanted->refunds && err == OK; i++)
		err = make_refund(state);
	for (int64_t i = 0; i < wanted->disputes && err == OK; i++)
		err = make_dispute(state);
	return err;
}
