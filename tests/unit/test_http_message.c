/* HTTP messages as values: the strict judgement of a head, forms, replies, calls. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/http_message.h"

/* Of the head that was read last. */
static struct http_field fields[HTTP_FIELDS_MAX];

/* A head as a person writes it: lines ended by '\n', the first one is the request line. */
static struct http_request head_of(const char *text)
{
	struct http_request request = { .fields = fields };
	const char *end = strchr(text, '\n');
	const char *first = memchr(text, ' ', (size_t)(end - text));
	const char *last = end;

	while (*last != ' ')
		last--;
	request.method = (struct bytes){ text, (size_t)(first - text) };
	http_request_target(&request, (struct bytes){ first + 1, last > first ? (size_t)(last - first - 1) : 0 });
	request.version = (struct bytes){ last + 1, (size_t)(end - last - 1) };
	for (const char *line = end + 1; *line != '\0'; line = end + 1) {
		end = strchr(line, '\n');
		const char *colon = memchr(line, ':', (size_t)(end - line));

		fields[request.field_count++] = (struct http_field){
			{ line, (size_t)(colon - line) }, { colon + 2, (size_t)(end - colon - 2) }
		};
	}
	return request;
}

static int verdict(const char *text)
{
	struct http_request request = head_of(text);
	struct why why = { "" };
	int status = http_request_check(&request, &why);

	assert_true((status == 0) == (why.text[0] == '\0'));
	return status;
}

static void honest_requests_are_accepted(void **state)
{
	(void)state;
	static const char *const honest[] = {
		"GET / HTTP/1.1\nHost: example.org\n",
		"GET /v1/tiers?campaign=winter&x=[1]|2 HTTP/1.1\nHost: example.org:8080\n",
		"HEAD /%C3%A9t%C3%A9 HTTP/1.1\nHost: [2001:db8::1]:80\n",
		"GET / HTTP/1.0\n",
		"GET / HTTP/1.0\nHost: 127.0.0.1\n",
		"POST /v1/checkout HTTP/1.1\nHost: a\nContent-Length: 0\n",
		"POST /v1/checkout HTTP/1.1\nHost: a\nContent-Length: 123456\nExpect: 100-continue\n",
		"POST /webhooks/stripe HTTP/1.1\nHost: a\nTransfer-Encoding: Chunked\n",
		"DELETE /v1/subscriptions/sub_1 HTTP/1.1\nHost: a\n",
		"OPTIONS /v1/tiers HTTP/1.1\nHost: a\nX-Latin: \xe9t\xe9\n",
		"GET / HTTP/1.1\nHost: a\nCookie: a=\"b\"; c\td\n",
	};

	for (size_t i = 0; i < sizeof honest / sizeof honest[0]; i++)
		if (verdict(honest[i]) != 0)
			fail_msg("refused with %d: %s", verdict(honest[i]), honest[i]);
}

