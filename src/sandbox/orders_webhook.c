#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "net/https_client.h"
#include "sandbox/orders_read.h"

enum { ATTEMPTS_SHOWN = 100 };

enum err order_pause(struct order *order)
{
	order->control->deliveries->paused = true;
	return order_tell_all(order);
}

enum err order_resume(struct order *order)
{
	order->control->deliveries->paused = false;
	return order_tell_all(order);
}

enum err order_deliveries(struct order *order)
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

enum err order_resend(struct order *order)
{
	struct object *object = NULL;
	enum err err = order_need_object(order, "event", KIND_EVENT, &object);

	if (err == OK)
		err = deliveries_resend(order->control->deliveries, order->control->state, object->id, order->control->mono_ms);
	if (err == ERR_UNKNOWN && order->why.text[0] == '\0')
		err = why_set(&order->why, ERR_CONFLICT, "There is no webhook URL.");
	return err != OK ? err : order_tell_all(order);
}

static enum err read_secrets(struct order *order, struct signing_secrets *secrets)
{
	const struct json_node *list = order_member(order, "secrets");

	if (list->kind != JSON_KIND_ARRAY || list->count == 0 || list->count > SECRETS_MAX)
		return why_set(&order->why, ERR_INPUT, "\"secrets\" must be a list of 1 to %d texts.", SECRETS_MAX);
	for (const struct json_node *node = json_text_first(&order->json, list); node != NULL;
	     node = json_text_next(&order->json, node))
		if (json_text_string(&order->json, node, secrets->text[secrets->count++], SECRET_SIZE) != OK)
			return why_set(&order->why, ERR_INPUT, "A secret must be a text of at most %d bytes.", SECRET_SIZE - 1);
	return OK;
}

/* "api_version", in which events are delivered from now on; the present one where it is absent. */
static enum err read_version(struct order *order, char version[static API_VERSION_SIZE])
{
	char text[API_VERSION_SIZE] = "";

	memcpy(version, order->control->state->webhook_version, API_VERSION_SIZE);
	if (order_member(order, "api_version") == NULL)
		return OK;
	enum err err = order_need_text(order, "api_version", text, sizeof text);

	if (err == OK && version_read(bytes_of(text), version) != OK)
		err = why_set(&order->why, ERR_INPUT, "\"api_version\" must be like \"2026-10-28.endive\" or \"2024-06-20\".");
	return err;
}

enum err order_webhook(struct order *order)
{
	struct deliveries *deliveries = order->control->deliveries;
	struct signing_secrets secrets = { .count = 0 };
	char url[URL_SIZE];
	char version[API_VERSION_SIZE];
	enum err err = read_version(order, version);

	snprintf(url, sizeof url, "%s", deliveries->url);
	if (err == OK && order_member(order, "url") != NULL)
		err = order_need_text(order, "url", url, sizeof url);
	if (err == OK && url[0] != '\0')
		err = https_client_check_url(url, &order->why);
	if (err == OK && order_member(order, "secrets") != NULL)
		err = read_secrets(order, &secrets);
	if (err != OK)
		return err;
	memcpy(deliveries->url, url, sizeof url);
	memcpy(order->control->state->webhook_version, version, sizeof version);
	if (secrets.count > 0)
		deliveries->secrets = secrets;
	return order_tell_all(order);
}
