#include "sandbox/exchange.h"
#include "sandbox/render.h"
#include "sandbox/transaction.h"

enum { RATE_TEXT_SIZE = 32 };

static void write_rate(struct json_write *w, int64_t millionths)
{
	struct buffer text = BUFFER(RATE_TEXT_SIZE);

	if (millionths == 0) {
		json_write_null(w, "exchange_rate");
		return;
	}
	rate_write(millionths, &text);
	json_write_raw(w, "exchange_rate", buffer_view(&text));
	if (buffer_err(&text) != OK)
		w->out->err = buffer_err(&text);
	buffer_free(&text);
}

static void write_fee_details(struct json_write *w, const struct transaction *transaction)
{
	json_write_array_open(w, "fee_details");
	if (transaction->fee != 0) {
		json_write_object_open(w, NULL);
		json_write_integer(w, "amount", transaction->fee);
		json_write_null(w, "application");
		json_write_text(w, "currency", transaction->gross.currency);
		render_constants(w, "description=\"Sandbox\"");
		json_write_text(w, "type", transaction->fee_type);
		json_write_object_close(w);
	}
	json_write_array_close(w);
}

void render_transaction(struct view *view, const struct transaction *transaction)
{
	struct json_write *w = view->w;

	json_write_text(w, "object", "balance_transaction");
	json_write_integer(w, "amount", transaction->gross.amount);
	json_write_integer(w, "available_on", transaction->available_s);
	render_constants(w, "balance_type=\"payments\"");
	json_write_integer(w, "created", transaction->object.created_s);
	json_write_text(w, "currency", transaction->gross.currency);
	json_write_text(w, "description", transaction->description);
	write_rate(w, transaction->rate);
	json_write_integer(w, "fee", transaction->fee);
	write_fee_details(w, transaction);
	json_write_integer(w, "net", transaction_net(transaction));
	json_write_text(w, "reporting_category", transaction->category);
	render_reference(view, "source", store_find_any(&view->state->store, transaction->source));
	json_write_text(w, "status", transaction->available_s <= state_now_s(view->state) ? "available" : "pending");
	json_write_text(w, "type", transaction->type);
}
