#include "sandbox/signature.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/digest.h"
#include "base/text.h"

static enum err write_mac(struct bytes key, const char *scheme, struct bytes time, struct bytes body,
                          struct buffer *out)
{
	const struct bytes pieces[] = { time, BYTES_LITERAL("."), body };
	uint8_t mac[DIGEST_BYTES];
	char hex[2 * DIGEST_BYTES + 1];
	enum err err = digest_hmac(key, pieces, 3, mac);

	if (err != OK)
		return err;
	text_hex(mac, sizeof mac, hex);
	buffer_format(out, ",%s=%s", scheme, hex);
	return buffer_err(out);
}

enum err signature_write(const struct signing_secrets *secrets, int64_t at_s, struct bytes body,
                         bool live, struct buffer *out)
{
	char time[24];
	enum err err = OK;

	snprintf(time, sizeof time, "%" PRId64, at_s);
	buffer_format(out, "t=%s", time);
	for (size_t i = 0; i < secrets->count && err == OK; i++)
		err = write_mac(bytes_of(secrets->text[i]), "v1", bytes_of(time), body, out);
	if (err == OK && !live)
		err = write_mac(BYTES_LITERAL("test mode"), "v0", bytes_of(time), body, out);
	return err != OK ? err : buffer_err(out);
}
