#include "sandbox/page.h"

#include <string.h>

#include "base/html.h"
#include "sandbox/page_text.h"

enum { BODY_BYTES_MAX = 64 * 1024, URL_BYTES_MAX = 8 * 1024 };

#define PLACEHOLDER "{CHECKOUT_SESSION_ID}"

static const struct choice {
	const char *name;
	enum outcome outcome;
	const char *label;
	const char *help;
} choices[] = {
	{ "card", OUTCOME_CARD, "Card", "Paid at once." },
	{ "declined", OUTCOME_DECLINED, "Card that is declined", "You can try again." },
	{ "slow_debit", OUTCOME_DEBIT, "Bank debit", "The money arrives a little later." },
	{ "slow_debit_fails", OUTCOME_DEBIT_FAILS, "Bank debit that fails", "It looks paid, and later bounces." },
};

bool outcome_parse(const char *name, enum outcome *outcome)
{
	for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
		if (strcmp(choices[i].name, name) != 0)
			continue;
		*outcome = choices[i].outcome;
		return true;
	}
	return false;
}

/* ---- where the page leads ---- */

/* scheme://host:port of a URL. */
static struct bytes origin_of(const char *url)
{
	const char *host = strstr(url, "://");

	if (host == NULL)
		return (struct bytes){ 0 };
	return (struct bytes){ url, (size_t)(host - url) + 3 + strcspn(host + 3, "/?#") };
}

