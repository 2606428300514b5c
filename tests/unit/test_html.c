#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/html.h"

static void escapes_to(struct bytes text, const char *expected)
{
	struct buffer out = BUFFER(1024);

	html_escape(&out, text);
	assert_int_equal(buffer_err(&out), OK);
	assert_string_equal(out.data, expected);
	buffer_free(&out);
}

static void text_cannot_leave_its_element_or_attribute(void **state)
{
	(void)state;
	escapes_to(BYTES_LITERAL("<a href=\"x\" b='y'>&</a>"),
	           "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;&lt;/a&gt;");
}

static void text_keeps_its_letters_and_line_ends(void **state)
{
	(void)state;
	escapes_to(BYTES_LITERAL("Z\xc3\xbcrich\r\n\t\xe2\x82\xac" "5"), "Z\xc3\xbcrich\r\n\t\xe2\x82\xac" "5");
}

static void bytes_that_are_no_text_become_the_replacement_character(void **state)
{
	(void)state;
	escapes_to(BYTES_LITERAL("a\0b\x1b" "c\xff\xc3"),
	           "a\xef\xbf\xbd" "b\xef\xbf\xbd" "c\xef\xbf\xbd\xef\xbf\xbd");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_cannot_leave_its_element_or_attribute),
		cmocka_unit_test(text_keeps_its_letters_and_line_ends),
		cmocka_unit_test(bytes_that_are_no_text_become_the_replacement_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
