/*
 * explain.h -- pledger explain: the story of one gift.
 */
#ifndef COMMANDS_EXPLAIN_H
#define COMMANDS_EXPLAIN_H

int command_explain(int argc, char **argv);

#endif
