/*
 * url.h -- the form of the URLs in a configuration.
 *
 * Refused in all but links: another scheme than https and http, user info, a query, a
 * fragment, a '/' at the end, the scheme's own port, hosts that
 * address_check_host refuses.
 */
#ifndef CONFIG_URL_H
#define CONFIG_URL_H

#include "base/bytes.h"
#include "base/err.h"

/* Where a provider's API is: https, or http on loopback; a path is allowed. ERR_INPUT with `why`. */
MUST_CHECK enum err url_check_api(struct bytes text, struct why *why);

/* How donors reach us: https, or http on loopback; no path. ERR_INPUT with `why`. */
MUST_CHECK enum err url_check_public(struct bytes text, struct why *why);

/* An origin as a browser spells it. ERR_INPUT with `why`. */
MUST_CHECK enum err url_check_origin(struct bytes text, struct why *why);

/* What a page links to: https, with any path, query and fragment. ERR_INPUT with `why`. */
MUST_CHECK enum err url_check_link(struct bytes text, struct why *why);

#endif
