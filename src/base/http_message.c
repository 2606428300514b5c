#include "base/http_message.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum {
	CALL_URL_BYTES_MAX = 8 * 1024,
	CALL_FIELDS_BYTES_MAX = 16 * 1024,
	CALL_BODY_BYTES_MAX = 512 * 1024,
};

/* ---- what came in ---- */

bool http_request_is_type(const struct http_request *request, const char *type)
{
	struct bytes field = { "", 0 };

	(void)http_request_field(request, "Content-Type", &field);
	const char *end = field.length > 0 ? memchr(field.data, ';', field.length) : NULL;
	struct bytes bare = { field.data, end != NULL ? (size_t)(end - field.data) : field.length };

	while (bare.length > 0 && bare.data[bare.length - 1] == ' ')
		bare.length--;
	return bytes_is_nocase(bare, type);
}

size_t http_request_field_count(const struct http_request *request, const char *name)
{
	size_t count = 0;

	for (size_t i = 0; i < request->field_count; i++)
		if (bytes_is_nocase(request->fields[i].name, name))
			count++;
	return count;
}

bool http_request_field(const struct http_request *request, const char *name, struct bytes *value)
{
	const struct http_field *found = NULL;

	for (size_t i = 0; i < request->field_count; i++) {
		if (!bytes_is_nocase(request->fields[i].name, name))
			continue;
		if (found != NULL)
			return false;
		found = &request->fields[i];
	}
	if (found == NULL)
		return false;
	*value = found->value;
	return true;
}

void http_request_target(struct http_request *request, struct bytes target)
{
	const char *mark = target.length > 0 ? memchr(target.data, '?', target.length) : NULL;

	request->target = target;
	request->path = target;
	request->query = (struct bytes){ NULL, 0 };
	if (mark == NULL)
		return;
	request->path.length = (size_t)(mark - target.data);
	request->query = (struct bytes){ mark + 1, target.length - request->path.length - 1 };
}

/* ---- what goes out ---- */

static bool has_line_break(struct bytes text)
{
	return text.length > 0 &&
	       (memchr(text.data, '\r', text.length) != NULL || memchr(text.data, '\n', text.length) != NULL ||
	        memchr(text.data, '\0', text.length) != NULL);
}

void http_reply_init(struct http_reply *reply, int status)
{
	*reply = (struct http_reply){ .status = status, .body = BUFFER(HTTP_REPLY_BODY_BYTES_MAX) };
}

static struct http_reply_field *reply_place(struct http_reply *reply)
{
	if (reply->field_count == HTTP_REPLY_FIELDS_MAX) {
		reply->err = reply->err != OK ? reply->err : ERR_TOO_BIG;
		return NULL;
	}
	return &reply->fields[reply->field_count];
}

void http_reply_field(struct http_reply *reply, const char *name, const char *value)
{
	struct http_reply_field *field = reply_place(reply);

	if (field == NULL)
		return;
	*field = (struct http_reply_field){ .name = name, .value = value };
	reply->field_count++;
}

void http_reply_field_copy(struct http_reply *reply, const char *name, struct bytes value)
{
	struct http_reply_field *field = reply_place(reply);

	if (field == NULL)
		return;
	if (has_line_break(value)) {
		reply->err = ERR_INPUT;
		return;
	}
	char *owned = malloc(value.length + 1);

	if (owned == NULL) {
		reply->err = ERR_MEMORY;
		return;
	}
	if (value.length > 0)
		memcpy(owned, value.data, value.length);
	owned[value.length] = '\0';
	*field = (struct http_reply_field){ .name = name, .value = owned, .owned = owned };
	reply->field_count++;
}

void http_reply_free(struct http_reply *reply)
{
	for (size_t i = 0; i < reply->field_count; i++)
		free(reply->fields[i].owned);
	buffer_free(&reply->body);
	blob_drop(&reply->shared);
	if (reply->stream.close != NULL)
		reply->stream.close(reply->stream.context);
	*reply = (struct http_reply){ .body = BUFFER(HTTP_REPLY_BODY_BYTES_MAX) };
}

