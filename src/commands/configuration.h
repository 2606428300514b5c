/*
 * configuration.h -- the configuration as a command uses it: read, checked
 * against what the adapters can do, and with their defaults filled in.
 */
#ifndef COMMANDS_CONFIGURATION_H
#define COMMANDS_CONFIGURATION_H

#include "config/config.h"

/*
 * Read the configuration at `path`. On OK the caller owns `*config`, every
 * account of which has an api_url. Else `problems` is as config_read leaves it.
 */
MUST_CHECK enum err configuration_read(const char *path, struct config **config,
                                       struct config_problems *problems);

/* The same with the secret files left unopened: good for checking only. */
MUST_CHECK enum err configuration_read_without_secrets(const char *path, struct config **config,
                                                       struct config_problems *problems);

/* Write the mistakes to stderr, one a line: "FILE:LINE:COLUMN: text". */
void configuration_print(const char *path, const struct config_problems *problems);

#endif
