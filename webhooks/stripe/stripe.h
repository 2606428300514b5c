/*
 * stripe.h -- Stripe Checkout: private to this folder but for the adapter
 * itself.
 *
 * Sources: https://docs.stripe.com/webhooks (signatures),
 * https://docs.stripe.com/api/checkout/sessions,
 * https://docs.stripe.com/currencies, and the types of npm stripe 23.1.0, which
 * pins the API version below.
 */
#ifndef WEBHOOKS_STRIPE_STRIPE_H
#define WEBHOOKS_STRIPE_STRIPE_H

#include "base/json_text.h"
#include "webhooks/provider.h"

#define STRIPE_API_VERSION "2026-10-28.endive"

extern const struct provider stripe_provider;

/* signature.c */
MUST_CHECK enum err stripe_authenticate(const struct provider_account *account, const struct delivery *delivery,
                                        int64_t now_s, struct authentic *authentic, struct why *why);

/* events.c */
MUST_CHECK enum err stripe_read_events(const struct provider_account *account, const struct authentic *authentic,
                                       struct event events[static EVENTS_MAX], size_t *count, struct why *why);

/*
 * The readers of objects below fill an event that is blank but for its envelope. *moves is false when the object moves
 * nothing of ours as it stands. ERR_INPUT, ERR_TOO_BIG when something that it must have cannot be read.
 */

/*
 * One event, which came as `text`, of a delivery or of a list: what cannot be read becomes EVENT_UNREADABLE. ERR_INPUT
 * when not even its id can.
 */
MUST_CHECK enum err stripe_read_event(const struct json_text *json, const struct json_node *root, struct bytes text,
                                      struct event *event, bool *moves, struct why *why);

/* The types of event that are read, one by one; NULL behind the last. */
const char *stripe_event_type(size_t i);

/* session.c: a checkout session that was completed, whose slow payment came or did not, that ended; as it stands now. */
MUST_CHECK enum err stripe_read_completed(const struct json_text *json, const struct json_node *object, struct event *event, bool *moves);
MUST_CHECK enum err stripe_read_succeeded(const struct json_text *json, const struct json_node *object, struct event *event, bool *moves);
MUST_CHECK enum err stripe_read_failed(const struct json_text *json, const struct json_node *object, struct event *event, bool *moves);
MUST_CHECK enum err stripe_read_expired(const struct json_text *json, const struct json_node *object, struct event *event, bool *moves);
MUST_CHECK enum err stripe_read_session(const struct json_text *json, const struct json_node *object, struct event *event, bool *moves);

/* dispute.c: kind, amount, refs and clearing by what is decided and what has moved. */
MUST_CHECK enum err stripe_read_dispute(const struct json_text *json, const struct json_node *object, struct event *event, bool *moves);

/*
 * invoice.c: what an invoice object says of a payment, in either shape (since
 * API 2025-03-31 the subscription stands under `parent` and the payment intent
 * under `payments`). Fills payment, amount, refs, pledge and recurring. *ours is
 * false for an invoice that belongs to no subscription. ERR_INPUT when something
 * that an invoice must have cannot be read.
 */
MUST_CHECK enum err stripe_read_invoice(const struct json_text *json, const struct json_node *object,
                                        struct event *event, bool *ours);

/* The same of one that was paid, and of one whose payment failed. */
MUST_CHECK enum err stripe_read_paid_invoice(const struct json_text *json, const struct json_node *object, struct event *event, bool *moves);
MUST_CHECK enum err stripe_read_failed_invoice(const struct json_text *json, const struct json_node *object, struct event *event, bool *moves);

/*
 * refund.c: what a refund object says, and where it stands: kind, amount, refs and the reference of one that we asked
 * for. *moves is false while nothing of it has left the balance. ERR_INPUT.
 */
MUST_CHECK enum err stripe_read_refund(const struct json_text *json, const struct json_node *object, struct event *event,
                                       bool *moves);

