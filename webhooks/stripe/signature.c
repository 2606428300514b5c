/*
 * Stripe-Signature: t=1492774577,v1=<64 hex>[,v1=…][,v0=…]
 *
 * Signed is the text of t, a '.', and the raw body; the key is the whole text of the secret, "whsec_"
 * included. While a secret is rolled there is a v1 for each; any one good v1 is enough. v0 and
 * schemes that are not known are passed over, and so are empty items.
 *
 * Stricter than the official libraries, none of which Stripe's own deliveries need: exactly one t
 * of plain digits, no t in the future beyond the tolerance, no empty body, lower-case hexadecimal.
 */
#include <string.h>

#include "base/digest.h"
#include "base/text.h"
#include "webhooks/stripe/stripe.h"

enum { SIGNATURES_MAX = 8 };

struct signature {
	struct bytes time;
	uint8_t macs[SIGNATURES_MAX][DIGEST_BYTES];
	size_t mac_count;
	bool has_v1;
};

/* Split at the first `mark`: what is before it, and the rest behind it. False when there is none. */
static bool split(struct bytes *rest, char mark, struct bytes *before)
{
	const char *at = rest->length > 0 ? memchr(rest->data, mark, rest->length) : NULL;

	*before = *rest;
	if (at == NULL) {
		*rest = (struct bytes){ rest->data + rest->length, 0 };
		return false;
	}
	before->length = (size_t)(at - rest->data);
	*rest = (struct bytes){ at + 1, rest->length - before->length - 1 };
	return true;
}

static enum err take_item(struct signature *signature, struct bytes item, struct why *why)
{
	struct bytes value = item;
	struct bytes name;
	bool has_value = split(&value, '=', &name) && value.length > 0;
	bool is_time = bytes_is(name, "t");
	bool is_v1 = bytes_is(name, "v1");

	if (!is_time && !is_v1)
		return OK;
	if (!has_value)
		return why_set(why, ERR_FORGED, "an item of the Stripe-Signature header has no value");
	if (is_time && signature->time.length > 0)
		return why_set(why, ERR_FORGED, "the Stripe-Signature header has two times");
	if (is_time) {
		signature->time = value;
		return OK;
	}
	signature->has_v1 = true;
	/* A v1 that is no SHA-256 at all can match nothing; another one still may. */
	if (value.length != 2 * DIGEST_BYTES || text_unhex(value, signature->macs[signature->mac_count], DIGEST_BYTES) != OK)
		return OK;
	if (++signature->mac_count == SIGNATURES_MAX)
		return why_set(why, ERR_FORGED, "the Stripe-Signature header has too many signatures");
	return OK;
}

static enum err parse(struct bytes header, struct signature *signature, struct why *why)
{
	struct bytes rest = header;

	memset(signature, 0, sizeof *signature);
	while (rest.length > 0) {
		struct bytes item;

		(void)split(&rest, ',', &item);
		enum err err = take_item(signature, item, why);

		if (err != OK)
			return err;
	}
	if (signature->time.length == 0)
		return why_set(why, ERR_FORGED, "the Stripe-Signature header has no time (t=)");
	if (!signature->has_v1)
		return why_set(why, ERR_FORGED, "the Stripe-Signature header has no v1 signature");
	return OK;
}

/* Every secret is tried against every signature, so that the time taken tells nothing. */
static enum err match(const struct provider_account *account, const struct signature *signature, struct bytes body,
                      bool *matched, unsigned *secret_index)
{
	*matched = false;
	for (size_t i = 0; i < account->webhook_secret_count; i++) {
		const struct secret *secret = &account->webhook_secrets[i];
		struct bytes signed_text[] = { signature->time, BYTES_LITERAL("."), body };
		uint8_t mac[DIGEST_BYTES];
		enum err err = digest_hmac((struct bytes){ secret->text, secret->length }, signed_text, 3, mac);

		if (err != OK)
			return err;
		for (size_t k = 0; k < signature->mac_count; k++)
			if (bytes_equal_secret((struct bytes){ (const char *)mac, DIGEST_BYTES },
			                       (struct bytes){ (const char *)signature->macs[k], DIGEST_BYTES })
			    && !*matched) {
				*matched = true;
				*secret_index = (unsigned)i;
			}
	}
	return OK;
}

enum err stripe_authenticate(const struct provider_account *account, const struct delivery *delivery, int64_t now_s,
                             struct authentic *authentic, struct why *why)
{
	struct signature signature;
	struct bytes header;
	unsigned secret_index = 0;
	bool matched;
	enum err err = delivery_field(delivery, "Stripe-Signature", &header, why);

	if (err == OK && delivery->body.length == 0)
		err = why_set(why, ERR_FORGED, "the body is empty");
	if (err == OK)
		err = parse(header, &signature, why);
	if (err == OK)
		err = match(account, &signature, delivery->body, &matched, &secret_index);
	if (err != OK)
		return err;
	if (!matched)
		return why_set(why, ERR_FORGED,
		               "no v1 signature fits the body with any of the %zu active secrets: the body was changed on its"
		               " way, or the secret is of another endpoint",
		               account->webhook_secret_count);
	err = delivery_time(signature.time, now_s, account->tolerance_s, why);
	if (err != OK)
		return err;
	*authentic = (struct authentic){ delivery->body, secret_index };
	return OK;
}
