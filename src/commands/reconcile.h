/*
 * reconcile.h -- pledger reconcile: the books beside the provider's balance.
 */
#ifndef COMMANDS_RECONCILE_H
#define COMMANDS_RECONCILE_H

int command_reconcile(int argc, char **argv);

#endif
