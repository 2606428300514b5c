/* serve.h -- `pledger serve`: take gifts. */
#ifndef COMMANDS_SERVE_H
#define COMMANDS_SERVE_H

int command_serve(int argc, char **argv);

#endif
