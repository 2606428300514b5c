/* A request's body as one JSON object: what is read of it, and what is refused in which words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "routes/checkout_form.h"
#include "routes/operation_body.h"

/* The status of a checkout with this body; `why` says what is wrong. */
static int check_out(const char *body, struct checkout_request *checkout, struct why *why)
{
	struct http_field type = { BYTES_LITERAL("Content-Type"), BYTES_LITERAL("application/json") };
	const struct http_request request = { .fields = &type, .field_count = 1, .body = bytes_of(body) };
	bool form;
	int status;

	why->text[0] = '\0';
	checkout_form_read(&request, checkout, &form, &status, why);
	assert_false(form);
	return status;
}

static void names_and_values_are_read_whatever_their_spelling(void **state)
{
	struct checkout_request checkout;
	struct operation_body body;
	struct why why;

	(void)state;
	assert_int_equal(check_out(" {\"t\\u0069er\" : \"box\\u002d100\" , \"lang\":\"de\"}\n", &checkout, &why), 0);
	assert_string_equal(checkout.tier, "box-100");
	assert_string_equal(checkout.language, "de");
	assert_int_equal(operation_body_read(BYTES_LITERAL("{\"s\\u0065q\":17}"), OPERATION_RETRY, &body, &why), OK);
	assert_string_equal(body.request.texts[OPERATION_SEQ], "17");
}

static void a_body_that_is_not_understood_is_refused_in_words(void **state)
{
	static const struct {
		const char *body;
		const char *words;
	} cases[] = {
		{ "", "The body is not a JSON object." },
		{ "[]", "The body is not a JSON object." },
		{ "{\"tier\":\"a\"} {}", "The body is not a JSON object." },
		{ "{\"tier\":\"a\",\"t\\u0069er\":\"b\"}", "The body is not a JSON object." },
		{ "{\"tier\":\"a\\u0000\"}", "The body is not a JSON object." },
		{ "{\"tier\":1e999}", "\"tier\" is not a string." },
		{ "{\"tier\":{\"tier\":\"a\"}}", "\"tier\" is not a string." },
		{ "{\"tier\":\"\"}", "\"tier\" is empty." },
		{ "{\"\":\"a\"}", "\"\" is not known here." },
		{ "{\"amount\":100}", "\"amount\" cannot be chosen: the tier decides what is given." },
		{ "{\"n234567890123456789012345678901234567890123456789012345678901234567890\":\"a\"}",
		  "\"n23456789012345678901234567890123456789012345678901234567890\" is not known here." },
		{ "{\"a\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}",
		  "The body holds more values than are known here." },
	};
	struct checkout_request checkout;
	struct why why;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(check_out(cases[i].body, &checkout, &why), 400);
		assert_string_equal(why.text, cases[i].words);
	}
}

static void a_value_longer_than_any_is_too_long(void **state)
{
	struct checkout_request checkout;
	struct operation_body read;
	struct why why;
	char body[700];

	(void)state;
	snprintf(body, sizeof body, "{\"tier\":\"%0600d\"}", 0);
	assert_int_equal(check_out(body, &checkout, &why), 400);
	assert_string_equal(why.text, "\"tier\" is too long.");
	snprintf(body, sizeof body, "{\"ref\":\"%0600d\"}", 0);
	assert_int_equal(operation_body_read(bytes_of(body), OPERATION_RECORD, &read, &why), ERR_INPUT);
	assert_string_equal(why.text, "\"ref\" is too long.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_values_are_read_whatever_their_spelling),
		cmocka_unit_test(a_body_that_is_not_understood_is_refused_in_words),
		cmocka_unit_test(a_value_longer_than_any_is_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
