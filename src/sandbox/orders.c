#include "sandbox/orders.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "net/https_client.h"
#include "sandbox/checkout.h"
#include "sandbox/other_business.h"
#include "sandbox/page.h"
#include "sandbox/render.h"
#include "sandbox/subscription.h"

enum { ADVANCE_MAX_S = 10 * 366 * 86400, ATTEMPTS_SHOWN = 100 };

/* ---- reading ---- */

static const struct json_node *member(const struct order *order, const char *name)
{
	return json_text_member(&order->json, json_text_root(&order->json), name);
}

static enum err need_text(struct order *order, const char *name, char *out, size_t size)
{
	if (json_text_string(&order->json, member(order, name), out, size) == OK)
		return OK;
	return why_set(&order->why, ERR_INPUT, "\"%s\" must be a text.", name);
}

/* `otherwise` when it is absent. */
static enum err read_number(struct order *order, const char *name, int64_t otherwise, int64_t max, int64_t *number)
{
	const struct json_node *node = member(order, name);

	*number = otherwise;
	if (node == NULL)
		return OK;
	if (json_text_integer(&order->json, node, number) == OK && *number >= 0 && *number <= max)
		return OK;
	return why_set(&order->why, ERR_INPUT, "\"%s\" must be an integer from 0 to %lld.", name, (long long)max);
}

/* The object that the member `name` names by its id. */
static enum err need_object(struct order *order, const char *name, enum kind kind, struct object **object)
{
	char id[SANDBOX_ID_SIZE];
	enum err err = need_text(order, name, id, sizeof id);

	if (err != OK)
		return err;
	*object = store_find(&order->control->state->store, kind, id);
	return *object != NULL ? OK : why_set(&order->why, ERR_UNKNOWN, "There is no %s %s.", name, id);
}

/* "outcome": "succeeded" (when absent) or "failed". */
static enum err read_success(struct order *order, bool *succeeds)
{
	const struct json_node *node = member(order, "outcome");

	*succeeds = node == NULL || json_text_is(&order->json, node, "succeeded");
	if (*succeeds || json_text_is(&order->json, node, "failed"))
		return OK;
	return why_set(&order->why, ERR_INPUT, "\"outcome\" must be \"succeeded\" or \"failed\".");
}

static enum err show(struct order *order, const struct object *object)
{
	struct view view = { .state = order->control->state, .w = order->w };

	render_object(&view, NULL, object);
	return OK;
}

/* ---- orders ---- */

