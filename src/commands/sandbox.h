/*
 * sandbox.h -- pledger sandbox: run the stand-in provider until told to stop.
 */
#ifndef COMMANDS_SANDBOX_H
#define COMMANDS_SANDBOX_H

int command_sandbox(int argc, char **argv);

#endif
