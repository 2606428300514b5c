/*
 * contradiction.h -- what in a configuration contradicts the ledger that it is
 * to go on with.
 */
#ifndef COMMANDS_CONTRADICTION_H
#define COMMANDS_CONTRADICTION_H

#include "config/config.h"

/*
 * Read the whole ledger in `data_dir` and add a mistake for each of: another
 * organisation, another mode, a campaign that was given to in another currency,
 * a tier that belonged to another campaign. What the configuration no longer
 * names is no contradiction. ERR_UNKNOWN when there is no ledger, ERR_STORAGE,
 * ERR_CORRUPT, ERR_MEMORY, with `why`.
 */
MUST_CHECK enum err contradiction_find(const struct config *config, const char *data_dir,
                                       struct config_problems *problems, struct why *why);

#endif
