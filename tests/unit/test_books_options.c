/* What an export is asked for, and what it remembers of pledges on the way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/moment.h"
#include "books/export.h"
#include "books/terms.h"
#include "books/wishes.h"
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
	/* Once more with other terms: the first, which the large index has, and the last, then both behind many others. */
	for (int i = 0; i < PLEDGES; i += PLEDGES - 1)
		assert_int_equal(terms_add(&terms, ids[i], first_us - i, INTERVAL_YEAR), OK);
	for (int i = 1; i <= PLEDGES; i++) {
		char behind[TOKEN_SIZE];

		token_pledge(1795334400001, (const uint8_t[10]){ [8] = (uint8_t)(i >> 8), [9] = (uint8_t)i }, behind);
		for (int j = 0; j < PLEDGES && (i == 1 || i == PLEDGES); j += PLEDGES - 1) {
			assert_true(terms_find(&terms, ids[j], &pledged_us, &interval));
			assert_int_equal(pledged_us, first_us - j);
			assert_int_equal(interval, INTERVAL_YEAR);
		}
		assert_int_equal(terms_add(&terms, behind, first_us, INTERVAL_ONCE), OK);
	}
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
		static const struct zone utc;
		int64_t time_us = -1;
		struct why why;

		assert_non_null(copy);
		memcpy(copy, cases[i].text, length);
		enum err err = moment_parse((struct bytes){ copy, length }, &utc, &time_us, &why);

		if (err != (cases[i].time_us < 0 ? ERR_INPUT : OK) || (err == OK && time_us != cases[i].time_us))
			fail_msg("%s: %s, %lld", cases[i].text, err_name(err), (long long)time_us);
		free(copy);
	}
}

/* ---- zones and periods ---- */

