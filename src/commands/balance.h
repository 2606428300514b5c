/*
 * balance.h -- pledger balance: what each account of the books holds.
 */
#ifndef COMMANDS_BALANCE_H
#define COMMANDS_BALANCE_H

int command_balance(int argc, char **argv);

#endif
