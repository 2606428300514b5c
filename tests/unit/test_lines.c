/* Text in lines of a width. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "web/lines.h"

/* The lines that a text is broken into, with a stroke between them. */
static void breaks(const char *text, int32_t letters, const char *expected)
{
	char lines[400];
	struct buffer out = BUFFER_ON(lines);
	struct bytes rest = bytes_of(text);

	lines[0] = '\0';
	while (rest.length > 0) {
		struct bytes line = lines_first(&rest, letters);

		assert_true(line.length > 0);
		if (out.length > 0)
			buffer_char(&out, '|');
		buffer_bytes(&out, line);
	}
	assert_int_equal(buffer_err(&out), OK);
	assert_string_equal(lines, expected);
}

static void a_line_ends_behind_the_last_word_that_has_room(void **state)
{
	(void)state;
	breaks("", 10, "");
	breaks("one two", 7, "one two");
	breaks("one two", 6, "one|two");
	breaks("one two three", 7, "one two|three");
	breaks("über größe", 5, "über|größe");
	breaks("ще одна", 4, "ще|одна");
}

static void a_word_that_has_no_room_is_broken(void **state)
{
	(void)state;
	breaks("abcdef", 4, "abcd|ef");
	breaks("ab", 0, "a|b");
	breaks("один", 3, "оди|н");
}

static void an_amount_is_not_torn_from_its_currency(void **state)
{
	(void)state;
	breaks("noch 1.234\u00a0€", 10, "noch|1.234\u00a0€");
}

static void wide_letters_are_broken_behind_a_clause_or_between_them_but_not_before_a_stop(void **state)
{
	(void)state;
	breaks("目標に達し、終了。", 15, "目標に達し、終了。");
	breaks("目標に達し、終了。", 14, "目標に達し、|終了。");
	breaks("目標に達した", 5, "目標に|達した");
	breaks("目標に。", 5, "目標|に。");
}

static void marks_of_direction_take_no_room(void **state)
{
	(void)state;
	breaks("\u200fab\u200e cd", 5, "\u200fab\u200e cd");
}

static void bytes_that_are_no_text_come_to_an_end(void **state)
{
	(void)state;
	breaks("\xe6\x9c", 1, "\xe6\x9c");
	breaks("a\xff", 1, "a|\xff");
	breaks("\x80\x80", 1, "\x80|\x80");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_ends_behind_the_last_word_that_has_room),
		cmocka_unit_test(a_word_that_has_no_room_is_broken),
		cmocka_unit_test(an_amount_is_not_torn_from_its_currency),
		cmocka_unit_test(wide_letters_are_broken_behind_a_clause_or_between_them_but_not_before_a_stop),
		cmocka_unit_test(marks_of_direction_take_no_room),
		cmocka_unit_test(bytes_that_are_no_text_come_to_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
