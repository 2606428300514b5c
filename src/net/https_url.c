/* Which URLs may be asked. Read by libcurl's own parser, so that what is checked is what is asked. */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

#include "net/https_client.h"

static bool is_loopback(const char *host)
{
	struct in_addr four;
	struct in6_addr six;
	char bare[INET6_ADDRSTRLEN + 2];
	size_t length = strlen(host);

	if (strcmp(host, "localhost") == 0) /* libcurl never asks a name server for it */
		return true;
	if (inet_pton(AF_INET, host, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	if (length < 4 || length >= sizeof bare || host[0] != '[' || host[length - 1] != ']')
		return false;
	memcpy(bare, host + 1, length - 2);
	bare[length - 2] = '\0';
	return inet_pton(AF_INET6, bare, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

static enum err judge(const char *scheme, const char *host, struct why *why)
{
	if (strcmp(scheme, "https") == 0)
		return OK;
	if (strcmp(scheme, "http") != 0)
		return why_set(why, ERR_INPUT, "The URL does not start with https://.");
	if (!is_loopback(host))
		return why_set(why, ERR_INPUT, "Plain http:// is spoken to this machine only (127.0.0.1, [::1], localhost).");
	return OK;
}

/* libcurl is more liberal: it takes "https:///host", drops fragments and knows other alphabets. */
static bool is_strict(const char *url)
{
	const char *slashes = strstr(url, "://");

	for (const char *c = url; *c != '\0'; c++)
		if (*c <= ' ' || *c >= 0x7f || strchr("\"<>\\#", *c) != NULL)
			return false;
	return slashes != NULL && slashes[3] != '/';
}

enum err https_client_check_url(const char *url, struct why *why)
{
	if (!is_strict(url))
		return why_set(why, ERR_INPUT, "The URL is not https://, a host and a path in plain ASCII.");
	CURLU *parsed = curl_url();
	char *scheme = NULL;
	char *host = NULL;
	enum err err = ERR_MEMORY;

	if (parsed == NULL)
		return ERR_MEMORY;
	CURLUcode code = curl_url_set(parsed, CURLUPART_URL, url, CURLU_DISALLOW_USER);

	if (code == CURLUE_OK)
		code = curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0);
	if (code == CURLUE_OK)
		code = curl_url_get(parsed, CURLUPART_HOST, &host, 0);
	if (code == CURLUE_OK)
		err = judge(scheme, host, why);
	else if (code != CURLUE_OUT_OF_MEMORY)
		err = why_set(why, ERR_INPUT, "The URL cannot be read: %s.", curl_url_strerror(code));
	curl_free(host);
	curl_free(scheme);
	curl_url_cleanup(parsed);
	return err;
}
