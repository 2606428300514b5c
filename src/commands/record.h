/*
 * record.h -- pledger record: an offline gift.
 */
#ifndef COMMANDS_RECORD_H
#define COMMANDS_RECORD_H

int command_record(int argc, char **argv);

#endif
