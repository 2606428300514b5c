#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/text.h"

static void assert_why(const char *foreign, const char *expected)
{
	struct why why;

	assert_int_equal(why_set(&why, ERR_INPUT, "\"%s\"", foreign), ERR_INPUT);
	assert_string_equal(why.text, expected);
}

static void text_stands_as_it_is(void **state)
{
	(void)state;
	assert_why("", "\"\"");
	assert_why("é €5 💶", "\"é €5 💶\"");
}

static void what_is_no_text_becomes_a_question_mark(void **state)
{
	(void)state;
	assert_why("a\nb\x7f\x01", "\"a?b??\"");
	assert_why("\xff\xc3", "\"??\"");
	assert_why("\xed\xa0\x80", "\"???\""); /* a surrogate */
	assert_why("\xc0\xaf", "\"??\"");      /* an overlong form */
}

static void a_sequence_cut_by_a_precision_leaves_no_half(void **state)
{
	(void)state;
	for (int cut = 0; cut <= 12; cut++) {
		struct why why;

		err_ignore(why_set(&why, ERR_INPUT, "%.*s", cut, "é€💶é"));
		assert_true(text_is_utf8(bytes_of(why.text)));
		assert_int_equal(strlen(why.text), cut < 11 ? cut : 11);
	}
}

static void a_text_beyond_the_bound_is_cut_and_still_text(void **state)
{
	char text[2 * WHY_SIZE + 1];

	(void)state;
	for (size_t before = 0; before < 4; before++) {
		struct why why;

		memset(text, 'x', before);
		for (size_t at = before; at + 3 < sizeof text; at += 3)
			memcpy(text + at, "€", 4);
		err_ignore(why_set(&why, ERR_INPUT, "%s", text));
		assert_true(text_is_utf8(bytes_of(why.text)));
		assert_int_equal(strlen(why.text), WHY_SIZE - 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_stands_as_it_is),
		cmocka_unit_test(what_is_no_text_becomes_a_question_mark),
		cmocka_unit_test(a_sequence_cut_by_a_precision_leaves_no_half),
		cmocka_unit_test(a_text_beyond_the_bound_is_cut_and_still_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
