/*
 * payments.h -- private to the export: what became of payments, for
 * millions of them: about 64 bytes for a payment of the period, 104 more for
 * each that was refunded, disputed or parked, or that is of an earlier period
 * and changed in this one.
 *
 * The ledger is read twice. The first reading finds the payments that the period
 * is about, and what became of its own ones up to its end. The second one
 * follows the earlier ones from their beginning, so that each of their changes
 * is known by what was before and after it. What an entry makes of a payment is
 * domain/payment's to say.
 */
#ifndef BOOKS_PAYMENTS_H
#define BOOKS_PAYMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "domain/campaign.h"
#include "domain/entry.h"
#include "domain/payment.h"

struct payments; /* opaque */

/* A payment as the rows want it. */
struct known_payment {
	struct payment payment;  /* its status, sums and payout; no ids */
	int64_t pledged_us;      /* 0: not known */
	enum interval interval;
	int64_t settled_us;      /* when it was booked as a gift */
	char campaign[ID_SIZE];
	char tier[ID_SIZE];
	int64_t payout_at_s;     /* of its payout: when it was paid or, until that was told, sent */
};

/* Begin. ERR_MEMORY. */
MUST_CHECK enum err payments_new(struct payments **payments);

/*
 * The first reading. `within`: the entry is of the period; `counts`: what it says is part of what became of the
 * period's payments. ERR_MEMORY, ERR_TOO_BIG beyond 2^29 payments or for a sum beyond 64 bits.
 */
MUST_CHECK enum err payments_foresee(struct payments *payments, const struct entry *entry, bool within, bool counts);

/* What an entry of the second reading is to a payment. */
enum payment_news {
	PAYMENT_NO_NEWS,  /* nothing that a row shows */
	PAYMENT_IS_GIFT,  /* it begins to count: `after` is what became of it up to the period's end */
	PAYMENT_CHANGES,  /* one of an earlier period, from `before` to `after` */
};

/*
 * The second reading. `before`: the entry stands before the period; of payments that began to count behind it no change
 * is told. The results are lent until the next call. ERR_MEMORY, ERR_TOO_BIG.
 */
MUST_CHECK enum err payments_learn(struct payments *payments, const struct entry *entry, bool before, enum payment_news *news);
const struct known_payment *payments_before(const struct payments *payments);
const struct known_payment *payments_after(const struct payments *payments);

/* Free and null. Does nothing with NULL. */
void payments_free(struct payments **payments);

#endif