static const struct {
	int status;
	const char *head;
} hostile[] = {
	/* where does the request end? */
	{ 400, "POST / HTTP/1.1\nHost: a\nContent-Length: 5\nTransfer-Encoding: chunked\n" },
	{ 400, "POST / HTTP/1.1\nHost: a\nContent-Length: 5\nContent-Length: 5\n" },
	{ 400, "POST / HTTP/1.1\nHost: a\nContent-Length: 5\nContent-Length: 6\n" },
	{ 400, "POST / HTTP/1.1\nHost: a\nContent-Length: 5, 5\n" },
	{ 400, "POST / HTTP/1.1\nHost: a\nContent-Length: +5\n" },
	{ 400, "POST / HTTP/1.1\nHost: a\nContent-Length: -5\n" },
	{ 400, "POST / HTTP/1.1\nHost: a\nContent-Length: 0x5\n" },
	{ 400, "POST / HTTP/1.1\nHost: a\nContent-Length: 5 \n" },
	{ 400, "POST / HTTP/1.1\nHost: a\nContent-Length: \n" },
	{ 400, "POST / HTTP/1.1\nHost: a\nContent-Length: 9999999999999999999\n" },
	{ 400, "POST / HTTP/1.1\nHost: a\nContent-Length : 5\n" },
	{ 400, "POST / HTTP/1.1\nHost: a\nContent-Length5: x\n" },
	{ 400, "POST / HTTP/1.1\nHost: a\nTransfer-Encoding : chunked\n" },
	{ 400, "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked\n" },
	{ 501, "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: gzip, chunked\n" },
	{ 501, "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: identity\n" },
	{ 501, "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: xchunked\n" },
	{ 501, "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked \n" },
	{ 400, "POST / HTTP/1.0\nHost: a\nTransfer-Encoding: chunked\n" },
	{ 411, "POST / HTTP/1.1\nHost: a\n" },
	{ 411, "POST / HTTP/1.0\n" },
	/* whom is it for? */
	{ 400, "GET / HTTP/1.1\n" },
	{ 400, "GET / HTTP/1.1\nHost: a\nHost: a\n" },
	{ 400, "GET / HTTP/1.0\nHost: a\nHost: b\n" },
	{ 400, "GET / HTTP/1.1\nHost: \n" },
	{ 400, "GET / HTTP/1.1\nHost: a b\n" },
	{ 400, "GET / HTTP/1.1\nHost: a/b\n" },
	{ 400, "GET / HTTP/1.1\nHost: user@a\n" },
	{ 400, "GET / HTTP/1.1\nHost: a:\n" },
	{ 400, "GET / HTTP/1.1\nHost: a:0\n" },
	{ 400, "GET / HTTP/1.1\nHost: a:65536\n" },
	{ 400, "GET / HTTP/1.1\nHost: a:80:80\n" },
	{ 400, "GET / HTTP/1.1\nHost: [::1\n" },
	{ 400, "GET / HTTP/1.1\nHost: [::1]x\n" },
	{ 400, "GET / HTTP/1.1\nHost: ::1\n" },
	{ 400, "GET http://a/ HTTP/1.1\nHost: a\n" },
	{ 400, "OPTIONS * HTTP/1.1\nHost: a\n" },
	/* what cannot stand there */
	{ 400, "GET /a b HTTP/1.1\nHost: a\n" },
	{ 400, "GET /a\x01 HTTP/1.1\nHost: a\n" },
	{ 400, "GET /\xc3\xa9 HTTP/1.1\nHost: a\n" },
	{ 400, "GET /a#b HTTP/1.1\nHost: a\n" },
	{ 400, "GET /a\\b HTTP/1.1\nHost: a\n" },
	{ 400, "GET /<script> HTTP/1.1\nHost: a\n" },
	{ 400, "GET /%zz HTTP/1.1\nHost: a\n" },
	{ 400, "GET /a% HTTP/1.1\nHost: a\n" },
	{ 400, "GET /a%0 HTTP/1.1\nHost: a\n" },
	{ 400, "GET /%00 HTTP/1.1\nHost: a\n" },
	{ 400, "GET  HTTP/1.1\nHost: a\n" },
	{ 400, "GET / HTTP/1.1\nHost: a\nX: a\rb\n" },
	{ 400, "GET / HTTP/1.1\nHost: a\nX: a\x01\n" },
	{ 400, "GET / HTTP/1.1\nHost: a\n: x\n" },
	{ 400, "GET / HTTP/1.1\nHost: a\nX Y: x\n" },
	{ 400, "GET / HTTP/1.1\nHost: a\n\xc3\xa9: x\n" },
	/* methods, versions, expectations */
	{ 501, "PUT / HTTP/1.1\nHost: a\n" },
	{ 501, "CONNECT / HTTP/1.1\nHost: a\n" },
	{ 501, "TRACE / HTTP/1.1\nHost: a\n" },
	{ 501, "get / HTTP/1.1\nHost: a\n" },
	{ 501, "gEt%41 / HTTP/1.1\nHost: a\n" },
	{ 400, "G\x01T / HTTP/1.1\nHost: a\n" },
	{ 400, " / HTTP/1.1\nHost: a\n" },
	{ 505, "GET / HTTP/1.2\nHost: a\n" },
	{ 505, "GET / HTTP/2.0\nHost: a\n" },
	{ 505, "GET / HTTP/0.9\nHost: a\n" },
	{ 400, "GET / http/1.1\nHost: a\n" },
	{ 417, "POST / HTTP/1.1\nHost: a\nContent-Length: 1\nExpect: 200-ok\n" },
	{ 417, "POST / HTTP/1.1\nHost: a\nContent-Length: 1\nExpect: 100-continue\nExpect: 100-continue\n" },
};

static void hostile_requests_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++)
		if (verdict(hostile[i].head) != hostile[i].status)
			fail_msg("%d instead of %d: %s", verdict(hostile[i].head), hostile[i].status, hostile[i].head);
}

