/*
 * render.h -- objects as Stripe's JSON, complete, in API version SANDBOX_API_VERSION;
 * with `old` the invoice and the subscription as they were before 2025-03-31.
 */
#ifndef SANDBOX_RENDER_H
#define SANDBOX_RENDER_H

#include "base/json_write.h"
#include "sandbox/expand.h"
#include "sandbox/state.h"

/* What a rendering takes along. */
struct view {
	const struct state *state;
	struct json_write *w;
	struct expand *expand;  /* NULL: nothing is expanded */
	bool senseless;         /* amounts are written as a word: see knobs.h */
	bool old;               /* as version_is_old has it */
};

void render_object(struct view *view, const char *key, const struct object *object);

/* A reference: null, the id, or the object where it is to be expanded. */
void render_reference(struct view *view, const char *key, const struct object *object);

/* ---- shared by the renderers ---- */

/* Members with constant values, "a=null b=[] c=\"auto\"", separated by blanks. */
void render_constants(struct json_write *w, const char *members);

void render_constant_object(struct json_write *w, const char *key, const char *members);

void render_amount(struct view *view, const char *key, int64_t amount);

/* The map `name` of the form (NULL: none) as an object of texts. */
void render_metadata(struct json_write *w, const struct form *form, const char *name);

/* "" is null. */
void render_id(struct json_write *w, const char *key, const char *id);

/* {"object": "list", "data": […], …}: the members around the data. */
void render_list_open(struct json_write *w, const char *key);
void render_list_close(struct json_write *w, bool has_more, const char *url);

/* The price that a line was made with; as Stripe still repeats it, as a "plan". */
void render_price(struct view *view, const struct line *line, int64_t created_s);
void render_plan(struct view *view, const struct line *line, int64_t created_s);

/* 0 is null. */
void render_time(struct json_write *w, const char *key, int64_t time_s);

/* One file a kind. */
void render_session(struct view *view, const struct session *session);
void render_line_items(struct view *view, const char *key, const struct session *session);
void render_intent(struct view *view, const struct intent *intent);
void render_charge(struct view *view, const struct charge *charge);
void render_transaction(struct view *view, const struct transaction *transaction);
void render_refund(struct view *view, const struct refund *refund);
void render_dispute(struct view *view, const struct dispute *dispute);
void render_payout(struct view *view, const struct payout *payout);
void render_invoice(struct view *view, const struct invoice *invoice);
/* What an invoice and its line said in other words before 2025-03-31. */
void render_old_invoice(struct view *view, const struct invoice *invoice);
void render_old_line(struct view *view, const struct invoice *invoice);
void render_invoice_payment(struct view *view, const struct invoice_payment *payment);
void render_subscription(struct view *view, const struct subscription *subscription);

#endif
