/*
 * operate_answer.h -- private to the commands that write: what a door answered,
 * for the person at the terminal.
 */
#ifndef COMMANDS_OPERATE_ANSWER_H
#define COMMANDS_OPERATE_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

/* Print what was entered on stdout; the exit code. */
int answer_print(const char *command, struct bytes body);

/* How far a list that comes in pages was printed. */
struct parked_list {
	bool first;    /* its header is still to be printed */
	bool more;     /* there is another page, behind */
	uint64_t last; /* … this seq */
};

/* Print a page as CSV on stdout; the exit code. */
int answer_print_parked(const char *command, struct bytes body, struct parked_list *list);

#endif
