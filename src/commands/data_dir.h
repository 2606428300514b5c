/*
 * data_dir.h -- where the ledger is, for commands that only read it.
 */
#ifndef COMMANDS_DATA_DIR_H
#define COMMANDS_DATA_DIR_H

#include <stdbool.h>

#include "base/limits.h"

/*
 * `data` where it is given, else the data directory of the configuration at
 * `config`, whose secrets are not opened. False when there is nothing to do but
 * exit with `*code`: the mistake was told on stderr, under the command's name.
 */
bool data_dir_find(const char *command, const char *config, const char *data, char path[static PATH_SIZE],
                   int *code);

#endif
