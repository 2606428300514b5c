/*
 * backup.h -- pledger backup: a copy of the ledger, also while the service runs.
 */
#ifndef COMMANDS_BACKUP_H
#define COMMANDS_BACKUP_H

int command_backup(int argc, char **argv);

#endif
