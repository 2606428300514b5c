/*
 * rebuild.h -- pledger rebuild: make the index again, and go on behind a loss
 * when the operator accepts it.
 */
#ifndef COMMANDS_REBUILD_H
#define COMMANDS_REBUILD_H

int command_rebuild(int argc, char **argv);

#endif
