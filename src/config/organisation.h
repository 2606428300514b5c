/*
 * organisation.h -- the configuration's "organisation" member.
 */
#ifndef CONFIG_ORGANISATION_H
#define CONFIG_ORGANISATION_H

#include "config/reader.h"

/* `target` is the configuration. */
void organisation_read(struct reader *reader, const struct json_node *node, void *target);

#endif
