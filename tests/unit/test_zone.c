/* Time zones: against the C library's reading of the same database, and files that are not what they say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "base/zone.h"
#include "tests/unit/dice.h"

static struct buffer read_zone(const char *name)
{
	struct buffer bytes = BUFFER(ZONE_BYTES_MAX);
	char path[128];
	char piece[4096];
	size_t got;

	snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
	FILE *file = fopen(path, "rb");

	if (file == NULL)
		fail_msg("no %s: the package tzdata is needed", path);
	while ((got = fread(piece, 1, sizeof piece, file)) > 0)
		buffer_append(&bytes, piece, got);
	fclose(file);
	return bytes;
}

static void load(const char *name, struct zone *zone)
{
	struct buffer bytes = read_zone(name);

	if (zone_parse(buffer_view(&bytes), zone) != OK)
		fail_msg("%s", name);
	buffer_free(&bytes);
}

static const char *const places[] = {
	"UTC", "Europe/Berlin", "Europe/London", "Europe/Dublin", "America/New_York", "America/Sao_Paulo", "America/St_Johns", "Asia/Kathmandu",
	"Asia/Tokyo", "Asia/Beirut", "Africa/Casablanca", "Africa/Cairo", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Kiritimati",
	"Antarctica/Troll", "America/Nuuk", "Asia/Gaza",
};

enum { PLACES = sizeof places / sizeof places[0], DRAWS = 2000 };

static int64_t offset_of(const struct zone *zone, int64_t time_s)
{
	int64_t until_s;
	int64_t offset = zone_offset(zone, time_s, &until_s);

	assert_true(until_s > time_s);
	return offset;
}

static void compare(const char *name, const struct zone *zone, int64_t time_s)
{
	time_t time = (time_t)time_s;
	struct tm local;

	localtime_r(&time, &local);
	if (offset_of(zone, time_s) != local.tm_gmtoff)
		fail_msg("%s at %lld: %lld, the C library has %ld", name, (long long)time_s, (long long)offset_of(zone, time_s), local.tm_gmtoff);
}

static void every_place_has_the_offsets_that_the_c_library_sees(void **state)
{
	struct dice dice = dice_from_environment();
	struct zone zone;

	(void)state;
	for (size_t i = 0; i < PLACES; i++) {
		load(places[i], &zone);
		setenv("TZ", places[i], 1);
		tzset();
		for (int draw = 0; draw < DRAWS; draw++) {
			int64_t time_s = (int64_t)dice_roll(&dice, 2000000000) * 2 + dice_roll(&dice, 2);
			int64_t until_s;

			compare(places[i], &zone, time_s);
			zone_offset(&zone, time_s, &until_s);
			/* The last second before a change, and the first one of it. */
			if (until_s < INT64_C(4000000000)) {
				compare(places[i], &zone, until_s - 1);
				compare(places[i], &zone, until_s);
			}
		}
	}
	unsetenv("TZ");
}

static void a_rule_in_text_is_the_same_as_the_place_it_describes(void **state)
{
	struct zone berlin;
	struct zone rule;

	(void)state;
	load("Europe/Berlin", &berlin);
	assert_int_equal(zone_rule_parse(BYTES_LITERAL("CET-1CEST,M3.5.0,M10.5.0/3"), &rule), OK);
	for (int64_t time_s = 946684800; time_s < INT64_C(4000000000); time_s += 10007)
		assert_int_equal(offset_of(&rule, time_s), offset_of(&berlin, time_s));
}