static void a_nul_is_refused_wherever_it_stands(void **state)
{
	(void)state;
	struct http_request request = head_of("GET / HTTP/1.1\nHost: a\nX: y\n");

	fields[1].value = (struct bytes){ "y\0z", 3 };
	assert_int_equal(http_request_check(&request, NULL), 400);
	fields[1] = (struct http_field){ { "x\0y", 3 }, { "", 0 } };
	assert_int_equal(http_request_check(&request, NULL), 400);
	request.field_count = 1;
	http_request_target(&request, (struct bytes){ "/\0", 2 });
	assert_int_equal(http_request_check(&request, NULL), 400);
}

static void too_long_a_target_and_too_many_fields_are_refused(void **state)
{
	(void)state;
	static char target[9000];
	struct http_request request = head_of("GET / HTTP/1.1\nHost: a\n");

	memset(target, '/', sizeof target);
	http_request_target(&request, (struct bytes){ target, sizeof target });
	assert_int_equal(http_request_check(&request, NULL), 414);
	http_request_target(&request, BYTES_LITERAL("/"));
	request.field_count = HTTP_FIELDS_MAX + 1;
	assert_int_equal(http_request_check(&request, NULL), 431);
}

static void a_target_is_cut_at_its_first_question_mark(void **state)
{
	(void)state;
	struct http_request request = { 0 };

	http_request_target(&request, BYTES_LITERAL("/a?b?c"));
	assert_true(bytes_is(request.path, "/a"));
	assert_true(bytes_is(request.query, "b?c"));
	http_request_target(&request, BYTES_LITERAL("/a"));
	assert_true(bytes_is(request.path, "/a"));
	assert_int_equal(request.query.length, 0);
}

static void a_field_is_found_only_when_it_stands_once(void **state)
{
	(void)state;
	struct http_request request = head_of("GET / HTTP/1.1\nHost: a\nX: 1\nx: 2\n");
	struct bytes value;

	assert_true(http_request_field(&request, "hOST", &value));
	assert_true(bytes_is(value, "a"));
	assert_false(http_request_field(&request, "X", &value));
	assert_false(http_request_field(&request, "Y", &value));
	assert_int_equal(http_request_field_count(&request, "X"), 2);
}

/* ---- forms ---- */

static enum err read_form(struct bytes text, char *out, size_t size)
{
	char name[16];
	char value[16];
	bool more = true;

	out[0] = '\0';
	while (more) {
		enum err err = http_form_next(&text, &more, name, sizeof name, value, sizeof value);

		if (err != OK)
			return err;
		if (more)
			snprintf(out + strlen(out), size - strlen(out), "<%s=%s>", name, value);
	}
	return OK;
}

static void forms_are_decoded(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *pairs;
	} forms[] = {
		{ "", "" },
		{ "&&", "" },
		{ "tier=tier-25", "<tier=tier-25>" },
		{ "a=1&b=2&", "<a=1><b=2>" },
		{ "a+b=c+d", "<a b=c d>" },
		{ "a%3Db=%26%2B", "<a=b=&+>" },
		{ "a=b=c", "<a=b=c>" },
		{ "a", "<a=>" },
		{ "=a", "<=a>" },
		{ "n=%C3%A9%e2%82%ac", "<n=\xc3\xa9\xe2\x82\xac>" },
	};
	char pairs[128];

	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		assert_int_equal(read_form(bytes_of(forms[i].text), pairs, sizeof pairs), OK);
		assert_string_equal(pairs, forms[i].pairs);
	}
}

static void spoilt_forms_are_refused(void **state)
{
	(void)state;
	static const char *const spoilt[] = {
		"a=%", "a=%4", "a=%4g", "%=a", "a=%00", "a=%0a", "a=%0D%0A", "a=%7f", "a=%ff", "a=%c3",
		"a=%c0%80", "a=%ed%a0%80", "a=%f5%80%80%80", "a=\xff", "a=\n",
	};
	char pairs[128];

	for (size_t i = 0; i < sizeof spoilt / sizeof spoilt[0]; i++)
		assert_int_equal(read_form(bytes_of(spoilt[i]), pairs, sizeof pairs), ERR_INPUT);
	assert_int_equal(read_form((struct bytes){ "a=\0", 3 }, pairs, sizeof pairs), ERR_INPUT);
	assert_int_equal(read_form(BYTES_LITERAL("a=0123456789abcdef"), pairs, sizeof pairs), ERR_TOO_BIG);
	assert_int_equal(read_form(BYTES_LITERAL("0123456789abcdef=a"), pairs, sizeof pairs), ERR_TOO_BIG);
	assert_int_equal(read_form(BYTES_LITERAL("a=0123456789abcde"), pairs, sizeof pairs), OK);
}

