/*
 * accounts.h -- the configuration's "accounts" member.
 */
#ifndef CONFIG_ACCOUNTS_H
#define CONFIG_ACCOUNTS_H

#include "config/reader.h"

/* `target` is the configuration; its mode must have been read. */
void accounts_read(struct reader *reader, const struct json_node *node, void *target);

#endif
