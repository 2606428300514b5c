#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/catalogue.h"
#include "web/messages.h"

/* The file that msgfmt made of a catalogue, in a block of its own so that ASan sees each step outside. */
static char *read_file(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	char *bytes = malloc(1 << 20);

	assert_non_null(file);
	assert_non_null(bytes);
	*length = fread(bytes, 1, 1 << 20, file);
	fclose(file);
	bytes = realloc(bytes, *length);
	assert_non_null(bytes);
	return bytes;
}

static bool finds(const struct catalogue *catalogue, const char *message, uint64_t count, const char *expected)
{
	struct bytes words;

	return catalogue_find(catalogue, bytes_of(message), count, &words) && bytes_is(words, expected);
}

static void a_message_is_found_and_another_is_not(void **state)
{
	struct catalogue catalogue;
	struct bytes words;
	size_t length;
	char *file = read_file("build/locales/uk.mo", &length);

	(void)state;
	assert_int_equal(catalogue_open((struct bytes){ file, length }, &catalogue), OK);
	assert_true(finds(&catalogue, "Support", 1, "Підтримати"));
	assert_true(finds(&catalogue, "{gifts} gift has arrived.", 1, "Надійшов {gifts} внесок."));
	assert_true(finds(&catalogue, "{gifts} gift has arrived.", 3, "Надійшло {gifts} внески."));
	assert_true(finds(&catalogue, "{gifts} gift has arrived.", 11, "Надійшло {gifts} внесків."));
	assert_false(catalogue_find(&catalogue, BYTES_LITERAL("Suppor"), 1, &words));
	assert_false(catalogue_find(&catalogue, BYTES_LITERAL("Support!"), 1, &words));
	assert_false(catalogue_find(&catalogue, BYTES_LITERAL("zzz"), 1, &words));
	assert_false(catalogue_find(&catalogue, BYTES_LITERAL("{gifts} gifts have arrived."), 1, &words));
	free(file);
}

/* Whatever is missing or changed, nothing outside the file is looked at. */
static void a_damaged_file_is_refused_or_finds_nothing_outside(void **state)
{
	size_t length;
	char *file = read_file("build/locales/ar.mo", &length);

	(void)state;
	for (size_t cut = 0; cut < length; cut += cut < 64 ? 1 : 97) {
		struct catalogue catalogue;
		struct bytes words;
		char *part = malloc(cut + 1);

		assert_non_null(part);
		memcpy(part, file, cut);
		part = realloc(part, cut > 0 ? cut : 1);
		if (catalogue_open((struct bytes){ part, cut }, &catalogue) == OK)
			(void)catalogue_find(&catalogue, BYTES_LITERAL("{gifts} gift has arrived."), 5, &words);
		free(part);
	}
	for (size_t at = 0; at < 28 + 8 * 32; at++) {
		struct catalogue catalogue;
		struct bytes words;
		char kept = file[at];

		file[at] = (char)(kept ^ 0x5a);
		if (catalogue_open((struct bytes){ file, length }, &catalogue) == OK)
			(void)catalogue_find(&catalogue, BYTES_LITERAL("{gifts} gift has arrived."), 5, &words);
		file[at] = kept;
	}
	free(file);
}

static void every_language_has_its_words_and_english_its_own(void **state)
{
	struct bytes none = { NULL, 0 };

	(void)state;
	for (unsigned i = 0; i < LANGUAGES; i++) {
		enum language language = (enum language)i;
		struct bytes thanks = messages_find(language, BYTES_LITERAL("Thank you!"), none, 1);

		assert_int_equal(bytes_is(thanks, "Thank you!"), language == LANGUAGE_EN);
		assert_true(messages_has(language, BYTES_LITERAL("Thank you!")));
		assert_int_equal(messages_has(language, BYTES_LITERAL("No such words")), language == LANGUAGE_EN);
		assert_true(bytes_is(messages_find(language, BYTES_LITERAL("one"), BYTES_LITERAL("many"), 2), "many"));
		assert_true(bytes_is(messages_find(language, BYTES_LITERAL("one"), BYTES_LITERAL("many"), 1), "one"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_is_found_and_another_is_not),
		cmocka_unit_test(a_damaged_file_is_refused_or_finds_nothing_outside),
		cmocka_unit_test(every_language_has_its_words_and_english_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
