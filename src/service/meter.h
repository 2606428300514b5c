/*
 * meter.h -- how much of what a campaign hopes for has come: the numbers behind
 * every form in which a meter is shown.
 *
 * They are the ledger's own totals (ledger.h) and nothing else: gifts by hand are
 * in them, what is parked is not. What was given back or taken back counts
 * nowhere, what is on its way is apart, and what is disputed counts until that is
 * decided.
 */
#ifndef SERVICE_METER_H
#define SERVICE_METER_H

#include <stdint.h>

#include "base/err.h"
#include "domain/campaign.h"
#include "ledger/ledger.h"

enum { METER_MONTH_SIZE = 8 };

/* Amounts are in the campaign's currency. */
struct meter {
	struct money raised;          /* settled less refunded and lost; by a campaign that shows net, less fees too */
	struct money pending;         /* on its way now, whenever it began; not in `raised` */
	struct money refunded;        /* given back; not in `raised` */
	struct money lost;            /* taken back for good after a dispute; not in `raised` */
	struct money disputed;        /* disputed now, of whatever month; in `raised` where it was given since */
	struct money fees;            /* what providers kept */
	struct money settled;         /* what was given, before anything was taken off */
	uint64_t gifts;
	char since[METER_MONTH_SIZE]; /* the month with which it began, "2026-11", by UTC; "": of all time */
	struct money full;            /* where the meter is full: the goal, or the last mark where that is further; 0: nowhere */
};

/*
 * The meter as it is at that time, in seconds since 1970: a campaign whose meter begins anew counts from its UTC month
 * or year. ERR_TOO_BIG for sums beyond 64 bits; else as ledger_totals.
 */
MUST_CHECK enum err meter_read(struct ledger *ledger, const struct campaign *campaign, int64_t now_s, struct meter *meter);

/* The same from totals that were read already. ERR_TOO_BIG. */
MUST_CHECK enum err meter_make(const struct campaign *campaign, const struct campaign_totals *totals, struct meter *meter);

#endif
