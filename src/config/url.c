#include "config/url.h"

#include <stdbool.h>
#include <string.h>

#include "config/address.h"

struct url {
	bool https;
	struct bytes authority;
	struct bytes path; /* with its '/'; may be empty */
};

static struct bytes skip(struct bytes text, size_t length)
{
	return (struct bytes){ text.data + length, text.length - length };
}

static bool has(struct bytes text, char c)
{
	return text.length > 0 && memchr(text.data, c, text.length) != NULL;
}

/* Letters, digits and these others only. */
static bool is_made_of(struct bytes text, struct bytes others)
{
	for (size_t i = 0; i < text.length; i++) {
		char c = text.data[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9')
		    && memchr(others.data, c, others.length) == NULL)
			return false;
	}
	return true;
}

/* Unreserved characters of RFC 3986 and '/': a path that needs no second look. */
static bool is_plain_path(struct bytes path)
{
	return is_made_of(path, BYTES_LITERAL("/-._~"));
}

static bool is_own_port(const struct url *url)
{
	return bytes_is(address_split(url->authority).port, url->https ? "443" : "80");
}

static enum err take_scheme(struct bytes *rest, struct url *url, struct why *why)
{
	url->https = bytes_starts_with(*rest, "https://");
	if (!url->https && !bytes_starts_with(*rest, "http://"))
		return why_set(why, ERR_INPUT, "not a URL that begins with \"https://\"");
	*rest = skip(*rest, strlen(url->https ? "https://" : "http://"));
	return OK;
}

static enum err take_apart(struct bytes text, struct url *url, struct why *why)
{
	enum err err = take_scheme(&text, url, why);

	if (err != OK)
		return err;
	if (has(text, '?') || has(text, '#'))
		return why_set(why, ERR_INPUT, "a URL here has neither query nor fragment");
	if (has(text, '@'))
		return why_set(why, ERR_INPUT, "a URL here has no user name or password");
	const char *slash = text.length == 0 ? NULL : memchr(text.data, '/', text.length);
	size_t length = slash == NULL ? text.length : (size_t)(slash - text.data);

	url->authority = (struct bytes){ text.data, length };
	url->path = skip(text, length);
	err = address_check_host(url->authority, why);
	if (err != OK)
		return err;
	if (is_own_port(url))
		return why_set(why, ERR_INPUT, "leave out the port: it is the scheme's own");
	if (url->path.length > 0 && url->path.data[url->path.length - 1] == '/')
		return why_set(why, ERR_INPUT, "leave out the '/' at the end");
	return OK;
}

static enum err check_transport(const struct url *url, struct why *why)
{
	if (url->https || address_is_loopback(address_split(url->authority).name))
		return OK;
	return why_set(why, ERR_INPUT, "plain http is for this machine's loopback only; use https");
}

enum err url_check_api(struct bytes text, struct why *why)
{
	struct url url;
	enum err err = take_apart(text, &url, why);

	if (err == OK && !is_plain_path(url.path))
		err = why_set(why, ERR_INPUT, "the path has a character that needs escaping");
	return err != OK ? err : check_transport(&url, why);
}

enum err url_check_public(struct bytes text, struct why *why)
{
	struct url url;
	enum err err = take_apart(text, &url, why);

	if (err == OK && url.path.length > 0)
		err = why_set(why, ERR_INPUT, "a path is not supported here: pledger has a host of its own");
	return err != OK ? err : check_transport(&url, why);
}

enum err url_check_origin(struct bytes text, struct why *why)
{
	struct url url;
	enum err err = take_apart(text, &url, why);

	if (err == OK && url.path.length > 0)
		err = why_set(why, ERR_INPUT, "an origin has no path: \"https://www.example.org\"");
	return err;
}

enum err url_check_link(struct bytes text, struct why *why)
{
	static const char scheme[] = "https://";
	size_t length = 0;

	if (!bytes_starts_with(text, scheme))
		return why_set(why, ERR_INPUT, "a link begins with \"https://\"");
	/* All that RFC 3986 has. */
	if (!is_made_of(text, BYTES_LITERAL("-._~:/?#[]@!$&'()*+,;=%")))
		return why_set(why, ERR_INPUT, "the link has a character that needs escaping");
	struct bytes rest = skip(text, sizeof scheme - 1);

	while (length < rest.length && strchr("/?#", rest.data[length]) == NULL)
		length++;
	struct bytes authority = { rest.data, length };

	if (has(authority, '@'))
		return why_set(why, ERR_INPUT, "a URL here has no user name or password");
	return address_check_host(authority, why);
}