static const struct {
	const char *zone;
	const char *start;
	const char *period;
	const char *from;
	const char *to;
} periods[] = {
	{ NULL, NULL, "2026", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z" },
	{ NULL, NULL, "2026-11", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z" },
	{ NULL, NULL, "2026-12", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z" },
	{ NULL, NULL, "2026-Q4", "2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z" },
	{ NULL, "04-01", "2026", "2026-04-01T00:00:00Z", "2027-04-01T00:00:00Z" },
	{ NULL, "04-06", "2026-Q4", "2027-01-06T00:00:00Z", "2027-04-06T00:00:00Z" },
	{ NULL, "04-06", "2026-11", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z" },
	{ "Europe/Berlin", NULL, "2026-Q2", "2026-03-31T22:00:00Z", "2026-06-30T22:00:00Z" },
	{ "Europe/Berlin", "10-01", "2026", "2026-09-30T22:00:00Z", "2027-09-30T22:00:00Z" },
	{ "Europe/Berlin", NULL, "2026-03", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z" },
	{ "-05:30", NULL, "2026", "2026-01-01T05:30:00Z", "2027-01-01T05:30:00Z" },
	{ "CET-1CEST,M3.5.0,M10.5.0/3", NULL, "2026", "2025-12-31T23:00:00Z", "2026-12-31T23:00:00Z" },
};

static void a_period_is_named_as_people_do(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof periods / sizeof periods[0]; i++) {
		struct wishes wishes = { { NULL } };
		struct export_options options = { .data_dir = "" };
		struct why why = { "" };
		char from[TIME_TEXT_SIZE];
		char to[TIME_TEXT_SIZE];

		wishes.texts[WISH_ZONE] = periods[i].zone;
		wishes.texts[WISH_FISCAL_YEAR_START] = periods[i].start;
		wishes.texts[WISH_PERIOD] = periods[i].period;
		if (wishes_read(&wishes, &options, &why) != OK)
			fail_msg("%s", why.text);
		text_time_s(options.from_us / 1000000, from);
		text_time_s(options.to_us / 1000000, to);
		if (strcmp(from, periods[i].from) != 0 || strcmp(to, periods[i].to) != 0)
			fail_msg("%s: %s to %s", periods[i].period, from, to);
	}
}

static void what_names_no_period_and_no_zone_is_refused(void **state)
{
	static const struct {
		enum wish wish;
		const char *text;
	} cases[] = {
		{ WISH_PERIOD, "26" }, { WISH_PERIOD, "2026-13" }, { WISH_PERIOD, "2026-00" }, { WISH_PERIOD, "2026-Q5" }, { WISH_PERIOD, "2026-Q" },
		{ WISH_PERIOD, "2026-Q12" }, { WISH_PERIOD, "2026-1" }, { WISH_PERIOD, "2026-11-01" }, { WISH_PERIOD, "20260" }, { WISH_PERIOD, "1969" },
		{ WISH_PERIOD, "9999" }, { WISH_PERIOD, "2026/27" }, { WISH_PERIOD, " 2026" }, { WISH_PERIOD, "" }, { WISH_PERIOD, "2026-" },
		{ WISH_FISCAL_YEAR_START, "04-01" }, { WISH_ZONE, "Europe/Atlantis" }, { WISH_ZONE, "../../../etc/passwd" }, { WISH_ZONE, "/etc/localtime" },
		{ WISH_ZONE, "" }, { WISH_ZONE, "." }, { WISH_ZONE, "Europe" }, { WISH_ZONE, "zone.tab" }, { WISH_ZONE, "zone1970" }, { WISH_ZONE, "tzdata" },
		{ WISH_ZONE, "+1:00" }, { WISH_ZONE, "+24:00" }, { WISH_ZONE, "+01:60" }, { WISH_ZONE, "CET-1CEST,M3" }, { WISH_ZONE, "Europe/Berlin\n" },
		{ WISH_ZONE, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
		{ WISH_ZONE, "<AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA>0" },
	};
	struct export_options options = { .data_dir = "" };
	struct wishes wishes = { { NULL } };
	struct why why;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		wishes = (struct wishes){ { NULL } };
		wishes.texts[cases[i].wish] = cases[i].text;
		why.text[0] = '\0';
		if (wishes_read(&wishes, &options, &why) != ERR_INPUT || why.text[0] == '\0')
			fail_msg("%s '%s' was taken", wish_name(cases[i].wish), cases[i].text);
	}
	wishes = (struct wishes){ { NULL } };
	wishes.texts[WISH_PERIOD] = "2026";
	for (int i = 0; i < 4; i++) {
		static const char *const starts[] = { "02-29", "13-01", "4-1", "00-10" };

		wishes.texts[WISH_FISCAL_YEAR_START] = starts[i];
		assert_int_equal(wishes_read(&wishes, &options, &why), ERR_INPUT);
	}
	wishes.texts[WISH_FISCAL_YEAR_START] = NULL;
	wishes.texts[WISH_TO] = "2026-12-01";
	assert_int_equal(wishes_read(&wishes, &options, &why), ERR_INPUT);
}

static void profiles_are_named_with_or_without_their_version(void **state)
{
	enum export_profile profile;

	(void)state;
	assert_true(export_profile_parse(BYTES_LITERAL("journal"), &profile) && profile == EXPORT_JOURNAL);
	assert_true(export_profile_parse(BYTES_LITERAL("gifts"), &profile) && profile == EXPORT_GIFTS);
	assert_true(export_profile_parse(BYTES_LITERAL("gifts/2"), &profile) && profile == EXPORT_GIFTS);
	assert_true(export_profile_parse(BYTES_LITERAL("gifts/1"), &profile) && profile == EXPORT_GIFTS_1);
	assert_true(export_profile_parse(BYTES_LITERAL("journal/1"), &profile) && profile == EXPORT_JOURNAL_1);
	assert_true(export_profile_parse(BYTES_LITERAL("quickbooks"), &profile) && profile == EXPORT_QUICKBOOKS);
	assert_true(export_profile_parse(BYTES_LITERAL("quickbooks/1"), &profile) && profile == EXPORT_QUICKBOOKS_1);
	assert_false(export_profile_parse(BYTES_LITERAL("gifts/3"), &profile));
	assert_false(export_profile_parse(BYTES_LITERAL("gift"), &profile));
	assert_false(export_profile_parse(BYTES_LITERAL(""), &profile));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pledge_is_found_again_and_no_other),
		cmocka_unit_test(reads_dates_and_times_of_any_offset),
		cmocka_unit_test(a_period_is_named_as_people_do),
		cmocka_unit_test(what_names_no_period_and_no_zone_is_refused),
		cmocka_unit_test(profiles_are_named_with_or_without_their_version),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