/* line.c: a line of Stripe's balance, in the currency that the account keeps. */
struct stripe_line {
	char id[OBJECT_ID_SIZE];
	char type[LABEL_SIZE];          /* "charge", "refund", "payout", … */
	int64_t created_s;
	int sign;                       /* 1: it adds; -1: it takes */
	struct clearing clearing;       /* of this line alone */
	const struct json_node *source; /* what it is about, expanded; NULL when nothing */
};

/* Whether a text is "txn_" and letters and digits. */
bool stripe_is_line(struct bytes text);

/* ERR_INPUT. */
MUST_CHECK enum err stripe_read_line(const struct json_text *json, const struct json_node *object, struct stripe_line *line);

/*
 * All lines about one object, which is of `amount` in its own currency: summed in event->clearing, which is left alone
 * when there are none; event->amount is what they stand for, signed, and event->at_s when the latest was written.
 * ERR_INPUT.
 */
MUST_CHECK enum err stripe_sum_lines(const struct json_text *json, const struct json_node *lines, const struct money *amount,
                                     struct event *event);

/* A line as an event: `line` itself, what it is about, and what it moved. ERR_INPUT. */
MUST_CHECK enum err stripe_line_event(const struct json_text *json, const struct stripe_line *line, struct event *event);

/* conversation.c */
enum step stripe_step(const struct provider_account *account, struct conversation *conversation,
                      const struct http_answer *last, struct http_call *next, enum err *err, struct why *why);

/* currency.c: Stripe's own idea of minor units, as of 2026-11. ERR_INPUT. */
MUST_CHECK enum err stripe_amount_to(const struct money *amount, int64_t *units, char code[static CURRENCY_SIZE],
                                     struct why *why);
MUST_CHECK enum err stripe_amount_from(int64_t units, struct bytes code, struct money *amount);
MUST_CHECK enum err stripe_check_amount(const struct money *amount, struct why *why);

/* fields.c: readings that every Stripe object needs. */

/*
 * Read a delivery or an answer: json->nodes is then the caller's to free. ERR_INPUT with `why`, also for one with too
 * many values; ERR_MEMORY.
 */
MUST_CHECK enum err stripe_json_read(struct json_text *json, struct bytes text, struct why *why);

/* Year 2200 and the like are no times of anything, and would not fit the ledger's spelling for ever. */
bool stripe_time_is_good(int64_t time_s);

/* A plain id of printable ASCII. ERR_INPUT. */
MUST_CHECK enum err stripe_id(const struct json_text *json, const struct json_node *node, char id[static OBJECT_ID_SIZE]);

/* A member that holds an id, or the object of that id where it was expanded; "" when it is null or absent. ERR_INPUT. */
MUST_CHECK enum err stripe_member_id(const struct json_text *json, const struct json_node *object, const char *name,
                                     char id[static OBJECT_ID_SIZE]);

/* The same as a ref of the event, if it is there. */
MUST_CHECK enum err stripe_member_ref(const struct json_text *json, const struct json_node *object, const char *name,
                                      enum ref_kind kind, struct event *event);

/* What was paid, in `amount_name` with the currency in "currency"; never below zero. ERR_INPUT. */
MUST_CHECK enum err stripe_member_amount(const struct json_text *json, const struct json_node *object,
                                         const char *amount_name, struct money *amount);

/* The same of what may be taken as well as given. ERR_INPUT. */
MUST_CHECK enum err stripe_member_signed(const struct json_text *json, const struct json_node *object,
                                         const char *amount_name, struct money *amount);

/* The objects of a list, and whether further ones follow behind the last. ERR_INPUT. */
MUST_CHECK enum err stripe_list(const struct json_text *json, const struct json_node *list, const struct json_node **data, bool *more);

/* The pledge id in a metadata object, if there is one of our form. */
void stripe_metadata_pledge(const struct json_text *json, const struct json_node *metadata, struct event *event);

#endif
