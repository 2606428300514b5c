/*
 * opening.h -- private to the ledger: everything between a folder and a ledger
 * that the writer can go on with.
 */
#ifndef LEDGER_OPENING_H
#define LEDGER_OPENING_H

#include "ledger/recover.h"
#include "ledger/writer.h"

struct opening_wishes {
	bool fresh_index; /* make the index anew even where it could be trusted */
	bool accept_loss; /* go on although acknowledged lines are gone from the end, and write `restored` */
};

/* Fill in a new `ledger`; `recovery` says what was found. The errors are those of ledger_open and ledger_rebuild. */
MUST_CHECK enum err opening_run(struct ledger *ledger, const struct opening_wishes *wishes, struct recovery *recovery,
                                struct why *why);

#endif
