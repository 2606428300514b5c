/* Passing over plain bytes by the word, held to looking at each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/plain.h"

enum { LENGTH_MAX = 40 };

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

static size_t looked_at(const char *text, size_t length)
{
	size_t at = 0;

	while (at < length && is_plain((unsigned char)text[at]))
		at++;
	return at;
}

static size_t blanks_looked_at(const char *text, size_t length)
{
	size_t at = 0;

	while (at < length && text[at] == ' ')
		at++;
	return at;
}

/* In a block of just that length, so that a look beyond it is found. */
static void check(const char *text, size_t length)
{
	char *copy = malloc(length + (length == 0));

	assert_non_null(copy);
	memcpy(copy, text, length);
	assert_int_equal(plain_length(copy, length), looked_at(copy, length));
	assert_int_equal(plain_blanks(copy, length), blanks_looked_at(copy, length));
	free(copy);
}

/* Among letters, and among blanks. */
static void each_byte_counts_wherever_it_stands(void **state)
{
	char text[LENGTH_MAX];

	(void)state;
	for (size_t length = 0; length <= LENGTH_MAX; length++)
		for (size_t at = 0; at < length; at++)
			for (int c = 0; c < 256; c++) {
				memset(text, 'x', sizeof text);
				text[at] = (char)c;
				check(text, length);
				memset(text, ' ', sizeof text);
				text[at] = (char)c;
				check(text, length);
			}
}

static void the_first_of_several_counts(void **state)
{
	static const char odd[] = { '"', '\\', '!', '#', '[', ']', ' ', 0x1f, 0x7f, (char)0x80, (char)0xff, '\0', 'a' };
	char text[LENGTH_MAX];

	(void)state;
	srand(1);
	for (int round = 0; round < 200000; round++) {
		for (size_t i = 0; i < sizeof text; i++)
			text[i] = rand() % 4 == 0 ? odd[(size_t)rand() % sizeof odd] : 'x';
		check(text, (size_t)rand() % (sizeof text + 1));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_byte_counts_wherever_it_stands),
		cmocka_unit_test(the_first_of_several_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
