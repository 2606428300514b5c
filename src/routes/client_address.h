/*
 * client_address.h -- whose request it is, for budgets: the peer, or behind
 * trusted proxies the rightmost address that is none of theirs.
 */
#ifndef ROUTES_CLIENT_ADDRESS_H
#define ROUTES_CLIENT_ADDRESS_H

#include "base/http_message.h"
#include "config/config.h"

/*
 * X-Forwarded-For is believed only as far as trusted proxies wrote it: read from
 * the right, each address that is trusted hands on to the one before. What is no
 * address ends the reading. Never fails: at the worst it is the peer.
 */
void client_address(const struct config *config, const struct http_request *request, char address[static 64]);

#endif
