/*
 * demo_files.h -- the fresh directory of a demo: secrets made on the spot, and
 * the sample configuration of etc/pledger.json fitted to this machine.
 */
#ifndef COMMANDS_DEMO_FILES_H
#define COMMANDS_DEMO_FILES_H

#include "base/err.h"
#include "base/limits.h"

struct demo_files {
	char directory[PATH_SIZE];
	char config[PATH_SIZE + 32];
	char api_key[64];
	char webhook_secret[64];
	char token[64];
	unsigned public_port;
	unsigned operator_port;
	unsigned sandbox_port;
};

/*
 * Make the directory (`wanted`, which must be empty or missing, or NULL for a
 * new one below the folder for temporary files), choose free ports, write secrets
 * and configuration. ERR_STORAGE, ERR_SYSTEM, ERR_MEMORY, ERR_INPUT with `why`.
 */
MUST_CHECK enum err demo_files_make(const char *wanted, struct demo_files *files, struct why *why);

#endif
