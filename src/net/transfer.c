#include "net/transfer.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	ANSWER_FIELDS_BYTES_MAX = 16 * 1024,
	CONNECT_MS_MAX = 10 * 1000,
	IDLE_CONNECTION_S_MAX = 60, /* shorter than the providers' own, so that they rarely close on us */
};

bool transfer_open(struct transfer *transfer)
{
	*transfer = (struct transfer){
		.easy = curl_easy_init(),
		.answer_fields = BUFFER(ANSWER_FIELDS_BYTES_MAX),
		.answer_body = BUFFER(ANSWER_BODY_BYTES_MAX),
	};
	return transfer->easy != NULL;
}

void transfer_close(struct transfer *transfer)
{
	curl_easy_cleanup(transfer->easy);
	transfer->easy = NULL;
}

/* ---- what comes ---- */

/* libcurl's own bound on sizes needs a Content-Length; this one counts. */
static size_t take_body(char *data, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;

	buffer_append(&transfer->answer_body, data, size * count);
	return buffer_err(&transfer->answer_body) == OK ? size * count : 0;
}

/* Only the fields of the last head are kept: a 100 Continue may have come before. */
static size_t take_field(char *data, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;
	struct bytes line = { data, size * count };

	if (bytes_starts_with(line, "HTTP/"))
		buffer_clear(&transfer->answer_fields);
	else if (!bytes_is(line, "\r\n") && !bytes_is(line, "\n"))
		buffer_bytes(&transfer->answer_fields, line);
	return buffer_err(&transfer->answer_fields) == OK ? line.length : 0;
}

/* ---- what goes ---- */

static bool set_long(CURL *easy, CURLoption option, long value)
{
	return curl_easy_setopt(easy, option, value) == CURLE_OK;
}

static bool set_text(CURL *easy, CURLoption option, const char *value)
{
	return curl_easy_setopt(easy, option, value) == CURLE_OK;
}

static bool add_line(struct transfer *transfer, const char *line)
{
	struct curl_slist *longer = curl_slist_append(transfer->fields, line);

	if (longer != NULL)
		transfer->fields = longer;
	return longer != NULL;
}

/* libcurl writes a field without a value as "Name;" and takes "Name:" for "do not send". */
static void mark_empty(char *line)
{
	char *colon = strchr(line, ':');

	if (colon != NULL && colon[1 + strspn(colon + 1, " \t")] == '\0') {
		colon[0] = ';';
		colon[1] = '\0';
	}
}

static bool add_field(struct transfer *transfer, struct bytes field)
{
	char *line = malloc(field.length + 2);

	if (line == NULL)
		return false;
	memcpy(line, field.data, field.length);
	line[field.length] = '\0';
	mark_empty(line);
	bool added = add_line(transfer, line);

	OPENSSL_cleanse(line, field.length); /* it may hold a key */
	free(line);
	return added;
}

static bool has_content_type(struct bytes fields)
{
	struct http_answer as_answer = { .fields = fields };
	struct bytes value;

	return http_answer_field(&as_answer, "Content-Type", &value);
}

static bool set_fields(struct transfer *transfer, const struct http_call *call)
{
	struct bytes rest = buffer_view(&call->fields);

	while (rest.length > 0) {
		const char *end = memchr(rest.data, '\n', rest.length);
		size_t length = end != NULL ? (size_t)(end - rest.data) : rest.length;

		if (!add_field(transfer, (struct bytes){ rest.data, length }))
			return false;
		length += end != NULL;
		rest = (struct bytes){ rest.data + length, rest.length - length };
	}
	/* No wait for a 100, and no content type that nobody asked for. */
	return add_line(transfer, "Expect:") &&
	       (has_content_type(buffer_view(&call->fields)) || add_line(transfer, "Content-Type:")) &&
	       curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->fields) == CURLE_OK;
}

static bool set_body(CURL *easy, const struct http_call *call)
{
	return set_text(easy, CURLOPT_POSTFIELDS, call->body.length > 0 ? call->body.data : "") &&
	       curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.length) == CURLE_OK;
}

static bool set_message(struct transfer *transfer, const struct http_call *call)
{
	CURL *easy = transfer->easy;
	bool is_get = strcmp(call->method, "GET") == 0;
	bool with_body = call->body.length > 0 || strcmp(call->method, "POST") == 0;

	return set_text(easy, CURLOPT_URL, call->url.data) &&
	       (with_body ? set_body(easy, call) : set_long(easy, CURLOPT_HTTPGET, 1)) &&
	       ((is_get && !with_body) || set_text(easy, CURLOPT_CUSTOMREQUEST, call->method)) &&
	       set_fields(transfer, call);
}

/*
 * Who is asked, and that it is he. The environment, a .netrc, a redirect and a
 * URL with a password have no say. HTTP/2 of libcurl 7.88 loses the ends of
 * streams; without CAPATH NULL its cache of certificates is off and each new
 * connection costs ten times as much.
 */
