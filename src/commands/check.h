/*
 * check.h -- pledger check: whether a configuration is one.
 */
#ifndef COMMANDS_CHECK_H
#define COMMANDS_CHECK_H

int command_check(int argc, char **argv);

#endif
