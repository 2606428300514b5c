#include "sandbox/control.h"

#include <string.h>

#include "base/json_write.h"
#include "sandbox/orders.h"

static bool is_loopback(const char *peer)
{
	return strncmp(peer, "127.", 4) == 0 || strcmp(peer, "::1") == 0 || strncmp(peer, "::ffff:127.", 11) == 0 ||
	       strcmp(peer, "unix") == 0;
}

/*
 * A page from somewhere else, open in the same browser, could post here. It
 * cannot say application/json without asking first, and nobody answers that.
 */
static bool is_json(const struct http_request *request)
{
	struct bytes type;

	if (!http_request_field(request, "Content-Type", &type))
		return false;
	if (type.length > 16 && (type.data[16] == ';' || type.data[16] == ' '))
		type.length = 16;
	return bytes_is_nocase(type, "application/json");
}

static enum err obey(struct order *order)
{
	const struct http_request *request = order->request;
	order_run *run = order_find(request->method, request->path);

	if (!is_loopback(request->peer))
		return why_set(&order->why, ERR_FORGED, "The sandbox is told what to do from loopback only.");
	if (run == NULL)
		return why_set(&order->why, ERR_UNKNOWN, "The sandbox has no such order.");
	if (bytes_is(request->method, "GET"))
		return run(order);
	if (!is_json(request))
		return why_set(&order->why, ERR_INPUT, "This needs Content-Type: application/json.");
	enum err err = json_text_read(&order->json, request->body, order->nodes, ORDER_NODES_MAX, &order->why);

	return err != OK ? err : run(order);
}

static int status_of(enum err err)
{
	switch (err) {
	case OK:
		return 200;
	case ERR_INPUT:
	case ERR_TOO_BIG:
		return 400;
	case ERR_FORGED:
		return 403;
	case ERR_UNKNOWN:
		return 404;
	case ERR_CONFLICT:
	case ERR_GONE:
		return 409;
	case ERR_BUSY:
	case ERR_LIMITED:
	case ERR_PROVIDER:
	case ERR_STORAGE:
	case ERR_CORRUPT:
	case ERR_MEMORY:
	case ERR_SYSTEM:
		break;
	}
	return 503;
}

void control_answer(struct control *control, const struct http_request *request, struct http_reply *reply)
{
	struct json_write w = JSON_WRITE_PRETTY(&reply->body);
	struct order order = { .control = control, .request = request, .w = &w };
	enum err err = obey(&order);

	if (err != OK) {
		buffer_clear(&reply->body);
		w = JSON_WRITE_PRETTY(&reply->body);
		json_write_object_open(&w, NULL);
		json_write_text(&w, "error", order.why.text[0] != '\0' ? order.why.text : err_name(err));
		json_write_object_close(&w);
	}
	buffer_char(&reply->body, '\n');
	reply->status = status_of(err);
	http_reply_field(reply, "Content-Type", "application/json");
	http_reply_field(reply, "Cache-Control", "no-store");
}
