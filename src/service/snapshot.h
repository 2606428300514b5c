/*
 * snapshot.h -- what every request is answered from: the configuration, the
 * totals of the campaigns, and what was rendered from both. Immutable; a moved
 * ledger or a new configuration publishes another one.
 */
#ifndef SERVICE_SNAPSHOT_H
#define SERVICE_SNAPSHOT_H

#include <stdint.h>

#include "config/config.h"
#include "ledger/ledger.h"
#include "service/meter.h"

struct snapshot {
	const struct config *config;
	const struct campaign_totals *totals; /* of all time, as config->campaigns */
	const struct meter *meters;           /* as config->campaigns */
	const struct offer *offers;           /* likewise: what can still be given */
	int64_t until_s;                      /* from this second on a campaign is over; 0: none will be */
	uint64_t head;                        /* the ledger's, when the totals were read */
	void *rendered;                       /* the routes' own */
};

/*
 * How the routes render: on OK `*rendered` belongs to the snapshot, which frees
 * it with `drop`.
 */
struct renderer {
	enum err (*render)(const struct snapshot *snapshot, void **rendered, struct why *why);
	void (*drop)(void *rendered);
};

/* Where the current snapshot is kept. */
struct snapshots;

/* Makes the first snapshot, of the time `now_s` (seconds since 1970). On OK the caller owns `*snapshots`, which has taken over `config`. */
MUST_CHECK enum err snapshots_open(struct snapshots **snapshots, struct config *config, struct ledger *ledger,
                                   const struct renderer *renderer, int64_t now_s, struct why *why);

/*
 * Publish anew: with `config` (taken over on OK) or, when it is NULL, with the
 * present one and the ledger's totals as they are now. A day of UTC that has begun wants it too: meters begin anew
 * with a month or year.
 */
MUST_CHECK enum err snapshots_publish(struct snapshots *snapshots, struct config *config, int64_t now_s,
                                      struct why *why);

/* Hold the current one; each hold is dropped, which nulls the caller's pointer. */
const struct snapshot *snapshot_hold(struct snapshots *snapshots);
const struct snapshot *snapshot_hold_again(const struct snapshot *snapshot);
void snapshot_drop(const struct snapshot **snapshot);

/* Drop the current one, free and null. Snapshots still held live on until they are dropped. */
void snapshots_close(struct snapshots **snapshots);

#endif
