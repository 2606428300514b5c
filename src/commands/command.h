/*
 * command.h -- what the subcommands share: reading their arguments, and exit
 * codes.
 */
#ifndef COMMANDS_COMMAND_H
#define COMMANDS_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum exit_code {
	EXIT_CODE_OK,
	EXIT_CODE_REFUSED, /* what was given is wrong, unknown or contradicts */
	EXIT_CODE_USAGE,   /* the command line itself is wrong */
	EXIT_CODE_LATER,   /* try again */
	EXIT_CODE_BROKEN,  /* disk, ledger, memory or system: a person must look */
};

int command_exit(enum err err);

/* ---- the table of subcommands ---- */

struct subcommand {
	const char *name;
	int (*run)(int argc, char **argv); /* argv[0] is the subcommand's name */
	const char *help;                  /* one line */
};

/* Run the one that argv[1] names; answers --help and --version. The table ends with a NULL name. */
int command_run(const struct subcommand *subcommands, int argc, char **argv);

/* ---- a subcommand's arguments ---- */

struct argument {
	const char *name;  /* "--data", "--force"; without dashes ("FILE") its place in the line tells */
	const char *value; /* what an option's value is called, "DIR"; NULL for a flag or by place */
	const char *help;
	bool required;
	const char **text; /* gets the value; NULL before, and still where it is not given */
	bool *flag;        /* set where a flag is given; NULL for the others */
};

/*
 * The table ends with a NULL name. An option that may be given several times is
 * listed as often, one behind the other.
 */
struct command_line {
	const char *name;    /* the subcommand's */
	const char *summary; /* a sentence or two */
	const struct argument *arguments;
};

/*
 * Read the arguments ("--name VALUE", "--name=VALUE", "--flag", by place; "--"
 * ends the options). False when there is nothing to do but exit with `*code`:
 * --help was printed, or a mistake was told on stderr.
 */
bool command_read(const struct command_line *line, int argc, char **argv, int *code);

#endif
