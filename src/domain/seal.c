#include "domain/seal.h"

#include <string.h>

#include "base/digest.h"
#include "base/text.h"

/* With the NUL, so that no two rows of texts are alike. */
static struct bytes piece(const char *text)
{
	return (struct bytes){ text, strlen(text) + 1 };
}

enum err seal_make(const uint8_t secret[static RECEIPT_SECRET_BYTES], const struct pledge_command *pledge, char seal[static SEAL_SIZE])
{
	const struct bytes key = { (const char *)secret, RECEIPT_SECRET_BYTES };
	char amount[AMOUNT_TEXT_SIZE];
	uint8_t mac[DIGEST_BYTES];

	money_format(&pledge->amount, amount);
	const struct bytes pieces[] = {
		piece("pledge"), piece(pledge->pledge), piece(pledge->account), piece(pledge->campaign), piece(pledge->tier),
		piece(interval_name(pledge->interval)), piece(amount), piece(pledge->amount.currency.code),
	};
	enum err err = digest_hmac(key, pieces, sizeof pieces / sizeof pieces[0], mac);

	if (err == OK)
		text_hex(mac, sizeof mac, seal);
	return err;
}

enum err seal_holds(const uint8_t secret[static RECEIPT_SECRET_BYTES], const struct pledge_command *pledge, const char *seal, bool *holds)
{
	char own[SEAL_SIZE];
	enum err err = seal_make(secret, pledge, own);

	*holds = err == OK && bytes_equal_secret(bytes_of(seal), bytes_of(own));
	return err;
}
