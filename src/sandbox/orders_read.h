/*
 * orders_read.h -- reading what an order says, and showing what came of it.
 */
#ifndef SANDBOX_ORDERS_READ_H
#define SANDBOX_ORDERS_READ_H

#include "sandbox/orders.h"

/* The member of that name; NULL when there is none. */
const struct json_node *order_member(const struct order *order, const char *name);

/* All below: ERR_INPUT with the order's `why`; outputs are written on OK only where nothing else is said. */
MUST_CHECK enum err order_need_text(struct order *order, const char *name, char *out, size_t size);

/* `otherwise` when it is absent. */
MUST_CHECK enum err order_read_number(struct order *order, const char *name, int64_t otherwise, int64_t max,
                                      int64_t *number);

/* False when it is absent. */
MUST_CHECK enum err order_read_bool(struct order *order, const char *name, bool *value);

/* "currency", one that Stripe knows. */
MUST_CHECK enum err order_need_currency(struct order *order, const char *name, char currency[static STRIPE_CURRENCY_SIZE]);

/* The object that the member names by its id. ERR_UNKNOWN. */
MUST_CHECK enum err order_need_object(struct order *order, const char *name, enum kind kind, struct object **object);

/* The charge behind "charge", "payment_intent", "invoice" or "session". ERR_UNKNOWN, ERR_CONFLICT when there is none yet. */
MUST_CHECK enum err order_need_charge(struct order *order, struct charge **charge);

/* "outcome": "succeeded" (when absent) or "failed". */
MUST_CHECK enum err order_read_success(struct order *order, bool *succeeds);

/* The object is the answer. */
enum err order_show(struct order *order, const struct object *object);

/* The same when `err` is OK; a conflict in the words given. */
MUST_CHECK enum err order_end(struct order *order, enum err err, const struct object *object, const char *conflict);

#endif