static void everything_but_unreserved_characters_is_percent_encoded(void **state)
{
	(void)state;
	struct buffer buffer = BUFFER(64);

	http_percent_encode(&buffer, BYTES_LITERAL("aZ09-._~ /?&=+%\xc3\xa9"));
	assert_int_equal(buffer_err(&buffer), OK);
	assert_string_equal(buffer.data, "aZ09-._~%20%2F%3F%26%3D%2B%25%C3%A9");
	buffer_free(&buffer);
}

/* ---- replies and calls ---- */

static void a_reply_field_with_a_line_break_is_refused(void **state)
{
	(void)state;
	static const struct bytes broken[] = {
		{ "a\r\nSet-Cookie: x", 16 }, { "a\nb", 3 }, { "a\0b", 3 },
	};

	for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
		struct http_reply reply;

		http_reply_init(&reply, 303);
		http_reply_field_copy(&reply, "Location", broken[i]);
		assert_int_equal(reply.err, ERR_INPUT);
		assert_int_equal(reply.field_count, 0);
		http_reply_free(&reply);
	}
}

static void a_reply_has_room_for_a_known_number_of_fields(void **state)
{
	(void)state;
	struct http_reply reply;

	http_reply_init(&reply, 200);
	for (int i = 0; i < HTTP_REPLY_FIELDS_MAX; i++)
		http_reply_field_copy(&reply, "X", BYTES_LITERAL("y"));
	assert_int_equal(reply.err, OK);
	http_reply_field(&reply, "X", "y");
	assert_int_equal(reply.err, ERR_TOO_BIG);
	http_reply_free(&reply);
}

static void count_close(void *context)
{
	(*(int *)context)++;
}

static void freeing_a_reply_lets_go_of_its_stream_and_blob(void **state)
{
	(void)state;
	int closed = 0;
	struct buffer text = BUFFER(16);
	struct http_reply reply;

	buffer_text(&text, "shared");
	struct blob *blob = blob_new(&text);

	assert_non_null(blob);
	http_reply_init(&reply, 200);
	reply.shared = blob_hold(blob);
	reply.stream = (struct http_stream){ .close = count_close, .context = &closed };
	http_reply_free(&reply);
	assert_int_equal(closed, 1);
	assert_null(reply.shared);
	assert_true(bytes_is(blob_view(blob), "shared"));
	blob_drop(&blob);
}

static void a_call_keeps_its_fields_as_lines(void **state)
{
	(void)state;
	struct http_call call;
	struct http_call copy;

	http_call_init(&call, "POST");
	buffer_text(&call.url, "https://api.example.org/");
	http_call_field(&call, "Idempotency-Key", BYTES_LITERAL("plg_1"));
	http_call_field(&call, "X", BYTES_LITERAL(""));
	buffer_text(&call.body, "a=b");
	call.timeout_ms = 7;
	assert_int_equal(http_call_copy(&copy, &call), OK);
	http_call_free(&call);
	assert_string_equal(copy.fields.data, "Idempotency-Key: plg_1\nX: \n");
	assert_string_equal(copy.url.data, "https://api.example.org/");
	assert_string_equal(copy.body.data, "a=b");
	assert_int_equal(copy.timeout_ms, 7);
	http_call_free(&copy);
}

static void a_call_with_a_line_break_in_a_field_has_failed(void **state)
{
	(void)state;
	struct http_call call;
	struct http_call copy;

	http_call_init(&call, "GET");
	http_call_field(&call, "X", BYTES_LITERAL("a\r\nHost: evil"));
	http_call_field(&call, "Y", BYTES_LITERAL("fine"));
	assert_int_equal(http_call_err(&call), ERR_INPUT);
	assert_int_equal(http_call_copy(&copy, &call), ERR_INPUT);
	http_call_free(&call);
}

