#include "routes/operator_token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>
#include <strings.h>

#include "web/messages.h"

static bool is_known_host(const struct config *config, const struct http_request *request)
{
	struct bytes host;

	if (!http_request_field(request, "Host", &host))
		return false;
	for (size_t i = 0; i < config->operator_host_count; i++)
		if (bytes_is_nocase(host, config->operator_hosts[i]))
			return true;
	return false;
}

static bool is_token(const struct config *config, struct bytes given)
{
	return config->operator_token.length > 0
	       && bytes_equal_secret(given, (struct bytes){ config->operator_token.text, config->operator_token.length });
}

/* user ':' password in base64: the password is the token. */
static bool is_basic_token(const struct config *config, struct bytes credentials)
{
	unsigned char decoded[3 * SECRET_SIZE];
	char text[4 * SECRET_SIZE];

	if (credentials.length % 4 != 0 || credentials.length > sizeof decoded / 3 * 4
	    || bytes_copy_text(credentials, text, sizeof text) != OK)
		return false;
	int length = EVP_DecodeBlock(decoded, (const unsigned char *)text, (int)credentials.length);

	for (size_t i = credentials.length; i > 0 && text[i - 1] == '=' && credentials.length - i < 2; i--)
		length--;
	const unsigned char *colon = length > 0 ? memchr(decoded, ':', (size_t)length) : NULL;
	bool good = colon != NULL
	            && is_token(config, (struct bytes){ (const char *)colon + 1, (size_t)(decoded + length - colon - 1) });

	OPENSSL_cleanse(decoded, sizeof decoded);
	OPENSSL_cleanse(text, sizeof text);
	return good;
}

static bool has_scheme(struct bytes *field, const char *scheme)
{
	size_t length = strlen(scheme);

	if (field->length <= length || strncasecmp(field->data, scheme, length) != 0 || field->data[length] != ' ')
		return false;
	*field = (struct bytes){ field->data + length + 1, field->length - length - 1 };
	return true;
}

static bool has_token(const struct config *config, const struct http_request *request)
{
	struct bytes field;

	if (!http_request_field(request, "Authorization", &field))
		return false;
	if (has_scheme(&field, "Bearer"))
		return is_token(config, field);
	return has_scheme(&field, "Basic") && is_basic_token(config, field);
}

/* Browsers say whose page sends a POST; another site's may not use the password that the browser keeps. */
static bool is_own_origin(const struct http_request *request)
{
	struct bytes origin;
	struct bytes host;

	if (http_request_field_count(request, "Origin") == 0)
		return true;
	if (!http_request_field(request, "Origin", &origin) || !http_request_field(request, "Host", &host))
		return false;
	size_t scheme = bytes_starts_with(origin, "https://") ? 8 : bytes_starts_with(origin, "http://") ? 7 : origin.length;

	return host.length > 0 && origin.length - scheme == host.length && strncasecmp(origin.data + scheme, host.data, host.length) == 0;
}

bool operator_may_enter(struct visit *visit)
{
	const struct config *config = visit->snapshot->config;

	if (!is_known_host(config, visit->request)) {
		visit_problem(visit, 421, MESSAGE("This listener does not answer to that host name."), NULL);
		return false;
	}
	bool may = bytes_is(visit->request->path, "/healthz") || has_token(config, visit->request);

	if (may && bytes_is(visit->request->method, "POST") && !is_own_origin(visit->request)) {
		visit_problem(visit, 403, MESSAGE("The page of another site may enter nothing here."), NULL);
		return false;
	}
	if (may)
		return true;
	visit_problem(visit, 401, MESSAGE("The operator's token is needed: as a bearer token, or as the password."), NULL);
	return false;
}
