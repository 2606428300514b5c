/*
 * index.h -- what the ledger's lines add up to, in LMDB: event ids, pledges,
 * payments, receipt tokens, totals, what is parked, and how far it has read.
 *
 * Derived and disposable. It runs without syncs of its own, so it is trusted
 * after an orderly stop only (the stamp, segment.h) and never opened otherwise.
 * One thread writes; any thread reads.
 */
#ifndef LEDGER_INDEX_H
#define LEDGER_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "domain/decide.h"
#include "domain/token.h"
#include "ledger/ledger.h"
#include "ledger/segment.h"

struct index;

/*
 * What a balance may come to, also below zero, in minor units: sums of balances, as over the tiers of a campaign, still
 * fit in 64 bits then.
 */
#define BALANCE_MINOR_MAX (INT64_MAX / 4096)

/*
 * Open the index in the folder `dir`; with `fresh` whatever is there is deleted
 * unread. On OK the caller owns `*index`. ERR_STORAGE, ERR_MEMORY.
 */
MUST_CHECK enum err index_open(struct index **index, int data_dir, const char *data_path, bool fresh,
                               const uint8_t secret[static RECEIPT_SECRET_BYTES], struct why *why);

/*
 * What must be equal for an index to be of use: its format's version, the
 * receipt secret it was made with, and how far it has read.
 */
bool index_is_usable(struct index *index, const struct position *end);

/*
 * Whether something that was read is not what was put there, of which ERR_CORRUPT was said; from any thread. Then no
 * answer is to be believed, and it is not to be stamped.
 */
bool index_is_damaged(const struct index *index);

/* ---- the writing thread ---- */

/*
 * Begin a batch, growing the file first where a batch may not fit. ERR_STORAGE
 * when the disk has no room for that. A commit says how far the lines were read.
 */
MUST_CHECK enum err index_begin(struct index *index, struct why *why);
MUST_CHECK enum err index_commit(struct index *index, const struct position *end, struct why *why);
void index_abort(struct index *index);

/* Between begin and commit: what is known of the ids that a command names, this batch included. */
MUST_CHECK enum err index_know(struct index *index, const struct command *command,
                               struct knowledge *known, struct why *why);

/*
 * Between begin and commit: whether every balance that the entry changes stays one that can be reckoned with
 * (BALANCE_MINOR_MAX). ERR_TOO_BIG when not; ERR_STORAGE.
 */
MUST_CHECK enum err index_has_room(struct index *index, const struct entry *entry, struct why *why);

/* Between begin and commit: take in an entry. */
MUST_CHECK enum err index_apply(struct index *index, const struct entry *entry, struct why *why);

/*
 * From begin to end, batches put nothing into the tables before they are committed, and then all of it in order: for
 * the many entries of a rebuild, while nobody reads. The index has no entries yet. A batch that is full is committed before the next entry. Both
 * are called between batches; a batch gathers about `bytes`, which are less than the room for a batch. ERR_STORAGE, ERR_MEMORY; after an error only index_close.
 */
MUST_CHECK enum err index_gather_begin(struct index *index, size_t bytes, struct why *why);
bool index_gather_is_full(const struct index *index);
MUST_CHECK enum err index_gather_end(struct index *index, struct why *why);

/*
 * Parked events whose pledge or payment has come by now: the next one behind
 * *cursor (0 at first) as a command that books it; ERR_UNKNOWN when there is no
 * further one.
 */
MUST_CHECK enum err index_next_unpark(struct index *index, uint64_t *cursor, struct command *command);

/* ---- any thread ---- */

MUST_CHECK enum err index_pledge(struct index *index, const char *id, struct pledge *pledge);
MUST_CHECK enum err index_receipt(struct index *index, const char *token, struct pledge *pledge);
MUST_CHECK enum err index_gift(struct index *index, const char *token, struct pledge *pledge, struct payment *payment);
MUST_CHECK enum err index_gift_next(struct index *index, const struct pledge *pledge, struct payment *payment,
                                    char receipt[static TOKEN_SIZE]);
MUST_CHECK enum err index_key(struct index *index, const char *key, struct pledge *pledge);
MUST_CHECK enum err index_object(struct index *index, const char *account, const char *object, struct pledge *pledge);
MUST_CHECK enum err index_totals(struct index *index, const char *campaign, const struct currency *currency,
                                 const char *since, struct campaign_totals *totals);
MUST_CHECK enum err index_payment(struct index *index, const char *account, const char *object, struct payment *payment);
MUST_CHECK enum err index_provider_object(struct index *index, const char *account, const char *object,
                                          struct provider_object *known);
MUST_CHECK enum err index_pledge_next(struct index *index, struct pledge *pledge);
bool index_knows_event(struct index *index, const char *account, const struct event *event);
int64_t index_newest_event_s(struct index *index);
MUST_CHECK enum err index_owed_next(struct index *index, struct owed *owed, bool pass_kind);
MUST_CHECK enum err index_parked_next(struct index *index, struct parked *parked);
MUST_CHECK enum err index_balance_next(struct index *index, struct account_balance *balance);
MUST_CHECK enum err index_provider_next(struct index *index, struct provider_balance *balance);
MUST_CHECK enum err index_by_hand_next(struct index *index, struct by_hand *moved);
MUST_CHECK enum err index_is_owed(struct index *index, enum owed_verb verb, const char *account, const char *object);
MUST_CHECK enum err index_taken(struct index *index, const char *tier, uint64_t *taken);
/* How many events are parked, and how many things are owed. */
MUST_CHECK enum err index_counts(struct index *index, uint64_t *parked, uint64_t *owed);

/* Sync (when `orderly`), close, free and null. ERR_STORAGE when the sync failed. */
MUST_CHECK enum err index_close(struct index **index, bool orderly, struct why *why);

#endif
