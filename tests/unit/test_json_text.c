/* What the strict reader accepts, refuses and says. */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_text.h"
#include "base/limits.h"

static struct json_node nodes[256];

static enum err read_text(struct json_text *json, struct bytes text)
{
	/* An exact heap copy, so that the sanitizer sees any byte read beyond the end. */
	static char *copy;
	struct why why;

	free(copy);
	copy = malloc(text.length + (text.length == 0));
	assert_non_null(copy);
	memcpy(copy, text.data, text.length);
	return json_text_read(json, (struct bytes){ copy, text.length }, nodes, 256, &why);
}

static void accepts_what_jansson_accepts_and_refuses_what_it_refuses(void **state)
{
	const struct bytes texts[] = {
		BYTES_LITERAL("{}"), BYTES_LITERAL("[]"), BYTES_LITERAL(" {\"a\": [1, -2, 3.5e7, true, false, null]} "),
		BYTES_LITERAL(""), BYTES_LITERAL(" "), BYTES_LITERAL("{"), BYTES_LITERAL("[1,]"), BYTES_LITERAL("[,1]"),
		BYTES_LITERAL("{\"a\":1,}"), BYTES_LITERAL("{\"a\" 1}"), BYTES_LITERAL("{a:1}"), BYTES_LITERAL("[01]"),
		BYTES_LITERAL("[-]"), BYTES_LITERAL("[-0]"), BYTES_LITERAL("[0]"), BYTES_LITERAL("[1.]"), BYTES_LITERAL("[.5]"), BYTES_LITERAL("[1e]"),
		BYTES_LITERAL("[1e+5]"), BYTES_LITERAL("[+1]"), BYTES_LITERAL("[9223372036854775807]"),
		BYTES_LITERAL("[-9223372036854775808]"),
		BYTES_LITERAL("[\"\\u00e4\\n\\\"\"]"), BYTES_LITERAL("[\"\\ud83d\\ude00\"]"),
		BYTES_LITERAL("[\"\\ud83d\"]"), BYTES_LITERAL("[\"\\ude00\"]"), BYTES_LITERAL("[\"\\ud83dx\"]"), BYTES_LITERAL("[\"\\u12\"]"),
		BYTES_LITERAL("[\"\\x\"]"), BYTES_LITERAL("[\"\\u0000\"]"), BYTES_LITERAL("[\"a\tb\"]"), BYTES_LITERAL("[\"a\x80\"]"),
		BYTES_LITERAL("[\"\xc3\xa4\"]"), BYTES_LITERAL("[\"\xc0\x80\"]"), BYTES_LITERAL("[\"\xed\xa0\x80\"]"),
		BYTES_LITERAL("[\"\xf4\x90\x80\x80\"]"), BYTES_LITERAL("[\"\xf0\x9f\x98\x80\"]"), BYTES_LITERAL("\xef\xbb\xbf[]"),
		BYTES_LITERAL("[] x"), BYTES_LITERAL("[]\n"), BYTES_LITERAL("[tru]"), BYTES_LITERAL("[nulll]"), BYTES_LITERAL("{\"a\":1,\"a\":2}"),
		BYTES_LITERAL("{\"a\":1,\"\\u0061\":2}"), BYTES_LITERAL("{\"\\u0061\":1,\"b\":2}"), BYTES_LITERAL("{\"a\":{\"a\":1}}"),
		BYTES_LITERAL("[\"unended]"), BYTES_LITERAL("[1 2]"), BYTES_LITERAL("{\"a\":1 \"b\":2}"), BYTES_LITERAL("[\"\\"),
		BYTES_LITERAL("[\"\\ud83d\\u"),
	};
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct json_text json;
		json_t *theirs = json_loadb(texts[i].data, texts[i].length, JSON_REJECT_DUPLICATES, NULL);
		bool ours = read_text(&json, texts[i]) == OK;

		if (ours != (theirs != NULL))
			fail_msg("%s: ours %d, jansson %d", texts[i].data, ours, theirs != NULL);
		json_decref(theirs);
	}
}

/* However they are written and however long they are, and only against the names of their own object. */
static void names_are_compared_as_what_they_mean(void **state)
{
	static const char *const spellings[] = {
		"a", "\\u0061", "ab", "a\\u0062", "\\u0061b", "b", "\\u0041", "\\/", "/", "\\\\", "\\u005c", "\\n", "\\u000a", "\\t",
		"\xc3\xa4", "\\u00e4", "\\u00E4", "\xf0\x9f\x98\x80", "\\ud83d\\ude00", "\\ud83d\\ude01", "\xe2\x82\xac", "\\u20ac", "\\u20ad", "", "\\u0020", " ",
	};
	static const size_t lengths[] = { 0, 1, 100, 2000 };
	char fill[2001];
	char text[3 * sizeof fill];

	(void)state;
	for (size_t i = 0; i < 4 * (sizeof spellings / sizeof spellings[0]); i++)
		for (size_t k = 0; k < sizeof spellings / sizeof spellings[0]; k++) {
			struct json_text json;

			memset(fill, 'x', sizeof fill);
			fill[lengths[i % 4]] = '\0';
			int length = snprintf(text, sizeof text, "{\"%s%s\":{\"b\":1},\"z\":0,\"%s%s\":2}", fill, spellings[i / 4], fill, spellings[k]);
			json_t *theirs = json_loadb(text, (size_t)length, JSON_REJECT_DUPLICATES, NULL);
			bool ours = read_text(&json, (struct bytes){ text, (size_t)length }) == OK;

			if (ours != (theirs != NULL))
				fail_msg("%s: ours %d, jansson %d", text, ours, theirs != NULL);
			json_decref(theirs);
		}
}

