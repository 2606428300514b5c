/*
 * operation_read.h -- private to the operations: from what somebody typed to a
 * command of the ledger.
 */
#ifndef SERVICE_OPERATION_READ_H
#define SERVICE_OPERATION_READ_H

#include "service/operation.h"

/*
 * Read all but a retry, whose command is an event's. ERR_INPUT for what cannot be; ERR_UNKNOWN for a tier,
 * account, pledge or payment that is not known; ERR_CONFLICT where a pledge's payments are several; ERR_SYSTEM
 * without randomness. `why` says what.
 */
MUST_CHECK enum err operation_read(struct ledger *ledger, const struct config *config, const struct operation_request *request,
                                   struct command *command, struct why *why);

/* The seq that a retry is for, 0 for all. ERR_INPUT. */
MUST_CHECK enum err operation_read_seq(const struct operation_request *request, uint64_t *seq, struct why *why);

#endif