static void days_of_a_rule_are_counted_as_posix_has_them(void **state)
{
	static const struct {
		const char *rule;
		const char *change; /* to summer, in 2028, a leap year */
	} cases[] = {
		{ "AAA0BBB,J60/0,J300", "2028-03-01T00:00:00Z" },
		{ "AAA0BBB,59/0,300", "2028-02-29T00:00:00Z" },
		{ "AAA0BBB,M2.5.2/0,M10.5.0", "2028-02-29T00:00:00Z" },
		{ "AAA0BBB,M3.1.3/-24,M10.5.0", "2028-02-29T00:00:00Z" },
		{ "AAA0BBB,M2.4.2/167:59:59,M10.5.0", "2028-02-28T23:59:59Z" },
		{ "<-03>3<-02>,M3.5.0/-1,M10.5.0", "2028-03-26T02:00:00Z" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct zone zone;
		int64_t change_s;
		int64_t new_year_s;
		int64_t until_s;

		assert_int_equal(zone_rule_parse(bytes_of(cases[i].rule), &zone), OK);
		assert_int_equal(text_parse_date(BYTES_LITERAL("2028-01-01"), &new_year_s), OK);
		assert_int_equal(text_parse_time_s(bytes_of(cases[i].change), &change_s), OK);
		zone_offset(&zone, new_year_s, &until_s);
		if (until_s != change_s)
			fail_msg("%s: %lld seconds from it", cases[i].rule, (long long)(until_s - change_s));
	}
}

static void a_day_begins_with_its_first_moment(void **state)
{
	static const struct {
		const char *place;
		const char *date;
		const char *moment;
	} cases[] = {
		{ "UTC", "2026-04-01", "2026-04-01T00:00:00Z" },
		{ "Europe/Berlin", "2026-01-01", "2025-12-31T23:00:00Z" },
		{ "Europe/Berlin", "2026-04-01", "2026-03-31T22:00:00Z" },
		{ "America/New_York", "2026-07-01", "2026-07-01T04:00:00Z" },
		{ "America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z" }, /* midnight is skipped: the day begins at one o'clock */
		{ "Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z" },      /* the whole day is: it begins with the next one */
		{ "Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z" },
		{ "Asia/Kathmandu", "2026-01-01", "2025-12-31T18:15:00Z" },
	};
	struct zone zone;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int64_t local_s;
		int64_t expected_s;

		load(cases[i].place, &zone);
		assert_int_equal(text_parse_date(bytes_of(cases[i].date), &local_s), OK);
		assert_int_equal(text_parse_time_s(bytes_of(cases[i].moment), &expected_s), OK);
		if (zone_moment(&zone, local_s) != expected_s)
			fail_msg("%s %s: %lld seconds from it", cases[i].place, cases[i].date, (long long)(zone_moment(&zone, local_s) - expected_s));
	}
}

static void what_is_no_zone_is_refused(void **state)
{
	static const char *const rules[] = {
		"", "CET", "CE-1", "CET-1CEST", "CET-1CEST,", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,M10.5.0/3x", "CET-25", "CET-1CEST,M0.5.0,M10.5.0",
		"CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J10", "CET-1CEST,J366,J10", "<CET-1", "<CET>", "CET-1:60",
		"CET-1CEST,M3.5.0/168,M10.5.0", "CET--1", "CET-1CEST,M3.5,M10.5.0", ":Europe/Berlin",
	};
	struct zone zone;

	(void)state;
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
		if (zone_rule_parse(bytes_of(rules[i]), &zone) != ERR_INPUT)
			fail_msg("'%s' was taken", rules[i]);
}

/* Cut anywhere it is refused; with any byte another one it is refused or still a zone. */
static void a_file_that_is_not_whole_and_sound_is_refused(void **state)
{
	struct buffer bytes = read_zone("Europe/Berlin");
	struct zone zone;

	(void)state;
	for (size_t length = 0; length < bytes.length; length++) {
		char *copy = malloc(length + 1);

		assert_non_null(copy);
		memcpy(copy, bytes.data, length);
		assert_int_not_equal(zone_parse((struct bytes){ copy, length }, &zone), OK);
		free(copy);
	}
	for (size_t at = 0; at < bytes.length; at++) {
		bytes.data[at] ^= (char)0xff;
		if (zone_parse(buffer_view(&bytes), &zone) == OK)
			offset_of(&zone, 1795334400);
		bytes.data[at] ^= (char)0xff;
	}
	buffer_free(&bytes);
	/* Leap seconds count there, which our times do not. */
	FILE *right = fopen("/usr/share/zoneinfo/right/UTC", "rb");

	if (right == NULL)
		return;
	fclose(right);
	bytes = read_zone("right/UTC");
	assert_int_equal(zone_parse(buffer_view(&bytes), &zone), ERR_INPUT);
	buffer_free(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_place_has_the_offsets_that_the_c_library_sees),
		cmocka_unit_test(a_rule_in_text_is_the_same_as_the_place_it_describes),
		cmocka_unit_test(days_of_a_rule_are_counted_as_posix_has_them),
		cmocka_unit_test(a_day_begins_with_its_first_moment),
		cmocka_unit_test(what_is_no_zone_is_refused),
		cmocka_unit_test(a_file_that_is_not_whole_and_sound_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
