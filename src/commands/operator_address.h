/*
 * operator_address.h -- where the service that has a data directory can be asked:
 * the file `operator.address` in it, written at its start and removed at its end.
 * A service that was killed leaves it behind; whether one runs, the ledger's lock
 * tells.
 */
#ifndef COMMANDS_OPERATOR_ADDRESS_H
#define COMMANDS_OPERATOR_ADDRESS_H

#include "config/config.h"

enum { OPERATOR_ADDRESS_SIZE = LISTEN_SIZE + 16 };

/* ERR_STORAGE with `why`. */
MUST_CHECK enum err operator_address_write(const char *data_dir, const char *address, struct why *why);

/* ERR_UNKNOWN when there is none; ERR_STORAGE, ERR_INPUT when it cannot be read. */
MUST_CHECK enum err operator_address_read(const char *data_dir, char address[static OPERATOR_ADDRESS_SIZE], struct why *why);

/* Nothing is heard of a failure: a file that stays behind misleads nobody. */
void operator_address_remove(const char *data_dir);

#endif
