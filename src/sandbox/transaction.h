/*
 * transaction.h -- balance transactions: the only thing that moves the balance.
 */
#ifndef SANDBOX_TRANSACTION_H
#define SANDBOX_TRANSACTION_H

#include "sandbox/state.h"

/* What is to be booked; the texts are static. */
struct booking {
	const char *type, *category, *description;
	const struct object *source;   /* NULL: none */
	struct price price;            /* signed, in the currency that it settles in */
	int64_t rate;                  /* in millionths; 0: nothing was changed */
	int64_t fee;
	const char *fee_type;          /* "stripe_fee" where NULL */
	int64_t available_s;
};

/* Book it. The transaction is the state's. */
MUST_CHECK enum err transaction_book(struct state *state, const struct booking *booking,
                                     struct transaction **transaction);

/*
 * Fill in what `amount` of the charge (negative: back to the donor) is worth
 * where the charge settled, at today's rate, and when it becomes available: not
 * before the charge itself does.
 */
void transaction_value(const struct state *state, const struct charge *charge, int64_t amount,
                       struct booking *booking);

/* The opposite of one that came to nothing, its fee not included, available at once. */
MUST_CHECK enum err transaction_undo(struct state *state, const struct transaction *undone, const char *type,
                                     const char *category, struct transaction **transaction);

int64_t transaction_net(const struct transaction *transaction);

/* A fee or a correction of the provider's own: a transaction without a source. */
MUST_CHECK enum err transaction_fee(struct state *state, const struct price *price, struct transaction **transaction);
MUST_CHECK enum err transaction_adjust(struct state *state, const struct price *price, struct transaction **transaction);

#endif
