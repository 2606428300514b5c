#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "domain/language.h"

/* `tag` NULL: nothing of ours is wanted. */
static void accepts(const char *field, const char *tag)
{
	enum language language = LANGUAGES;
	bool found = language_accept(bytes_of(field), &language);

	assert_int_equal(found, tag != NULL);
	if (tag != NULL)
		assert_string_equal(language_tag(language), tag);
	else
		assert_int_equal(language, LANGUAGES);
}

static void the_greatest_weight_wins_and_the_first_of_equal_ones(void **state)
{
	(void)state;
	accepts("de", "de");
	accepts("fr;q=0.7, de;q=0.8, en;q=0.1", "de");
	accepts("uk, ja", "uk");
	accepts("ja, uk", "ja");
	accepts("en;q=0.5,ar;q=0.5", "en");
	accepts("ar;q=0.5,en;q=0.5", "ar");
	accepts("en;q=0.999, de;q=1.000", "de");
	accepts("es;q=0.001", "es");
}

static void a_region_or_a_script_is_content_with_its_language(void **state)
{
	(void)state;
	accepts("de-AT", "de");
	accepts("fr-CA;q=0.8,de-CH-1996;q=0.9", "de");
	accepts("AR-eg", "ar");
	accepts("zh-Hant-TW, uk-UA;q=0.1", "uk");
	accepts("de-AT;q=0.2, de;q=0.9, fr;q=0.5", "de");
	accepts("english, deutsch", NULL);
	accepts("d", NULL);
}

static void a_star_is_whatever_is_not_named(void **state)
{
	(void)state;
	accepts("*", "en");
	accepts("zh, *;q=0.1", "en");
	accepts("en;q=0, *;q=0.5", "de");
	accepts("*;q=0.5, ja;q=0.4", "en");
	accepts("*;q=0", NULL);
	accepts("ja, *;q=0.9", "ja");
}

static void a_weight_of_zero_refuses(void **state)
{
	(void)state;
	accepts("de;q=0", NULL);
	accepts("de;q=0.000, fr;q=0.1", "fr");
}

static void what_is_malformed_is_passed_over(void **state)
{
	(void)state;
	accepts("", NULL);
	accepts(",,, ;q=1, ,", NULL);
	accepts("de;q=2, fr;q=0.3", "fr");
	accepts("de;q=1.001, fr;q=0.3", "fr");
	accepts("de;q=0.1234, fr;q=0.1", "fr");
	accepts("de;q=, fr;q=0.1", "fr");
	accepts("de;q, fr;q=0.1", "fr");
	accepts("de;q=-1, fr;q=0.1", "fr");
	accepts("de;level=1, fr;q=0.1", "fr");
	accepts("de;q=0.9;q=0.1, fr;q=0.1", "fr");
	accepts("-, --, -de, fr;q=0.1", "fr");
	accepts("  de\t;\tQ=0.9 ,fr;q=0.8", "de");
}

static void a_tag_is_parsed_whole(void **state)
{
	enum language language;

	(void)state;
	for (unsigned i = 0; i < LANGUAGES; i++) {
		assert_true(language_parse(bytes_of(language_tag((enum language)i)), &language));
		assert_int_equal(language, i);
	}
	assert_true(language_parse(BYTES_LITERAL("DE"), &language));
	assert_false(language_parse(BYTES_LITERAL(""), &language));
	assert_false(language_parse(BYTES_LITERAL("de-AT"), &language));
	assert_false(language_parse(BYTES_LITERAL("d"), &language));
	assert_false(language_parse(((struct bytes){ "de\0", 3 }), &language));
	assert_string_equal(language_direction(LANGUAGE_AR), "rtl");
	assert_string_equal(language_direction(LANGUAGE_DE), "ltr");
	assert_string_equal(language_title(LANGUAGE_JA), "日本語");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_greatest_weight_wins_and_the_first_of_equal_ones),
		cmocka_unit_test(a_region_or_a_script_is_content_with_its_language),
		cmocka_unit_test(a_star_is_whatever_is_not_named),
		cmocka_unit_test(a_weight_of_zero_refuses),
		cmocka_unit_test(what_is_malformed_is_passed_over),
		cmocka_unit_test(a_tag_is_parsed_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
