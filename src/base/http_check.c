/*
 * The judgement of a request's head. The good road: a known method, an
 * origin-form target, HTTP/1.1 or 1.0, one Host, at most one length. The bad
 * ones are the forms on which two servers can disagree about where a request
 * ends or whom it is for: whoever sits in front of us must not be fooled by
 * our reading differently.
 */
#include <string.h>

#include "base/http_message.h"

enum {
	TARGET_BYTES_MAX = 8 * 1024,
	HOST_BYTES_MAX = 255,
	LENGTH_DIGITS_MAX = 18, /* fits in 63 bits whatever the digits */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_token(struct bytes text)
{
	for (size_t i = 0; i < text.length; i++) {
		char c = text.data[i];

		/* Nearly all are letters and '-': without a call. */
		if (!is_letter(c) && c != '-' && !is_digit(c) && (c == '\0' || strchr("!#$%&'*+.^_`|~", c) == NULL))
			return false;
	}
	return text.length > 0;
}

static int refuse(struct why *why, int status, const char *sentence)
{
	err_ignore(why_set(why, ERR_INPUT, "%s", sentence)); /* the status is the verdict */
	return status;
}

/* ---- the request line ---- */

static int check_method(const struct http_request *request, struct why *why)
{
	static const char *const known[] = { "GET", "HEAD", "POST", "DELETE", "OPTIONS" };

	if (!is_token(request->method))
		return refuse(why, 400, "The method is not a token.");
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (bytes_is(request->method, known[i]))
			return 0;
	return refuse(why, 501, "This method is not served here.");
}

static int check_version(const struct http_request *request, struct why *why)
{
	if (bytes_is(request->version, "HTTP/1.1") || bytes_is(request->version, "HTTP/1.0"))
		return 0;
	if (bytes_starts_with(request->version, "HTTP/"))
		return refuse(why, 505, "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
	return refuse(why, 400, "The request line has no HTTP version.");
}

/* Browsers leave [ ] { } | ^ ` bare in a query, so that these are let through. */
static bool is_target_char(char c)
{
	return c > ' ' && c < 0x7f && strchr("\"<>#\\", c) == NULL;
}

/* At a '%': two hexadecimal digits that are not those of NUL. */
static bool is_escape(const char *at, size_t length)
{
	return length >= 3 && is_hex(at[1]) && is_hex(at[2]) && !(at[1] == '0' && at[2] == '0');
}

static int check_target(const struct http_request *request, struct why *why)
{
	struct bytes target = request->target;

	if (target.length > TARGET_BYTES_MAX)
		return refuse(why, 414, "The target is too long.");
	if (target.length == 0 || target.data[0] != '/')
		return refuse(why, 400, "The target is not a path that starts with '/'.");
	for (size_t i = 0; i < target.length; i++) {
		if (!is_target_char(target.data[i]))
			return refuse(why, 400, "The target holds a character that cannot stand in it.");
		if (target.data[i] == '%' && !is_escape(target.data + i, target.length - i))
			return refuse(why, 400, "The target holds a '%' without two hexadecimal digits, or %00.");
	}
	return 0;
}

/* ---- the fields ---- */

static bool is_field_value(struct bytes value)
{
	for (size_t i = 0; i < value.length; i++) {
		unsigned char c = (unsigned char)value.data[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

/*
 * A folded line arrives with name and value glued ("Content-Length5"): what
 * only starts like a framing field is such a trick, never an honest name.
 */
static bool mimics_framing(struct bytes name)
{
	static const char *const framing[] = { "content-length", "transfer-encoding" };

	for (size_t i = 0; i < sizeof framing / sizeof framing[0]; i++) {
		size_t length = strlen(framing[i]);

		if (name.length > length && bytes_is_nocase((struct bytes){ name.data, length }, framing[i]))
			return true;
	}
	return false;
}

static int check_fields(const struct http_request *request, struct why *why)
{
	if (request->field_count > HTTP_FIELDS_MAX)
		return refuse(why, 431, "There are too many header fields.");
	for (size_t i = 0; i < request->field_count; i++) {
		if (!is_token(request->fields[i].name) || mimics_framing(request->fields[i].name))
			return refuse(why, 400, "A header field has a name that cannot stand there.");
		if (!is_field_value(request->fields[i].value))
			return refuse(why, 400, "A header field holds a control character.");
	}
	return 0;
}

static bool is_port(struct bytes port)
{
	unsigned number = 0;

	if (port.length == 0 || port.length > 5)
		return false;
	for (size_t i = 0; i < port.length; i++) {
		if (!is_digit(port.data[i]))
			return false;
		number = number * 10 + (unsigned)(port.data[i] - '0');
	}
	return number > 0 && number <= 65535;
}

static bool is_host_name(struct bytes name)
{
	for (size_t i = 0; i < name.length; i++) {
		char c = name.data[i];

		if (!is_letter(c) && !is_digit(c) && c != '-' && c != '.' && c != '_')
			return false;
	}
	return name.length > 0;
}

static bool is_bracketed_address(struct bytes address)
{
	if (address.length < 4 || address.data[0] != '[' || address.data[address.length - 1] != ']')
		return false;
	for (size_t i = 1; i + 1 < address.length; i++)
		if (!is_hex(address.data[i]) && address.data[i] != ':' && address.data[i] != '.')
			return false;
	return true;
}

static bool is_host(struct bytes host)
{
	size_t colon = host.length;

	if (host.length == 0 || host.length > HOST_BYTES_MAX)
		return false;
	for (size_t i = host.length; i > 0 && host.data[i - 1] != ']'; i--)
		if (host.data[i - 1] == ':')
			colon = i - 1;
	struct bytes name = { host.data, colon };

	if (colon < host.length && !is_port((struct bytes){ host.data + colon + 1, host.length - colon - 1 }))
		return false;
	return host.data[0] == '[' ? is_bracketed_address(name) : is_host_name(name);
}

static int check_host(const struct http_request *request, struct why *why)
{
	struct bytes host;
	size_t count = http_request_field_count(request, "Host");

	if (count == 0 && bytes_is(request->version, "HTTP/1.0"))
		return 0;
	if (count == 0)
		return refuse(why, 400, "The Host is missing.");
	if (count > 1)
		return refuse(why, 400, "There is more than one Host.");
	if (!http_request_field(request, "Host", &host) || !is_host(host))
		return refuse(why, 400, "The Host is not a host name with an optional port.");
	return 0;
}

static int check_coding(const struct http_request *request, struct why *why)
{
	struct bytes coding;

	if (http_request_field_count(request, "Transfer-Encoding") > 1)
		return refuse(why, 400, "There is more than one Transfer-Encoding.");
	if (!http_request_field(request, "Transfer-Encoding", &coding))
		return 0;
	if (http_request_field_count(request, "Content-Length") > 0)
		return refuse(why, 400, "Content-Length and Transfer-Encoding exclude each other.");
	if (!bytes_is(request->version, "HTTP/1.1"))
		return refuse(why, 400, "HTTP/1.0 knows no Transfer-Encoding.");
	if (!bytes_is_nocase(coding, "chunked"))
		return refuse(why, 501, "The only transfer coding spoken here is chunked.");
	return 0;
}

static int check_length(const struct http_request *request, struct why *why)
{
	struct bytes length;
	size_t count = http_request_field_count(request, "Content-Length");

	if (count > 1)
		return refuse(why, 400, "There is more than one Content-Length.");
	if (count == 0) {
		bool chunked = http_request_field_count(request, "Transfer-Encoding") > 0;

		if (bytes_is(request->method, "POST") && !chunked)
			return refuse(why, 411, "A POST needs a Content-Length.");
		return 0;
	}
	if (!http_request_field(request, "Content-Length", &length) || length.length == 0 ||
	    length.length > LENGTH_DIGITS_MAX)
		return refuse(why, 400, "The Content-Length is not a plain number.");
	for (size_t i = 0; i < length.length; i++)
		if (!is_digit(length.data[i]))
			return refuse(why, 400, "The Content-Length is not a plain number.");
	return 0;
}

static int check_expectation(const struct http_request *request, struct why *why)
{
	struct bytes expectation;
	size_t count = http_request_field_count(request, "Expect");

	if (count == 0)
		return 0;
	if (count > 1 || !http_request_field(request, "Expect", &expectation) ||
	    !bytes_is_nocase(expectation, "100-continue"))
		return refuse(why, 417, "The only expectation met here is 100-continue.");
	return 0;
}

int http_request_check(const struct http_request *request, struct why *why)
{
	/* The version comes first: another HTTP may mean something else by all the rest. */
	static int (*const checks[])(const struct http_request *, struct why *) = {
		check_version, check_method, check_target, check_fields,
		check_host, check_coding, check_length, check_expectation,
	};

	for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
		int status = checks[i](request, why);

		if (status != 0)
			return status;
	}
	return 0;
}
