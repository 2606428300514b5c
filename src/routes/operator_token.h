/*
 * operator_token.h -- who may enter the operator's listener.
 */
#ifndef ROUTES_OPERATOR_TOKEN_H
#define ROUTES_OPERATOR_TOKEN_H

#include "routes/site.h"

/*
 * Whether the visit names a configured host and carries the operator's token, as
 * a bearer token or as the password of HTTP Basic (RFC 7617; any user name), and
 * is no POST from another site's page (an Origin is this very host).
 * When not it has been answered: 421, 401 or 403. /healthz needs no token.
 */
bool operator_may_enter(struct visit *visit);

#endif
