#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json_write.h"

static void a_compact_document_has_no_white_space(void **state)
{
	struct buffer out = BUFFER(1024);
	struct json_write w = JSON_WRITE(&out);

	(void)state;
	json_write_object_open(&w, NULL);
	json_write_text(&w, "id", "a");
	json_write_integer(&w, "n", INT64_MIN);
	json_write_array_open(&w, "list");
	json_write_bool(&w, NULL, true);
	json_write_null(&w, NULL);
	json_write_object_open(&w, NULL);
	json_write_object_close(&w);
	json_write_array_close(&w);
	json_write_text(&w, "none", NULL);
	assert_false(json_write_is_whole(&w));
	json_write_object_close(&w);
	assert_true(json_write_is_whole(&w));
	assert_int_equal(buffer_err(&out), OK);
	assert_string_equal(out.data,
	                    "{\"id\":\"a\",\"n\":-9223372036854775808,\"list\":[true,null,{}],\"none\":null}");
	buffer_free(&out);
}

static void a_pretty_document_has_two_spaces_a_level(void **state)
{
	struct buffer out = BUFFER(1024);
	struct json_write w = JSON_WRITE_PRETTY(&out);

	(void)state;
	json_write_object_open(&w, NULL);
	json_write_array_open(&w, "a");
	json_write_integer(&w, NULL, 1);
	json_write_integer(&w, NULL, 2);
	json_write_array_close(&w);
	json_write_array_open(&w, "b");
	json_write_array_close(&w);
	json_write_object_close(&w);
	assert_int_equal(buffer_err(&out), OK);
	assert_string_equal(out.data, "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": []\n}");
	buffer_free(&out);
}

static void only_what_must_be_is_escaped(void **state)
{
	struct buffer out = BUFFER(1024);
	struct json_write w = JSON_WRITE(&out);

	(void)state;
	json_write_bytes(&w, NULL, BYTES_LITERAL("q\" b\\ n\n t\t r\r z\0 e\x1b s/ \x7f \xc3\xa9 \xf0\x9f\x8d\xb0"));
	assert_int_equal(buffer_err(&out), OK);
	assert_string_equal(out.data,
	                    "\"q\\\" b\\\\ n\\n t\\t r\\r z\\u0000 e\\u001b s/ \x7f \xc3\xa9 \xf0\x9f\x8d\xb0\"");
	buffer_free(&out);
}

static void a_pretty_value_is_moved_to_its_level(void **state)
{
	struct buffer out = BUFFER(1024);
	struct json_write w = JSON_WRITE_PRETTY(&out);

	(void)state;
	json_write_object_open(&w, NULL);
	json_write_raw(&w, "inner", BYTES_LITERAL("{\n  \"a\": [\n    1\n  ]\n}"));
	json_write_bool(&w, "last", false);
	json_write_object_close(&w);
	assert_string_equal(out.data,
	                    "{\n  \"inner\": {\n    \"a\": [\n      1\n    ]\n  },\n  \"last\": false\n}");
	buffer_free(&out);
}

static void keys_are_escaped_like_values(void **state)
{
	struct buffer out = BUFFER(1024);
	struct json_write w = JSON_WRITE(&out);

	(void)state;
	json_write_object_open(&w, NULL);
	json_write_bytes_under(&w, BYTES_LITERAL("a\"b"), BYTES_LITERAL(""));
	json_write_object_close(&w);
	assert_string_equal(out.data, "{\"a\\\"b\":\"\"}");
	buffer_free(&out);
}

static void text_that_is_not_utf8_makes_the_buffer_fail(void **state)
{
	static const struct bytes bad[] = {
		{ "\x80", 1 }, { "\xc0\xaf", 2 }, { "\xc3", 1 }, { "\xe0\x80\xaf", 3 }, { "\xed\xa0\x80", 3 },
		{ "\xf4\x90\x80\x80", 4 }, { "\xf5\x80\x80\x80", 4 }, { "a\xff", 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct buffer out = BUFFER(64);
		struct json_write w = JSON_WRITE(&out);

		json_write_bytes(&w, NULL, bad[i]);
		assert_int_equal(buffer_err(&out), ERR_INPUT);
		buffer_free(&out);
	}
}

static void a_document_over_the_ceiling_is_too_big(void **state)
{
	struct buffer out = BUFFER(8);
	struct json_write w = JSON_WRITE(&out);

	(void)state;
	json_write_text(&w, NULL, "123456789");
	assert_int_equal(buffer_err(&out), ERR_TOO_BIG);
	buffer_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_compact_document_has_no_white_space),
		cmocka_unit_test(a_pretty_document_has_two_spaces_a_level),
		cmocka_unit_test(only_what_must_be_is_escaped),
		cmocka_unit_test(a_pretty_value_is_moved_to_its_level),
		cmocka_unit_test(keys_are_escaped_like_values),
		cmocka_unit_test(text_that_is_not_utf8_makes_the_buffer_fail),
		cmocka_unit_test(a_document_over_the_ceiling_is_too_big),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