static void a_number_that_is_no_int64_stops_only_who_asks_for_it(void **state)
{
	static const char *const numbers[] = { "9223372036854775808", "-9223372036854775809", "123456789012345678901234567890", "1.0", "1e400" };

	(void)state;
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		char text[96];
		int64_t number = 7;
		struct json_text json;

		snprintf(text, sizeof text, "{\"big\":%s,\"id\":\"evt_1\"}", numbers[i]);
		assert_int_equal(read_text(&json, bytes_of(text)), OK);
		const struct json_node *big = json_text_member(&json, json_text_root(&json), "big");

		assert_int_equal(big->kind, JSON_KIND_REAL);
		assert_true(bytes_is(json_text_raw(&json, big), numbers[i]));
		assert_int_equal(json_text_integer(&json, big, &number), ERR_INPUT);
		assert_int_equal(number, 7);
		assert_true(json_text_is(&json, json_text_member(&json, json_text_root(&json), "id"), "evt_1"));
	}
}

static void finds_members_and_values(void **state)
{
	struct json_text json;
	char text[16];
	int64_t number;
	bool truth;

	(void)state;
	assert_int_equal(read_text(&json, BYTES_LITERAL("{\"a\":{\"x\":1},\"b\":\"\\u20ac\\t\",\"c\":[true,-7],\"d\":null}")), OK);
	const struct json_node *root = json_text_root(&json);
	const struct json_node *list = json_text_member(&json, root, "c");

	assert_int_equal(root->count, 4);
	assert_int_equal(json_text_integer(&json, json_text_member(&json, json_text_member(&json, root, "a"), "x"), &number), OK);
	assert_int_equal(number, 1);
	assert_int_equal(json_text_string(&json, json_text_member(&json, root, "b"), text, sizeof text), OK);
	assert_string_equal(text, "\xe2\x82\xac\t");
	assert_int_equal(json_text_string(&json, json_text_member(&json, root, "b"), text, 4), ERR_TOO_BIG);
	assert_int_equal(json_text_bool(json_text_first(&json, list), &truth), OK);
	assert_true(truth);
	assert_int_equal(json_text_integer(&json, json_text_next(&json, json_text_first(&json, list)), &number), OK);
	assert_int_equal(number, -7);
	assert_null(json_text_member(&json, root, "x"));
	assert_null(json_text_member(&json, NULL, "x"));
	assert_int_equal(json_text_integer(&json, NULL, &number), ERR_INPUT);
}

static void bounds_depth_and_number_of_values(void **state)
{
	struct json_text json;
	char deep[2 * (JSON_DEPTH_MAX + 1) + 1];
	struct why why;

	(void)state;
	memset(deep, '[', JSON_DEPTH_MAX + 1);
	memset(deep + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
	assert_int_equal(read_text(&json, (struct bytes){ deep, 2 * (JSON_DEPTH_MAX + 1) }), ERR_INPUT);
	assert_int_equal(read_text(&json, (struct bytes){ deep + 1, 2 * JSON_DEPTH_MAX }), OK);
	assert_int_equal(json_text_read(&json, BYTES_LITERAL("[1,2,3]"), nodes, 3, &why), ERR_TOO_BIG);
}

static void refuses_a_nul_byte_between_values_though_jansson_skips_it(void **state)
{
	struct json_text json;

	(void)state;
	assert_int_equal(read_text(&json, BYTES_LITERAL("[1\0]")), ERR_INPUT);
}

static void every_prefix_of_a_good_text_is_refused_without_reading_beyond_it(void **state)
{
	static const char good[] = "{\"a\":[1,2.5e3,\"\\ud83d\\ude00\",{\"b\":null}],\"c\":\"\xe2\x82\xac\"}";
	struct json_text json;

	(void)state;
	for (size_t length = 0; length < sizeof good - 1; length++)
		assert_int_equal(read_text(&json, (struct bytes){ good, length }), ERR_INPUT);
	assert_int_equal(read_text(&json, BYTES_LITERAL(good)), OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_what_jansson_accepts_and_refuses_what_it_refuses),
		cmocka_unit_test(finds_members_and_values),
		cmocka_unit_test(bounds_depth_and_number_of_values),
		cmocka_unit_test(refuses_a_nul_byte_between_values_though_jansson_skips_it),
		cmocka_unit_test(names_are_compared_as_what_they_mean),
		cmocka_unit_test(a_number_that_is_no_int64_stops_only_who_asks_for_it),
		cmocka_unit_test(every_prefix_of_a_good_text_is_refused_without_reading_beyond_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
