/*
 * response.h -- a reply in libmicrohttpd's terms.
 */
#ifndef NET_RESPONSE_H
#define NET_RESPONSE_H

#include <microhttpd.h>

#include "base/http_message.h"

/*
 * Takes over the reply's body; the fields stay with the caller. A streamed
 * body counts its bytes in `*streamed`, which lives until the exchange ends,
 * and breaks off the connection `fd` when it fails. `bodiless`: the body will
 * not be sent (HEAD, 204, 304). NULL when out of memory or when libmicrohttpd
 * refuses a field; the reply can then only be freed.
 */
struct MHD_Response *response_new(struct http_reply *reply, bool bodiless, uint64_t *streamed, int fd);

#endif
