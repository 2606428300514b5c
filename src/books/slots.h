/*
 * slots.h -- private to the export: payments packed tightly, found by
 * pledge and payment. 56 bytes each and at most 9 of the hash table; those that
 * have more to tell than a fee have 112 bytes beside it.
 *
 * A payment is told from others of its pledge by 48 bits of its id's hash.
 */
#ifndef BOOKS_SLOTS_H
#define BOOKS_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "books/words.h"
#include "domain/campaign.h"
#include "domain/payment.h"
#include "domain/token.h"

enum { SLOTS_MAX = 1 << 29 };

struct slot;
struct slot_extra;

/* All zero is an empty one. */
struct slots {
	struct slot **chunks;       /* of SLOTS_CHUNK each, so that growing moves none */
	size_t count;
	uint32_t *index;            /* numbers by pledge, 0 where it is free */
	size_t index_size;
	struct slot_extra *extras;
	size_t extra_count;
	size_t extra_capacity;
	struct words currencies;
};

/* What a slot holds beside the payment. */
struct slot_note {
	bool is_gift;               /* it began to count in the period; else what follows is kept too: */
	int64_t settled_us;         /* when it began to */
	uint32_t choice;            /* a number of its owner's, and: */
	uint32_t payout;
	bool is_hidden;
	int64_t pledged_us;         /* 0: not known; of every slot, as the interval is */
	enum interval interval;
};

/* The number of a payment's slot, 0 when it has none. `pledge` must be of our form. */
uint32_t slots_find(const struct slots *slots, const char *pledge, const char *payment);

/* Make one for a payment that has none. ERR_MEMORY, ERR_TOO_BIG. */
MUST_CHECK enum err slots_add(struct slots *slots, const char *pledge, const char *payment, uint32_t *number);

/* The next slot of a pledge behind `number`, first 0; 0 behind the last one. */
uint32_t slots_next_of(const struct slots *slots, const char *pledge, uint32_t *place);

/* Unpack and pack: the payment's status, standing and sums, no ids. ERR_MEMORY, ERR_TOO_BIG. */
void slots_load(const struct slots *slots, uint32_t number, struct payment *payment, struct slot_note *note);
MUST_CHECK enum err slots_store(struct slots *slots, uint32_t number, const struct payment *payment, const struct slot_note *note);

void slots_free(struct slots *slots);

#endif