static enum err tell_all(struct order *order)
{
	static const char *const names[KINDS] = {
		[KIND_SESSION] = "sessions", [KIND_INTENT] = "payment_intents", [KIND_CHARGE] = "charges",
		[KIND_TRANSACTION] = "balance_transactions", [KIND_INVOICE] = "invoices",
		[KIND_INVOICE_PAYMENT] = "invoice_payments", [KIND_SUBSCRIPTION] = "subscriptions", [KIND_EVENT] = "events",
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
	enum err err = read_number(order, "advance", 0, ADVANCE_MAX_S, &advance_s);

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

static enum err pay_session(struct order *order)
{
	struct object *object = NULL;
	struct payer payer = { "Jane Doe", "donor@example.com" };
	char name[32] = "card";
	enum outcome outcome;
	enum err err = need_object(order, "session", KIND_SESSION, &object);

	if (err == OK && member(order, "outcome") != NULL)
		err = need_text(order, "outcome", name, sizeof name);
	if (err == OK && member(order, "name") != NULL)
		err = need_text(order, "name", payer.name, sizeof payer.name);
	if (err == OK && member(order, "email") != NULL)
		err = need_text(order, "email", payer.email, sizeof payer.email);
	if (err != OK)
		return err;
	if (!outcome_parse(name, &outcome))
		return why_set(&order->why, ERR_INPUT, "There is no outcome \"%s\".", name);
	if (((struct session *)object)->state != SESSION_IS_OPEN)
		return why_set(&order->why, ERR_CONFLICT, "The session is not open.");
	err = session_pay(order->control->state, (struct session *)object, outcome, &payer);
	return err != OK ? err : show(order, object);
}

static enum err settle_session(struct order *order)
{
	struct object *object = NULL;
	bool succeeds;
	enum err err = need_object(order, "session", KIND_SESSION, &object);

	if (err == OK)
		err = read_success(order, &succeeds);
	if (err != OK)
		return err;
	if (!((struct session *)object)->settling)
		return why_set(&order->why, ERR_CONFLICT, "No slow debit of this session is under way.");
	err = session_settle(order->control->state, (struct session *)object, succeeds);
	return err != OK ? err : show(order, object);
}

static enum err expire_session(struct order *order)
{
	struct object *object = NULL;
	enum err err = need_object(order, "session", KIND_SESSION, &object);

	if (err != OK)
		return err;
	if (((struct session *)object)->state != SESSION_IS_OPEN)
		return why_set(&order->why, ERR_CONFLICT, "The session is not open.");
	err = session_expire(order->control->state, (struct session *)object);
	return err != OK ? err : show(order, object);
}

static enum err renew_subscription(struct order *order)
{
	struct object *object = NULL;
	struct invoice *invoice = NULL;
	bool succeeds;
	enum err err = need_object(order, "subscription", KIND_SUBSCRIPTION, &object);

	if (err == OK)
		err = read_success(order, &succeeds);
	if (err == OK)
		err = subscription_renew(order->control->state, (struct subscription *)object, succeeds, &invoice);
	return err != OK ? err : show(order, &invoice->object);
}

static enum err make_other_business(struct order *order)
{
	struct other_business wanted;
	enum err err = read_number(order, "payments", 0, OTHER_BUSINESS_MAX, &wanted.payments);

	if (err == OK)
		err = read_number(order, "sessions", 0, OTHER_BUSINESS_MAX, &wanted.sessions);
	if (err == OK)
		err = read_number(order, "subscriptions", 0, OTHER_BUSINESS_MAX, &wanted.subscriptions);
	if (err == OK)
		err = read_number(order, "invoices", 0, OTHER_BUSINESS_MAX, &wanted.invoices);
	if (err == OK)
		err = other_business_make(order->control->state, &wanted);
	return err != OK ? err : tell_all(order);
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

static enum err pause_deliveries(struct order *order)
{
	order->control->deliveries->paused = true;
	return tell_all(order);
}

static enum err resume_deliveries(struct order *order)
{
	order->control->deliveries->paused = false;
	return tell_all(order);
}

static enum err show_deliveries(struct order *order)
{
	struct form form = { 0 };
	uint64_t limit = ATTEMPTS_SHOWN;
	enum err err = form_read(order->request->query, &form, &order->why);

	if (err != OK)
		return err;
	const char *wish = form_get(&form, "limit");

	if (wish != NULL && text_unsigned(bytes_of(wish), ATTEMPTS_KEPT_MAX, &limit) != OK)
		err = why_set(&order->why, ERR_INPUT, "limit must be a number up to %d.", ATTEMPTS_KEPT_MAX);
	else
		deliveries_write(order->control->deliveries, order->w, NULL, form_get(&form, "event"), (size_t)limit);
	form_free(&form);
	return err;
}

static enum err resend_event(struct order *order)
{
	struct object *object = NULL;
	enum err err = need_object(order, "event", KIND_EVENT, &object);

	if (err == OK)
		err = deliveries_resend(order->control->deliveries, order->control->state, object->id, order->control->mono_ms);
	if (err == ERR_UNKNOWN && order->why.text[0] == '\0')
		err = why_set(&order->why, ERR_CONFLICT, "There is no webhook URL.");
	return err != OK ? err : tell_all(order);
}

static enum err read_secrets(struct order *order, struct signing_secrets *secrets)
{
	const struct json_node *list = member(order, "secrets");

	if (list->kind != JSON_KIND_ARRAY || list->count == 0 || list->count > SECRETS_MAX)
		return why_set(&order->why, ERR_INPUT, "\"secrets\" must be a list of 1 to %d texts.", SECRETS_MAX);
	for (const struct json_node *node = json_text_first(&order->json, list); node != NULL;
	     node = json_text_next(&order->json, node))
		if (json_text_string(&order->json, node, secrets->text[secrets->count++], SECRET_SIZE) != OK)
			return why_set(&order->why, ERR_INPUT, "A secret must be a text of at most %d bytes.", SECRET_SIZE - 1);
	return OK;
}

static enum err aim(struct order *order)
{
	struct deliveries *deliveries = order->control->deliveries;
	struct signing_secrets secrets = { .count = 0 };
	char url[URL_SIZE];
	enum err err = OK;

	snprintf(url, sizeof url, "%s", deliveries->url);
	if (member(order, "url") != NULL)
		err = need_text(order, "url", url, sizeof url);
	if (err == OK && url[0] != '\0')
		err = https_client_check_url(url, &order->why);
	if (err == OK && member(order, "secrets") != NULL)
		err = read_secrets(order, &secrets);
	if (err != OK)
		return err;
	memcpy(deliveries->url, url, sizeof url);
	if (secrets.count > 0)
		deliveries->secrets = secrets;
	return tell_all(order);
}

/* ---- the table ---- */

static const struct {
	const char *method;
	const char *path;
	order_run *run;
} orders[] = {
	{ "GET", "/sandbox", tell_all },
	{ "GET", "/sandbox/deliveries", show_deliveries },
	{ "POST", "/sandbox/clock", move_clock },
	{ "POST", "/sandbox/pay", pay_session },
	{ "POST", "/sandbox/settle", settle_session },
	{ "POST", "/sandbox/expire", expire_session },
	{ "POST", "/sandbox/renew", renew_subscription },
	{ "POST", "/sandbox/other_business", make_other_business },
	{ "POST", "/sandbox/misbehave", misbehave },
	{ "POST", "/sandbox/behave", behave },
	{ "POST", "/sandbox/pause", pause_deliveries },
	{ "POST", "/sandbox/resume", resume_deliveries },
	{ "POST", "/sandbox/resend", resend_event },
	{ "POST", "/sandbox/webhook", aim },
};

order_run *order_find(struct bytes method, struct bytes path)
{
	for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++)
		if (bytes_is(method, orders[i].method) && bytes_is(path, orders[i].path))
			return orders[i].run;
	return NULL;
}