const char *http_status_text(int status)
{
	static const struct {
		int status;
		const char *text;
	} known[] = {
		{ 200, "OK" }, { 201, "Created" }, { 202, "Accepted" }, { 204, "No Content" },
		{ 301, "Moved Permanently" }, { 302, "Found" }, { 303, "See Other" },
		{ 304, "Not Modified" }, { 307, "Temporary Redirect" }, { 308, "Permanent Redirect" },
		{ 400, "Bad Request" }, { 401, "Unauthorized" }, { 402, "Payment Required" },
		{ 403, "Forbidden" }, { 404, "Not Found" }, { 405, "Method Not Allowed" },
		{ 406, "Not Acceptable" }, { 408, "Request Timeout" }, { 409, "Conflict" },
		{ 410, "Gone" }, { 411, "Length Required" }, { 412, "Precondition Failed" },
		{ 413, "Content Too Large" }, { 414, "URI Too Long" }, { 415, "Unsupported Media Type" },
		{ 417, "Expectation Failed" }, { 421, "Misdirected Request" },
		{ 422, "Unprocessable Content" }, { 428, "Precondition Required" },
		{ 429, "Too Many Requests" }, { 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" }, { 501, "Not Implemented" }, { 502, "Bad Gateway" },
		{ 503, "Service Unavailable" }, { 504, "Gateway Timeout" },
		{ 505, "HTTP Version Not Supported" }, { 507, "Insufficient Storage" },
	};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (known[i].status == status)
			return known[i].text;
	return "Unknown";
}

/* ---- what we ask others ---- */

void http_call_init(struct http_call *call, const char *method)
{
	*call = (struct http_call){
		.method = method,
		.url = BUFFER(CALL_URL_BYTES_MAX),
		.fields = BUFFER(CALL_FIELDS_BYTES_MAX),
		.body = BUFFER(CALL_BODY_BYTES_MAX),
		.timeout_ms = HTTP_CALL_TIMEOUT_MS,
	};
}

void http_call_field(struct http_call *call, const char *name, struct bytes value)
{
	if (has_line_break(value)) {
		call->fields.err = ERR_INPUT;
		return;
	}
	buffer_text(&call->fields, name);
	buffer_text(&call->fields, ": ");
	buffer_bytes(&call->fields, value);
	buffer_char(&call->fields, '\n');
}

enum err http_call_err(const struct http_call *call)
{
	enum err err = buffer_err(&call->url);

	if (err == OK)
		err = buffer_err(&call->fields);
	if (err == OK)
		err = buffer_err(&call->body);
	return err;
}

enum err http_call_copy(struct http_call *to, const struct http_call *from)
{
	struct http_call copy = *from;
	enum err err = http_call_err(from);

	if (err != OK)
		return err;
	copy.url = BUFFER(from->url.max);
	copy.fields = BUFFER(from->fields.max);
	copy.body = BUFFER(from->body.max);
	buffer_bytes(&copy.url, buffer_view(&from->url));
	buffer_bytes(&copy.fields, buffer_view(&from->fields));
	buffer_bytes(&copy.body, buffer_view(&from->body));
	err = http_call_err(&copy);
	if (err == OK)
		*to = copy;
	else
		http_call_free(&copy);
	return err;
}

void http_call_free(struct http_call *call)
{
	buffer_free(&call->url);
	buffer_wipe(&call->fields); /* the account's key stands in them */
	buffer_free(&call->body);
}

/* The next line of `rest`, without its CRLF or LF. */
static struct bytes next_line(struct bytes *rest)
{
	const char *end = memchr(rest->data, '\n', rest->length);
	struct bytes line = { rest->data, end != NULL ? (size_t)(end - rest->data) : rest->length };
	size_t used = line.length + (end != NULL ? 1 : 0);

	*rest = (struct bytes){ rest->data + used, rest->length - used };
	if (line.length > 0 && line.data[line.length - 1] == '\r')
		line.length--;
	return line;
}

bool http_answer_field(const struct http_answer *answer, const char *name, struct bytes *value)
{
	struct bytes rest = answer->fields;

	while (rest.length > 0) {
		struct bytes line = next_line(&rest);
		const char *colon = line.length > 0 ? memchr(line.data, ':', line.length) : NULL;

		if (colon == NULL ||
		    !bytes_is_nocase((struct bytes){ line.data, (size_t)(colon - line.data) }, name))
			continue;
		*value = text_trim((struct bytes){ colon + 1, line.length - (size_t)(colon - line.data) - 1 });
		return true;
	}
	return false;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" as "1994-11-06T08:49:37Z". */
static bool read_date(struct bytes date, int64_t *time_s)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char text[] = "YYYY-MM-DDTHH:MM:SSZ";

	if (date.length != sizeof "Sun, 06 Nov 1994 08:49:37 GMT" - 1 || memcmp(date.data + 25, " GMT", 4) != 0)
		return false;
	for (int month = 0; month < 12; month++)
		if (memcmp(date.data + 8, months + 3 * (size_t)month, 3) == 0) {
			text[5] = (char)('0' + (month + 1) / 10);
			text[6] = (char)('0' + (month + 1) % 10);
		}
	memcpy(text, date.data + 12, 4);
	memcpy(text + 8, date.data + 5, 2);
	memcpy(text + 11, date.data + 17, 8);
	return text_parse_time_s(bytes_of(text), time_s) == OK;
}

bool http_answer_date(const struct http_answer *answer, int64_t *time_s)
{
	struct bytes date;

	return http_answer_field(answer, "Date", &date) && read_date(date, time_s);
}

int64_t http_answer_retry_after(const struct http_answer *answer)
{
	const int64_t day_s = 24 * 60 * 60;
	struct bytes text;
	uint64_t number = 0;
	int64_t then_s;
	int64_t now_s;

	if (!http_answer_field(answer, "Retry-After", &text))
		return 0;
	enum err err = text_unsigned(text, (uint64_t)day_s, &number);
	int64_t seconds = err == ERR_TOO_BIG ? day_s : (int64_t)number;

	if (err == ERR_INPUT)
		seconds = read_date(text, &then_s) && http_answer_date(answer, &now_s) && then_s > now_s ? then_s - now_s : 0;
	return seconds < day_s ? seconds : day_s;
}
