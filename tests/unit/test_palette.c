#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "domain/palette.h"

static struct colour of(const char *text)
{
	struct colour colour;

	assert_true(colour_parse(bytes_of(text), &colour));
	return colour;
}

static void a_colour_is_a_hash_and_six_digits(void **state)
{
	static const char *const bad[] = { "", "#", "#fff", "0b5a49", "#0b5a4", "#0b5a499", "#0b5a4g", "#0b5a4 ", " 0b5a49", "#0b5a49ff", "red" };
	char text[COLOUR_TEXT_SIZE];
	struct colour colour;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(colour_parse(bytes_of(bad[i]), &colour));
	colour_format(of("#0B5a4F"), text);
	assert_string_equal(text, "#0b5a4f");
}

/* The ratios are the W3C's own examples (G18, F24) and those of the definition's ends. */
static void the_contrast_is_that_of_wcag(void **state)
{
	(void)state;
	assert_int_equal(colour_contrast(of("#000000"), of("#ffffff")), 2100);
	assert_int_equal(colour_contrast(of("#ffffff"), of("#000000")), 2100);
	assert_int_equal(colour_contrast(of("#123456"), of("#123456")), 100);
	assert_int_equal(colour_contrast(of("#767676"), of("#ffffff")), 454);
	assert_int_equal(colour_contrast(of("#777777"), of("#ffffff")), 447);
	assert_int_equal(colour_contrast(of("#949494"), of("#ffffff")), 303);
	assert_int_equal(colour_contrast(of("#0000ff"), of("#ffffff")), 859);
	assert_int_equal(colour_contrast(of("#ff0000"), of("#ffffff")), 399);
}

/* By Newton's rule: without the library of mathematics. */
static double fifth_root(double x)
{
	double root = 1;

	for (int i = 0; i < 60; i++)
		root -= (root - x / (root * root * root * root)) / 5;
	return root;
}

static double channel(unsigned value)
{
	double c = value / 255.0;
	double base = (c + 0.055) / 1.055;
	double root = fifth_root(base);

	return c <= 0.04045 ? c / 12.92 : base * base * root * root; /* to the power of 2.4 */
}

static double ratio_by_the_formula(struct colour a, struct colour b)
{
	double first = 0.2126 * channel(a.red) + 0.7152 * channel(a.green) + 0.0722 * channel(a.blue) + 0.05;
	double second = 0.2126 * channel(b.red) + 0.7152 * channel(b.green) + 0.0722 * channel(b.blue) + 0.05;

	return first > second ? first / second : second / first;
}

/* Rounded down, so that nothing is let through; a hundredth too strict at the most, by the table's last digit. */
static void integers_say_the_same_as_the_formula(void **state)
{
	uint32_t random = 12345;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		struct colour colours[2];

		for (int k = 0; k < 2; k++) {
			random = random * 1664525 + 1013904223;
			colours[k] = (struct colour){ (uint8_t)(random >> 24), (uint8_t)(random >> 16), (uint8_t)(random >> 8) };
		}
		double formula = 100 * ratio_by_the_formula(colours[0], colours[1]);
		double ours = colour_contrast(colours[0], colours[1]);

		assert_true(ours <= formula + 0.05 && ours > formula - 1.05);
	}
}

static size_t flaws_of(const struct palette_wish wishes[static SCHEMES], enum scheme scheme,
                       struct palette_flaw flaws[static PALETTE_FLAWS_MAX])
{
	struct palette palettes[SCHEMES];

	palette_make(wishes, palettes);
	return palette_check(&palettes[scheme], &wishes[scheme], scheme, flaws);
}

/* With every role called chosen: then a flaw of pledger's own would be one, too. */
static void pledgers_own_colours_have_no_flaw(void **state)
{
	static const struct palette_wish nothing[SCHEMES];
	const struct palette_wish all = { .given = { true, true, true, true } };
	struct palette_flaw flaws[PALETTE_FLAWS_MAX];
	struct palette palettes[SCHEMES];

	(void)state;
	palette_make(nothing, palettes);
	for (unsigned i = 0; i < SCHEMES; i++)
		assert_int_equal(palette_check(&palettes[i], &all, (enum scheme)i, flaws), 0);
}

static void whatever_is_read_well_on_the_page_makes_a_palette_without_flaw(void **state)
{
	struct palette_flaw flaws[PALETTE_FLAWS_MAX];
	uint32_t random = 1;
	unsigned good = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct palette_wish wishes[SCHEMES] = { { .given = { [PALETTE_ACCENT] = true } } };
		struct colour *accent = &wishes[SCHEME_LIGHT].colours[PALETTE_ACCENT];

		random = random * 1664525 + 1013904223;
		*accent = (struct colour){ (uint8_t)(random >> 24), (uint8_t)(random >> 16), (uint8_t)(random >> 8) };
		if (colour_contrast(*accent, of("#f6f4ef")) < 480)
			continue;
		good++;
		assert_int_equal(flaws_of(wishes, SCHEME_LIGHT, flaws), 0);
		/* The one for dark was made of it. */
		struct palette palettes[SCHEMES];
		const struct palette_wish all = { .given = { true, true, true, true } };

		palette_make(wishes, palettes);
		assert_int_equal(palette_check(&palettes[SCHEME_DARK], &all, SCHEME_DARK, flaws), 0);
	}
	assert_true(good > 5000);
}

static void a_flaw_names_the_chosen_colour_that_it_comes_from(void **state)
{
	struct palette_wish wishes[SCHEMES] = { { .given = { [PALETTE_PAGE] = true } } };
	struct palette_flaw flaws[PALETTE_FLAWS_MAX];

	(void)state;
	wishes[SCHEME_LIGHT].colours[PALETTE_PAGE] = of("#555555");
	size_t count = flaws_of(wishes, SCHEME_LIGHT, flaws);

	assert_true(count > 0);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(flaws[i].chosen, PALETTE_PAGE);
		assert_true(flaws[i].ratio < flaws[i].least);
	}
	assert_int_equal(flaws_of(wishes, SCHEME_DARK, flaws), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_colour_is_a_hash_and_six_digits),
		cmocka_unit_test(the_contrast_is_that_of_wcag),
		cmocka_unit_test(integers_say_the_same_as_the_formula),
		cmocka_unit_test(pledgers_own_colours_have_no_flaw),
		cmocka_unit_test(whatever_is_read_well_on_the_page_makes_a_palette_without_flaw),
		cmocka_unit_test(a_flaw_names_the_chosen_colour_that_it_comes_from),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