/* Only what a host can hold may stand in a header. */
static bool is_plain_origin(struct bytes origin)
{
	for (size_t i = 0; i < origin.length; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:/[]", origin.data[i]) == NULL)
			return false;
	return origin.length > 0;
}

/*
 * A strict policy; browsers apply form-action to the redirect after the form
 * too, so the success URL's origin must be in it.
 */
static void add_fields(struct http_reply *reply, const char *success_url)
{
	struct buffer policy = BUFFER(URL_BYTES_MAX);
	struct bytes origin = success_url == NULL ? (struct bytes){ 0 } : origin_of(success_url);

	buffer_text(&policy, "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'");
	if (is_plain_origin(origin)) {
		buffer_char(&policy, ' ');
		buffer_bytes(&policy, origin);
	}
	http_reply_field(reply, "Content-Type", "text/html; charset=utf-8");
	http_reply_field_copy(reply, "Content-Security-Policy", buffer_view(&policy));
	http_reply_field(reply, "X-Content-Type-Options", "nosniff");
	http_reply_field(reply, "Referrer-Policy", "no-referrer");
	http_reply_field(reply, "Cache-Control", "no-store");
	if (buffer_err(&policy) != OK)
		reply->err = buffer_err(&policy);
	buffer_free(&policy);
}

static void redirect_to_success(struct http_reply *reply, const struct session *session)
{
	const char *url = form_get(&session->form, "success_url");
	struct buffer target = BUFFER(URL_BYTES_MAX);

	for (const char *at = strstr(url, PLACEHOLDER); at != NULL; at = strstr(url, PLACEHOLDER)) {
		buffer_append(&target, url, (size_t)(at - url));
		buffer_text(&target, session->object.id);
		url = at + sizeof PLACEHOLDER - 1;
	}
	buffer_text(&target, url);
	reply->status = 303;
	http_reply_field_copy(reply, "Location", buffer_view(&target));
	http_reply_field(reply, "Cache-Control", "no-store");
	http_reply_field(reply, "Referrer-Policy", "no-referrer");
	if (buffer_err(&target) != OK)
		reply->err = buffer_err(&target);
	buffer_free(&target);
}

/* ---- what is on it ---- */

static void escaped(struct buffer *out, const char *text)
{
	html_escape(out, bytes_of(text));
}

static void write_head(struct buffer *out, const char *title, const char *merchant)
{
	buffer_text(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>");
	escaped(out, title);
	buffer_text(out, " – ");
	escaped(out, merchant);
	buffer_text(out, "</title>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	                 "<link rel=\"stylesheet\" href=\"/pay/style.css\">\n</head>\n<body>\n<header>\n"
	                 "<p class=\"sandbox\">Sandbox: no real money moves here.</p>\n</header>\n<main>\n");
}

static void write_foot(struct buffer *out)
{
	buffer_text(out, "</main>\n</body>\n</html>\n");
}

static void write_lines(struct buffer *out, const struct session *session)
{
	buffer_text(out, "<ul class=\"lines\">\n");
	for (size_t i = 0; i < session->line_count; i++) {
		const struct line *line = &session->lines[i];

		buffer_text(out, "<li>");
		escaped(out, line->name);
		buffer_text(out, ": ");
		currency_show(line->unit.currency, line->unit.amount * line->quantity, out);
		if (line->interval != NULL)
			buffer_format(out, " every %s", line->interval);
		buffer_text(out, "</li>\n");
	}
	buffer_text(out, "</ul>\n");
}

static void write_choices(struct buffer *out, const char *chosen)
{
	buffer_text(out, "<fieldset>\n<legend>Payment method</legend>\n");
	for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
		const struct choice *choice = &choices[i];

		buffer_format(out,
		              "<div class=\"choice\"><input type=\"radio\" name=\"outcome\" id=\"%s\" value=\"%s\" "
		              "aria-describedby=\"%s-help\"%s><label for=\"%s\">%s</label> <span id=\"%s-help\">%s</span></div>\n",
		              choice->name, choice->name, choice->name, strcmp(choice->name, chosen) == 0 ? " checked" : "",
		              choice->name, choice->label, choice->name, choice->help);
	}
	buffer_text(out, "</fieldset>\n");
}

static void write_donor(struct buffer *out, const struct session *session)
{
	const char *email = form_get(&session->form, "customer_email");

	buffer_text(out, "<p><label for=\"email\">Email</label>\n<input type=\"email\" id=\"email\" name=\"email\" "
	                 "autocomplete=\"email\" value=\"");
	escaped(out, session->payer.email[0] != '\0' ? session->payer.email : email != NULL ? email : "donor@example.com");
	buffer_text(out, "\"></p>\n<p><label for=\"name\">Name</label>\n<input type=\"text\" id=\"name\" name=\"name\" "
	                 "autocomplete=\"name\" value=\"");
	escaped(out, session->payer.name[0] != '\0' ? session->payer.name : "Jane Doe");
	buffer_text(out, "\"></p>\n");
}

static void write_form(struct buffer *out, const struct session *session)
{
	const char *cancel_url = form_get(&session->form, "cancel_url");
	const char *submit_type = form_get(&session->form, "submit_type");
	bool donates = submit_type != NULL && strcmp(submit_type, "donate") == 0;

	buffer_format(out, "<form method=\"post\" action=\"/pay/%s\">\n", session->object.id);
	write_donor(out, session);
	write_choices(out, "card");
	buffer_text(out, donates ? "<p><button type=\"submit\">Donate " : "<p><button type=\"submit\">Pay ");
	currency_show(session->total.currency, session->total.amount, out);
	buffer_text(out, "</button></p>\n</form>\n");
	if (cancel_url == NULL)
		return;
	buffer_text(out, "<p><a class=\"cancel\" href=\"");
	escaped(out, cancel_url);
	buffer_text(out, "\">Cancel and go back</a></p>\n");
}

static void write_session(const struct state *state, const struct session *session, const char *problem,
                          struct http_reply *reply)
{
	struct buffer *out = &reply->body;

	*out = BUFFER(BODY_BYTES_MAX);
	write_head(out, problem == NULL ? "Payment" : "Error: payment", state->merchant);
	buffer_text(out, "<h1>");
	escaped(out, state->merchant);
	buffer_text(out, ": ");
	currency_show(session->total.currency, session->total.amount, out);
	buffer_text(out, "</h1>\n");
	if (problem != NULL) {
		buffer_text(out, "<p class=\"problem\" role=\"alert\">");
		escaped(out, problem);
		buffer_text(out, "</p>\n");
	}
	write_lines(out, session);
	write_form(out, session);
	write_foot(out);
	add_fields(reply, form_get(&session->form, "success_url"));
}

static void write_message(const struct state *state, int status, const char *title, const char *text,
                          struct http_reply *reply)
{
	struct buffer *out = &reply->body;

	*out = BUFFER(BODY_BYTES_MAX);
	reply->status = status;
	write_head(out, title, state->merchant);
	buffer_text(out, "<h1>");
	escaped(out, title);
	buffer_text(out, "</h1>\n<p>");
	escaped(out, text);
	buffer_text(out, "</p>\n");
	write_foot(out);
	add_fields(reply, NULL);
}

/* ---- what is done with it ---- */

static bool read_payer(const struct form *form, struct payer *payer)
{
	const char *name = form_get(form, "name");
	const char *email = form_get(form, "email");

	return (name == NULL || bytes_copy_text(bytes_of(name), payer->name, sizeof payer->name) == OK) &&
	       (email == NULL || bytes_copy_text(bytes_of(email), payer->email, sizeof payer->email) == OK);
}

static void pay(struct state *state, struct session *session, const struct form *form, struct http_reply *reply)
{
	const char *name = form_get(form, "outcome");
	struct payer payer = { 0 };
	enum outcome outcome;

	if (name == NULL || !outcome_parse(name, &outcome) || !read_payer(form, &payer)) {
		reply->status = 400;
		write_session(state, session, "Please choose a payment method.", reply);
	} else if (session_pay(state, session, outcome, &payer) != OK) {
		write_message(state, 503, "The sandbox is full", "Restart it, and try again.", reply);
	} else if (outcome == OUTCOME_DECLINED) {
		reply->status = 402;
		write_session(state, session, "Your card was declined. Please try another payment method.", reply);
	} else {
		redirect_to_success(reply, session);
	}
}

static void answer_post(struct state *state, struct session *session, const struct http_request *request,
                        struct http_reply *reply)
{
	struct form form = { 0 };

	if (form_read(request->body, &form, NULL) != OK) {
		write_message(state, 400, "Not understood", "The form could not be read.", reply);
		return;
	}
	pay(state, session, &form, reply);
	form_free(&form);
}

void page_answer(struct state *state, const struct http_request *request, struct http_reply *reply)
{
	struct bytes id_text = { request->path.data + 5, request->path.length - 5 };
	char id[SANDBOX_ID_SIZE];
	struct session *session = NULL;

	if (bytes_is(id_text, "style.css")) {
		reply->body = BUFFER(BODY_BYTES_MAX);
		buffer_text(&reply->body, page_style);
		http_reply_field(reply, "Content-Type", "text/css; charset=utf-8");
		http_reply_field(reply, "X-Content-Type-Options", "nosniff");
		return;
	}
	if (bytes_copy_text(id_text, id, sizeof id) == OK)
		session = (struct session *)store_find(&state->store, KIND_SESSION, id);
	if (session == NULL)
		write_message(state, 404, "No such payment", "The address is wrong, or the sandbox was restarted.", reply);
	else if (session->state == SESSION_IS_EXPIRED)
		write_message(state, 410, "Too late", "This payment page has expired. Please start again.", reply);
	else if (session->state == SESSION_IS_COMPLETE)
		write_message(state, 200, "Done", "This payment is complete. You can close this page.", reply);
	else if (bytes_is(request->method, "POST"))
		answer_post(state, session, request, reply);
	else
		write_session(state, session, NULL, reply);
}
