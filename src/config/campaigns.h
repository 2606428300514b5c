/*
 * campaigns.h -- the configuration's "campaigns" member.
 */
#ifndef CONFIG_CAMPAIGNS_H
#define CONFIG_CAMPAIGNS_H

#include "config/reader.h"

/* `target` is the configuration. */
void campaigns_read(struct reader *reader, const struct json_node *node, void *target);

#endif
