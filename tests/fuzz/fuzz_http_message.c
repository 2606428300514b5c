/*
 * What comes from outside as HTTP: a head that is judged, a form, and an answer's
 * fields. Beyond not crashing: what is accepted has a plain path, what a form
 * gives is clean text, and no answer makes us wait for more than a day.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/http_message.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct bytes cut(struct bytes *rest, char mark)
{
	const char *at = rest->length > 0 ? memchr(rest->data, mark, rest->length) : NULL;
	struct bytes part = { rest->data, at != NULL ? (size_t)(at - rest->data) : rest->length };
	size_t used = part.length + (at != NULL);

	if (used > 0)
		*rest = (struct bytes){ rest->data + used, rest->length - used };
	return part;
}

static void judge(struct bytes text)
{
	static struct http_field fields[HTTP_FIELDS_MAX];
	struct http_request request = { .fields = fields };
	struct why why = { "" };

	request.method = cut(&text, ' ');
	http_request_target(&request, cut(&text, ' '));
	request.version = cut(&text, '\n');
	while (text.length > 0 && request.field_count < HTTP_FIELDS_MAX) {
		struct bytes line = cut(&text, '\n');
		struct bytes name = cut(&line, ':');

		fields[request.field_count++] = (struct http_field){ name, line };
	}
	if (http_request_check(&request, &why) != 0) {
		assert(why.text[0] != '\0');
		return;
	}
	assert(request.path.length > 0 && request.path.data[0] == '/');
	assert(request.path.length + request.query.length <= request.target.length);
	assert(http_request_field_count(&request, "Content-Length") +
	       http_request_field_count(&request, "Transfer-Encoding") <= 1);
}

static void read_form(struct bytes text)
{
	char name[32];
	char value[64];
	bool more = true;

	while (more) {
		size_t before = text.length;

		if (http_form_next(&text, &more, name, sizeof name, value, sizeof value) != OK)
			assert(name[0] == '\0' || value[0] == '\0');
		assert(!more || text.length < before);
		assert(text_is_utf8(bytes_of(name)) && text_is_utf8(bytes_of(value)));
		assert(strpbrk(value, "\r\n\x7f") == NULL);
	}
}

static void encode(struct bytes text)
{
	struct buffer coded = BUFFER(3 * text.length);
	struct bytes rest;
	char name[1024];
	char value[1];
	bool more;

	http_percent_encode(&coded, text);
	assert(buffer_err(&coded) == OK);
	rest = buffer_view(&coded);
	if (text.length > 0 && http_form_next(&rest, &more, name, sizeof name, value, sizeof value) == OK)
		assert(bytes_is(text, name));
	buffer_free(&coded);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A copy of just this size, so that reading beyond it is seen. */
	char *exact = malloc(size);

	if (exact == NULL)
		return 0;
	memcpy(exact, data, size);
	struct bytes text = { exact, size };
	struct http_answer answer = { .fields = text };
	struct bytes value;
	int64_t date_s;

	judge(text);
	read_form(text);
	encode(text);
	int64_t retry_after_s = http_answer_retry_after(&answer);

	assert(retry_after_s >= 0 && retry_after_s <= 24 * 60 * 60);
	assert(retry_after_s == 0 || http_answer_field(&answer, "Retry-After", &value));
	assert(!http_answer_date(&answer, &date_s) || http_answer_field(&answer, "Date", &value));
	free(exact);
	return 0;
}
