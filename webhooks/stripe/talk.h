/*
 * talk.h -- private to this folder: how a talk with Stripe is put together. A talk asks one thing, takes the answer,
 * and may ask another one; conversation.c sends, repeats and reads.
 */
#ifndef WEBHOOKS_STRIPE_TALK_H
#define WEBHOOKS_STRIPE_TALK_H

#include "webhooks/stripe/stripe.h"

/* An answer other than 200, in Stripe's closed words only: its free text may repeat what we sent. */
struct stripe_refusal {
	int status;
	char type[64]; /* "" when there is none */
	char code[64];
};

struct stripe_talk {
	/* Put together what to ask at this stage. The call is freed by the caller, also after an error. */
	enum err (*ask)(const struct provider_account *account, const struct conversation *conversation, struct http_call *call,
	                struct why *why);

	/* Understand an answer of status 200. *again: another question follows, by the stage that was set. */
	enum err (*take)(const struct provider_account *account, const struct json_text *json, struct conversation *conversation,
	                 bool *again, struct why *why);

	/* Whether a refusal is an answer too, as `take`. NULL: it never is. */
	bool (*refused)(const struct provider_account *account, const struct stripe_refusal *refusal,
	                struct conversation *conversation, bool *again);
};

extern const struct stripe_talk stripe_open_talk;    /* talk_session.c */
extern const struct stripe_talk stripe_read_talk;
extern const struct stripe_talk stripe_close_talk;
extern const struct stripe_talk stripe_recall_talk;  /* talk_recall.c */
extern const struct stripe_talk stripe_confirm_talk; /* talk_confirm.c */
extern const struct stripe_talk stripe_clear_talk;   /* talk_balance.c */
extern const struct stripe_talk stripe_explain_talk;
extern const struct stripe_talk stripe_balance_talk;
extern const struct stripe_talk stripe_line_talk;
extern const struct stripe_talk stripe_refund_talk;  /* talk_refund.c */
extern const struct stripe_talk stripe_events_talk;  /* talk_events.c */

/* ---- ask.c ---- */

/* Begin a request: GET or POST of `path` behind the account's URL, with the key and the version. */
void stripe_ask(const struct provider_account *account, const char *method, const char *path, struct http_call *call);

/* The same of one object, "/v1/KIND/ID" and `rest`. */
void stripe_ask_object(const struct provider_account *account, const char *method, const char *kind, const char *id,
                       const char *rest, struct http_call *call);

/* One more parameter of the URL, behind a '?' or '&'. */
void stripe_put_query(struct http_call *call, const char *name, const char *value);
void stripe_put_query_number(struct http_call *call, const char *name, int64_t value);

/* The payment intent behind a payment: among the refs or the payment itself; NULL for an invoice that must be asked. */
const char *stripe_intent(const struct event *event);

/*
 * The next page begins behind `last`, the id of this one's last object, if `more` says that there is one. ERR_INPUT when
 * it would begin where this one did, so that pages come to an end.
 */
MUST_CHECK enum err stripe_turn_page(struct conversation *conversation, bool more, const char last[static OBJECT_ID_SIZE]);

/* Ask the invoice that is the payment for its payment intent; take the answer into the refs. ERR_PROVIDER with `why`. */
void stripe_ask_invoice(const struct provider_account *account, const char *invoice, struct http_call *call);
MUST_CHECK enum err stripe_take_intent(const struct json_text *json, struct event *event, struct why *why);

/* One more pair of a form, percent-encoded. */
void stripe_put_pair(struct buffer *form, const char *name, const char *value);

/* A POST may be repeated under this key for a day and happens once. */
void stripe_ask_once(struct http_call *call, const char *key);

#endif
