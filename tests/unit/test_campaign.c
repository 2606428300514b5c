#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/campaign.h"

static void every_interval_reads_back_from_its_name(void **state)
{
	static const char *const names[] = { "once", "month", "year" };

	(void)state;
	assert_string_equal(interval_name((enum interval)3), "?");
	for (unsigned i = 0; i < 3; i++) {
		enum interval read;

		assert_string_equal(interval_name((enum interval)i), names[i]);
		assert_true(interval_parse(bytes_of(names[i]), &read));
		assert_int_equal(read, i);
	}
}

static void a_campaign_is_open_until_its_end_its_goal_or_its_last_tier(void **state)
{
	const struct money nothing = { 0, { "EUR" } };
	const struct money all = { 5000, { "EUR" } };
	struct campaign campaign = { .goal = all, .tier_count = 2, .tiers = { { .stock = 3 }, { .stock = 1 } } };
	struct offer offer = { .state = CAMPAIGN_ENDED };

	(void)state;
	offer_take(&offer, &campaign, 0, 1);
	offer_take(&offer, &campaign, 1, 0);
	offer_judge(&offer, &campaign, &all, 100);
	assert_int_equal(offer.left[0], 2);
	assert_int_equal(offer.state, CAMPAIGN_OPEN);
	offer_take(&offer, &campaign, 0, 4); /* money came after a pledge had expired */
	assert_false(offer_has(&offer, 0));
	offer_judge(&offer, &campaign, &nothing, 100);
	assert_int_equal(offer.state, CAMPAIGN_OPEN);
	offer_take(&offer, &campaign, 1, 1);
	offer_judge(&offer, &campaign, &nothing, 100);
	assert_int_equal(offer.state, CAMPAIGN_SOLD_OUT);
	campaign.closes_at_goal = true;
	offer_judge(&offer, &campaign, &nothing, 100);
	assert_int_equal(offer.state, CAMPAIGN_SOLD_OUT);
	offer_judge(&offer, &campaign, &all, 100);
	assert_int_equal(offer.state, CAMPAIGN_REACHED);
	campaign.ends_s = 101;
	offer_judge(&offer, &campaign, &all, 100);
	assert_int_equal(offer.state, CAMPAIGN_REACHED);
	offer_judge(&offer, &campaign, &all, 101);
	assert_int_equal(offer.state, CAMPAIGN_ENDED);
	assert_string_equal(campaign_state_name(offer.state), "ended");
}

static void no_other_name_is_an_interval(void **state)
{
	static const char *const bad[] = { "", "Once", "monthly", "week", "onc", "once ", "?" };
	enum interval read = INTERVAL_YEAR;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(interval_parse(bytes_of(bad[i]), &read));
	assert_int_equal(read, INTERVAL_YEAR);
}

static void an_id_of_the_right_form_is_valid(void **state)
{
	static const char *const good[] = {
		"a", "donation-box", "tier-25", "z9", "a-", "a--b", "abcdefghijklmnopqrstuvwxyz012345",
	};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(id_is_valid(bytes_of(good[i])));
}

static void an_id_of_another_form_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "A", "aB", "1a", "-a", "a_b", "a.b", "a/b", "a b", " a", "a ", "ä", "aé", "a\n", "a:b",
		"abcdefghijklmnopqrstuvwxyz0123456",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(id_is_valid(bytes_of(bad[i])));
	assert_false(id_is_valid((struct bytes){ NULL, 0 }));
	assert_false(id_is_valid((struct bytes){ "a\0b", 3 }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_interval_reads_back_from_its_name),
		cmocka_unit_test(a_campaign_is_open_until_its_end_its_goal_or_its_last_tier),
		cmocka_unit_test(no_other_name_is_an_interval),
		cmocka_unit_test(an_id_of_the_right_form_is_valid),
		cmocka_unit_test(an_id_of_another_form_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
