/*
 * look.h -- the configuration's "look" member: the organisation's colours, logo and
 * what stands at the foot of its pages.
 */
#ifndef CONFIG_LOOK_H
#define CONFIG_LOOK_H

#include "config/reader.h"

/* Colours that cannot be told from their ground are mistakes; the logo is read with the secrets or not at all. */
void look_read(struct reader *reader, const struct json_node *node, void *config);

/* What a page without the member has. */
void look_default(struct config *config);

#endif