static bool set_trust(CURL *easy, const char *url, const struct transfer_options *options)
{
	return set_text(easy, CURLOPT_PROTOCOLS_STR, transfer_is_plain(url) ? "http" : "https") &&
	       set_text(easy, CURLOPT_REDIR_PROTOCOLS_STR, "https") &&
	       set_long(easy, CURLOPT_FOLLOWLOCATION, 0) &&
	       set_long(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1) &&
	       set_long(easy, CURLOPT_HTTP09_ALLOWED, 0) &&
	       set_long(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2) &&
	       set_long(easy, CURLOPT_SSL_VERIFYPEER, 1) &&
	       set_long(easy, CURLOPT_SSL_VERIFYHOST, 2) &&
	       set_text(easy, CURLOPT_CAPATH, NULL) &&
	       set_text(easy, CURLOPT_CAINFO, options->ca_file) &&
	       set_text(easy, CURLOPT_PROXY, "") &&
	       set_text(easy, CURLOPT_NOPROXY, "*") &&
	       set_long(easy, CURLOPT_NETRC, CURL_NETRC_IGNORED) &&
	       set_long(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1);
}

/*
 * Bounds. QUICK_EXIT: when time is up while a name is still being looked up,
 * libcurl would wait for the resolver and all other calls with it.
 */
static bool set_bounds(CURL *easy, const struct http_call *call, int64_t timeout_ms)
{
	int64_t connect_ms = timeout_ms < CONNECT_MS_MAX ? timeout_ms : CONNECT_MS_MAX;
	long fresh = call->fresh_connection ? 1 : 0;

	return set_long(easy, CURLOPT_NOSIGNAL, 1) &&
	       set_long(easy, CURLOPT_QUICK_EXIT, 1) &&
	       set_long(easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms) &&
	       set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms) &&
	       set_long(easy, CURLOPT_MAXAGE_CONN, IDLE_CONNECTION_S_MAX) &&
	       set_long(easy, CURLOPT_FRESH_CONNECT, fresh) &&
	       set_long(easy, CURLOPT_FORBID_REUSE, fresh) &&
	       curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)ANSWER_BODY_BYTES_MAX) == CURLE_OK;
}

/* A Unix socket's path, or "HOST:PORT" in the place of whatever the URL says. */
static bool set_way(struct transfer *transfer, const char *through)
{
	char way[URL_SIZE] = "::";
	struct buffer to = { .data = way, .length = 2, .capacity = sizeof way, .max = sizeof way - 1 };

	if (through == NULL)
		return true;
	if (strncmp(through, "unix:", 5) == 0)
		return set_text(transfer->easy, CURLOPT_UNIX_SOCKET_PATH, through + 5);
	buffer_text(&to, through);
	transfer->way = buffer_err(&to) == OK ? curl_slist_append(NULL, way) : NULL;
	return transfer->way != NULL && curl_easy_setopt(transfer->easy, CURLOPT_CONNECT_TO, transfer->way) == CURLE_OK;
}

static bool set_callbacks(struct transfer *transfer)
{
	CURL *easy = transfer->easy;

	return curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_field) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer) == CURLE_OK;
}

bool transfer_begin(struct transfer *transfer, const struct http_call *call, int64_t timeout_ms,
                    const struct transfer_options *options)
{
	curl_easy_reset(transfer->easy); /* keeps connections, forgets the last call */
	transfer->error[0] = '\0';
	return set_trust(transfer->easy, call->url.data, options) &&
	       set_bounds(transfer->easy, call, timeout_ms) &&
	       set_callbacks(transfer) &&
	       set_way(transfer, options->through) &&
	       set_text(transfer->easy, CURLOPT_USERAGENT, options->user_agent) &&
	       set_message(transfer, call);
}

/* ---- what came of it ---- */

/* libcurl's own sentence where it names no more than a host: others may hold parts of the URL. */
static const char *failure_text(const struct transfer *transfer, CURLcode result)
{
	if (transfer->answer_body.err == ERR_TOO_BIG || transfer->answer_fields.err == ERR_TOO_BIG ||
	    result == CURLE_FILESIZE_EXCEEDED)
		return "the answer is too big";
	if (transfer->answer_body.err != OK || transfer->answer_fields.err != OK)
		return "memory is short";
	bool tells = result == CURLE_COULDNT_RESOLVE_HOST || result == CURLE_COULDNT_CONNECT ||
	             result == CURLE_PEER_FAILED_VERIFICATION || result == CURLE_SSL_CONNECT_ERROR ||
	             result == CURLE_OPERATION_TIMEDOUT || result == CURLE_SSL_CACERT_BADFILE;

	return tells && transfer->error[0] != '\0' ? transfer->error : curl_easy_strerror(result);
}

struct http_answer transfer_answer(const struct transfer *transfer, CURLcode result)
{
	long status = 0;

	if (result == CURLE_OK &&
	    (curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK || status <= 0))
		return (struct http_answer){ .failure = "the answer has no status" };
	if (result != CURLE_OK)
		return (struct http_answer){ .failure = failure_text(transfer, result), .not_connected = result == CURLE_COULDNT_CONNECT };
	return (struct http_answer){
		.status = (int)status,
		.fields = buffer_view(&transfer->answer_fields),
		.body = buffer_view(&transfer->answer_body),
		.failure = "",
	};
}

void transfer_end(struct transfer *transfer)
{
	curl_easy_reset(transfer->easy); /* before the list that it points to goes */
	for (struct curl_slist *line = transfer->fields; line != NULL; line = line->next)
		OPENSSL_cleanse(line->data, strlen(line->data));
	curl_slist_free_all(transfer->fields);
	curl_slist_free_all(transfer->way);
	transfer->fields = transfer->way = NULL;
	buffer_free(&transfer->answer_fields);
	buffer_free(&transfer->answer_body);
}

bool transfer_is_plain(const char *url)
{
	return strncasecmp(url, "http:", 5) == 0;
}
