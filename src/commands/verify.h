/*
 * verify.h -- pledger verify: whether the ledger is whole, line by line.
 */
#ifndef COMMANDS_VERIFY_H
#define COMMANDS_VERIFY_H

int command_verify(int argc, char **argv);

#endif
