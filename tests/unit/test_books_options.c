/* What an export is asked for, and what it remembers of pledges on the way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "service/books.h"
#include "service/books_terms.h"
#include "tests/unit/random_entry.h"

static void every_pledge_is_found_again_and_no_other(void **state)
{
	enum { PLEDGES = 20000 };
	const int64_t first_us = INT64_C(1795334400000000);
	struct dice dice = dice_from_environment();
	struct terms terms = { 0 };
	char (*ids)[TOKEN_SIZE] = malloc(PLEDGES * sizeof *ids);
	char other[TOKEN_SIZE];
	enum interval interval;
	int64_t pledged_us;

	(void)state;
	assert_non_null(ids);
	token_pledge(1795334400000, (const uint8_t[10]){ 1 }, other);
	assert_false(terms_find(&terms, other, &pledged_us, &interval));
	for (int i = 0; i < PLEDGES; i++) {
		/* Half of them random, half of them as alike as can be. */
		if (i % 2 == 0)
			random_pledge(&dice, ids[i]);
		else
			token_pledge(1795334400000, (const uint8_t[10]){ [8] = (uint8_t)(i >> 8), [9] = (uint8_t)i }, ids[i]);
		assert_int_equal(terms_add(&terms, ids[i], first_us + i, (enum interval)(i % 3)), OK);
	}
	for (int i = 0; i < PLEDGES; i++) {
		assert_true(terms_find(&terms, ids[i], &pledged_us, &interval));
		assert_int_equal(pledged_us, first_us + i);
		assert_int_equal(interval, i % 3);
	}
	assert_int_equal(terms.count, PLEDGES);
	assert_false(terms_find(&terms, other, &pledged_us, &interval));
	terms_free(&terms);
	free(ids);
}

/* ---- options ---- */

static void reads_dates_and_times_of_any_offset(void **state)
{
	static const struct {
		const char *text;
		int64_t time_us; /* -1: refused */
	} cases[] = {
		{ "2026-11-22", INT64_C(1795305600000000) },
		{ "1970-01-01", 0 },
		{ "2026-11-22T08:00:00Z", INT64_C(1795334400000000) },
		{ "2026-11-22T08:00:00.5Z", INT64_C(1795334400500000) },
		{ "2026-11-22T08:00:00.000001Z", INT64_C(1795334400000001) },
		{ "2026-11-22T09:00:00+01:00", INT64_C(1795334400000000) },
		{ "2026-11-22T02:30:00-05:30", INT64_C(1795334400000000) },
		{ "2026-11-22T08:00:00.123456+00:00", INT64_C(1795334400123456) },
		{ "", -1 }, { "2026", -1 }, { "2026-02-30", -1 }, { "2026-11-22 08:00:00Z", -1 }, { "2026-11-22T08:00:00", -1 },
		{ "2026-11-22T08:00Z", -1 }, { "2026-11-22T08:00:00.Z", -1 }, { "2026-11-22T08:00:00.1234567Z", -1 },
		{ "2026-11-22T08:00:00z", -1 }, { "2026-11-22T08:00:00+0100", -1 }, { "2026-11-22T08:00:00+24:00", -1 },
		{ "2026-11-22T08:00:00+01:60", -1 }, { "2026-11-22T08:00:60Z", -1 }, { "1970-01-01T00:00:00+01:00", -1 },
		{ "22.11.2026", -1 }, { "11/22/2026", -1 }, { "2026-11-22T08:00:00Zx", -1 }, { "2026-11-22T08:00:00Z ", -1 },
		{ "today", -1 }, { "-026-11-22", -1 }, { "2026-11-22T08:00:00.", -1 }, { "2026-11-22T08:00:00+", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		size_t length = strlen(cases[i].text);
		char *copy = malloc(length + (length == 0));
		int64_t time_us = -1;
		struct why why;

		assert_non_null(copy);
		memcpy(copy, cases[i].text, length);
		enum err err = export_time_parse((struct bytes){ copy, length }, &time_us, &why);

		if (err != (cases[i].time_us < 0 ? ERR_INPUT : OK) || (err == OK && time_us != cases[i].time_us))
			fail_msg("%s: %s, %lld", cases[i].text, err_name(err), (long long)time_us);
		free(copy);
	}
}

static void profiles_are_named_with_or_without_their_version(void **state)
{
	enum export_profile profile;

	(void)state;
	assert_true(export_profile_parse(BYTES_LITERAL("journal"), &profile) && profile == EXPORT_JOURNAL);
	assert_true(export_profile_parse(BYTES_LITERAL("gifts"), &profile) && profile == EXPORT_GIFTS);
	assert_true(export_profile_parse(BYTES_LITERAL("gifts/2"), &profile) && profile == EXPORT_GIFTS);
	assert_true(export_profile_parse(BYTES_LITERAL("gifts/1"), &profile) && profile == EXPORT_GIFTS_1);
	assert_false(export_profile_parse(BYTES_LITERAL("gifts/3"), &profile));
	assert_false(export_profile_parse(BYTES_LITERAL("gift"), &profile));
	assert_false(export_profile_parse(BYTES_LITERAL(""), &profile));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pledge_is_found_again_and_no_other),
		cmocka_unit_test(reads_dates_and_times_of_any_offset),
		cmocka_unit_test(profiles_are_named_with_or_without_their_version),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
