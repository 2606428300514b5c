/*
 * adjust.h -- pledger adjust: a correction between two accounts.
 */
#ifndef COMMANDS_ADJUST_H
#define COMMANDS_ADJUST_H

int command_adjust(int argc, char **argv);

#endif
