/*
 * park.h -- pledger park: what is parked, and what becomes of it.
 */
#ifndef COMMANDS_PARK_H
#define COMMANDS_PARK_H

int command_park(int argc, char **argv);

#endif
