/*
 * operate.h -- what the commands that write have in common: they go through the
 * running service or, where none runs, take the ledger's lock and do it themselves.
 */
#ifndef COMMANDS_OPERATE_H
#define COMMANDS_OPERATE_H

#include "commands/command.h"
#include "service/operation.h"

struct operate {
	const char *command;         /* for messages: "record" */
	const char *config;          /* the configuration's path */
	const char *token_file;      /* NULL: the configuration's */
	bool accept_clock;           /* where no service runs: the clock is right, whatever the last entry says */
	const char *path;            /* of the service's door */
	struct operation_request request;
};

/* The arguments that each of them has: rows of a `struct argument` table. */
#define OPERATE_ARGUMENTS(operate) \
	{ "--config", "FILE", "the configuration", true, &(operate).config, NULL }, \
	{ "--token-file", "FILE", "the operator's token, where the configuration's file cannot be read", false, &(operate).token_file, NULL }, \
	{ "--accept-clock", NULL, "where no service runs: the clock is right, whatever the last entry says", false, NULL, \
		&(operate).accept_clock }

/* Enter it, say what came of it, and return the exit code. */
int operate(const struct operate *operate);

/* List what is parked as CSV, likewise. */
int operate_list(const struct operate *operate);

#endif
