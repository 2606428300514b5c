/*
 * listeners.h -- the configuration's "public" and "operator" members.
 */
#ifndef CONFIG_LISTENERS_H
#define CONFIG_LISTENERS_H

#include "config/reader.h"

/* What holds where the file says nothing. */
void listeners_default(struct config *config);

/* `target` is the configuration. "public" first: the two must not listen on the same address. */
void listeners_read_public(struct reader *reader, const struct json_node *node, void *target);
void listeners_read_operator(struct reader *reader, const struct json_node *node, void *target);

#endif
