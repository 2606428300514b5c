/* demo.h -- `pledger demo`: service, sandbox and sample configuration in a fresh directory. */
#ifndef COMMANDS_DEMO_H
#define COMMANDS_DEMO_H

int command_demo(int argc, char **argv);

#endif