static void an_answer_gives_its_first_field_of_a_name(void **state)
{
	(void)state;
	struct http_answer answer = {
		.fields = BYTES_LITERAL("HTTP/1.1 429 Slow down\r\nRetry-After: \t 7 \r\nX:\r\nretry-after: 9\r\nbroken\r\n"),
	};
	struct bytes value;

	assert_true(http_answer_field(&answer, "retry-after", &value));
	assert_true(bytes_is(value, "7"));
	assert_true(http_answer_field(&answer, "X", &value));
	assert_int_equal(value.length, 0);
	assert_false(http_answer_field(&answer, "broken", &value));
	answer.fields = (struct bytes){ NULL, 0 };
	assert_false(http_answer_field(&answer, "X", &value));
}

static void an_answer_says_when_it_was_made(void **state)
{
	static const char *const bad[] = {
		"", "Date: ", "Date: Sunday, 06-Nov-94 08:49:37 GMT", "Date: Sun Nov  6 08:49:37 1994", "Date: 784111777",
		"Date: Sun, 06 Nov 1994 08:49:37 UTC", "Date: Sun, 06 Nev 1994 08:49:37 GMT", "Date: Sun, 31 Nov 1994 08:49:37 GMT",
		"Date: Sun, 06 Nov 1994 24:49:37 GMT", "Date: Sun, 06 Nov 1994 08:49:37 GMTX", "Date: Sun, 06 Nov 19x4 08:49:37 GMT",
	};
	struct http_answer answer = { .fields = BYTES_LITERAL("Server: x\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n") };
	int64_t time_s = 0;

	(void)state;
	assert_true(http_answer_date(&answer, &time_s));
	assert_int_equal(time_s, 784111777);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		answer.fields = bytes_of(bad[i]);
		if (http_answer_date(&answer, &time_s))
			fail_msg("%s", bad[i]);
	}
}

static void an_answer_says_for_how_long_it_wants_to_be_left_alone(void **state)
{
	static const struct {
		const char *fields;
		int64_t seconds;
	} answers[] = {
		{ "", 0 },
		{ "Retry-After: 0\r\n", 0 },
		{ "retry-after:  120 \r\n", 120 },
		{ "Retry-After: 86401\r\n", 86400 },
		{ "Retry-After: 99999999999999999999999999\r\n", 86400 },
		{ "Retry-After: -1\r\n", 0 },
		{ "Retry-After: 1.5\r\n", 0 },
		{ "Retry-After: \r\n", 0 },
		{ "Retry-After: +5\r\n", 0 },
		{ "Retry-After: 0x10\r\n", 0 },
		{ "Retry-After: 5, 6\r\n", 0 },
		{ "Retry-After: 18446744073709551617\r\n", 86400 },
		{ "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n", 0 }, /* by whose clock? */
		{ "Date: Sun, 06 Nov 1994 08:47:37 GMT\r\nRetry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n", 120 },
		{ "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n", 0 },
		{ "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: Sun, 06 Nov 1994 08:47:37 GMT\r\n", 0 },
		{ "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: Fri, 31 Dec 9999 23:59:59 GMT\r\n", 86400 },
		{ "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: Sun, 06 Nev 1994 08:49:38 GMT\r\n", 0 },
		{ "Date: now\r\nRetry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		const struct http_answer answer = { .fields = bytes_of(answers[i].fields) };

		if (http_answer_retry_after(&answer) != answers[i].seconds)
			fail_msg("%s", answers[i].fields);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(honest_requests_are_accepted),
		cmocka_unit_test(hostile_requests_are_refused),
		cmocka_unit_test(a_nul_is_refused_wherever_it_stands),
		cmocka_unit_test(too_long_a_target_and_too_many_fields_are_refused),
		cmocka_unit_test(a_target_is_cut_at_its_first_question_mark),
		cmocka_unit_test(a_field_is_found_only_when_it_stands_once),
		cmocka_unit_test(forms_are_decoded),
		cmocka_unit_test(spoilt_forms_are_refused),
		cmocka_unit_test(everything_but_unreserved_characters_is_percent_encoded),
		cmocka_unit_test(a_reply_field_with_a_line_break_is_refused),
		cmocka_unit_test(a_reply_has_room_for_a_known_number_of_fields),
		cmocka_unit_test(freeing_a_reply_lets_go_of_its_stream_and_blob),
		cmocka_unit_test(a_call_keeps_its_fields_as_lines),
		cmocka_unit_test(a_call_with_a_line_break_in_a_field_has_failed),
		cmocka_unit_test(an_answer_gives_its_first_field_of_a_name),
		cmocka_unit_test(an_answer_says_for_how_long_it_wants_to_be_left_alone),
		cmocka_unit_test(an_answer_says_when_it_was_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
