#include <openssl/evp.h>
#include <string.h>

#include "sandbox/api.h"

enum { KEY_MAX = 255 };

/* The user of "Basic" credentials; the password is empty by custom and never looked at. */
static bool basic_user(struct bytes coded, char *out, size_t size)
{
	unsigned char plain[KEY_MAX * 2];
	int length;

	if (coded.length == 0 || coded.length % 4 != 0 || coded.length / 4 * 3 > sizeof plain)
		return false;
	length = EVP_DecodeBlock(plain, (const unsigned char *)coded.data, (int)coded.length);
	if (length < 0)
		return false;
	struct bytes user = { (const char *)plain, (size_t)length };
	const char *colon = memchr(plain, ':', user.length);

	if (colon == NULL)
		return false;
	user.length = (size_t)(colon - user.data);
	return bytes_copy_text(user, out, size) == OK;
}

static bool read_key(const struct http_request *request, char *key, size_t size)
{
	struct bytes value;

	if (!http_request_field(request, "Authorization", &value))
		return false;
	if (value.length > 7 && bytes_is_nocase((struct bytes){ value.data, 7 }, "Bearer "))
		return bytes_copy_text((struct bytes){ value.data + 7, value.length - 7 }, key, size) == OK;
	if (value.length > 6 && bytes_is_nocase((struct bytes){ value.data, 6 }, "Basic "))
		return basic_user((struct bytes){ value.data + 6, value.length - 6 }, key, size);
	return false;
}

bool api_authorize(const struct http_request *request, const char *key, struct refusal *refusal)
{
	char given[KEY_MAX + 1] = "";

	if (!read_key(request, given, sizeof given))
		return refuse(refusal, 401, NULL, NULL,
		              "You did not provide an API key. You need to provide your API key in the Authorization header, using "
		              "Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').");
	size_t length = strlen(given);

	if (bytes_equal_secret(bytes_of(given), bytes_of(key)))
		return true;
	return refuse(refusal, 401, NULL, NULL, "Invalid API Key provided: %.8s****%s", given,
	              length > 12 ? given + length - 4 : "");
}
