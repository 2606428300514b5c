/*
 * export.h -- pledger export: the ledger as CSV on standard output.
 */
#ifndef COMMANDS_EXPORT_H
#define COMMANDS_EXPORT_H

int command_export(int argc, char **argv);

#endif
