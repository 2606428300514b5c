/*
 * reconcile_counterpart.h -- private to the reconciler: the lines of the provider's balance that operators have entered by
 * hand, as an adjustment whose reference is the line's id. The provider is asked for each once: its lines never change.
 */
#ifndef SERVICE_RECONCILE_COUNTERPART_H
#define SERVICE_RECONCILE_COUNTERPART_H

#include "ledger/ledger.h"

enum counterpart_answer {
	COUNTERPART_NONE,     /* the reference is no line's id, or of an account that is not configured any more */
	COUNTERPART_UNASKED,  /* it may be one: the provider was not asked yet */
	COUNTERPART_MISSING,  /* the provider has no such line */
	COUNTERPART_THERE,
};

/* What is known of lines so far. One thread's. */
struct counterparts;

/* On OK the caller owns it. ERR_MEMORY. */
MUST_CHECK enum err counterparts_new(struct counterparts **counterparts);

/* Free and null; does nothing with NULL. */
void counterparts_free(struct counterparts **counterparts);

/*
 * Take in what was answered for what was moved: COUNTERPART_THERE with its line (copied), COUNTERPART_MISSING, or
 * COUNTERPART_NONE where nobody can be asked. ERR_MEMORY.
 */
MUST_CHECK enum err counterparts_add(struct counterparts *counterparts, const struct by_hand *moved, enum counterpart_answer answer,
                                     const struct event *line);

/* What is known of it; *line is lent, and there with COUNTERPART_THERE only. */
enum counterpart_answer counterparts_find(const struct counterparts *counterparts, const struct by_hand *moved, const struct event **line);

#endif
